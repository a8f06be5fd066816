// A walk: asks the device where it is while this page is open, sends it in small parcels, keeps what could not be sent.
const walk = document.querySelector("[data-walk]");
const words = walk.dataset;
const EVERY = 20_000;
const MOST = 400;
const KEY = `citybrain.walk.${words.send}`;
const part = (name) => walk.querySelector(`[data-${name}]`);
const token = walk.querySelector("[name=csrfmiddlewaretoken]").value;

let waiting = [];
let busy = false;
let watch = null;
try {
  waiting = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
} catch {
  waiting = [];
}

function say(text, tone = "") {
  part("said").textContent = text;
  part("said").classList.toggle("bad", tone === "bad");
}

function remember() {
  waiting = waiting.slice(-MOST);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(waiting));
  } catch {
    // A full or forbidden store: the points stay in memory.
  }
}

function tick() {
  const seconds = Math.max(0, Math.round(Date.now() / 1000) - Number(words.since));
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  part("time").textContent = hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function end() {
  if (watch !== null) navigator.geolocation.clearWatch(watch);
  sessionStorage.removeItem(KEY);
}

async function send() {
  if (busy || !waiting.length) return;
  busy = true;
  const parcel = waiting.slice(0, MOST);
  try {
    const answer = await fetch(words.send, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ points: parcel }),
    });
    if (answer.status === 404 || answer.status === 410) {
      end();
      say(words.over, "bad");
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    waiting = waiting.slice(parcel.length);
    remember();
    part("way").textContent = String(told.metres);
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    say(told.reason || words.sent.replace("{time}", time), told.reason ? "bad" : "");
  } catch {
    say(words.offline.replace("{n}", String(waiting.length)), "bad");
  } finally {
    busy = false;
  }
}

function seen({ coords, timestamp }) {
  waiting.push([coords.longitude, coords.latitude, coords.accuracy, timestamp]);
  remember();
  if (waiting.length === 1) send();
}

function unseen(error) {
  say(error.code === error.PERMISSION_DENIED ? words.refused : words.blind, "bad");
}

if ("geolocation" in navigator) {
  watch = navigator.geolocation.watchPosition(seen, unseen, { enableHighAccuracy: true, maximumAge: 5000, timeout: 60_000 });
} else {
  say(words.refused, "bad");
}
setInterval(send, EVERY);
setInterval(tick, 1000);
addEventListener("online", send);
tick();
part("stop").addEventListener("submit", async (event) => {
  if (!waiting.length) return end();
  event.preventDefault();
  await send();
  end();
  event.target.submit();
});
