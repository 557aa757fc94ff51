// From the data of a chart (src/agorascope/report/charts.py) to the options of ECharts.
import { DASHES, palette, SYMBOLS } from "./palette.js";
import { tooltip } from "./tooltip.js";
import { bandOf, whiskersOf } from "./intervals.js";
import { marksOf, roomOf } from "./marks.js";

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const NAME = 17;
const upright = (data) => data.kind === "bars";

export function heightOf(data, width) {
  if (upright(data)) return 76 + legendRows(data, width) * 24 + data.categories.length * Math.max(rowOf(data, width), 15 * data.series.length + 8);
  return Math.round(Math.min(400, Math.max(250, width * 0.42))) + legendRows(data, width) * 22;
}

// On a narrow page long names beside bars are broken into lines, up to three, and their rows are as high.
const broken = (data, width) => width < 500 && data.categories.some((name) => name.length > NAME);
const rowOf = (data, width) => broken(data, width) ? 8 + 14 * Math.min(3, Math.ceil(Math.max(...data.categories.map((name) => name.length)) / NAME)) : 26;

export function options(data, look) {
  const colours = palette(look.dark);
  const { series, ...axes } = upright(data) || data.kind === "histogram" ? barred(data, look, colours) : plotted(data, look, colours);
  const rows = legendRows(data, look.width);
  return {
    animation: false,
    useUTC: true,
    aria: { enabled: true, label: { enabled: false } },
    color: colours.series,
    textStyle: { fontFamily: FONT, color: colours.ink },
    backgroundColor: "transparent",
    grid: { left: 8, right: 18, top: 26 + rows * 22 + roomOf(data, look), bottom: 8, outerBoundsMode: "same", outerBoundsContain: "all" },
    legend: rows ? { show: true, top: 0, left: 0, itemWidth: data.kind === "scatter" ? 10 : 22, itemHeight: data.kind === "scatter" ? 10 : 8, itemGap: 14, icon: undefined, textStyle: { color: colours.ink, fontSize: 12, width: look.width - 60, overflow: "truncate" }, data: data.series.map((s) => s.name), selectedMode: true, inactiveColor: colours.soft } : { show: false },
    tooltip: tooltip(data, look, colours),
    ...axes,
    series,
  };
}

function legendRows(data, width) {
  if (data.series.length < 2) return 0;
  const px = data.series.reduce((sum, s) => sum + 44 + Math.min(s.name.length * 7, width - 60), 0);
  return Math.min(6, Math.ceil(px / width));
}

function plotted(data, look, colours) {
  const timed = data.x.form === "datetime";
  const few = data.series.every((s) => s.points.length <= 45);
  const lines = data.series.map((s, i) => ({
    name: s.name,
    type: data.kind === "scatter" ? "scatter" : "line",
    data: s.points.map((p) => [p[0], p[1]]),
    showSymbol: few,
    symbol: SYMBOLS[i % SYMBOLS.length],
    symbolSize: data.kind === "scatter" ? 8 : 5,
    connectNulls: false,
    lineStyle: { width: i ? 1.6 : 2, type: DASHES[i % DASHES.length] },
    itemStyle: { opacity: data.kind === "scatter" ? 0.75 : 1 },
    emphasis: { disabled: true },
    z: 5,
    ...(i === 0 ? (data.y.level === undefined ? marksOf(data, look, colours) : { markLine: levelOf(data, look, colours) }) : {}),
  }));
  const bands = data.band ? data.series.map((s, i) => bandOf(s, i, colours)).filter(Boolean) : [];
  return {
    series: [...lines, ...bands],
    xAxis: { type: timed ? "time" : "value", scale: true, min: data.x.start, ...axisLook(colours), splitLine: { show: false }, ...wholeOf(data.x.form, data.series.flatMap((s) => s.points.map((p) => p[0])), look), name: timed ? undefined : data.x.label, ...titled(colours, "middle", 26),
      ...(timed ? { splitNumber: Math.max(2, Math.round(look.width / 110)) } : {}),
      axisLabel: { color: colours.soft, hideOverlap: true, ...(timed ? { formatter: look.write.tick } : { formatter: (v) => look.write(data.x.form, v) }) }, ...(timed ? {} : { nameGap: 30 }) },
    yAxis: valueAxis(data, look, colours, false),
  };
}

