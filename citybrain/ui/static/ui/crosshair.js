// The place is the cross in the middle of a map: moving the map, not a finger on the glass, says where. A position found by
// the device, or one that was filled in before, moves the map.
const CLOSE = 16;
const PLAIN = 13;
/* Without tiles the names of towns are all there is to see: nearer there is nothing to go by. */

function cross() {
  const pin = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  pin.setAttribute("viewBox", "0 0 48 48");
  pin.setAttribute("class", "crosshair-mark");
  pin.setAttribute("aria-hidden", "true");
  pin.innerHTML = '<circle cx="24" cy="24" r="9" fill="none" stroke="#fff" stroke-width="5"/><path d="M24 2v14M24 32v14M2 24h14M32 24h14" stroke="#fff" stroke-width="5"/><circle cx="24" cy="24" r="9" fill="none" stroke="currentColor" stroke-width="2.5"/><path d="M24 2v14M24 32v14M2 24h14M32 24h14" stroke="currentColor" stroke-width="2.5"/><circle cx="24" cy="24" r="2" fill="currentColor"/>';
  return pin;
}

function pointOf(text) {
  const [longitude, latitude] = text.split(",").map((part) => Number.parseFloat(part));
  return Number.isFinite(longitude) && Number.isFinite(latitude) ? [longitude, latitude] : null;
}

for (const box of document.querySelectorAll("[data-crosshair]")) {
  const place = box.querySelector("[data-map]");
  const input = document.getElementById(box.dataset.crosshair);
  const form = input.form;
  place.addEventListener("map:drawn", () => {
    const map = place._map;
    place.append(cross());
    const show = () => {
      const point = pointOf(input.value);
      if (point) map.jumpTo({ center: point, zoom: Math.max(map.getZoom(), map.getSource("tiles-0") ? CLOSE : PLAIN) });
    };
    input.addEventListener("place:found", show);
    input.addEventListener("change", (event) => { if (event.isTrusted) show(); });
    form.addEventListener("form:ready", show);
    show();
    const take = () => {
      const { lng, lat } = map.getCenter();
      input.value = `${lng.toFixed(6)}, ${lat.toFixed(6)}`;
      if (form.elements.accuracy) form.elements.accuracy.value = "";
      box.closest("[data-field]").querySelector("[data-located-at]").textContent = form.dataset.pointed;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    };
    // Only what a person moved: a jump of ours has no event of theirs behind it.
    map.on("moveend", (event) => { if (event.originalEvent) take(); });
    map.getCanvas().addEventListener("keyup", (event) => { if (event.key.startsWith("Arrow") || event.key === "Enter") map.once("idle", take); });
    map.on("click", (event) => map.easeTo({ center: event.lngLat, duration: 200 }, { originalEvent: event.originalEvent }));
  });
}
