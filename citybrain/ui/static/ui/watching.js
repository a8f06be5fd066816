// Forms that are looked at while they are filled in: a panel beside them is drawn anew, and what it offers fills fields in.
import { fail } from "./panels.js";

const PAUSE = 500;
const formOf = (panel) => document.querySelector(`form[data-watch="${CSS.escape(panel.id)}"]`);
const timers = new WeakMap();
const turns = new WeakMap();

async function look(form) {
  const key = form.dataset.watch;
  const turn = (turns.get(form) ?? 0) + 1;
  turns.set(form, turn);
  const body = new FormData(form);
  for (const input of form.querySelectorAll("input[type=file]")) body.delete(input.name);
  const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Panel": key } }).catch(() => null);
  if (turns.get(form) !== turn) return;
  if (!answer || !answer.ok) {
    fail(() => look(form));
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(key);
  const panel = document.getElementById(key);
  if (!fresh || !panel) return;
  // Who stands on an offer stays on it.
  const held = panel.contains(document.activeElement) ? document.activeElement.dataset.fill : "";
  fresh.querySelectorAll("script").forEach((script) => script.remove());
  panel.replaceChildren(...document.adoptNode(fresh).childNodes);
  if (held) panel.querySelector(`[data-fill="${CSS.escape(held)}"]`)?.focus();
}

function soon(form) {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => look(form), PAUSE));
}

function fill(button) {
  const form = formOf(button.closest(".panel"));
  const isTaken = button.getAttribute("aria-pressed") === "true";
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.fill))) {
    const input = form?.elements[name];
    if (!input) continue;
    input.value = isTaken ? "" : value;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  button.setAttribute("aria-pressed", String(!isTaken));
  soon(form);
}

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.closest?.("form[data-watch]");
    if (form && event.target.name) soon(form);
  });
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (button) fill(button);
});
document.addEventListener("keydown", (event) => {
  if (event.altKey && !event.ctrlKey && !event.metaKey && /^Digit[1-9]$/.test(event.code)) {
    const button = document.querySelector(`[data-fill][data-number="${event.code.slice(5)}"]`);
    if (!button) return;
    event.preventDefault();
    fill(button);
  }
  if (event.key === "Enter" && event.ctrlKey) {
    const form = event.target.closest?.("form[data-watch]");
    if (form) {
      event.preventDefault();
      form.requestSubmit(form.querySelector(".btn-primary"));
    }
  }
});
