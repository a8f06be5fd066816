// While somebody writes: what it probably is, to be taken with one touch, and what others told of the same thing, to be joined.
// Without network nothing is proposed, and nothing is missing: the person chooses by hand, or leaves it to the desk.
const PAUSE = 700;
const FEWEST = 4;

const box = document.querySelector("[data-proposals]");
const { url, text, place, choice, join, same } = box.dataset;
const form = box.closest("form");
const input = (name) => form.elements[name];
const chips = box.querySelector(".chips");
const list = box.querySelector("[data-alike] ul");
const chosen = input(choice).closest("[data-field]");
let timer = 0;
let asking = null;
let last = "";
let isByHand = false;

function open() {
  isByHand = true;
  chosen.hidden = false;
  box.querySelector("[data-other]").hidden = true;
}

function mark() {
  for (const chip of chips.children) chip.setAttribute("aria-pressed", String(chip.dataset.value === input(choice).value));
  for (const button of list.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.value === input(join).value));
}

function chip({ value, title, under }) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "chip", textContent: title, title: under ?? "" });
  made.dataset.value = value;
  made.addEventListener("click", () => {
    input(choice).value = input(choice).value === value ? "" : value;
    input(choice).dispatchEvent(new Event("change", { bubbles: true }));
    mark();
  });
  return made;
}

function likeness({ value, title, under, side }) {
  const item = document.createElement("li");
  const row = Object.assign(document.createElement("div"), { className: "item" });
  const words = Object.assign(document.createElement("span"), { className: "item-words" });
  words.append(Object.assign(document.createElement("span"), { className: "item-title", textContent: title }), Object.assign(document.createElement("span"), { className: "item-under", textContent: under }));
  row.append(words, Object.assign(document.createElement("span"), { className: "item-side", textContent: side }));
  const acts = Object.assign(document.createElement("div"), { className: "item-acts" });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: same });
  button.setAttribute("aria-label", `${same}: ${title}`);
  button.dataset.value = value;
  button.addEventListener("click", () => {
    input(join).value = input(join).value === value ? "" : value;
    input(join).dispatchEvent(new Event("change", { bubbles: true }));
    mark();
  });
  acts.append(button);
  item.append(row, acts);
  return item;
}

function show({ choices = [], alike = [] }) {
  chips.replaceChildren(...choices.map(chip));
  chips.parentElement.hidden = choices.length === 0;
  list.replaceChildren(...alike.map(likeness));
  box.querySelector("[data-alike]").hidden = alike.length === 0;
  // The likeliest is taken for the person as long as they chose nothing themselves.
  if (choices[0]?.sure && !input(choice).value && !isByHand) input(choice).value = choices[0].value;
  mark();
}

async function ask() {
  const said = input(text).value.trim();
  const where = input(place).value.trim();
  const kind = input(choice).value;
  const question = JSON.stringify([said, where, kind]);
  if (question === last || (said.length < FEWEST && !(where && kind))) return;
  last = question;
  asking?.abort();
  asking = new AbortController();
  const body = new FormData();
  body.append("text", said);
  body.append("place", where);
  body.append("type", kind);
  try {
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": input("csrfmiddlewaretoken").value }, signal: asking.signal });
    if (answer.ok) show(await answer.json());
  } catch {
    // No network, or already asked anew.
  }
}

const soon = () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); };
for (const name of [text, place, choice]) for (const event of ["input", "change", "place:found"]) input(name).addEventListener(event, soon);
input(choice).addEventListener("change", mark);
box.querySelector("[data-other]").addEventListener("click", () => { open(); input(choice).focus(); });
form.addEventListener("form:ready", soon);
chosen.hidden = true;
box.hidden = false;
if (form.dataset.ready) soon();
