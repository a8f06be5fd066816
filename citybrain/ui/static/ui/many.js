// A list of which several may be chosen: what is chosen stands as chips, what else there is is found by typing. The list
// itself stays the form's value, so that without this script it is the browser's own.
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

function makeMany(select) {
  if (select.dataset.many) return;
  select.dataset.many = "yes";
  const box = Object.assign(document.createElement("div"), { className: "many" });
  const chips = Object.assign(document.createElement("span"), { className: "many-chips" });
  const input = Object.assign(document.createElement("input"), { type: "text", autocomplete: "off", id: select.id, className: "form-control" });
  const list = Object.assign(document.createElement("ul"), { className: "seek-list", id: `${select.id}-many`, hidden: true });
  select.removeAttribute("id");
  select.hidden = true;
  input.placeholder = document.body.dataset.seek ?? "";
  list.setAttribute("role", "listbox");
  const label = find(`label[for="${CSS.escape(input.id)}"]`)?.textContent.trim();
  if (label) list.setAttribute("aria-label", label);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) input.setAttribute(name, value);
  for (const name of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  select.after(box);
  box.append(chips, input, list);
  let here = -1;

  function show(open) {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) {
      here = -1;
      input.removeAttribute("aria-activedescendant");
    }
  }
  function draw() {
    chips.replaceChildren(...[...select.options].filter((option) => option.selected).map((option) => {
      const chip = Object.assign(document.createElement("button"), { type: "button", className: "chip-asked", textContent: option.text });
      chip.append(Object.assign(document.createElement("span"), { textContent: " ×", ariaHidden: "true" }));
      chip.addEventListener("click", () => { option.selected = false; draw(); input.focus(); });
      return chip;
    }));
  }
  function offer() {
    const words = input.value.trim().toLowerCase();
    const fits = [...select.options].filter((option) => !option.selected && option.value && option.text.toLowerCase().includes(words)).slice(0, 60);
    list.replaceChildren(...fits.map((option, place) => {
      const line = Object.assign(document.createElement("li"), { id: `${list.id}-${place}`, textContent: option.text });
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      line.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); });
      line._option = option;
      return line;
    }));
    if (!fits.length) list.replaceChildren(Object.assign(document.createElement("li"), { className: "none", textContent: document.body.dataset.none ?? "" }));
    here = -1;
    show(true);
  }
  function take(option) {
    option.selected = true;
    input.value = "";
    draw();
    show(false);
  }
  function step(by) {
    const lines = all("[role=option]", list);
    if (!lines.length) return;
    lines[here]?.setAttribute("aria-selected", "false");
    here = Math.min(Math.max(here + by, 0), lines.length - 1);
    lines[here].setAttribute("aria-selected", "true");
    lines[here].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", lines[here].id);
  }
  input.addEventListener("input", offer);
  input.addEventListener("click", offer);
  input.addEventListener("blur", () => show(false));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) offer();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      const option = all("[role=option]", list)[Math.max(here, 0)]?._option;
      if (option) take(option);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      show(false);
    } else if (event.key === "Backspace" && !input.value) {
      const last = [...select.selectedOptions].at(-1);
      if (last) { last.selected = false; draw(); }
    }
  });
  draw();
}
const makeAll = () => all("form.record-form select[multiple]").forEach(makeMany);
makeAll();
document.addEventListener("panels:changed", makeAll);
