// Counts of the menu and of tabs, asked again when their topic speaks: one question for all of one address.
import { paced } from "./pace.js";

const all = (selector) => [...document.querySelectorAll(selector)];
const language = document.documentElement.lang;

// One address may stand with a question and without: with it, the answer holds what the others want too
function addresses(topic) {
  const found = new Map();
  for (const place of all(`[data-recount-on="${CSS.escape(topic)}"]`)) {
    const url = new URL(place.dataset.recount, location.href);
    if ((found.get(url.pathname)?.search.length ?? -1) < url.search.length) found.set(url.pathname, url);
  }
  return found.values();
}
export function show(counts) {
  for (const place of all("[data-count-key]")) {
    const count = counts[place.dataset.countKey];
    if (typeof count !== "number") continue;
    (place.querySelector(".n") ?? place).textContent = count.toLocaleString(language);
    if ("countNews" in place.dataset) place.hidden = count === 0;
    if ("countBad" in place.dataset) place.parentElement.classList.toggle("bad", count > 0 && !place.parentElement.classList.contains("on"));
  }
}
async function ask(topic) {
  for (const url of addresses(topic)) {
    const answer = await fetch(url, { headers: { "X-Background": "1", Accept: "application/json" } }).catch(() => null);
    if (answer?.ok && answer.headers.get("Content-Type")?.startsWith("application/json")) show(await answer.json());
  }
}
const planned = new Map();
export function recount(topic) {
  if (!planned.has(topic)) planned.set(topic, paced(() => ask(topic)));
  planned.get(topic)();
}
document.addEventListener("live", (event) => {
  const topic = event.detail?.topic ?? "";
  if (document.querySelector(`[data-recount-on="${CSS.escape(topic)}"]`)) recount(topic);
});
