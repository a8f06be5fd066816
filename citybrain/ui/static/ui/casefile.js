// What the device keeps of a case, sealed: put on the form that is about it, so that the form's own page names nothing.
import { readCase } from "./vault.js";

export const caseOf = (owner, number) => readCase(owner, number);

// The head of the form, and the hidden fields: number, and how many steps had been made when it was looked at.
export function describe(form, found) {
  const head = form.querySelector("[data-case-head]");
  if (head) {
    head.querySelector("b").textContent = found.title;
    head.querySelector("span").textContent = [found.number, found.address].filter(Boolean).join(" · ");
    head.hidden = false;
  }
  for (const name of ["number", "seen"]) if (form.elements[name]) form.elements[name].value = found[name] ?? "";
  if (found.task && form.elements.task) form.elements.task.value = found.task;
}
