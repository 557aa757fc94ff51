// One chart in its box: drawn in the page's theme, resized with the box, walked through with the arrow keys.
import { init } from "./echarts.js";
import { forms } from "./form.js";
import { heightOf, options } from "./options.js";

export function mountChart(box, data, page) {
  const write = forms(page.lang);
  const frame = document.createElement("div");
  frame.className = "canvas";
  box.append(frame);
  const size = (width) => ({ width: width ?? box.clientWidth, height: heightOf(data, width ?? box.clientWidth) });
  const chart = init(frame, null, { renderer: "canvas", devicePixelRatio: Math.max(2, devicePixelRatio), ...size() });
  let state = { dark: false, width: undefined };

  const draw = (dark, width) => {
    state = { dark, width };
    frame.style.height = `${size(width).height}px`;
    chart.resize(size(width));
    chart.setOption(options(data, { dark, write, width: width ?? box.clientWidth }), { notMerge: true });
  };
  let last = box.clientWidth;
  new ResizeObserver(() => {
    if (box.clientWidth === last || state.width) return;
    last = box.clientWidth;
    draw(state.dark);
  }).observe(box);
  walk(box, chart, data);
  return { draw };
}

// Arrow keys move the tooltip from point to point; Escape puts it away.
function walk(box, chart, data) {
  const count = data.series[0].points.length;
  let at = -1;
  box.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") chart.dispatchAction({ type: "hideTip" });
    if (!step) return;
    event.preventDefault();
    at = Math.min(Math.max(at + step, 0), count - 1);
    chart.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex: at });
  });
  box.addEventListener("blur", () => {
    at = -1;
    chart.dispatchAction({ type: "hideTip" });
  });
}
