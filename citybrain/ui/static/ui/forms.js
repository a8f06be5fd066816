// Forms: drafts that save themselves, long lists that can be searched, files that are dropped, the way back to a mistake.
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// The summary of mistakes is where a reader begins
find("[data-errors]")?.focus();

// A draft is kept a little after the last key
const words = (form, name) => find("[data-saved]", form)?.dataset[name] ?? "";
function keep(form) {
  const place = find("[data-saved]", form);
  const body = new FormData(form);
  for (const input of all("input[type=file]", form)) body.delete(input.name);
  const text = new URLSearchParams(body).toString();
  if (text === form._kept) return;
  fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(body), headers: { "X-Requested-With": "fetch" } })
    .then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      form._kept = text;
      const now = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
      place.textContent = words(form, "saved").replace("{time}", now);
    })
    .catch(() => {
      place.textContent = words(form, "failed");
      document.dispatchEvent(new CustomEvent("draft:failed", { detail: { form } }));
    });
}
const timers = new WeakMap();
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => keep(form), 1200));
});
document.addEventListener("submit", (event) => clearTimeout(timers.get(event.target)));

// A long list is searched by typing; the list itself stays the form's value
const LONG = 12;
export function makeSeekable(select) {
  if (select.dataset.seek || select.multiple || select.closest(".filters") || select.options.length <= LONG) return;
  select.dataset.seek = "yes";
  const box = document.createElement("div");
  box.className = "seek";
  const input = document.createElement("input");
  const list = document.createElement("ul");
  const known = [...select.options];
  Object.assign(input, { type: "text", className: select.className.replace("form-select", "form-control"), autocomplete: "off", id: select.id, value: select.selectedOptions[0]?.value ? select.selectedOptions[0].text : "" });
  input.placeholder = document.body.dataset.seek ?? "";
  select.removeAttribute("id");
  list.id = `${input.id}-list`;
  list.className = "seek-list";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  const label = find(`label[for="${CSS.escape(input.id)}"]`)?.textContent.trim();
  if (label) list.setAttribute("aria-label", label);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) input.setAttribute(name, value);
  for (const name of ["aria-describedby", "aria-invalid", "required"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  select.removeAttribute("required");
  select.hidden = true;
  select.after(box);
  box.append(input, list);
  let shown = [];
  let here = -1;
  const mark = (place) => {
    here = place;
    [...list.children].forEach((line, number) => line.setAttribute("aria-selected", String(number === place)));
    list.children[place]?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", list.children[place]?.id ?? "");
  };
  const show = (text) => {
    const wanted = text.trim().toLowerCase();
    shown = known.filter((option) => !wanted || option.text.toLowerCase().includes(wanted) || option.dataset.spelling?.includes(wanted)).slice(0, 60);
    list.replaceChildren(...shown.map((option, number) => Object.assign(document.createElement("li"), { id: `${list.id}-${number}`, textContent: option.text })));
    for (const line of list.children) line.setAttribute("role", "option");
    if (!shown.length) {
      const none = Object.assign(document.createElement("li"), { className: "none", textContent: document.body.dataset.none ?? "—" });
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      list.append(none);
    }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(shown.length ? Math.max(0, wanted ? 0 : shown.findIndex((option) => option.value === select.value)) : -1);
  };
  const hide = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  };
  const take = (option) => {
    select.value = option.value;
    input.value = option.value ? option.text : "";
    hide();
    select.dispatchEvent(new Event("input", { bubbles: true }));
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  // A value filled in from elsewhere is seen in the box, and there is nothing left to look for.
  select.addEventListener("change", () => { input.value = select.value ? select.selectedOptions[0]?.text ?? "" : ""; hide(); });
  // Who only passes by with the keyboard keeps sight of the form: the list opens to a click, an arrow or a letter.
  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", () => { if (list.hidden) show(""); });
  input.addEventListener("input", (event) => { event.stopPropagation(); show(input.value); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); list.hidden ? show("") : mark(Math.min(here + 1, shown.length - 1)); }
    else if (event.key === "ArrowUp") { event.preventDefault(); mark(Math.max(here - 1, 0)); }
    else if (event.key === "Enter" && !list.hidden && shown[here]) { event.preventDefault(); take(shown[here]); }
    else if (event.key === "Escape" && !list.hidden) { event.stopPropagation(); hide(); }
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const place = [...list.children].indexOf(event.target.closest("li"));
    if (shown[place]) take(shown[place]);
  });
  input.addEventListener("blur", () => {
    // What was typed and not taken counts only when it is one of the words; an emptied box empties the field.
    const same = known.find((option) => option.text.trim() === input.value.trim());
    if (same && same.value !== select.value) take(same);
    else if (!input.value.trim() && known.some((option) => option.value === "") && select.value !== "") take(known.find((option) => option.value === ""));
    else input.value = select.value ? select.selectedOptions[0]?.text ?? "" : "";
    hide();
  });
}
const prepare = () => all("form.record-form select").forEach(makeSeekable);
prepare();
document.addEventListener("panels:changed", prepare);

