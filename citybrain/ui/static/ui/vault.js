// Drafts of field forms on this device: sealed with AES-GCM under a key that belongs to one person and cannot be read out.
// The key and everything under it go at sign-out. See docs/offline.md for what this protects against, and what not.
// Beside them lie the cases somebody has to work on (casefile.js), sealed the same way.
const NAME = "citybrain";
const STALE_DAYS = 14;
/* Forms begun but never sent are dropped after so many days; what waits to be sent is kept until it is sent or dropped by hand. */
const GUEST = "guest";
const GUEST_DAYS = 2;
/* Whoever sits at the same browser next can read what somebody left who did not sign in, so that it stays shorter. */

// Whose drafts this page is about: the person's, or, on the citizens' pages, those of somebody who is not signed in.
export function whose() {
  const named = document.querySelector('meta[name="device-owner"]')?.content ?? "";
  return named || (document.body.classList.contains("on-citizen") ? GUEST : "");
}

let opened = null;
function database() {
  opened ??= new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 2);
    request.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) {
        request.result.createObjectStore("keys", { keyPath: "owner" });
        request.result.createObjectStore("drafts", { keyPath: "id" }).createIndex("owner", "owner");
      }
      if (oldVersion < 2) request.result.createObjectStore("cases", { keyPath: ["owner", "number"] });
    };
    request.onsuccess = () => {
      // Another tab that wipes or upgrades must not wait for this one.
      request.result.onversionchange = () => { request.result.close(); opened = null; };
      done(request.result);
    };
    request.onerror = () => { opened = null; failed(request.error); };
  });
  return opened;
}

async function run(store, mode, work) {
  const transaction = (await database()).transaction(store, mode, mode === "readwrite" ? { durability: "strict" } : undefined);
  const request = work(transaction.objectStore(store));
  return new Promise((done, failed) => {
    transaction.oncomplete = () => done(request?.result);
    transaction.onerror = transaction.onabort = () => failed(transaction.error ?? request?.error);
  });
}

async function keyOf(owner) {
  const known = await run("keys", "readonly", (store) => store.get(owner));
  if (known) return known.key;
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  try {
    await run("keys", "readwrite", (store) => store.add({ owner, key }));
  } catch {
    // Another tab was first: its key is the one.
    return (await run("keys", "readonly", (store) => store.get(owner))).key;
  }
  return key;
}

// One block: the length of the JSON part, the JSON part, then the photos one after the other.
async function packed({ values, photos, answer }) {
  const bytes = await Promise.all(photos.map((photo) => photo.blob.arrayBuffer()));
  const head = { values, answer, photos: photos.map(({ name, blob, facts }) => ({ name, type: blob.type, size: blob.size, facts })) };
  const json = new TextEncoder().encode(JSON.stringify(head));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length);
  return new Blob([length, json, ...bytes]).arrayBuffer();
}

function unpacked(buffer) {
  const length = new DataView(buffer).getUint32(0);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let place = 4 + length;
  const photos = head.photos.map(({ name, type, size, facts }) => {
    const blob = new Blob([buffer.slice(place, place + size)], { type });
    place += size;
    return { name, blob, facts };
  });
  return { values: head.values, answer: head.answer ?? null, photos };
}

// state: open (being filled in), waiting (to be sent), refused (the server said why)
export async function save(draft) {
  const { id, owner, form, state, values, photos = [], answer = null } = draft;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bound = new TextEncoder().encode(`${id} ${owner} ${form.url}`);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound }, await keyOf(owner), await packed({ values, photos, answer }));
  await run("drafts", "readwrite", (store) => store.put({ id, owner, form, state, changed: Date.now(), iv, sealed }));
}

async function unsealed(row) {
  const { id, owner, form, state, changed, iv, sealed } = row;
  const bound = new TextEncoder().encode(`${id} ${owner} ${form.url}`);
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: bound }, await keyOf(owner), sealed);
  return { id, owner, form, state, changed, ...unpacked(plain) };
}

// Without their contents: what lists and counts need.
export async function listed(owner) {
  const rows = await run("drafts", "readonly", (store) => (owner ? store.index("owner").getAll(owner) : store.getAll()));
  return rows.map(({ id, owner: whose, form, state, changed }) => ({ id, owner: whose, form, state, changed })).sort((a, b) => a.changed - b.changed);
}

export async function read(id, owner) {
  const row = await run("drafts", "readonly", (store) => store.get(id));
  if (!row || row.owner !== owner) return null;
  try {
    return await unsealed(row);
  } catch {
    // Sealed under a key that is gone: nobody can read it any more.
    await drop(id);
    return null;
  }
}

export const drop = (id) => run("drafts", "readwrite", (store) => store.delete(id));

export async function sweep() {
  const ago = (days) => Date.now() - days * 86_400_000;
  for (const row of await listed()) {
    const oldest = ago(row.owner === GUEST ? GUEST_DAYS : STALE_DAYS);
    if (row.changed < oldest && (row.state === "open" || (row.owner === GUEST && row.state === "refused"))) await drop(row.id);
  }
}

// Cases: what somebody must know of a task to work on it without network.
const bound = (owner, number) => new TextEncoder().encode(`case ${owner} ${number}`);

export async function keepCase(owner, content) {
  const { number } = content;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(content));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound(owner, number) }, await keyOf(owner), plain);
  await run("cases", "readwrite", (store) => store.put({ owner, number, kept: Date.now(), iv, sealed }));
}

async function openCase(row) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv, additionalData: bound(row.owner, row.number) }, await keyOf(row.owner), row.sealed);
  return { ...JSON.parse(new TextDecoder().decode(plain)), kept: row.kept };
}

export async function readCase(owner, number) {
  const row = await run("cases", "readonly", (store) => store.get([owner, number]));
  return row ? openCase(row).catch(() => null) : null;
}

export async function keptCases(owner) {
  const rows = (await run("cases", "readonly", (store) => store.getAll())).filter((row) => row.owner === owner);
  const opened = await Promise.all(rows.map((row) => openCase(row).catch(() => null)));
  return opened.filter(Boolean).sort((a, b) => (a.due || "9").localeCompare(b.due || "9"));
}

export const dropCase = (owner, number) => run("cases", "readwrite", (store) => store.delete([owner, number]));

export async function wipe() {
  (await database()).close();
  opened = null;
  await new Promise((done) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = request.onerror = request.onblocked = () => done();
  });
}
