// The drawer beside a list: rows open in it without the list moving, its forms are sent from it, and the page's address
// always says what is open. Without this script every row leads to its own page, and forms load the page anew.
import { fail, refresh } from "./panels.js";

const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const drawer = () => find("[data-drawer]");
const narrow = matchMedia("(max-width: 900px)");
const OWN = ["part", "do", "into"];

let turn = 0; // answers that come late are not shown

const nameOf = (part) => part.dataset.drawer;
// The address without what is open: the list
function listOf(address) {
  const url = new URL(address, location.href);
  for (const name of [nameOf(drawer()), ...OWN]) url.searchParams.delete(name);
  return url.pathname + url.search;
}
function keyIn(address) {
  return new URL(address, location.href).searchParams.get(nameOf(drawer()));
}
function mark(key) {
  for (const row of all("tr.on")) row.classList.remove("on");
  const row = key && document.getElementById(`row-${key}`);
  row?.classList.add("on");
  row?.scrollIntoView({ block: "nearest" });
}
export function put(part, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById(part.id);
  if (!fresh) return null;
  const node = document.adoptNode(fresh);
  part.replaceWith(node);
  window.htmx?.process(node);
  document.dispatchEvent(new CustomEvent("panels:changed", { detail: { part: node } }));
  return node;
}
function settle(node) {
  const wrong = find("[data-errors], .note-bad, #stale", node);
  const fields = all(".record-form :is(input:not([type=hidden]), select:not([hidden]), textarea)", node);
  const field = fields.find((one) => one.tagName === "TEXTAREA" || !one.value) ?? fields[0];
  if (wrong) {
    wrong.tabIndex = -1;
    wrong.focus();
  } else if (field) field.focus({ preventScroll: true });
}

export async function load(address, { history: how = "push", body = null } = {}) {
  const part = drawer();
  const mine = ++turn;
  const url = new URL(address, location.href);
  part.hidden = false;
  part.classList.add("is-waiting");
  const answer = await fetch(url, { method: body ? "POST" : "GET", body, headers: { "X-Panel": part.id } }).catch(() => null);
  if (mine !== turn) return null;
  part.classList.remove("is-waiting");
  find(".working")?.toggleAttribute("hidden", true);
  // An error of the house has no drawer in it; refusals of a form do.
  if (!answer || ![200, 409, 422].includes(answer.status)) {
    fail(() => load(address, { history: how, body }));
    return null;
  }
  const node = put(part, await answer.text());
  if (!node) {
    location.assign(url);
    return null;
  }
  const shown = new URL(url);
  if (body && answer.ok) shown.searchParams.delete("do");
  if (how !== "none" && shown.href !== location.href) history[how === "push" ? "pushState" : "replaceState"]({ drawer: true }, "", shown);
  mark(keyIn(shown));
  if (shown.searchParams.has("do") || body) settle(node);
  if (body && answer.ok) refresh("rows");
  return node;
}
function shut() {
  const part = drawer();
  if (!part || part.classList.contains("is-shut")) return false;
  turn += 1;
  history.pushState({ drawer: true }, "", listOf(location.href));
  const row = find("tr.on");
  part.replaceChildren();
  part.classList.add("is-shut");
  part.hidden = true;
  mark(null);
  row?.classList.add("on");
  return true;
}

// Rows of the list, and shapes of a map
document.addEventListener("row:open", (event) => {
  const part = drawer();
  if (!part || narrow.matches || event.detail.name !== nameOf(part)) return;
  event.preventDefault();
  const url = new URL(listOf(location.href), location.href);
  url.searchParams.set(nameOf(part), event.detail.key);
  load(url);
});
let walking = 0;
document.addEventListener("row:on", (event) => {
  const part = drawer();
  if (!part || part.classList.contains("is-shut") || !event.target.closest("[data-opens]")) return;
  clearTimeout(walking);
  const key = event.target.id.replace(/^row-/, "");
  walking = setTimeout(() => {
    const url = new URL(listOf(location.href), location.href);
    url.searchParams.set(nameOf(part), key);
    const kept = new URL(location.href).searchParams.get("part");
    if (kept) url.searchParams.set("part", kept);
    load(url, { history: "replace" });
  }, 160);
});

// What is pressed inside
document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const link = event.target.closest("[data-drawer] a[href]");
  if (!link || link.target || link.hasAttribute("download")) return;
  if (link.hasAttribute("data-drawer-shut")) {
    event.preventDefault();
    shut();
    return;
  }
  const url = new URL(link.href);
  if (url.pathname !== location.pathname || url.origin !== location.origin || !keyIn(url)) return;
  event.preventDefault();
  load(url, { history: keyIn(url) === keyIn(location.href) ? "replace" : "push" });
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.closest("[data-drawer]") || form.method !== "post") return;
  const url = new URL(form.getAttribute("action") || location.href, location.href);
  if (url.pathname !== location.pathname) return;
  event.preventDefault();
  load(url, { history: "replace", body: new FormData(form, event.submitter) }).then((node) => { if (!node) form.removeAttribute("data-sent"); });
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest?.("[data-drawer] form.record-form");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
  }
  if (event.key !== "Escape" || event.defaultPrevented || find("dialog[open]")) return;
  if (event.target.closest?.("input, textarea, select, details[open]")) return;
  const cancel = find("[data-drawer] .form-foot a[href]");
  if (cancel) load(cancel.href, { history: "replace" });
  else shut();
});
window.addEventListener("popstate", (event) => {
  if (!drawer() || event.state?.htmx) return;
  if (keyIn(location.href)) load(location.href, { history: "none" });
  else location.reload();
});
if (drawer() && keyIn(location.href)) mark(keyIn(location.href));
document.addEventListener("htmx:after:swap", () => { if (drawer()) mark(keyIn(location.href)); });
