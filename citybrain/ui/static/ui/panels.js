// What panels do in the browser: picking rows, questions before an action, trees, live parts, and what went wrong.
import "./forms.js";
import "./many.js";
import { paced } from "./pace.js";
import { openRow } from "./shell.js";

const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// Rows: a click anywhere opens the row; picked rows bring the bar of bulk work
document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0) return;
  const row = event.target.closest("tr[data-href]");
  const link = event.target.closest("a");
  const isOwn = link && row?.closest("[data-opens]") && link.pathname === new URL(row.dataset.href, location.href).pathname;
  if (!row || (!isOwn && event.target.closest("a, button, input, label, select, summary, textarea")) || String(getSelection())) return;
  if (isOwn && (event.metaKey || event.ctrlKey || event.shiftKey)) return;
  if (isOwn) event.preventDefault();
  if (event.metaKey || event.ctrlKey) window.open(row.dataset.href, "_blank", "noopener");
  else openRow(row);
});

export function showPicked(section) {
  const boxes = all("tbody .pick input", section);
  const chosen = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest("tr").classList.toggle("picked", box.checked);
  const bar = find(".bulk", section);
  if (bar) {
    bar.hidden = chosen.length === 0;
    find("[data-chosen]", bar).textContent = chosen.length.toLocaleString(document.documentElement.lang);
  }
  const whole = find("[data-pick-all]", section);
  if (whole) {
    whole.checked = boxes.length > 0 && chosen.length === boxes.length;
    whole.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
  }
}
document.addEventListener("change", (event) => {
  const section = event.target.closest("section");
  if (event.target.matches("[data-pick-all]")) {
    for (const box of all("tbody .pick input", section)) box.checked = event.target.checked;
  }
  if (event.target.closest(".pick")) showPicked(section);
});
let lastPicked = null;
document.addEventListener("click", (event) => {
  const box = event.target.closest("tbody .pick input");
  if (!box) return;
  // With Shift, everything between the last box and this one.
  if (event.shiftKey && lastPicked?.isConnected) {
    const boxes = all("tbody .pick input", box.closest("table"));
    const [from, to] = [boxes.indexOf(lastPicked), boxes.indexOf(box)].sort((a, b) => a - b);
    if (from >= 0) for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
    showPicked(box.closest("section"));
  }
  lastPicked = box;
});

// Several values of a bulk button travel with the form it sends; an address carries no token
document.addEventListener("formdata", (event) => {
  if ((event.target._submitter?.formMethod || event.target.method) === "get") event.formData.delete("csrfmiddlewaretoken");
  const values = event.target._submitter?.dataset.values;
  if (values) for (const [name, value] of JSON.parse(values)) event.formData.append(name, value);
});

// What cannot be taken back, or needs a reason, asks first
const asking = find("#ask");
let goOn = null;
function ask(question, reason, then) {
  find("h2", asking).textContent = question || reason;
  const field = find("[data-reason]", asking);
  field.hidden = !reason;
  const text = find("textarea", field);
  text.required = Boolean(reason);
  text.value = "";
  find("label", field).textContent = question ? reason : "";
  text.setAttribute("aria-label", reason || "");
  goOn = then;
  asking.returnValue = "";
  asking.showModal();
  (reason ? text : find("[value=yes]", asking)).focus();
}
find("textarea", asking ?? document.createElement("p"))?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) find("[value=yes]", asking).click();
});
asking?.addEventListener("close", () => {
  if (asking.returnValue === "yes") goOn?.(find("textarea", asking).value);
  goOn = null;
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (form.method === "dialog") return;
  form._submitter = button;
  const question = button?.dataset.confirm ?? form.dataset.confirm;
  const reason = button?.dataset.ask ?? form.dataset.ask;
  if ((!question && !reason) || form.dataset.answered) {
    delete form.dataset.answered;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(question, reason, (answer) => {
    if (reason) {
      const field = find("input[name=reason][data-asked]", form) ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "reason" }));
      field.dataset.asked = "";
      field.value = answer;
    }
    form.dataset.answered = "yes";
    form.requestSubmit(button);
  });
}, true);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-confirm]");
  if (!link) return;
  event.preventDefault();
  ask(link.dataset.confirm, "", () => location.assign(link.href));
});

