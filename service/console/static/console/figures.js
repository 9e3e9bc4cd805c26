// Draws the charts of the figures page from the numbers that stand in it; without it the tables below them remain.
(() => {
  const data = document.getElementById("figures-data");
  if (!data || !window.Chart) return;
  const DASHES = [[], [6, 4], [2, 3], [10, 3, 2, 3]];
  const POINTS = ["circle", "triangle", "rect", "rectRot"];
  const TONES = { urgent: "--danger", calm: "--good", plain: "--brand" };
  const SEVERAL = ["--brand", "--warn", "--good", "--danger", "--soft"];
  const isDark = matchMedia("(prefers-color-scheme: dark)");
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function dataset(series, place, chart) {
    const name = chart.series.length > 2 ? SEVERAL[place % SEVERAL.length] : TONES[series.tone];
    return {
      label: series.name, data: series.values,
      borderColor: colour(name), backgroundColor: colour(name),
      borderWidth: chart.kind === "lines" ? 2 : 0, borderDash: DASHES[place % DASHES.length],
      pointStyle: POINTS[place % POINTS.length], pointRadius: chart.labels.length > 40 ? 2 : 3, maxBarThickness: 28,
    };
  }

  function scales(chart) {
    const ticks = { color: colour("--soft"), maxRotation: 0, autoSkipPadding: 12 };
    const border = { color: colour("--line") };
    const isSideways = chart.kind === "sideways";
    const labels = {
      ticks: { ...ticks, autoSkip: !isSideways, ...(isSideways ? { callback: shortened } : {}) }, border, grid: { display: false },
    };
    const isShare = chart.most !== null;
    const values = {
      beginAtZero: true, ticks: { ...ticks, precision: 0 }, border, grid: { color: colour("--line") },
      title: { display: Boolean(chart.unit), text: chart.unit, color: colour("--soft") },
      ...(isShare ? { max: chart.most } : {}),
    };
    return isSideways ? { x: values, y: labels } : { x: labels, y: values };
  }

  // The whole name stands in the table.
  function shortened(value) {
    const label = this.getLabelForValue(value);
    const room = Math.max(10, Math.floor(this.chart.width / 14));
    return label.length > room ? `${label.slice(0, room - 1)}…` : label;
  }

  function draw(chart) {
    const canvas = document.querySelector(`canvas[data-chart="${chart.id}"]`);
    if (!canvas) return null;
    const shown = chart.series.filter((series) => series.is_drawn);
    return new Chart(canvas, {
      type: chart.kind === "lines" ? "line" : "bar",
      data: { labels: chart.labels, datasets: shown.map((series, place) => dataset(series, place, { ...chart, series: shown })) },
      options: {
        animation: false, maintainAspectRatio: false, indexAxis: chart.kind === "sideways" ? "y" : "x",
        interaction: { mode: "index", axis: chart.kind === "sideways" ? "y" : "x", intersect: false },
        scales: scales(chart),
        plugins: {
          legend: { display: shown.length > 1, labels: { color: colour("--ink"), usePointStyle: true, boxWidth: 8, boxHeight: 8 } },
          tooltip: { backgroundColor: colour("--ink"), titleColor: colour("--paper"), bodyColor: colour("--paper") },
        },
      },
    });
  }

  let drawn = [];
  function drawAll() {
    drawn.forEach((one) => one.destroy());
    drawn = JSON.parse(data.textContent).map(draw).filter(Boolean);
  }
  drawAll();
  isDark.addEventListener("change", drawAll);
})();
