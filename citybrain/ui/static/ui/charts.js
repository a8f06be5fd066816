// Draws the charts a page describes as JSON: <div data-chart="ID"></div> + <script type="application/json" id="ID">.
// The library comes only where a chart is; colours are the page's own, on the desk as on the wall.
const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(name).trim();
const tones = { data: colour("--data-fill"), good: colour("--good-fill"), fair: colour("--fair-fill"), bad: colour("--bad-fill"), quiet: colour("--quiet-fill") };
const series = [1, 2, 3, 4, 5, 6].map((place) => colour(`--series-${place}`));
const sans = colour("--tblr-font-sans-serif");
const numbers = `"Num", ${sans}`;
const language = document.documentElement.lang;
const isChinese = language.startsWith("zh");
const exact = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const share = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
const quiet = colour("--quiet");
const axisText = { color: quiet, fontFamily: numbers, fontSize: 12 };
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

// The same steps as the server's short numbers: 万 and 亿, or k, M and bn
const STEPS = isChinese ? [[1e8, "亿", 1e8], [1e4, "万", 1e4]] : [[1e9, "bn", 1e9], [1e6, "M", 1e6], [1e4, "k", 1e3]];
function brief(value) {
  for (const [from, word, scale] of STEPS) {
    if (Math.abs(value) >= from) return `${exact.format(Number((value / scale).toFixed(1)))}${word}`;
  }
  return exact.format(value);
}
const whole = (chart, value) => (value == null ? "—" : `${exact.format(value)} ${chart.unit}`.trim());

// Drawn on the canvas: a tooltip of HTML would carry style attributes, which our content policy refuses.
const tooltip = (chart, more) => ({
  renderMode: "richText",
  confine: true,
  backgroundColor: colour("--paper"),
  borderColor: colour("--line"),
  textStyle: { color: colour("--ink"), fontSize: 13, fontFamily: sans },
  valueFormatter: (value) => whole(chart, value),
  ...more,
});
const legend = { icon: "roundRect", itemWidth: 12, itemHeight: 5, itemGap: 16, textStyle: { color: quiet, fontFamily: sans } };
const frame = { animationDuration: still ? 0 : 300, animation: !still, textStyle: { fontFamily: sans } };

// Where the middle of a ring is that has its words under it, a line for each, in percent of the height.
const ringHeight = (chart) => 50 - 4.5 * Math.min(chart.labels.length, 4);

