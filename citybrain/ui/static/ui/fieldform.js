// A field form: every change is sealed on the device; photos are shrunk, marked with time and place and stripped of hidden
// data; sending means queueing, so that it works the same with and without network.
import { listed, read, save } from "./vault.js";

const form = document.querySelector("[data-field-form]");
const owner = document.querySelector('meta[name="device-owner"]')?.content ?? "";
const EDGE = 1920;
const QUALITY = 0.85;
const PAUSE = 500;

const words = form.dataset;
const said = form.querySelector("[data-said]");
const list = form.querySelector("[data-photos]");
const template = form.querySelector("[data-photo-template]");
const meta = { url: form.getAttribute("action"), page: location.pathname, key: words.key, title: words.title };
const IGNORED = new Set(["csrfmiddlewaretoken", "request_key", "revision"]);

let id = "";
let photos = [];
let position = null;
let timer = 0;
let answer = null;
let isQueued = false;
let chain = Promise.resolve();

const inputs = () => [...form.elements].filter((input) => input.name && !IGNORED.has(input.name) && input.type !== "file");
const values = () => [...new FormData(form)].filter(([name, value]) => !IGNORED.has(name) && typeof value === "string");
const isTouched = () => photos.length > 0 || inputs().some((input) => (input.type === "checkbox" || input.type === "radio" ? input.checked !== input.defaultChecked : input.tagName === "SELECT" ? ![...input.options].every((option) => option.selected === option.defaultSelected) : input.value !== input.defaultValue));

// Writes follow one another: an older state never lands on a newer one.
function keep(state = "open") {
  clearTimeout(timer);
  if (isQueued && state === "open") return chain;
  const draft = { id, owner, form: meta, state, values: values(), photos: [...photos], answer };
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
    if (input.type === "checkbox" || input.type === "radio") input.checked = found.includes(input.value);
    else if (input.tagName === "SELECT") for (const option of input.options) option.selected = found.includes(option.value);
    else input.value = found[0] ?? "";
  }
  photos = draft.photos;
  drawPhotos();
}

// What the server said, beside the fields it is about.
function complain(said) {
  const box = form.querySelector("[data-errors]");
  const lines = box.querySelector("ul");
  lines.replaceChildren();
  for (const field of form.querySelectorAll("[data-field]")) {
    const errors = said.errors?.[field.dataset.field] ?? [];
    const line = field.querySelector(".form-error");
    line.textContent = errors.join(" ");
    line.hidden = errors.length === 0;
    const input = field.querySelector("input, select, textarea");
    input?.classList.toggle("is-invalid", errors.length > 0);
    input?.toggleAttribute("aria-invalid", errors.length > 0);
    if (!errors.length) continue;
    const link = document.createElement("a");
    link.href = `#${input.id}`;
    link.textContent = `${field.querySelector("label").textContent.replace("*", "").trim()}: ${errors.join(" ")}`;
    const item = document.createElement("li");
    item.append(link);
    lines.append(item);
  }
  if (said.detail) {
    const item = document.createElement("li");
    item.textContent = said.detail;
    if (said.url) {
      const link = document.createElement("a");
      link.href = said.url;
      link.textContent = ` ${said.number}`;
      item.append(link);
    }
    lines.prepend(item);
  }
  box.hidden = false;
  box.focus();
}

// Photos
function drawPhotos() {
  for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  list.replaceChildren(...photos.map((photo, place) => {
    const item = template.content.firstElementChild.cloneNode(true);
    const image = item.querySelector("img");
    image.src = URL.createObjectURL(photo.blob);
    image.alt = `${words.photo} ${place + 1}`;
    const button = item.querySelector("button");
    button.setAttribute("aria-label", `${words.remove} ${place + 1}`);
    button.addEventListener("click", () => {
      photos = photos.filter((other) => other !== photo);
      drawPhotos();
      soon();
    });
    return item;
  }));
}

function stamped(picture) {
  const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const size = Math.max(14, Math.round(Math.min(canvas.width, canvas.height) / 26));
  const lines = [`${words.brand} · ${words.title}`, new Date().toLocaleString(document.documentElement.lang, { hour12: false })];
  if (position) lines.push(`${position.longitude.toFixed(6)}, ${position.latitude.toFixed(6)} ±${Math.round(position.accuracy)} m`);
  pen.font = `500 ${size}px system-ui, "Noto Sans CJK SC", sans-serif`;
  const high = lines.length * size * 1.4 + size;
  const band = pen.createLinearGradient(0, canvas.height - high * 1.5, 0, canvas.height);
  band.addColorStop(0, "rgb(0 0 0 / 0)");
  band.addColorStop(0.5, "rgb(0 0 0 / .55)");
  band.addColorStop(1, "rgb(0 0 0 / .72)");
  pen.fillStyle = band;
  pen.fillRect(0, canvas.height - high * 1.5, canvas.width, high * 1.5);
  pen.fillStyle = "#fff";
  lines.forEach((line, place) => pen.fillText(line, size, canvas.height - high + (place + 1) * size * 1.4, canvas.width - 2 * size));
  return new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
}

form.querySelector("[data-photo-input]").addEventListener("change", async (event) => {
  const chosen = [...event.target.files];
  event.target.value = "";
  for (const file of chosen) {
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const blob = await stamped(picture);
      picture.close();
      photos.push({ name: `${new Date().toISOString().replace(/[:.]/g, "-")}.jpg`, blob });
    } catch {
      // Not a picture this browser can read: nothing is added, the server would refuse it too.
    }
  }
  drawPhotos();
  await autosave();
});

// Position
for (const button of form.querySelectorAll("[data-locate]")) {
  button.addEventListener("click", () => {
    const line = button.closest("[data-field]").querySelector("[data-located-at]");
    line.textContent = words.locating;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      position = coords;
      const input = document.getElementById(button.dataset.locate);
      input.value = `${coords.longitude.toFixed(6)}, ${coords.latitude.toFixed(6)}`;
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
  if (isQueued) return;
  if (!form.checkValidity()) {
    form.reportValidity();
    return;
  }
  isQueued = true;
  answer = null;
  try {
    await keep("waiting");
    location.assign(`${words.outbox}#${id}`);
  } catch {
    isQueued = false;
    said.textContent = words.noStorage;
  }
}, true);

// The form opened before goes on where it was left; ?draft= names one of several.
async function begin() {
  const named = new URLSearchParams(location.search).get("draft");
  const mine = (await listed(owner)).filter((row) => row.form.url === meta.url);
  const row = mine.find((one) => one.id === named) ?? mine.filter((one) => one.state === "open").at(-1);
  const draft = row && (await read(row.id, owner));
  id = draft?.id ?? crypto.randomUUID();
  if (!draft) return;
  fill(draft);
  answer = draft.answer;
  if (draft.answer) complain(draft.answer);
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
keepPages();
