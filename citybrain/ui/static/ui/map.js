// Draws the maps a page describes as JSON: <div data-map="ID"> + <script type="application/json" id="ID">.
// The library and its worker are our own files; glyphs are drawn from the machine's fonts, so no server is asked for them.
const style = () => getComputedStyle(document.documentElement);
const colour = (name) => style().getPropertyValue(name).trim();
const language = document.documentElement.lang;
let library = null;
const load = (place) => (library ??= import(new URL(place.dataset.library, location.href).href).then((maplibre) => {
  maplibre.setWorkerUrl(new URL(place.dataset.worker, location.href).href);
  return maplibre;
}));
let base = null;
const loadBase = (address) => (base ??= fetch(address).then((answer) => {
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}));
function loadStyle(address) {
  if (document.querySelector("link[data-map-style]")) return;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
  link.dataset.mapStyle = "";
  document.head.append(link);
}
const WORDS = {
  "zh-CN": {
    "NavigationControl.ZoomIn": "放大",
    "NavigationControl.ZoomOut": "缩小",
    "FullscreenControl.Enter": "全屏",
    "FullscreenControl.Exit": "退出全屏",
    "AttributionControl.ToggleAttribution": "数据来源",
    "Map.Title": "地图",
    "Marker.Title": "标记",
    "Popup.Close": "关闭",
    "ScaleControl.Meters": "米",
    "ScaleControl.Kilometers": "公里",
  },
};
const NEIGHBOURS = 2;
const FONTS = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"];

