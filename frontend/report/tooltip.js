// The words shown when a point is pointed at. Built as nodes with textContent: nothing in a name can become markup.
export function tooltip(data, look, colours) {
  const upright = data.kind === "bars";
  const byAxis = data.kind !== "scatter";
  return {
    trigger: byAxis ? "axis" : "item",
    confine: true,
    transitionDuration: 0,
    axisPointer: { type: ["timeline", "line"].includes(data.kind) ? "line" : "shadow", lineStyle: { color: colours.soft, type: "solid" }, shadowStyle: { color: colours.band } },
    backgroundColor: colours.paper,
    borderColor: colours.rule,
    textStyle: { color: colours.ink, fontSize: 13 },
    formatter: (given) => {
      const hits = (Array.isArray(given) ? given : [given]).filter((hit) => hit.componentSubType !== "custom" && hit.seriesType !== "custom");
      const box = document.createElement("div");
      box.className = "tip";
      if (!hits.length) return box;
      const first = hits[0];
      line(box, "tip-head", data.categories.length ? data.categories[first.value[upright ? 1 : 0]] : look.write(data.x.form, first.value[0]));
      for (const hit of hits) row(box, hit, data, look, upright);
      return box;
    },
  };
}

function row(box, hit, data, look, upright) {
  const value = hit.value[upright ? 0 : 1];
  const point = data.series.find((s) => s.name === hit.seriesName)?.points[hit.dataIndex] ?? [];
  const range = point.length > 3 && point[2] !== null && point[3] !== null ? ` ${look.write.interval(data.y.form, point[2], point[3])}` : "";
  const item = line(box, "tip-row", "");
  const dot = line(item, "tip-dot", "●");
  dot.style.color = hit.color;
  line(item, "tip-name", hit.seriesName);
  line(item, "tip-value", look.write(data.y.form, value) + range);
}

function line(parent, className, text) {
  const node = document.createElement(className === "tip-row" || className === "tip-head" ? "div" : "span");
  node.className = className;
  node.textContent = text;
  parent.append(node);
  return node;
}
