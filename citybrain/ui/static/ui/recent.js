// What was opened last from the search: titles and addresses, in this browser only, gone at sign-out.
const KEY = "citybrain.recent";
const MOST = 5;

export function remembered() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return found.filter((item) => typeof item?.title === "string" && /^\/(?!\/)/.test(item?.url ?? "")).slice(0, MOST);
  } catch {
    return [];
  }
}

export function remember(title, url) {
  if (!url?.startsWith("/") || url.startsWith("//")) return;
  const others = remembered().filter((item) => item.url !== url);
  try {
    localStorage.setItem(KEY, JSON.stringify([{ title, url }, ...others].slice(0, MOST)));
  } catch {
    // A full or forbidden storage costs only the shortcut.
  }
}

export function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was kept then.
  }
}
