// The app on the device: registers the worker, offers a new version, says when there is no network, shows what waits to be
// sent, and leaves nothing behind at sign-out.
import { forget } from "./recent.js";
import { on, start } from "./outbox.js";
import { listed, whose, wipe } from "./vault.js";

const owner = whose();
const bars = document.querySelector("[data-app-bars]");

const bar = (name) => bars?.querySelector(`[data-bar="${name}"]`);
const show = (name, isShown) => bar(name)?.toggleAttribute("hidden", !isShown);

// A new version waits until the person takes it: a form half filled in is never reloaded away.
async function register() {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" });
  const offer = () => { if (registration.waiting && navigator.serviceWorker.controller) show("update", true); };
  offer();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
  let taken = false;
  bar("update")?.querySelector("button")?.addEventListener("click", () => {
    taken = true;
    registration.waiting?.postMessage("take-over");
  });
  navigator.serviceWorker.addEventListener("controllerchange", () => { if (taken) location.reload(); });
  setInterval(() => registration.update().catch(() => {}), 3_600_000);
}

function network() {
  show("offline", !navigator.onLine);
  document.documentElement.toggleAttribute("data-offline", !navigator.onLine);
}

async function queue() {
  if (!owner) return;
  const rows = await listed(owner).catch(() => []);
  const waiting = rows.filter((row) => row.state === "waiting").length;
  const refused = rows.filter((row) => row.state === "refused").length;
  for (const badge of document.querySelectorAll("[data-queue-count]")) {
    badge.textContent = String(waiting + refused);
    badge.toggleAttribute("hidden", waiting + refused === 0);
  }
  const text = bar("queue")?.querySelector("[data-n]");
  if (text) text.textContent = String(waiting);
  show("queue", waiting > 0);
  show("refused", refused > 0);
}

async function leave() {
  forget();
  await wipe().catch(() => {});
  const worker = (await navigator.serviceWorker?.getRegistration())?.active;
  if (!worker) return;
  await new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    setTimeout(done, 1500);
    worker.postMessage("forget", [channel.port2]);
  });
}

// Sign-out wipes what this device kept; what was not sent yet is asked about first.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.getAttribute("action")?.endsWith("/logout/") || form.dataset.left) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const unsent = (await listed().catch(() => [])).filter((row) => row.state !== "open").length;
  const question = bars?.dataset.unsent ?? "";
  if (unsent && question && !confirm(question.replace("{n}", unsent))) return;
  await leave();
  form.dataset.left = "yes";
  form.requestSubmit();
}, true);

// Browsers that can install the app offer it on a button of ours.
let offered = null;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offered = event;
  for (const button of document.querySelectorAll("[data-install]")) button.hidden = false;
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-install]")) offered?.prompt();
});

addEventListener("online", network);
addEventListener("offline", network);
for (const name of ["changed", "sent", "refused"]) on(name, queue);
on("signed-out", () => show("signed-out", true));
network();
queue();
start(owner);
register().catch(() => {});
