// The report's page: draws the charts, sorts the tables, switches between light and dark. All data is in the page.
import { mountChart } from "./chart.js";
import { sortable } from "./tables.js";
import { isDark, watchTheme } from "./theme.js";

const page = JSON.parse(document.getElementById("report-data").textContent);
const charts = [];

for (const box of document.querySelectorAll("[data-chart]")) {
  charts.push(mountChart(box, page.charts[box.dataset.chart], page));
}
for (const table of document.querySelectorAll("table[data-sortable]")) sortable(table);

const draw = (dark, width) => charts.forEach((chart) => chart.draw(dark, width));
watchTheme(document.getElementById("theme"), (dark) => draw(dark));

// Paper is white and has no "open" gesture: print in light, with every detail shown but the long twins of charts.
const PAPER_PX = 660;
const LONG_TWIN = 40;
const closed = new Set();
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open])")) {
    if (details.classList.contains("twin") && details.querySelectorAll("tbody tr").length > LONG_TWIN) continue;
    closed.add(details);
    details.open = true;
  }
  draw(false, PAPER_PX);
});
addEventListener("afterprint", () => {
  for (const details of closed) details.open = false;
  closed.clear();
  draw(isDark());
});
document.documentElement.dataset.ready = "yes";
