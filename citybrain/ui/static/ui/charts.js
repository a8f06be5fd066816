// Draws the charts a page describes as JSON: <div class="chart" data-chart="ID"></div> + <script type="application/json" id="ID">.
const echarts = window.echarts;
const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(name).trim();
const tones = {
  data: colour("--data-fill"),
  good: colour("--good-fill"),
  fair: colour("--fair-fill"),
  bad: colour("--bad-fill"),
  quiet: "#b4c3d4",
};
const numbers = `"Num", ${colour("--tblr-font-sans-serif")}`;
const language = document.documentElement.lang;
const exact = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const brief = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
const axisText = { color: colour("--quiet"), fontFamily: numbers, fontSize: 12 };

function describe(chart) {
  const lying = chart.kind === "ranks";
  const names = {
    type: "category",
    data: chart.labels,
    inverse: lying,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colour("--line") } },
    axisLabel: { ...axisText, hideOverlap: true, width: lying ? (language.startsWith("zh") ? 110 : 150) : undefined, overflow: "truncate" },
  };
  const values = {
    type: "value",
    min: chart.minimum ?? undefined,
    max: chart.maximum ?? undefined,
    scale: chart.kind === "line",
    splitNumber: 4,
    axisLabel: { ...axisText, formatter: (value) => brief.format(value), hideOverlap: true },
    splitLine: { lineStyle: { color: colour("--hair") } },
  };
  return {
    animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300,
    textStyle: { fontFamily: colour("--tblr-font-sans-serif") },
    grid: { left: 4, right: 12, top: chart.series.length > 1 ? 30 : 12, bottom: 2, containLabel: true },
    legend: chart.series.length > 1 ? { top: 0, right: 0, icon: "roundRect", itemWidth: 12, itemHeight: 4, textStyle: { color: colour("--quiet") } } : undefined,
    // Drawn on the canvas: a tooltip of HTML would carry style attributes, which our content policy refuses.
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      confine: true,
      axisPointer: { type: chart.kind === "line" ? "line" : "shadow" },
      borderColor: colour("--line"),
      textStyle: { color: colour("--tblr-body-color"), fontSize: 13 },
      valueFormatter: (value) => (value == null ? "—" : `${exact.format(value)} ${chart.unit}`.trim()),
    },
    xAxis: lying ? values : names,
    yAxis: lying ? names : values,
    series: chart.series.map((series) => ({
      name: series.title,
      type: chart.kind === "line" ? "line" : "bar",
      data: series.values,
      color: tones[series.tone] ?? tones.data,
      barMaxWidth: lying ? 12 : 28,
      itemStyle: { borderRadius: chart.kind === "line" ? 0 : 2 },
      lineStyle: { width: 2 },
      areaStyle: chart.kind === "line" && chart.series.length === 1 ? { opacity: 0.08 } : undefined,
      symbol: "circle",
      symbolSize: 5,
      showSymbol: chart.labels.length < 40,
      label: lying ? { show: true, position: "right", ...axisText, formatter: ({ value }) => brief.format(value) } : undefined,
    })),
  };
}

function draw(place) {
  if (place.dataset.drawn) return;
  const source = document.getElementById(place.dataset.chart);
  if (!source) return;
  place.dataset.drawn = "true";
  const view = echarts.init(place, null, { renderer: "canvas" });
  view.setOption(describe(JSON.parse(source.textContent)));
  new ResizeObserver(() => view.resize()).observe(place);
  view.on("finished", () => { place.dataset.ready = "true"; });
}
const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
drawAll();
document.addEventListener("htmx:after:swap", drawAll);
