// Intervals: a band behind a line, a whisker through a dot or a bar.
export function bandOf(series, index, colours) {
  const points = series.points.filter((p) => p.length > 3 && p[2] !== null && p[3] !== null);
  if (!points.length) return null;
  return {
    name: series.name,
    type: "custom",
    silent: true,
    z: 2,
    clip: true,
    data: points.map((p) => [p[0], p[2], p[3]]),
    encode: { x: 0, y: [1, 2] },
    renderItem: (params, api) => {
      if (params.dataIndexInside !== 0) return null;
      const upper = points.map((p) => api.coord([p[0], p[3]]));
      const lower = points.map((p) => api.coord([p[0], p[2]])).reverse();
      return { type: "polygon", shape: { points: [...upper, ...lower] }, style: { fill: colours.series[index % colours.series.length], opacity: 0.16 }, silent: true };
    },
  };
}

export function whiskersOf(series, index, upright, colours, dots) {
  const points = series.points.filter((p) => p.length > 3 && p[2] !== null && p[3] !== null);
  if (!points.length) return null;
  return {
    name: series.name,
    type: "custom",
    silent: true,
    z: 6,
    data: points.map((p) => (upright ? [p[2], p[3], p[0]] : [p[0], p[2], p[3]])),
    encode: upright ? { x: [0, 1], y: 2 } : { x: 0, y: [1, 2] },
    renderItem: (params, api) => {
      const p = points[params.dataIndexInside];
      const [from, to] = upright ? [api.coord([p[2], p[0]]), api.coord([p[3], p[0]])] : [api.coord([p[0], p[2]]), api.coord([p[0], p[3]])];
      const style = { stroke: dots ? colours.series[index % colours.series.length] : colours.ink, lineWidth: dots ? 2 : 1.4, fill: null };
      const cap = upright ? [0, 4] : [4, 0];
      const stroke = (a, b) => ({ type: "line", shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }, style });
      const tick = (at) => stroke([at[0] - cap[0], at[1] - cap[1]], [at[0] + cap[0], at[1] + cap[1]]);
      return { type: "group", children: [stroke(from, to), tick(from), tick(to)] };
    },
  };
}
