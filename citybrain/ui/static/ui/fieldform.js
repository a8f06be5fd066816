// A field form: every change is sealed on the device; photos are shrunk, marked with time and place and stripped of hidden
// data; sending means queueing, so that it works the same with and without network.
import { caseOf, describe } from "./casefile.js";
import { photosOf } from "./fieldphotos.js";
import { listed, read, save, whose } from "./vault.js";

const form = document.querySelector("[data-field-form]");
const owner = whose();
const PAUSE = 500;

const words = form.dataset;
const said = form.querySelector("[data-said]");
const asked = new URLSearchParams(location.search);
const meta = { url: form.getAttribute("action"), page: location.pathname, key: words.key, title: words.title };
const IGNORED = new Set(["csrfmiddlewaretoken", "request_key", "revision"]);

let id = "";
let position = null;
let timer = 0;
let answer = null;
let isQueued = false;
let chain = Promise.resolve();

const inputs = () => [...form.elements].filter((input) => input.name && !IGNORED.has(input.name) && input.type !== "file");
const values = () => [...new FormData(form)].filter(([name, value]) => !IGNORED.has(name) && typeof value === "string");
const isTouched = () => photos.all().length > 0 || inputs().some((input) => (input.type === "hidden" ? false : input.type === "checkbox" || input.type === "radio" ? input.checked !== input.defaultChecked : input.tagName === "SELECT" ? ![...input.options].every((option) => option.selected === option.defaultSelected) : input.value !== input.defaultValue));

// Writes follow one another: an older state never lands on a newer one.
function keep(state = "open") {
  clearTimeout(timer);
  if (isQueued && state === "open") return chain;
  const draft = { id, owner, form: meta, state, values: values(), photos: photos.all(), answer };
  chain = chain.catch(() => {}).then(() => save(draft));
  return chain;
}

async function autosave() {
  if (!isTouched()) return;
  try {
    await keep();
    if (!isQueued) said.textContent = words.kept.replace("{t}", new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }));
  } catch {
    said.textContent = words.noStorage;
  }
}
function soon() {
  clearTimeout(timer);
  timer = setTimeout(autosave, PAUSE);
}

function fill(draft) {
  const given = new Map();
  for (const [name, value] of draft.values) given.set(name, [...(given.get(name) ?? []), value]);
  for (const input of inputs()) {
    const found = given.get(input.name) ?? [];
    // What the server signed when it made the page stays the page's own.
    if (input.type === "hidden" && !("kept" in input.dataset)) continue;
    if (input.type === "checkbox" || input.type === "radio") input.checked = found.includes(input.value);
    else if (input.tagName === "SELECT") for (const option of input.options) option.selected = found.includes(option.value);
    else input.value = found[0] ?? "";
  }
  photos.put(draft.photos);
}

// What the server said, beside the fields it is about.
function complain(told) {
  const box = form.querySelector("[data-errors]");
  const lines = box.querySelector("ul");
  lines.replaceChildren();
  const link = (href, text) => Object.assign(document.createElement("a"), { href, textContent: text });
  const line = (...content) => {
    const item = document.createElement("li");
    item.append(...content);
    return item;
  };
  for (const field of form.querySelectorAll("[data-field]")) {
    const errors = told.errors?.[field.dataset.field] ?? [];
    const under = field.querySelector(".form-error");
    under.textContent = errors.join(" ");
    under.hidden = errors.length === 0;
    const input = field.querySelector("input:not([type=hidden]), select, textarea");
    input?.classList.toggle("is-invalid", errors.length > 0);
    input?.toggleAttribute("aria-invalid", errors.length > 0);
    if (!errors.length) continue;
    const label = field.querySelector("label, .form-label").textContent.replace("*", "").trim();
    lines.append(line(link(`#${input?.id ?? ""}`, `${label}: ${errors.join(" ")}`)));
  }
  // What others did meanwhile: read it, and send again if it still holds.
  for (const step of [...(told.meanwhile ?? [])].reverse()) lines.prepend(line(step));
  if (told.detail) lines.prepend(line(told.detail, ...(told.url ? [" ", link(told.url, told.number)] : [])));
  if (told.seen !== undefined && form.elements.seen) form.elements.seen.value = told.seen;
  box.hidden = false;
  box.focus();
}

const photos = photosOf(form, { changed: soon, added: autosave, position: () => position, about: () => meta.about ?? "", say: (text) => { said.textContent = text; } });

// Position
for (const button of form.querySelectorAll("[data-locate]")) {
  button.addEventListener("click", () => {
    const line = button.closest("[data-field]").querySelector("[data-located-at]");
    line.textContent = words.locating;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      position = coords;
      const input = document.getElementById(button.dataset.locate);
      input.value = `${coords.longitude.toFixed(6)}, ${coords.latitude.toFixed(6)}`;
      if (form.elements.accuracy) form.elements.accuracy.value = Math.round(coords.accuracy);
      input.dispatchEvent(new CustomEvent("place:found", { bubbles: true }));
      line.textContent = words.located.replace("{m}", Math.round(coords.accuracy));
      soon();
    }, () => { line.textContent = words.unlocated; }, { enableHighAccuracy: true, timeout: 20_000, maximumAge: 10_000 });
  });
}

form.addEventListener("input", soon);
form.addEventListener("change", soon);
document.addEventListener("visibilitychange", () => { if (document.hidden) autosave(); });

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopImmediatePropagation();
  if (isQueued || form.dataset.ready !== "yes") return;
  if (!form.checkValidity()) {
    form.reportValidity();
    return;
  }
  isQueued = true;
  answer = null;
  if (form.elements.made_at) form.elements.made_at.value = new Date().toISOString();
  try {
    await keep("waiting");
    location.assign(`${words.outbox}#${id}`);
  } catch {
    isQueued = false;
    said.textContent = words.noStorage;
  }
}, true);

// The form opened before goes on where it was left; ?draft= names one of several, ?case= what the form is about.
async function begin() {
  const number = words.case ? asked.get("case") ?? "" : "";
  if (words.case) {
    const found = number ? await caseOf(owner, number) : null;
    if (!found) {
      said.textContent = words.noCase;
      form.querySelector("[type=submit]").disabled = true;
      return;
    }
    describe(form, found);
    Object.assign(meta, { number, about: `${found.number} ${found.title}` });
  }
  const mine = (await listed(owner)).filter((row) => row.form.url === meta.url && (row.form.number ?? "") === number);
  const row = mine.find((one) => one.id === asked.get("draft")) ?? mine.filter((one) => one.state === "open").at(-1);
  const draft = row && (await read(row.id, owner));
  id = draft?.id ?? crypto.randomUUID();
  if (draft) {
    fill(draft);
    answer = draft.answer;
  }
  // What the address names (an asset, what is joined) holds over what was left here before.
  for (const input of inputs()) if ("asked" in input.dataset && asked.has(input.name)) input.value = asked.get(input.name);
  if (draft?.answer) complain(draft.answer);
}

// So that the form opens without network next time, even when this was the first page ever seen.
async function keepPages() {
  const registration = await navigator.serviceWorker?.ready;
  for (const page of [location.pathname, words.outbox]) registration?.active?.postMessage({ keep: page });
}

form.classList.add("is-starting");
try {
  await begin();
} catch {
  id ||= crypto.randomUUID();
  said.textContent = words.noStorage;
}
form.classList.remove("is-starting");
form.dataset.ready = "yes";
form.dispatchEvent(new CustomEvent("form:ready"));
keepPages();
