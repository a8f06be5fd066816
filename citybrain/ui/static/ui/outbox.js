// Sends what waits, one after the other. Every form carries its own request key: sent twice, it is still one record.
import { drop, dropCase, keepCase, listed, read, save, sweep } from "./vault.js";

const TICKET = "/offline/ticket/";
const GUEST = "guest";
const PATIENCE = 60_000;
const PAUSES = [5_000, 15_000, 60_000, 300_000];
const events = new EventTarget();
let failures = 0;
let timer = 0;

export const on = (name, listener) => events.addEventListener(name, (event) => listener(event.detail));
const tell = (name, detail) => events.dispatchEvent(new CustomEvent(name, { detail }));

async function ticket(owner) {
  const answer = await fetch(owner === GUEST ? `${TICKET}?guest=1` : TICKET, { headers: { Accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  if (answer.status === 401) return { person: "", token: "" };
  if (!answer.ok) throw new Error(`ticket ${answer.status}`);
  return answer.json();
}

function body(draft) {
  const form = new FormData();
  for (const [name, value] of draft.values) form.append(name, value);
  form.append("request_key", draft.id);
  for (const { name, blob } of draft.photos) form.append("photos", blob, name);
  if (draft.photos.some((photo) => photo.facts)) form.append("photo_facts", JSON.stringify(draft.photos.map((photo) => photo.facts ?? {})));
  return form;
}

// What the server's answer means for the draft: sent, refused for good, or to be tried again.
async function deliver(draft, token) {
  const answer = await fetch(draft.form.url, {
    method: "POST",
    body: body(draft),
    headers: { Accept: "application/json", "X-CSRFToken": token },
    signal: AbortSignal.timeout(PATIENCE),
  });
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  if (answer.redirected || answer.status === 401) return "signed-out";
  if (answer.ok && isJson) {
    const record = await answer.json();
    await drop(draft.id);
    // The case as it stands now; what is no longer the person's to see is kept no longer.
    if (record.case) await keepCase(draft.owner, record.case);
    if (record.gone) await dropCase(draft.owner, record.gone);
    tell("sent", { draft, record });
    return "sent";
  }
  if (answer.status === 429 || answer.status >= 500 || (answer.ok && !isJson)) throw new Error(String(answer.status));
  const said = isJson ? await answer.json() : { detail: `${answer.status} ${answer.statusText}` };
  await save({ ...draft, state: "refused", answer: said });
  tell("refused", { draft, answer: said });
  return "refused";
}

// One tab sends at a time; the others see the queue shrink.
export async function send(owner) {
  clearTimeout(timer);
  if (!owner || !navigator.onLine) return;
  await navigator.locks.request("citybrain-outbox", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    const waiting = (await listed(owner)).filter((row) => row.state === "waiting");
    if (!waiting.length) return;
    try {
      const { person, token } = await ticket(owner);
      if (person !== owner) {
        tell("signed-out", {});
        return;
      }
      for (const row of waiting) {
        const draft = await read(row.id, owner);
        if (!draft || draft.state !== "waiting") continue;
        if ((await deliver(draft, token)) === "signed-out") {
          tell("signed-out", {});
          return;
        }
        tell("changed", {});
      }
      failures = 0;
    } catch (error) {
      const pause = PAUSES[Math.min(failures, PAUSES.length - 1)];
      failures += 1;
      tell("failed", { error, pause });
      timer = setTimeout(() => send(owner), pause);
    }
  });
  tell("changed", {});
}

export function start(owner) {
  if (!owner) return;
  sweep().catch(() => {});
  addEventListener("online", () => { failures = 0; send(owner); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(owner); });
  send(owner);
}