// Open lists close when something else is pressed
document.addEventListener("click", (event) => {
  for (const open of all("details.more[open], details.drop[open], details.person[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of all("details.more[open], details.drop[open], details.person[open]")) {
    open.open = false;
    find("summary", open).focus();
  }
});

// Trees, as the ARIA pattern has them: arrows walk, open and close; branches that were not sent are fetched once
function leaves(tree) {
  return all("[role=treeitem]", tree).filter((item) => !item.parentElement.closest('[aria-expanded="false"]'));
}
function focusNode(item) {
  for (const other of all("[role=treeitem]", item.closest("[role=tree]"))) other.tabIndex = other === item ? 0 : -1;
  item.focus();
}
async function open(item, on) {
  item.setAttribute("aria-expanded", String(on));
  if (!on || !item.dataset.more) return;
  const address = item.dataset.more;
  delete item.dataset.more;
  const list = item.appendChild(Object.assign(document.createElement("ul"), { role: "group" }));
  list.setAttribute("role", "group");
  list.innerHTML = '<li role="none"><div class="skeleton"><span></span><span></span></div></li>';
  try {
    const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) throw new Error(String(answer.status));
    list.innerHTML = await answer.text();
    for (const child of all("[role=treeitem]", list)) child.tabIndex = -1;
  } catch {
    list.remove();
    item.dataset.more = address;
    item.setAttribute("aria-expanded", "false");
    fail(() => open(item, true));
  }
}
const prepareTrees = () => {
  for (const tree of all("[role=tree]")) all("[role=treeitem]", tree).forEach((item, place) => { item.tabIndex = place ? -1 : 0; });
};
prepareTrees();
document.addEventListener("click", (event) => {
  const twist = event.target.closest(".twist");
  const item = (twist ?? (event.target.closest(".node a") ? null : event.target.closest(".node")))?.closest("[role=treeitem]");
  if (item?.hasAttribute("aria-expanded")) open(item, item.getAttribute("aria-expanded") !== "true");
});
document.addEventListener("keydown", (event) => {
  const item = event.target.closest?.("[role=treeitem]");
  if (!item || event.target !== item || event.altKey || event.ctrlKey || event.metaKey) return;
  const list = leaves(item.closest("[role=tree]"));
  const here = list.indexOf(item);
  const state = item.getAttribute("aria-expanded");
  const moves = {
    ArrowDown: () => list[here + 1],
    ArrowUp: () => list[here - 1],
    Home: () => list[0],
    End: () => list.at(-1),
    ArrowRight: () => (state === "false" ? void open(item, true) : state === "true" ? list[here + 1] : null),
    ArrowLeft: () => (state === "true" ? void open(item, false) : item.parentElement.closest("[role=treeitem]")),
    Enter: () => void (find(":scope > .node a", item) ?? find(":scope > .node .twist", item))?.click(),
  };
  if (!(event.key in moves)) return;
  event.preventDefault();
  event.stopPropagation();
  const next = moves[event.key]();
  if (next) focusNode(next);
});

// Parts that are asked for again when their topic speaks (the stream itself belongs to the live room)
const planned = new Map();
document.addEventListener("live", (event) => {
  const topic = event.detail?.topic ?? "";
  const parts = () => all(`[data-topic="${CSS.escape(topic)}"]`).map((part) => part.id);
  if (!parts().length) return;
  if (!planned.has(topic)) planned.set(topic, paced(() => refresh(...parts()), { gather: 150, spread: 600, least: 400 }));
  planned.get(topic)();
});
// All that is wanted in one answer: each part by itself would cost the whole page
export async function refresh(...keys) {
  // What a person is picking or typing is not pulled away under their hands.
  const isHeld = (part) => find(".picked", part) || part.contains(document.activeElement?.closest("input, textarea, select"));
  const wanted = keys.filter((key) => document.getElementById(key) && !isHeld(document.getElementById(key)));
  if (!wanted.length) return;
  const answer = await fetch(location.href, { headers: { "X-Panel": wanted.join(","), "X-Background": "1" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const key of wanted) {
    const [part, fresh] = [document.getElementById(key), page.getElementById(key)];
    if (!part || !fresh || isHeld(part)) continue;
    part.replaceWith(document.adoptNode(fresh));
    window.htmx?.process(fresh);
    prepareTrees();
    document.dispatchEvent(new CustomEvent("panels:changed", { detail: { part: fresh } }));
  }
}

// Lists that ask the server: parts fade while they wait, empty answers stay out of the address, failures can be tried again
const toast = find("#toast");
let retry = null;
export function fail(tryAgain, words) {
  retry = tryAgain;
  find("span", toast).textContent = words ?? (navigator.onLine ? toast.dataset.failed : toast.dataset.offline);
  find("button", toast).hidden = !tryAgain;
  toast.hidden = false;
}
find("button", toast ?? document.createElement("p"))?.addEventListener("click", () => {
  toast.hidden = true;
  retry?.();
});
document.addEventListener("htmx:config:request", (event) => {
  const body = event.detail.ctx?.request?.body;
  if (!event.target.matches?.("form.filters") || !body) return;
  for (const [name, value] of [...body.entries()]) if (value === "") body.delete(name);
  const action = new URL(event.detail.ctx.request.action, location.href);
  event.detail.ctx.request.action = action.pathname;
});
document.addEventListener("htmx:before:request", (event) => {
  const target = event.detail.ctx?.target;
  if (target?.id === "desk") target.classList.add("is-waiting");
});
document.addEventListener("htmx:finally:request", (event) => event.detail.ctx?.target?.classList?.remove("is-waiting"));
for (const name of ["htmx:error", "htmx:response:error"]) {
  document.addEventListener(name, (event) => {
    const ctx = event.detail.ctx;
    // An error page never takes the place of a list.
    if (ctx?.target?.id === "desk") ctx.swap = "none";
    const source = ctx?.sourceElement;
    fail(() => (source?.matches("form") ? source.requestSubmit() : source?.click()));
  });
}
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx?.response?.status >= 400) return;
  if (toast) toast.hidden = true;
  for (const box of all(".pick input")) box.checked = false;
  for (const section of all("section.tb")) showPicked(section);
  prepareTrees();
  document.dispatchEvent(new CustomEvent("panels:changed", { detail: { part: find("#desk") } }));
});

// The network
const offline = find("#offline");
const showNetwork = () => offline?.toggleAttribute("hidden", navigator.onLine);
window.addEventListener("online", showNetwork);
window.addEventListener("offline", showNetwork);
showNetwork();
