// The tab's end of the live stream: passes events on to the page as `live` events of the document, keeps the numbers that
// events carry, and marks the page when the connection is lost.
const me = document.querySelector("script[data-stream]");
const mark = document.querySelector("[data-live-mark]");
const LOST_AFTER = 5000; // milliseconds a lost connection is not worth a word

let port = null;
let lostTimer = 0;
const missed = new Set(); // topics that spoke while nobody looked

// `missed`: something happened while nobody looked, and what is not known any more
function pass(topic, payload = {}, missed = false) {
  document.dispatchEvent(new CustomEvent("live", { detail: { topic, payload, missed } }));
}
function hear({ topic, payload }) {
  if (typeof payload?.count === "number") {
    for (const place of document.querySelectorAll(`[data-count-of="${CSS.escape(topic)}"]`)) {
      place.textContent = payload.count > 99 ? "99+" : String(payload.count);
      place.toggleAttribute("hidden", payload.count === 0);
    }
  }
  if (document.hidden) missed.add(topic);
  else pass(topic, payload);
}
function reload() {
  const names = ["topic", "follows", "watches", "recountOn"];
  for (const part of document.querySelectorAll("[data-topic], [data-follows], [data-watches], [data-recount-on]")) {
    for (const name of names) if (part.dataset[name]) missed.add(part.dataset[name]);
  }
  catchUp();
}
function catchUp() {
  if (document.hidden) return;
  for (const topic of missed) pass(topic, {}, true);
  missed.clear();
}
function show(state) {
  document.documentElement.dataset.live = state;
  clearTimeout(lostTimer);
  if (state === "lost") lostTimer = setTimeout(() => mark?.removeAttribute("hidden"), LOST_AFTER);
  else mark?.setAttribute("hidden", "");
}
function take({ data }) {
  if (data.event) hear(data.event);
  if (data.reload) reload();
  if (data.state) show(data.state);
}
function connect() {
  const url = me.dataset.worker;
  try {
    port = new SharedWorker(url, { name: `live ${me.dataset.who}` }).port;
    port.onmessage = take;
  } catch {
    port = new Worker(url);
    port.onmessage = take;
  }
  port.postMessage({ hello: true, stream: me.dataset.stream, at: Number(me.dataset.at) });
}
if (me) {
  // Not before every script of the page listens.
  if (document.readyState === "complete") connect();
  else document.addEventListener("DOMContentLoaded", connect);
  document.addEventListener("visibilitychange", catchUp);
  window.addEventListener("pagehide", () => port?.postMessage({ bye: true }));
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    // Out of the browser's memory: what it shows may be old.
    port.postMessage({ hello: true, stream: me.dataset.stream, at: Date.now() / 1000 });
    reload();
  });
}
