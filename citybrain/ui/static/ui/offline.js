// The page without network: which forms still work on this device, how much waits, and trying again.
import { listed } from "./vault.js";

document.querySelector("[data-again]").addEventListener("click", () => location.reload());
addEventListener("online", () => location.reload());

const forms = await caches.open("forms");
const list = document.querySelector("[data-forms] ul");
for (const request of await forms.keys()) {
  const text = await (await forms.match(request)).text();
  const kept = new DOMParser().parseFromString(text, "text/html");
  const link = document.createElement("a");
  link.href = new URL(request.url).pathname;
  link.textContent = kept.querySelector("h1")?.textContent ?? link.href;
  const item = document.createElement("li");
  item.append(link);
  list.append(item);
}
document.querySelector("[data-forms]").hidden = !list.children.length;
const waiting = (await listed().catch(() => [])).filter((row) => row.state === "waiting").length;
const queue = document.querySelector("[data-queue]");
queue.querySelector("b").textContent = String(waiting);
queue.hidden = waiting === 0;
