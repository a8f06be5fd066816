// A list that follows a live topic: rows it shows are brought up to date where they stand, new ones are announced at its
// foot and come when somebody asks for them. Nothing moves under the hand.
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const PAUSE = 2500; // milliseconds between two looks at least
const SPREAD = 1500; // and as many at random, so that a hundred desks do not ask at once

const lists = () => all("[data-follows]");
const rowsOf = (list) => new Map(all("tbody tr[id]", list).map((row) => [row.id, row]));
const language = document.documentElement.lang;

function stamp(list) {
  const place = find("[data-as-of]", list);
  if (!place) return;
  const time = new Date().toLocaleTimeString(language, { hour12: false, timeZone: "Asia/Shanghai" });
  place.textContent = place.dataset.words.replace("{time}", time);
}
async function look(list) {
  const answer = await fetch(location.href, { headers: { "X-Panel": list.id, "X-Background": "1" } }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(list.id);
  if (!fresh || !list.isConnected) return;
  const shown = rowsOf(list);
  const now = rowsOf(fresh);
  for (const [id, row] of shown) {
    const other = now.get(id);
    row.classList.toggle("row-gone", !other);
    if (!other || other.dataset.version === row.dataset.version) continue;
    const box = find(".pick input", row)?.checked;
    const next = document.adoptNode(other);
    next.classList.toggle("on", row.classList.contains("on"));
    next.classList.add("row-changed");
    row.replaceWith(next);
    if (box) {
      find(".pick input", next).checked = true;
      next.classList.add("picked");
    }
  }
  const news = [...now.keys()].filter((id) => !shown.has(id)).length;
  const button = find("[data-news]", list);
  if (button) {
    button.hidden = news === 0;
    button.textContent = button.dataset.words.replace("{count}", news.toLocaleString(language));
  }
  stamp(list);
}
const waiting = new Map();
document.addEventListener("live", (event) => {
  for (const list of lists()) {
    if (list.dataset.follows !== event.detail?.topic || waiting.has(list.id)) continue;
    waiting.set(list.id, setTimeout(() => {
      waiting.delete(list.id);
      look(document.getElementById(list.id) ?? list);
    }, PAUSE + Math.random() * SPREAD));
  }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-news]")) location.reload();
});
const stampAll = () => lists().forEach(stamp);
stampAll();
document.addEventListener("panels:changed", stampAll);
