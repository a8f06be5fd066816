// The thing that stands open in the drawer was changed by somebody else: the drawer says so at once, and shows the new state
// when asked to. What is being typed stays: it is filled into the new form, or, where there is none any more, kept to be copied.
import { put } from "./drawer.js";
import { paced } from "./pace.js";
import { fail } from "./panels.js";

const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const drawer = () => find("[data-drawer][data-watches]");
const keyOf = (part) => new URL(location.href).searchParams.get(part.dataset.drawer) ?? "";
const newest = new Map(); // key -> highest version heard of

function say() {
  const part = drawer();
  // What the person sends right now answers with the newest state by itself.
  if (!part || part.classList.contains("is-waiting") || !((newest.get(keyOf(part)) ?? 0) > Number(part.dataset.version))) return;
  const note = find("[data-meanwhile] > [hidden]", part);
  if (note) note.hidden = false;
}
function hear(key, version) {
  newest.set(key, Math.max(version, newest.get(key) ?? 0));
  say();
}
// Out of sight, a page does not hear which thing changed
const look = paced(async () => {
  const part = drawer();
  const key = part && keyOf(part);
  if (!key) return;
  const answer = await fetch(location.href, { headers: { "X-Panel": part.id, "X-Background": "1" } }).catch(() => null);
  if (answer?.ok) hear(key, Number(new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id)?.dataset.version ?? 0));
});
document.addEventListener("live", (event) => {
  const { topic, payload, missed } = event.detail ?? {};
  if (!drawer() || drawer().dataset.watches !== topic) return;
  if (payload?.key) hear(String(payload.key), Number(payload.version));
  else if (missed) look();
});
document.addEventListener("panels:changed", say);

// Fields that do not say any more what they said when the form came
function isTouched(field) {
  if (!field.name || field.type === "hidden" || field.disabled) return false;
  if (field.type === "file") return field.files.length > 0;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) {
    const options = [...field.options];
    if (field.multiple) return options.some((one) => one.selected !== one.defaultSelected);
    return field.selectedIndex !== Math.max(0, options.findIndex((one) => one.defaultSelected));
  }
  return "value" in field && field.value !== field.defaultValue;
}
function fill(form, field) {
  const same = [...form.elements].filter((one) => one.name === field.name && one.type === field.type);
  const other = same.length > 1 ? same.find((one) => one.value === field.value) : same[0];
  if (!other) return false;
  if (field.type === "file") other.files = field.files;
  else if (field.type === "checkbox" || field.type === "radio") other.checked = field.checked;
  else if (field.options) {
    const chosen = new Set([...field.selectedOptions].map((one) => one.value));
    if (![...other.options].some((one) => chosen.has(one.value))) return false;
    for (const one of other.options) one.selected = chosen.has(one.value);
  } else other.value = field.value;
  for (const name of ["input", "change"]) other.dispatchEvent(new Event(name, { bubbles: true }));
  return true;
}
function keepWords(node, fields) {
  const written = fields.filter((one) => one.type === "textarea" || one.type === "text");
  const place = find("[data-meanwhile]", node);
  if (!written.length || !place) return;
  const note = Object.assign(document.createElement("div"), { className: "note note-data kept-words" });
  note.append(Object.assign(document.createElement("b"), { textContent: place.dataset.kept }));
  for (const one of written) note.append(Object.assign(document.createElement("p"), { textContent: one.value }));
  place.after(note);
}
// Where the hand is in a form, or was before it pressed the button, to be put there again
let last = null;
document.addEventListener("focusin", (event) => {
  if (event.target.closest("[data-drawer] form.record-form")) last = event.target;
});
function hold(form) {
  if (!form || !last || !form.contains(last)) return () => {};
  const { id, name, selectionStart, selectionEnd } = last;
  return (fresh) => {
    const other = (id && document.getElementById(id)) || (name && fresh.elements.namedItem(name));
    other?.focus?.({ preventScroll: true });
    if (selectionStart !== null && selectionStart !== undefined) other?.setSelectionRange?.(selectionStart, selectionEnd);
  };
}
async function show() {
  const part = drawer();
  const seen = { "X-Panel": part.id, "X-Seen": part.dataset.version };
  const answer = await fetch(location.href, { headers: seen }).catch(() => null);
  if (drawer() !== part) return;
  if (answer?.status === 404) {
    const place = find("[data-meanwhile]", part);
    find("span", place).textContent = place.dataset.left;
    find("button", place).hidden = true;
    return;
  }
  if (!answer?.ok) {
    fail(show);
    return;
  }
  const text = await answer.text();
  if (drawer() !== part) return;
  const old = find("form.record-form", part);
  const touched = old ? [...old.elements].filter(isTouched) : [];
  const back = hold(old);
  const node = put(part, text);
  if (!node) return;
  const form = find("form.record-form", node);
  const lost = form ? touched.filter((field) => !fill(form, field)) : touched;
  keepWords(node, lost);
  if (form) back(form);
  if (node.contains(document.activeElement)) return;
  // Nothing was being typed: what others did is read first.
  const done = find("#meanwhile", node) ?? node;
  done.tabIndex = -1;
  done.focus({ preventScroll: true });
}
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-meanwhile] button")) show();
});
