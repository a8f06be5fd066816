// Keeps cases on the device, sealed (vault.js), with the pages of their forms; draws the list of them where there is no network.
import { dropCase, keepCase, keptCases, listed, whose } from "./vault.js";

const owner = whose();
const make = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });

async function keepPages(text) {
  const registration = await navigator.serviceWorker?.ready;
  for (const page of text.split(/\s+/).filter(Boolean)) registration?.active?.postMessage({ keep: page });
}

async function keepOne(box) {
  const [found] = JSON.parse(document.getElementById(box.dataset.keptCase).textContent);
  await keepCase(owner, found);
  box.dataset.ready = "yes";
  keepPages(box.dataset.pages);
}

// The whole list, as it is now: what is done, or somebody else's by now, is no longer kept unless something waits for it.
async function keepAll(box) {
  const answer = await fetch(box.dataset.source, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) return;
  const { cases } = await answer.json();
  const numbers = new Set(cases.map((one) => one.number));
  const waiting = new Set((await listed(owner)).map((row) => row.form.number));
  for (const one of await keptCases(owner)) if (!numbers.has(one.number) && !waiting.has(one.number)) await dropCase(owner, one.number);
  for (const one of cases) await keepCase(owner, one);
  box.dataset.ready = "yes";
  keepPages(box.dataset.pages);
}

// What waits for a case decides what can be done with it next: signed on the device, it can be reported done.
function ways(one, rows) {
  const queued = rows.filter((row) => row.form.number === one.number && row.state === "waiting");
  const last = queued.at(-1);
  return { queued, ways: last ? one.then[last.form.key] ?? [] : one.ways };
}

function item(box, one, rows) {
  const made = make("li", "");
  const row = make("div", "item");
  const words = make("span", "item-words");
  words.append(make("span", "item-title", one.title), make("span", "item-under", [one.number, one.address, one.due_words].filter(Boolean).join(" · ")));
  const { queued, ways: open } = ways(one, rows);
  row.append(words, make("span", "item-side", queued.length ? box.dataset.waiting : one.state));
  const acts = make("div", "item-acts");
  for (const way of open.slice(0, 4)) acts.append(Object.assign(make("a", "btn", way.title), { href: way.url }));
  made.append(row, acts);
  return made;
}

async function draw(box) {
  const [cases, rows] = await Promise.all([keptCases(owner), listed(owner)]);
  const list = box.querySelector("[data-list]");
  list.replaceChildren(...cases.map((one) => item(box, one, rows)));
  list.hidden = cases.length === 0;
  box.querySelector("[data-none]").hidden = cases.length > 0;
  box.dataset.ready = "yes";
}

if (owner && !document.documentElement.dataset.keeping) {
  // Two panels of one page name this script; it runs once.
  document.documentElement.dataset.keeping = "yes";
  for (const box of document.querySelectorAll("[data-kept-case]")) keepOne(box).catch(() => {});
  for (const box of document.querySelectorAll("[data-case-list]")) {
    if (box.dataset.source) keepAll(box).catch(() => {});
    if (box.querySelector("[data-list]")) draw(box).catch(() => {});
  }
}
