// The citizens' pages: the link copied, and the page read aloud by the device's own voice.
const find = (selector) => document.querySelector(selector);

const copy = find("[data-copy]");
copy?.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(copy.dataset.copy);
    copy.textContent = copy.dataset.copied;
  } catch {
    // Where the browser forbids it, the link stands above and can be marked by hand.
    const range = document.createRange();
    range.selectNodeContents(find(".receipt-link a"));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }
});

// Reading aloud: one part of the page after the other, marked while it is read; pressing again stops.
const READ = "main h1, main h2, main h3, main p, main li, main dt, main dd, main label, main .note";
const speaker = find("[data-read-aloud]");
let parts = [];

function quiet() {
  speechSynthesis.cancel();
  for (const part of document.querySelectorAll(".reading")) part.classList.remove("reading");
  speaker.setAttribute("aria-pressed", "false");
  parts = [];
}

function next() {
  for (const part of document.querySelectorAll(".reading")) part.classList.remove("reading");
  const part = parts.shift();
  if (!part) {
    quiet();
    return;
  }
  const words = new SpeechSynthesisUtterance(part.innerText.replace(/\s+/g, " "));
  words.lang = part.closest("[lang]")?.lang ?? document.documentElement.lang;
  words.rate = 0.95;
  words.onend = () => { if (speaker.getAttribute("aria-pressed") === "true") next(); };
  words.onerror = quiet;
  part.classList.add("reading");
  part.scrollIntoView({ block: "center", behavior: "instant" });
  speechSynthesis.speak(words);
}

if (speaker && "speechSynthesis" in window) {
  speaker.hidden = false;
  speaker.addEventListener("click", () => {
    if (speaker.getAttribute("aria-pressed") === "true") {
      quiet();
      return;
    }
    const all = [...document.querySelectorAll(READ)].filter((part) => part.innerText.trim() && part.offsetParent);
    // A paragraph inside a list line is read with the line, once.
    parts = all.filter((part) => !all.some((other) => other !== part && other.contains(part)));
    speaker.setAttribute("aria-pressed", "true");
    next();
  });
  addEventListener("pagehide", () => speechSynthesis.cancel());
}
