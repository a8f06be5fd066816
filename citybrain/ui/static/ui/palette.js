// The palette: a combobox over everything the person may see. The server ranks and scopes; here only keys and focus.
import { remembered, remember } from "./recent.js";

const palette = document.querySelector("#palette");
if (palette) start(palette);

function start(palette) {
  const text = palette.querySelector("[role=combobox]");
  const list = palette.querySelector("[role=listbox]");
  const status = palette.querySelector("[role=status]");
  const WAIT = 120;
  let timer = 0;
  let asking = null;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) text.setAttribute("aria-activedescendant", option.id);
    else text.removeAttribute("aria-activedescendant");
  }

  function step(by) {
    const all = options();
    if (!all.length) return;
    const here = all.indexOf(chosen());
    choose(all[(here + by + all.length) % all.length]);
  }

  function shown() {
    const count = options().length;
    text.setAttribute("aria-expanded", String(count > 0));
    choose(text.value.trim() ? options()[0] : null);
    status.textContent = text.value.trim() ? palette.dataset.found.replace("{n}", count) : "";
    const all = palette.querySelector("[data-all]");
    all.search = new URLSearchParams({ q: text.value }).toString();
  }

  // What this browser opened last stands above what the server offers unasked.
  function recent() {
    const items = remembered();
    if (!items.length) return;
    const group = document.createElement("div");
    group.setAttribute("role", "group");
    const head = document.createElement("div");
    head.className = "found-head";
    head.id = "found-recent";
    head.setAttribute("role", "presentation");
    head.textContent = palette.dataset.recent;
    group.setAttribute("aria-labelledby", head.id);
    group.append(head);
    items.forEach(({ title, url }, place) => {
      const option = document.createElement("a");
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.id = `found-recent-${place}`;
      option.href = url;
      option.tabIndex = -1;
      const icon = document.querySelector("#palette form svg").cloneNode(true);
      icon.querySelector("use").setAttribute("href", icon.querySelector("use").getAttribute("href").replace(/#.*/, "#history"));
      const name = document.createElement("span");
      name.className = "found-name";
      name.textContent = title;
      option.append(icon, name);
      group.append(option);
    });
    list.prepend(group);
  }

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const query = text.value.trim();
    try {
      const answer = await fetch(`${palette.dataset.options}?${new URLSearchParams({ q: query })}`, { signal: asking.signal, headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      list.innerHTML = await answer.text();
      if (!query) recent();
      shown();
    } catch (error) {
      if (error.name === "AbortError") return;
      list.replaceChildren();
      const none = document.createElement("p");
      none.className = "found-none";
      none.textContent = palette.dataset.failed;
      list.append(none);
      status.textContent = palette.dataset.failed;
    }
  }

  function open() {
    if (palette.open) return;
    palette.showModal();
    text.select();
    ask();
  }

  text.addEventListener("input", (event) => {
    // While pinyin is being composed the letters are still searched: they are pinyin.
    clearTimeout(timer);
    timer = setTimeout(ask, event.isComposing ? WAIT * 2 : WAIT);
  });
  text.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) {
      event.preventDefault();
      step(moves[event.key]);
    } else if (event.key === "Home" || event.key === "End") {
      if (text.value) return;
      event.preventDefault();
      choose(options().at(event.key === "Home" ? 0 : -1));
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) window.open(chosen().href, "_blank", "noopener");
      else chosen().click();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      palette.close();
    }
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) remember(option.querySelector(".found-name").textContent, option.getAttribute("href"));
  });
  palette.addEventListener("click", (event) => {
    if (event.target === palette || event.target.closest("[data-close]")) palette.close();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette]")) {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    } else if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.target.closest?.("input, textarea, select, [contenteditable], dialog")) {
      // A list with its own search box keeps the key.
      if (document.querySelector("main [data-find]")) return;
      event.preventDefault();
      open();
    }
  });
}