// Files are dropped or chosen, and go one after the other with their progress
function send(form, files) {
  const most = Number(form.dataset.most);
  const complain = (text) => {
    const line = find(".form-error", form) ?? form.appendChild(Object.assign(document.createElement("p"), { className: "form-error" }));
    line.setAttribute("role", "alert");
    line.textContent = text;
  };
  const large = [...files].find((file) => most && file.size > most);
  if (large) return complain(`${large.name}: ${form.dataset.large}`);
  const body = new FormData(form);
  body.delete("file");
  for (const file of files) body.append("file", file);
  const bar = find("progress", form) ?? form.appendChild(document.createElement("progress"));
  bar.max = 1;
  bar.setAttribute("aria-label", form.dataset.sending);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("X-Requested-With", "fetch");
  request.upload.addEventListener("progress", (event) => { bar.value = event.loaded / event.total; });
  request.addEventListener("load", () => {
    if (request.status < 400) location.reload();
    else {
      bar.remove();
      let reason = "";
      try { reason = JSON.parse(request.responseText).detail ?? ""; } catch { reason = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("[data-detail]")?.textContent ?? ""; }
      complain(reason || form.dataset.failed);
    }
  });
  request.addEventListener("error", () => { bar.remove(); complain(form.dataset.failed); });
  request.send(body);
}
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const form = event.target.closest?.("form[data-upload]");
    if (!form) return;
    event.preventDefault();
    form.classList.toggle("is-over", name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length) send(form, event.dataTransfer.files);
  });
}
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-upload]");
  if (form && event.target.type === "file" && event.target.files.length) send(form, event.target.files);
});

// One row of a long table is found by typing: the server offers what fits, the browser shows it
const asking = new WeakMap();
function offer(input) {
  const list = input.list ?? Object.assign(document.createElement("datalist"), { id: `${input.id}-offers` });
  if (!input.list) {
    input.after(list);
    input.setAttribute("list", list.id);
  }
  fetch(`${input.dataset.choices}?q=${encodeURIComponent(input.value)}`, { headers: { "X-Requested-With": "fetch" } })
    .then((answer) => (answer.ok ? answer.json() : { choices: [] }))
    .then(({ choices }) => list.replaceChildren(...choices.map((value) => Object.assign(document.createElement("option"), { value }))))
    .catch(() => list.replaceChildren());
}
for (const name of ["input", "focusin"]) {
  document.addEventListener(name, (event) => {
    const input = event.target.closest?.("input[data-choices]");
    if (!input || (name === "focusin" && input.list)) return;
    clearTimeout(asking.get(input));
    asking.set(input, setTimeout(() => offer(input), name === "input" ? 180 : 0));
  });
}
