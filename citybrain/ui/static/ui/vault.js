// Drafts of field forms on this device: sealed with AES-GCM under a key that belongs to one person and cannot be read out.
// The key and everything under it go at sign-out. See docs/offline.md for what this protects against, and what not.
const NAME = "citybrain";
const STALE_DAYS = 14;
/* Forms begun but never sent are dropped after so many days; what waits to be sent is kept until it is sent or dropped by hand. */

let opened = null;
function database() {
  opened ??= new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("keys", { keyPath: "owner" });
      request.result.createObjectStore("drafts", { keyPath: "id" }).createIndex("owner", "owner");
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
  const head = { values, answer, photos: photos.map(({ name, blob }) => ({ name, type: blob.type, size: blob.size })) };
  const json = new TextEncoder().encode(JSON.stringify(head));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length);
  return new Blob([length, json, ...bytes]).arrayBuffer();
}

function unpacked(buffer) {
  const length = new DataView(buffer).getUint32(0);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let place = 4 + length;
  const photos = head.photos.map(({ name, type, size }) => {
    const blob = new Blob([buffer.slice(place, place + size)], { type });
    place += size;
    return { name, blob };
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
  const oldest = Date.now() - STALE_DAYS * 86_400_000;
  for (const row of await listed()) if (row.state === "open" && row.changed < oldest) await drop(row.id);
}

export async function wipe() {
  (await database()).close();
  opened = null;
  await new Promise((done) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = request.onerror = request.onblocked = () => done();
  });
}
