// The frame's behaviour: the phone's menu, the keyboard, sortable tables, the working line. No framework, no state on the server.
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// The phone's menu
const menuButton = find("[data-menu]");
function showMenu(open) {
  document.body.classList.toggle("menu-open", open);
  menuButton?.setAttribute("aria-expanded", String(open));
}
menuButton?.addEventListener("click", () => showMenu(!document.body.classList.contains("menu-open")));
document.addEventListener("click", (event) => {
  if (!event.target.closest(".side, [data-menu]")) showMenu(false);
});

// The line at the top while something is on its way
const working = find(".working");
const setWorking = (on) => working?.toggleAttribute("hidden", !on);
document.addEventListener("htmx:before:request", (event) => {
  if (!event.target.closest?.("[data-quiet]")) setWorking(true);
});
for (const name of ["htmx:after:request", "htmx:error", "htmx:finally:request"]) document.addEventListener(name, () => setWorking(false));
window.addEventListener("pagehide", () => setWorking(false));
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || form.hasAttribute("data-download")) return;
  // A second click on a button that starts something must not start it twice.
  if (form.hasAttribute("data-sent")) event.preventDefault();
  else if (form.method === "post") form.setAttribute("data-sent", "");
  setWorking(true);
});
window.addEventListener("pageshow", () => {
  for (const form of all("[data-sent]")) form.removeAttribute("data-sent");
  setWorking(false);
});

// The keyboard
const dialog = find("#keys");
find("[data-help]")?.addEventListener("click", () => dialog?.showModal());
let waitsForTarget = false;

function step(by) {
  const rows = all("main table.t tbody tr").filter((row) => row.offsetParent !== null);
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.classList.contains("on"));
  const next = Math.min(Math.max(here + by, 0), rows.length - 1);
  rows[here]?.classList.remove("on");
  rows[next].classList.add("on");
  rows[next].scrollIntoView({ block: "nearest" });
  rows[next].dispatchEvent(new CustomEvent("row:on", { bubbles: true }));
}
// A row is opened beside its list where the page has a place for that (drawer.js), else its page is
export function openRow(row) {
  const section = row.closest("[data-opens]");
  const detail = { key: row.id.replace(/^row-/, ""), name: section?.dataset.opens };
  if (!section || row.dispatchEvent(new CustomEvent("row:open", { bubbles: true, cancelable: true, detail }))) location.assign(row.dataset.href);
}
const commands = {
  "/": () => find("[data-find]")?.focus(),
  "?": () => dialog?.showModal(),
  j: () => step(1),
  k: () => step(-1),
  Enter: () => {
    const row = find("tr.on");
    if (row?.dataset.href) openRow(row);
    else if (row) find("a[href]", row)?.click();
  },
  x: () => find("tr.on .pick input")?.click(),
  " ": () => find("tr.on .pick input")?.click(),
  "[": () => find(".pg [rel=prev]")?.click(),
  "]": () => find(".pg [rel=next]")?.click(),
  g: () => {
    waitsForTarget = true;
    setTimeout(() => { waitsForTarget = false; }, 1500);
  },
};
// Buttons that name their key
function pressed(key) {
  const button = /^[a-z0-9.]$/i.test(key) ? all(`[data-press="${key}"]`).find((one) => !one.closest("[hidden]")) : null;
  return button && (() => button.click());
}
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "Escape") {
    showMenu(false);
    if (typing) event.target.blur();
    return;
  }
  if (typing || find("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey) return;
  if ((event.key === "Enter" || event.key === " ") && event.target.closest("a, button, summary, [role=treeitem]")) return;
  if (waitsForTarget) {
    waitsForTarget = false;
    const link = find(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
      return;
    }
  }
  const command = commands[event.key] ?? pressed(event.key);
  if (command && !(event.key === " " && !find("tr.on .pick input"))) {
    event.preventDefault();
    command();
  }
});

// Groups of the side menu stay as they were left, in this browser; the group of the open page is always open
const CLOSED = "citybrain.menu.closed";
function closedGroups() {
  try { return new Set(JSON.parse(localStorage.getItem(CLOSED) ?? "[]")); } catch { return new Set(); }
}
for (const group of all(".side details.group")) {
  const name = find("h2", group).textContent;
  if (closedGroups().has(name) && !find(".on", group)) group.open = false;
  group.addEventListener("toggle", () => {
    const closed = closedGroups();
    if (group.open) closed.delete(name);
    else closed.add(name);
    try { localStorage.setItem(CLOSED, JSON.stringify([...closed])); } catch { /* a forbidden storage forgets it */ }
  });
}

find(".side .on")?.scrollIntoView({ block: "nearest" });

// Paper, and the clock of the wall
find("[data-print]")?.addEventListener("click", () => window.print());
const clock = find("[data-clock]");
if (clock) {
  const write = () => {
    clock.textContent = new Date().toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "medium", hour12: false, timeZone: "Asia/Shanghai" });
  };
  write();
  setInterval(write, 1000);
}