function barred(data, look, colours) {
  const dots = upright(data) && data.band && (data.y.form === "ratio" || data.log);
  const bars = data.series.map((s, i) => ({
    name: s.name,
    type: dots ? "scatter" : "bar",
    data: upright(data) ? s.points.map((p) => [p[1], p[0]]) : s.points.map((p) => [p[0], p[1]]),
    symbol: SYMBOLS[i % SYMBOLS.length],
    symbolSize: 9,
    barMaxWidth: 18,
    barCategoryGap: data.kind === "histogram" ? "4%" : "34%",
    ...(data.kind === "histogram" ? { barMaxWidth: undefined, barGap: "-100%" } : {}),
    emphasis: { disabled: true },
    z: 5,
    ...(i === 0 && dots ? { markLine: reference(colours) } : {}),
    ...(data.kind === "histogram" && i > 0 ? { markLine: pointer(s, data, colours.series[i % colours.series.length]) } : {}),
  }));
  const whiskers = data.band ? data.series.map((s, i) => whiskersOf(s, i, upright(data), colours, dots)).filter(Boolean) : [];
  const names = { type: "category", data: data.categories, ...axisLook(colours), axisTick: { show: false },
    axisLabel: { color: colours.ink, ...nameLook(data, look) } };
  const values = valueAxis(data, look, colours, dots);
  return upright(data)
    ? { series: [...bars, ...whiskers], xAxis: { ...values, ...titled(colours, "middle", 26), position: "top" }, yAxis: { ...names, inverse: true, axisLine: { show: !dots, lineStyle: { color: colours.soft } } } }
    : { series: [...bars, ...whiskers], xAxis: { ...names, name: data.x.label, ...titled(colours, "middle", 12) }, yAxis: values };
}

// A few of many are too low a bar to be seen: a line stands where most of them are.
function pointer(series, data, colour) {
  const heights = (s) => s.points.map((p) => p[1] ?? 0);
  const top = Math.max(...heights(series));
  if (top <= 0 || top > Math.max(...data.series.flatMap(heights)) / 20) return undefined;
  const at = series.points.find((p) => p[1] === top)[0];
  return { silent: true, symbol: "none", lineStyle: { color: colour, type: "solid", width: 3 }, label: { show: false }, data: [{ xAxis: at }] };
}

function valueAxis(data, look, colours, dots) {
  const log = data.log || (dots && data.y.form === "ratio");
  return { type: log ? "log" : "value", scale: dots, ...(log ? { logBase: logBaseOf(data) } : {}), ...(log ? {} : wholeOf(data.y.form, data.series.flatMap((s) => s.points.flatMap((p) => p.slice(1, 4))), look)), name: data.y.label, ...titled(colours, "end", 10 + roomOf(data, look)),
    axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: colours.rule } }, splitNumber: look.width < 500 ? 3 : 5,
    minInterval: data.y.form === "number" && data.series.every((s) => s.points.every((p) => Number.isInteger(p[1] ?? 0))) ? 1 : undefined,
    axisLabel: { color: colours.soft, hideOverlap: true, formatter: (v) => look.write(data.y.form, v) } };
}

// A share of more than all does not exist: where shares come near it, their axis ends there.
function wholeOf(form, values, look) {
  const most = Math.max(...values.filter((v) => v !== null));
  return form === "percent" && most > 0.9 && most <= 1 ? { max: 1, interval: look.width < 500 ? 0.25 : 0.2 } : {};
}

// Names beside bars are cut to a third of the width; names below them are broken where there is room, else turned.
function nameLook(data, look) {
  if (upright(data)) return { interval: 0, width: Math.min(230, look.width * 0.36), overflow: broken(data, look.width) ? "break" : "truncate", lineHeight: 14 };
  const room = (look.width - 60) / data.categories.length;
  if (room < 20) return { interval: "auto", hideOverlap: true };
  return room < 64 ? { interval: 0, rotate: 45, width: 110, overflow: "truncate" } : { interval: 0, width: room - 8, overflow: "break", lineHeight: 14 };
}

// Doublings read best within a factor of 32, powers of ten beyond.
function logBaseOf(data) {
  const ends = data.series.flatMap((s) => s.points.flatMap((p) => [p[1], p[2], p[3]])).filter((v) => v > 0);
  return data.y.form === "ratio" && Math.max(...ends) / Math.min(...ends) < 32 ? 2 : 10;
}

const axisLook = (colours) => ({ axisLine: { lineStyle: { color: colours.soft } }, axisTick: { lineStyle: { color: colours.soft } } });
const titled = (colours, where, gap) => ({ nameLocation: where, nameGap: gap, nameTextStyle: { color: colours.soft, fontSize: 12, align: where === "end" ? "left" : "center" } });
const levelOf = (data, look, colours) => ({ silent: true, symbol: "none", lineStyle: { color: colours.event, type: [3, 3], width: 1 }, label: { show: true, position: "insideEndTop", color: colours.event, fontSize: 11, fontWeight: 600, formatter: look.write(data.y.form, data.y.level) }, data: [{ yAxis: data.y.level }] });
const reference = (colours) => ({ silent: true, symbol: "none", label: { show: false }, lineStyle: { color: colours.soft, type: "solid", width: 1 }, data: [{ xAxis: 1 }] });
