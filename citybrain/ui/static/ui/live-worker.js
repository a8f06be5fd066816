// One live stream for every open tab of this browser. Started as a shared worker, or, where there is none, one a tab.
//
//   /live/ ──stream──▶ this worker ──▶ tab, tab, tab          it goes on after the last id it saw, whatever broke
const KEEP = 300; // events kept for tabs that open later
const MARGIN = 10; // seconds a page may take from its first question to its connection
const LONGEST = 30_000; // milliseconds between two tries, at most

const ports = new Set();
let kept = [];
let covered = 0; // from this time on (seconds, the server's clock) every event is kept or was told
let last = "";
let state = "lost";
let line = null; // what ends the stream
let failures = 0;

const tell = (message) => { for (const port of ports) port.postMessage(message); };
const say = (now) => {
  if (now !== state) tell({ state: (state = now) });
};
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

function heard(fields) {
  if (fields.id) last = fields.id;
  if (fields.event === "reload") {
    kept = [];
    tell({ reload: true });
  } else if (fields.data) {
    const event = JSON.parse(fields.data);
    kept.push(event);
    if (kept.length > KEEP) covered = kept.shift().at;
    tell({ event });
  }
}

// Lines of text/event-stream; a chunk may end in the middle of a line or of a character
async function read(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let fields = {};
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const text of lines) {
      if (text === "") {
        heard(fields);
        fields = {};
      } else if (!text.startsWith(":")) {
        const colon = text.indexOf(":");
        fields[text.slice(0, colon)] = text.slice(colon + 1).trimStart();
      }
    }
  }
}

async function listen(stream, at) {
  if (line) return;
  covered = at - MARGIN;
  while (ports.size) {
    line = new AbortController();
    try {
      const from = last ? `since=${encodeURIComponent(last)}` : `at=${at}`;
      const answer = await fetch(`${stream}?${from}`, { cache: "no-store", redirect: "manual", signal: line.signal, headers: { Accept: "text/event-stream" } });
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
        // Signed out: the next page that opens tries again.
        say("ended");
        break;
      }
      if (answer.status === 400) last = "";
      if (!answer.ok) throw new Error(String(answer.status));
      say("open");
      failures = 0;
      await read(answer.body);
      // The server ended the stream: rights changed, or it restarts. Come back at once, but not all browsers together.
      await pause(200 + 800 * Math.random());
    } catch {
      if (!ports.size) break;
      say("lost");
      failures += 1;
      await pause(Math.min(LONGEST, 500 * 2 ** failures) * (0.5 + Math.random() / 2));
    }
  }
  line = null;
  if (!ports.size) {
    // Nobody listened for a while: a tab that opens later begins with its own time.
    kept = [];
    covered = 0;
    last = "";
    state = "lost";
  }
}

function take(port, message) {
  if (message.bye) {
    ports.delete(port);
    if (!ports.size) line?.abort();
    return;
  }
  if (message.hello) {
    ports.add(port);
    port.postMessage({ state });
    const since = message.at - MARGIN;
    if (line && since < covered) port.postMessage({ reload: true });
    else for (const event of kept) if (event.at >= since) port.postMessage({ event });
    void listen(message.stream, message.at);
  }
}

if ("onconnect" in globalThis) {
  globalThis.onconnect = ({ ports: [port] }) => {
    port.onmessage = ({ data }) => take(port, data);
  };
} else globalThis.onmessage = ({ data }) => take(globalThis, data);
