// The service worker: front-end files of one revision, the page without network, and field forms opened before.
// A personal page is never kept. A page is kept only when its answer says so (X-Offline: keep), and such pages name nobody.
const REVISION = "{{ revision }}";
const OFFLINE = "{{ offline }}";
const FILES = `files-${REVISION}`;
const FORMS = "forms";
const HASHED = /\.[0-9a-f]{12}\.[a-z0-9]+$/;

const isStatic = (url) => url.origin === self.location.origin && url.pathname.startsWith("/static/");

// What a page, a style sheet or a module needs: every file under /static/ that it names, and what those name.
function named(text, base) {
  const found = [
    ...text.matchAll(/(?:href|src)="([^"]+)"/g),
    ...text.matchAll(/url\(\s*["']?([^"')]+)["']?\s*\)/g),
    ...text.matchAll(/(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g),
  ].map((match) => {
    try {
      const url = new URL(match[1].replaceAll("&amp;", "&"), base);
      url.hash = "";
      return url;
    } catch {
      return null;
    }
  });
  return [...new Set(found.filter((url) => url && isStatic(url)).map(String))];
}

async function keepFiles(cache, urls, seen = new Set()) {
  for (const url of urls) {
    if (seen.has(url)) continue;
    seen.add(url);
    let answer = await cache.match(url);
    if (!answer) {
      answer = await fetch(url, { cache: HASHED.test(url) ? "default" : "no-cache" });
      if (!answer.ok) continue;
      await cache.put(url, answer.clone());
    }
    if (/\.(css|m?js)$/.test(new URL(url).pathname)) await keepFiles(cache, named(await answer.clone().text(), url), seen);
  }
}

async function keepPage(cacheName, url, answer) {
  const text = await answer.clone().text();
  await keepFiles(await caches.open(FILES), named(text, url));
  await (await caches.open(cacheName)).put(url, answer);
}

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const url = new URL(OFFLINE, self.location).href;
    const answer = await fetch(url, { cache: "no-cache" });
    if (!answer.ok) throw new Error(`${OFFLINE}: ${answer.status}`);
    await keepPage(FILES, url, answer);
  })());
});

// Kept forms name files of the old revision: they are fetched anew before the old files go.
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    await self.registration.navigationPreload?.enable();
    const forms = await caches.open(FORMS);
    let isFresh = true;
    for (const request of await forms.keys()) {
      try {
        const answer = await fetch(request.url, { credentials: "same-origin" });
        if (mayKeep(answer)) await keepPage(FORMS, request.url, answer);
        else if (answer.redirected || answer.status === 403 || answer.status === 404) await forms.delete(request);
        else isFresh = false;
      } catch {
        isFresh = false;
      }
    }
    if (isFresh) {
      for (const name of await caches.keys()) if (name.startsWith("files-") && name !== FILES) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

const mayKeep = (answer) => answer.ok && !answer.redirected && answer.headers.get("X-Offline") === "keep";

async function keep(url) {
  if (url.origin !== self.location.origin || (await (await caches.open(FORMS)).match(url.href))) return;
  const answer = await fetch(url, { credentials: "same-origin" });
  if (mayKeep(answer)) await keepPage(FORMS, url.href, answer);
}

async function page(event) {
  // One copy of a form, whatever stands behind the question mark.
  const url = new URL(new URL(event.request.url).pathname, self.location);
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    if (mayKeep(answer)) event.waitUntil(keepPage(FORMS, url.href, answer.clone()).catch(() => {}));
    return answer;
  } catch (error) {
    const kept = await (await caches.open(FORMS)).match(url.href);
    const otherwise = kept ?? (await caches.match(new URL(OFFLINE, self.location).href));
    if (!otherwise) throw error;
    return otherwise;
  }
}

async function file(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  // A file whose name holds its hash never changes; others are kept by the revision that fetched them.
  if (kept) return kept;
  return fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (isStatic(new URL(request.url)) && !request.headers.has("range")) event.respondWith(file(request));
});

self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
  if (event.data?.keep) event.waitUntil(keep(new URL(event.data.keep, self.location)).catch(() => {}));
  if (event.data === "forget") event.waitUntil(caches.delete(FORMS).then(() => event.ports[0]?.postMessage("done")));
});
