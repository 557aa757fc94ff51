// Marks on the time axis: episodes as lettered areas, events as numbered lines; the words stand below the chart.
const STEP_PX = 13;

export function marksOf(data, look, colours) {
  const label = { show: true, color: colours.event, fontSize: 11, fontWeight: 600, distance: 3 };
  const rows = rowsOf(data, look);
  return {
    markArea: {
      silent: true,
      itemStyle: { color: colours.mark },
      label: { ...label, position: "insideTop" },
      data: data.marks.map((m) => [{ name: m.letter, xAxis: m.from }, { xAxis: Math.max(m.to, m.from + 1) }]),
    },
    markLine: {
      silent: true,
      symbol: "none",
      lineStyle: { color: colours.event, type: [3, 3], width: 1 },
      data: data.events.map((e, i) => ({ name: e.number, xAxis: e.at, label: { ...label, position: "end", distance: 3 + STEP_PX * rows[i], formatter: e.number } })),
    },
  };
}

// Room above the chart for the numbers of events: one row, or up to three where they stand close together.
export const roomOf = (data, look) => (data.events.length ? 12 + STEP_PX * Math.max(...rowsOf(data, look)) : 0);

function rowsOf(data, look) {
  const times = data.series.flatMap((s) => s.points.map((p) => p[0]));
  const near = ((Math.max(...times) - Math.min(...times)) * 16) / look.width;
  const rows = [];
  data.events.forEach((e, i) => rows.push(i && e.at - data.events[i - 1].at < near ? (rows[i - 1] + 1) % 3 : 0));
  return rows;
}
