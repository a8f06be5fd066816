// A list that follows a live topic: rows it shows are brought up to date where they stand, new ones are announced at its
// foot and come when somebody asks for them. Nothing moves under the hand.
import { paced } from "./pace.js";
import { showPicked } from "./panels.js";

const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const EVERY = 120_000; // milliseconds: clocks run though nothing happens

const lists = () => all("[data-follows]");
const rowsOf = (list) => new Map(all("tbody tr[id]", list).map((row) => [row.id, row]));
const language = document.documentElement.lang;

// What became of the rows of a page of a list: `gone` are no longer of the list, `news` is how many are new to it. Rows that
// only moved to the next page, or came up from it, are neither. Ids in their order; `size` is how many a page holds.
export function compare(shown, now, size) {
  const before = new Set(shown);
  const after = new Set(now);
  const absent = shown.filter((id) => !after.has(id));
  const added = now.filter((id) => !before.has(id));
  const tail = (ids, others) => ids.length - 1 - ids.findLastIndex((id) => others.has(id));
  const above = added.length - tail(now, before);
  const pushed = size && now.length >= size ? Math.min(tail(shown, after), above) : 0;
  const gone = absent.slice(0, absent.length - pushed);
  return { gone, news: added.length - (shown.length >= (size || Infinity) ? Math.min(tail(now, before), gone.length) : 0) };
}

function stamp(list) {
  const place = find("[data-as-of]", list);
  if (!place) return;
  const time = new Date().toLocaleTimeString(language, { hour12: false, timeZone: "Asia/Shanghai" });
  place.textContent = place.dataset.words.replace("{time}", time);
}
async function fetched(list, headers = {}) {
  const answer = await fetch(location.href, { headers: { "X-Panel": list.id, ...headers } }).catch(() => null);
  if (!answer?.ok) return null;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(list.id);
  return fresh && list.isConnected ? document.adoptNode(fresh) : null;
}
// A row in place of one that says something older; the hand stays where it was
function renew(row, next) {
  const box = find(".pick input", row)?.checked;
  const held = all("a, button, input", row).indexOf(document.activeElement);
  next.classList.toggle("on", row.classList.contains("on"));
  next.classList.toggle("row-changed", row.dataset.version !== next.dataset.version);
  row.replaceWith(next);
  if (box) {
    find(".pick input", next).checked = true;
    next.classList.add("picked");
  }
  if (held >= 0) all("a, button, input", next)[held]?.focus({ preventScroll: true });
}
// The whole list anew, with what was picked and what is open in it
function put(list, fresh) {
  const shown = rowsOf(list);
  for (const [id, row] of rowsOf(fresh)) {
    row.classList.toggle("on", Boolean(shown.get(id)?.classList.contains("on")));
    const box = find(".pick input", row);
    if (box) box.checked = Boolean(find(".pick input", shown.get(id) ?? list.ownerDocument.createElement("p"))?.checked);
  }
  list.replaceWith(fresh);
  window.htmx?.process(fresh);
  showPicked(fresh);
  document.dispatchEvent(new CustomEvent("panels:changed", { detail: { part: fresh } }));
}
function mark(row, isGone, words) {
  if (row.classList.toggle("row-gone", isGone) === Boolean(find(".gone-mark", row))) return;
  if (isGone) find("td:not(.pick)", row)?.append(Object.assign(document.createElement("span"), { className: "tag gone-mark", textContent: words }));
  else find(".gone-mark", row).remove();
}
const markup = (row) => {
  const bare = row.cloneNode(true);
  bare.removeAttribute("class");
  return bare.outerHTML;
};
async function look(list) {
  const address = location.href;
  const fresh = await fetched(list, { "X-Background": "1" });
  // Another question was asked meanwhile.
  if (!fresh || address !== location.href) return;
  const shown = rowsOf(list);
  const now = rowsOf(fresh);
  if (!shown.size && now.size) {
    // Nothing stands there that could move.
    put(list, fresh);
    return;
  }
  const { gone, news } = compare([...shown.keys()], [...now.keys()], Number(list.dataset.size));
  for (const [id, row] of shown) {
    mark(row, gone.includes(id), list.dataset.gone);
    if (now.has(id) && markup(now.get(id)) !== markup(row)) renew(row, now.get(id));
  }
  const button = find("[data-news]", list);
  if (button) {
    const [many, words] = news ? [news, button.dataset.words] : [gone.length, button.dataset.left];
    button.hidden = many === 0;
    button.textContent = many ? words.replace("{count}", many.toLocaleString(language)) : "";
  }
  const sum = find(".ft > span", fresh);
  if (sum) find(".ft > span", list)?.replaceWith(sum);
  stamp(list);
}
const planned = new Map();
function follow(list) {
  if (!planned.has(list.id)) planned.set(list.id, paced(() => {
    const there = document.getElementById(list.id);
    return there && !document.hidden ? look(there) : null;
  }));
  planned.get(list.id)();
}
document.addEventListener("live", (event) => {
  for (const list of lists()) if (list.dataset.follows === event.detail?.topic) follow(list);
});
setInterval(() => { if (!document.hidden) lists().forEach(follow); }, EVERY);
document.addEventListener("click", async (event) => {
  const list = event.target.closest("[data-news]")?.closest("[data-follows]");
  if (!list) return;
  const fresh = await fetched(list);
  if (fresh) put(list, fresh);
  else location.reload();
});
const stampAll = () => lists().forEach(stamp);
stampAll();
document.addEventListener("panels:changed", stampAll);