function ring(chart, width) {
  // Beside the ring there is no room for words in a narrow panel: they stand under it.
  const isNarrow = width < 480;
  const values = chart.series[0].values;
  const total = values.reduce((sum, value) => sum + (value ?? 0), 0);
  return {
    ...frame,
    legend: { ...legend, orient: "vertical", ...(isNarrow ? { left: "center", bottom: 0, itemGap: 6 } : { right: 4, top: "middle" }), formatter: (name) => {
      const value = values[chart.labels.indexOf(name)];
      return `${name}  ${value == null ? "—" : brief(value)}  ${value == null || !total ? "" : share.format(value / total)}`;
    } },
    tooltip: tooltip(chart, { trigger: "item", formatter: ({ name, value }) => `${name}  ${whole(chart, value)}  ${total ? share.format(value / total) : ""}` }),
    title: { text: brief(total), subtext: chart.unit, left: isNarrow ? "49.5%" : "29%", top: isNarrow ? `${ringHeight(chart) - 6}%` : "middle", textAlign: "center", itemGap: 2, textStyle: { color: colour("--ink"), fontFamily: numbers, fontSize: 24, fontWeight: 600 }, subtextStyle: { color: quiet, fontSize: 12 } },
    series: [{
      type: "pie", radius: isNarrow ? ["44%", "64%"] : ["58%", "82%"], center: isNarrow ? ["50%", `${ringHeight(chart)}%`] : ["30%", "50%"], label: { show: false }, itemStyle: { borderColor: colour("--paper"), borderWidth: 2 },
      data: chart.labels.map((name, place) => ({ name, value: values[place], itemStyle: { color: tones[chart.tones?.[place]] ?? series[place % series.length] } })),
    }],
  };
}
function bars(chart) {
  const lying = chart.kind === "ranks";
  const line = chart.kind === "line";
  const many = chart.series.length > 1;
  // Where one series means good or bad, every colour means something; else colours only tell series apart.
  const speaks = chart.series.some((one) => one.tone !== "data");
  const names = {
    type: "category",
    data: chart.labels,
    inverse: lying,
    boundaryGap: !line,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colour("--line") } },
    axisLabel: { ...axisText, hideOverlap: true, width: lying ? (isChinese ? 110 : 150) : undefined, overflow: "truncate" },
  };
  const values = {
    type: "value",
    min: chart.minimum ?? undefined,
    max: chart.maximum ?? undefined,
    scale: line,
    splitNumber: 4,
    axisLabel: { ...axisText, show: !lying, formatter: brief, hideOverlap: true },
    splitLine: { show: !lying, lineStyle: { color: colour("--hair") } },
  };
  return {
    ...frame,
    // The right edge leaves room for the last name, or for the numbers behind lying bars.
    grid: { left: 4, right: lying ? 52 : 18, top: many ? 34 : 14, bottom: 4, containLabel: true },
    legend: many ? { ...legend, top: 0, right: 0 } : undefined,
    tooltip: tooltip(chart, { trigger: "axis", axisPointer: { type: line ? "line" : "shadow", lineStyle: { color: colour("--faint") }, shadowStyle: { color: "rgba(120, 150, 190, .12)" } } }),
    xAxis: lying ? values : names,
    yAxis: lying ? names : values,
    series: chart.series.map((one, place) => ({
      name: one.title,
      type: line ? "line" : "bar",
      data: one.values,
      stack: chart.kind === "stacked" ? "all" : undefined,
      color: many && !speaks ? series[place % series.length] : tones[one.tone] ?? tones.data,
      barMaxWidth: lying ? 12 : 28,
      itemStyle: { borderRadius: line || chart.kind === "stacked" ? 0 : lying ? [0, 3, 3, 0] : [3, 3, 0, 0] },
      lineStyle: { width: 2 },
      areaStyle: line && !many ? { opacity: 0.1 } : undefined,
      symbol: "circle",
      symbolSize: 5,
      showSymbol: chart.labels.length < 40,
      label: lying ? { show: true, position: "right", ...axisText, formatter: ({ value }) => (value == null ? "" : brief(value)) } : undefined,
    })),
  };
}

let library = null;
const load = (address) => (library ??= new Promise((done, failed) => {
  if (window.echarts) done(window.echarts);
  else document.head.append(Object.assign(document.createElement("script"), { src: address, onload: () => done(window.echarts), onerror: failed }));
}));
async function draw(place) {
  const source = document.getElementById(place.dataset.chart);
  if (!source || place.dataset.drawn === source.textContent) return;
  const first = !place.dataset.drawn;
  place.dataset.drawn = source.textContent;
  // Pages that brought the library with them have it already.
  const echarts = await load(place.dataset.library);
  const chart = JSON.parse(source.textContent);
  const view = echarts.getInstanceByDom(place) ?? echarts.init(place, null, { renderer: "canvas" });
  view.setOption(chart.kind === "ring" ? ring(chart, place.clientWidth) : bars(chart), true);
  if (first) {
    new ResizeObserver(() => view.resize()).observe(place);
    view.on("finished", () => { place.dataset.ready = "true"; });
    // A bar leads to its rows; the table of numbers beside it, or behind it for who cannot see, holds the same links.
    view.on("click", ({ dataIndex }) => {
      const address = JSON.parse(place.dataset.drawn).links?.[dataIndex];
      if (address) location.assign(address);
    });
  }
}
const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
drawAll();
document.addEventListener("htmx:after:swap", drawAll);
document.addEventListener("panels:changed", drawAll);
