// What this device keeps: drawn from the sealed drafts; the server's page is empty and the same for everybody.
import { on, send } from "./outbox.js";
import { drop, listed, read, whose } from "./vault.js";

const page = document.querySelector("[data-outbox-page]");
const owner = whose();
const words = page.dataset;
const part = (name) => page.querySelector(`[data-${name}]`);
const SENT = "citybrain.sent";

const sentBefore = () => {
  try {
    return JSON.parse(sessionStorage.getItem(SENT) ?? "[]");
  } catch {
    return [];
  }
};

function button(text, act, kind = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `btn ${kind}`;
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function line(title, under, tone, acts) {
  const item = document.createElement("li");
  const row = document.createElement("div");
  row.className = "item";
  const text = document.createElement("span");
  text.className = "item-words";
  const head = document.createElement("span");
  head.className = "item-title";
  head.textContent = title;
  const foot = document.createElement("span");
  foot.className = "item-under";
  foot.textContent = under;
  text.append(head, foot);
  row.append(text);
  if (tone) {
    const state = document.createElement("span");
    state.className = `st st-${tone[0]}`;
    state.textContent = tone[1];
    row.append(state);
  }
  item.append(row);
  if (acts.length) {
    const feet = document.createElement("div");
    feet.className = "item-acts";
    feet.append(...acts);
    item.append(feet);
  }
  return item;
}

async function title(draft) {
  if (draft.form.about) return `${draft.form.title}: ${draft.form.about}`;
  const first = draft.values.find(([, value]) => value && value.length > 2 && !/^[\d\s.,-]+$/.test(value));
  return first ? `${draft.form.title}: ${first[1].slice(0, 40)}` : draft.form.title;
}

async function drawn() {
  const rows = await listed(owner);
  const items = [];
  for (const row of rows.toReversed()) {
    const draft = await read(row.id, owner);
    if (!draft) continue;
    const when = new Date(row.changed).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
    const open = () => location.assign(`${row.form.page}?draft=${row.id}${row.form.number ? `&case=${encodeURIComponent(row.form.number)}` : ""}`);
    const discard = async () => {
      if (!confirm(words.sure)) return;
      await drop(row.id);
      draw();
    };
    const reasons = [draft.answer?.detail, ...Object.values(draft.answer?.errors ?? {}).flat()].filter(Boolean).join(" ");
    if (row.state === "waiting") items.push(line(await title(draft), when, ["data", words.waiting], [button(words.drop, discard)]));
    else if (row.state === "refused") items.push(line(await title(draft), reasons || when, ["bad", words.refused], [button(words.mend, open, "btn-primary"), button(words.drop, discard)]));
    else items.push(line(await title(draft), when, ["fair", words.open], [button(words.goOn, open, "btn-primary"), button(words.drop, discard)]));
  }
  part("list").replaceChildren(...items);
  part("list").hidden = items.length === 0;
  const sent = sentBefore();
  part("received").replaceChildren(...sent.map(({ number, url, title: what }) => {
    const item = line(number, what, null, []);
    const row = item.firstElementChild;
    const link = document.createElement("a");
    link.className = "item";
    link.href = url;
    link.append(...row.childNodes);
    row.replaceWith(link);
    return item;
  }));
  part("received").hidden = part("received-head").hidden = sent.length === 0;
  part("none").hidden = items.length > 0 || sent.length > 0;
  page.dataset.ready = "yes";
}

// One drawing at a time, and the last state always drawn.
let drawing = Promise.resolve();
function draw() {
  drawing = drawing.catch(() => {}).then(drawn);
  return drawing;
}

on("sent", ({ record }) => {
  if ("follows" in words && record.url) {
    location.replace(record.url);
    return;
  }
  try {
    sessionStorage.setItem(SENT, JSON.stringify([record, ...sentBefore().filter((one) => one.number !== record.number)].slice(0, 20)));
  } catch {
    // Only the list of what was received is lost; the records are there.
  }
  const got = part("got-last");
  got.textContent = words.got.replace("{n}", record.number);
  got.hidden = false;
  draw();
});
on("refused", draw);
on("changed", draw);
on("failed", ({ pause }) => { part("said").textContent = words.retry.replace("{s}", Math.round(pause / 1000)); });
part("send-now").addEventListener("click", () => {
  part("said").textContent = navigator.onLine ? words.sending : "";
  send(owner);
});
await draw();
