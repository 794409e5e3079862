// Draws the table named by a figure's data-chart as bars, in the page's own colours. The table stays, for those who cannot see the drawing.
(() => {
  "use strict";
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function draw(figure) {
    const table = document.getElementById(figure.dataset.chart);
    if (!table || typeof uPlot === "undefined") return;
    const days = [...table.querySelectorAll("[data-x]")].map((cell) => cell.dataset.x);
    const counts = [...table.querySelectorAll("[data-y]")].map((cell) => Number(cell.dataset.y));
    figure.replaceChildren();
    const soft = token("--ink-3"), line = token("--line"), font = "12px " + token("--sans");
    const size = () => ({ width: figure.clientWidth, height: 140 });
    const plot = new uPlot({
      ...size(),
      padding: [8, 8, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      scales: { x: { time: false, range: [-0.6, days.length - 0.4] }, y: { range: (_, low, high) => [0, Math.max(4, high * 1.1)] } },
      axes: [
        { stroke: soft, font, grid: { show: false }, ticks: { show: false }, size: 24, values: (_, at) => at.map((i) => (days[i] || "").slice(5)), incrs: [1, 2, 5, 7, 10], space: 56 },
        { stroke: soft, font, size: 44, grid: { stroke: line, width: 1 }, ticks: { show: false }, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000], space: 32 },
      ],
      series: [{}, { fill: token("--accent"), stroke: token("--accent"), width: 0, points: { show: false }, paths: uPlot.paths.bars({ size: [0.68, 26], radius: 0.12 }) }],
      hooks: { setCursor: [(shown) => { figure.title = shown.cursor.idx == null ? "" : days[shown.cursor.idx] + " · " + counts[shown.cursor.idx]; }] },
    }, [days.map((_, i) => i), counts], figure);
    new ResizeObserver(() => { if (figure.clientWidth && figure.clientWidth !== plot.width) plot.setSize(size()); }).observe(figure);
  }

  const all = () => document.querySelectorAll("[data-chart]").forEach(draw);
  document.addEventListener("DOMContentLoaded", all);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
})();