// Colours of well-known layers of vector tiles; every other layer is drawn faintly
const WATER = /water|ocean|river/;
const GREEN = /wood|forest|park|landuse|landcover|natural/;
const ROAD = /road|street|transport|highway/;
const EDGE = /bound|admin/;
function vectorLayers(name) {
  const source = { source: "tiles-0", "source-layer": name };
  if (WATER.test(name)) return [{ id: `${name}-fill`, type: "fill", ...source, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colour("--map-water") } }];
  if (GREEN.test(name)) return [{ id: `${name}-fill`, type: "fill", ...source, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colour("--good-soft"), "fill-opacity": 0.5 } }];
  if (ROAD.test(name)) return [{ id: `${name}-line`, type: "line", ...source, paint: { "line-color": colour("--faint"), "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.4, 16, 3] } }];
  if (EDGE.test(name)) return [{ id: `${name}-line`, type: "line", ...source, paint: { "line-color": colour("--map-edge"), "line-dasharray": [3, 2] } }];
  return [{ id: `${name}-line`, type: "line", ...source, filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": colour("--line"), "line-width": 0.6 } }];
}
function ground(shapes) {
  const hasTiles = shapes.tiles.length > 0;
  const sources = {
    outline: { type: "geojson", data: shapes.outline, attribution: escape(shapes.attribution) },
    seats: { type: "geojson", data: shapes.seats },
  };
  const layers = [{ id: "water", type: "background", paint: { "background-color": colour("--map-water") } }];
  if (!hasTiles) layers.push({ id: "land", type: "fill", source: "outline", paint: { "fill-color": colour("--map-land") } });
  shapes.tiles.forEach((tiles, place) => {
    const id = `tiles-${place}`;
    sources[id] = { type: tiles.kind, tiles: [new URL(tiles.url, location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}")], tileSize: 256, minzoom: tiles.lowest, maxzoom: tiles.highest, attribution: escape(tiles.attribution) };
    if (tiles.kind === "raster") layers.push({ id, type: "raster", source: id });
    else layers.push(...tiles.layers.flatMap(vectorLayers));
  });
  layers.push({ id: "edge", type: "line", source: "outline", paint: { "line-color": colour("--map-edge"), "line-width": 1.6 } });
  if (!hasTiles) {
    layers.push({ id: "seats", type: "circle", source: "seats", paint: { "circle-radius": 2.5, "circle-color": colour("--map-edge") } });
    layers.push({ id: "names", type: "symbol", source: "seats", layout: { "text-field": ["get", "name"], "text-font": FONTS, "text-size": 12, "text-radial-offset": 0.7, "text-variable-anchor": ["top", "bottom", "left", "right"], "text-justify": "auto" }, paint: { "text-color": colour("--quiet"), "text-halo-color": colour("--map-land"), "text-halo-width": 1.4 } });
  }
  return { version: 8, sources, layers };
}
// Near one place tiles say where one is; without them the names of the nearest towns do, so these must be in sight
function around([x, y], shapes) {
  const seats = shapes.tiles.length ? [] : shapes.seats.features.map(({ geometry }) => geometry.coordinates.map((at, axis) => Math.abs(at - [x, y][axis])));
  const near = seats.sort((one, other) => Math.hypot(...one) - Math.hypot(...other)).slice(0, NEIGHBOURS);
  if (!near.length) return { center: [x, y], zoom: 13 };
  const [wide, high] = [0, 1].map((axis) => Math.max(...near.map((span) => span[axis])));
  return { bounds: [[x - wide, y - high], [x + wide, y + high]], fitBoundsOptions: { padding: { top: 16, bottom: 28, left: 40, right: 40 }, maxZoom: 13 } };
}
const escape = (text) => Object.assign(document.createElement("i"), { textContent: text ?? "" }).innerHTML;
const fillOf = { data: "--data-fill", good: "--good-fill", fair: "--fair-fill", bad: "--bad-fill", quiet: "--quiet-fill" };
const byTone = (tone) => ["match", ["coalesce", ["get", "tone"], tone], ...Object.entries(fillOf).flatMap(([name, token]) => [name, colour(token)]), colour("--data-fill")];

function addLayer(map, layer, where) {
  const source = { type: "geojson", data: layer.data ?? (layer.url ? address(layer, map) : empty()) };
  if (layer.clusters) Object.assign(source, { cluster: true, clusterRadius: 44, clusterMaxZoom: 15 });
  map.addSource(layer.key, source);
  // An area of several parts has a geometry type of its own.
  const of = (kind) => ["in", ["geometry-type"], ["literal", [kind, `Multi${kind}`]]];
  const plain = ["!", ["has", "point_count"]];
  map.addLayer({ id: `${layer.key}-area`, type: "fill", source: layer.key, filter: of("Polygon"), paint: { "fill-color": byTone(layer.tone), "fill-opacity": 0.22 } });
  map.addLayer({ id: `${layer.key}-line`, type: "line", source: layer.key, filter: ["any", of("LineString"), of("Polygon")], paint: { "line-color": byTone(layer.tone), "line-width": 1.8 } });
  map.addLayer({ id: `${layer.key}-point`, type: "circle", source: layer.key, filter: ["all", of("Point"), plain], paint: { "circle-radius": 6, "circle-color": byTone(layer.tone), "circle-stroke-width": 1.6, "circle-stroke-color": colour("--paper") } });
  if (layer.clusters) {
    map.addLayer({ id: `${layer.key}-cluster`, type: "circle", source: layer.key, filter: ["has", "point_count"], paint: { "circle-radius": ["step", ["get", "point_count"], 14, 20, 18, 100, 23], "circle-color": colour(fillOf[layer.tone] ?? "--data-fill"), "circle-opacity": 0.92, "circle-stroke-width": 3, "circle-stroke-color": colour("--data-soft") } });
    map.addLayer({ id: `${layer.key}-count`, type: "symbol", source: layer.key, filter: ["has", "point_count"], layout: { "text-field": ["get", "point_count_abbreviated"], "text-font": FONTS, "text-size": 12 }, paint: { "text-color": "#fff" } });
    map.on("click", `${layer.key}-cluster`, async (event) => {
      const [cluster] = map.queryRenderedFeatures(event.point, { layers: [`${layer.key}-cluster`] });
      const zoom = await map.getSource(layer.key).getClusterExpansionZoom(cluster.properties.cluster_id);
      map.easeTo({ center: cluster.geometry.coordinates, zoom });
    });
  }
  if (layer.by_view && layer.url) map.on("moveend", () => map.getSource(layer.key).setData(address(layer, map)));
  for (const kind of ["point", "area", "line"]) {
    map.on("click", `${layer.key}-${kind}`, (event) => {
      const { key } = event.features[0].properties;
      const row = new CustomEvent("row:open", { bubbles: true, cancelable: true, detail: { key, name: layer.opens } });
      if (!layer.opens || !key || where.dispatchEvent(row)) tell(map, event, where);
    });
  }
  for (const kind of ["point", "area", "cluster"]) {
    if (!map.getLayer(`${layer.key}-${kind}`)) continue;
    map.on("mouseenter", `${layer.key}-${kind}`, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", `${layer.key}-${kind}`, () => { map.getCanvas().style.cursor = ""; });
  }
}
const empty = () => ({ type: "FeatureCollection", features: [] });
function address(layer, map) {
  const url = new URL(layer.url, location.href);
  const until = map.getContainer().dataset.until;
  if (layer.time && until) url.searchParams.set("told_until", until);
  if (layer.by_view) url.searchParams.set("bbox", map.getBounds().toArray().flat().map((degrees) => degrees.toFixed(5)).join(","));
  return url.href;
}
function tell(map, event, where) {
  const { title, text, url, name } = event.features[0].properties;
  if (!title && !name && !url) return;
  const box = Object.assign(document.createElement("div"), { className: "map-popup" });
  box.append(Object.assign(document.createElement("b"), { textContent: title ?? name ?? "" }));
  if (text) box.append(Object.assign(document.createElement("span"), { textContent: text }));
  if (url && new URL(url, location.href).origin === location.origin) {
    box.append(document.createElement("br"), Object.assign(document.createElement("a"), { href: url, textContent: where.dataset.open }));
  }
  new where._maplibre.Popup({ maxWidth: "280px", closeButton: true }).setLngLat(event.lngLat).setDOMContent(box).addTo(map);
}

// A slider in hours below the map: what was told until then; it plays by itself a day's step at a time
function slide(map, description, place) {
  const slider = document.querySelector(`[data-slider="${CSS.escape(place.dataset.map)}"]`);
  const layers = description.layers.filter((layer) => layer.time);
  if (!slider || !layers.length) return;
  const [from, until] = layers[0].time;
  const range = slider.querySelector("input");
  const output = slider.querySelector("output");
  const button = slider.querySelector("[data-play]");
  const hours = Math.max(1, Math.round((until - from) / 3600));
  range.max = String(hours);
  range.value = String(hours);
  const say = () => {
    const at = new Date((from + Number(range.value) * 3600) * 1000);
    const words = at.toLocaleString(language, { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
    output.textContent = words;
    range.setAttribute("aria-valuetext", words);
  };
  let waiting = 0;
  const show = () => {
    say();
    const isNow = Number(range.value) >= hours;
    if (isNow) delete place.dataset.until;
    else place.dataset.until = String(Math.round(from + Number(range.value) * 3600));
    clearTimeout(waiting);
    waiting = setTimeout(() => { for (const layer of layers) map.getSource(layer.key)?.setData(address(layer, map)); }, 120);
  };
  range.addEventListener("input", show);
  let playing = 0;
  const stop = () => { clearInterval(playing); playing = 0; slider.classList.remove("is-playing"); };
  button.addEventListener("click", () => {
    if (playing) return stop();
    if (Number(range.value) >= hours) range.value = "0";
    slider.classList.add("is-playing");
    playing = setInterval(() => {
      if (!place.isConnected || Number(range.value) >= hours) return stop();
      range.value = String(Math.min(hours, Number(range.value) + 6));
      show();
    }, 420);
    show();
  });
  say();
}

// A click, or Enter on the middle, writes a GeoJSON point into a field of the form
function pick(map, maplibre, name, place) {
  const field = document.querySelector(`[name="${CSS.escape(name)}"]`);
  const pin = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  pin.setAttribute("viewBox", "0 0 24 30");
  pin.setAttribute("class", "pin");
  pin.innerHTML = '<path fill="currentColor" stroke="#fff" stroke-width="1.5" d="M12 1a10 10 0 0 0-10 10c0 7 10 18 10 18s10-11 10-18A10 10 0 0 0 12 1z"/><circle cx="12" cy="11" r="4" fill="#fff"/>';
  const marker = new maplibre.Marker({ element: pin, draggable: true, anchor: "bottom" });
  const put = (at, tell = true) => {
    marker.setLngLat(at).addTo(map);
    place.dataset.picked = `${at.lng.toFixed(6)},${at.lat.toFixed(6)}`;
    if (!field || !tell) return;
    field.value = JSON.stringify({ type: "Point", coordinates: [Number(at.lng.toFixed(6)), Number(at.lat.toFixed(6))] });
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  try {
    const [lng, lat] = JSON.parse(field?.value || "null")?.coordinates ?? [];
    if (Number.isFinite(lng) && Number.isFinite(lat)) put(new maplibre.LngLat(lng, lat), false);
  } catch {
    // What is no point in the field is the form's matter.
  }
  map.on("click", (event) => put(event.lngLat));
  marker.on("dragend", () => put(marker.getLngLat()));
  map.getCanvas().addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); put(map.getCenter()); } });
}

async function draw(place) {
  // What came into view may have left the page before the observer says so: a drawer shut at once.
  if (place.dataset.drawn || !place.isConnected) return;
  place.dataset.drawn = "true";
  const description = JSON.parse(document.getElementById(place.dataset.map).textContent);
  try {
    loadStyle(place.dataset.style);
    const [maplibre, shapes] = await Promise.all([load(place), loadBase(place.dataset.base)]);
    place._maplibre = maplibre;
    const box = shapes.bounds;
    const map = new maplibre.Map({
      container: place,
      style: ground(shapes),
      locale: WORDS[language] ?? {},
      attributionControl: { compact: true },
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxZoom: 18,
      cooperativeGestures: false,
      fadeDuration: 0,
      ...(description.centre ? around(description.centre, shapes) : box ? { bounds: [[box[0], box[1]], [box[2], box[3]]], fitBoundsOptions: { padding: 24 } } : { center: [105, 35], zoom: 3 }),
    });
    place._map = map;
    // The panel around it is the landmark; the canvas is what takes keys.
    map.getCanvas().setAttribute("role", "application");
    map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-left");
    if (place.clientWidth > 420) map.addControl(new maplibre.ScaleControl({ maxWidth: 90 }), "bottom-left");
    map.touchZoomRotate.disableRotation();
    // A small map keeps its room for the ground: where the shapes come from waits behind its mark.
    if (place.clientWidth < 640) map.once("load", () => place.querySelector(".maplibregl-ctrl-attrib")?.classList.remove("maplibregl-compact-show"));
    const ask = () => {
      for (const layer of description.layers) addLayer(map, layer, place);
      slide(map, description, place);
      if (description.pick) pick(map, maplibre, description.pick, place);
      place.dispatchEvent(new CustomEvent("map:drawn"));
    };
    map.on("load", ask);
    map.on("idle", () => { place.dataset.ready = "true"; });
    if (description.layers.some((layer) => layer.is_synthetic)) {
      place.append(Object.assign(document.createElement("span"), { className: "map-mark", textContent: place.dataset.synthetic }));
    }
  } catch (error) {
    console.warn("map:", error.message);
    place.replaceChildren(Object.assign(document.createElement("p"), { className: "map-failed", textContent: place.dataset.failed }));
  }
}
// Only what comes into view is drawn: a map costs more than the rest of a page
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) { seen.unobserve(entry.target); draw(entry.target); }
}, { rootMargin: "200px" });
const drawAll = () => document.querySelectorAll("[data-map]:not([data-drawn])").forEach((place) => seen.observe(place));
drawAll();
document.addEventListener("panels:changed", drawAll);
document.addEventListener("change", (event) => {
  const box = event.target.closest("[data-layer]");
  const map = box && document.querySelector(`[data-map="${CSS.escape(box.dataset.of)}"]`)?._map;
  if (!map) return;
  for (const layer of map.getStyle().layers) {
    if (layer.source === box.dataset.layer) map.setLayoutProperty(layer.id, "visibility", box.checked ? "visible" : "none");
  }
});
