// The photos of a field form: turned upright, shrunk, without hidden data. The list says how they are marked: `drawn` here,
// `told` to the server (which writes time, place and number on a copy), or not at all.
const EDGE = 1920;
const QUALITY = 0.85;

const blobOf = (canvas) => new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function shrunk(picture) {
  const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function stamp(canvas, lines) {
  const pen = canvas.getContext("2d");
  const size = Math.max(14, Math.round(Math.min(canvas.width, canvas.height) / 26));
  pen.font = `500 ${size}px system-ui, "Noto Sans CJK SC", sans-serif`;
  const high = lines.length * size * 1.4 + size;
  const band = pen.createLinearGradient(0, canvas.height - high * 1.5, 0, canvas.height);
  band.addColorStop(0, "rgb(0 0 0 / 0)");
  band.addColorStop(0.5, "rgb(0 0 0 / .55)");
  band.addColorStop(1, "rgb(0 0 0 / .72)");
  pen.fillStyle = band;
  pen.fillRect(0, canvas.height - high * 1.5, canvas.width, high * 1.5);
  pen.fillStyle = "#fff";
  lines.forEach((line, place) => pen.fillText(line, size, canvas.height - high + (place + 1) * size * 1.4, canvas.width - 2 * size));
}

export function photosOf(form, { changed, added, position, about, say }) {
  const words = form.dataset;
  const list = form.querySelector("[data-photos]");
  let photos = [];
  if (!list) return { all: () => [], put: () => {} };
  const template = form.querySelector("[data-photo-template]");
  const most = Number(list.dataset.most);

  function draw() {
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.replaceChildren(...photos.map((photo, place) => {
      const item = template.content.firstElementChild.cloneNode(true);
      const image = item.querySelector("img");
      if (photo.blob.type.startsWith("image/")) {
        image.src = URL.createObjectURL(photo.blob);
        image.alt = `${words.photo} ${place + 1}`;
      } else {
        image.replaceWith(Object.assign(document.createElement("span"), { className: "photo-file", textContent: photo.name }));
      }
      const button = item.querySelector("button");
      button.setAttribute("aria-label", `${words.remove} ${place + 1}`);
      button.addEventListener("click", () => {
        photos = photos.filter((other) => other !== photo);
        draw();
        changed();
      });
      return item;
    }));
    form.dataset.photoCount = photos.length;
  }

  // Where the device is, asked once for all photos taken together; a person who says no is not asked again and again.
  async function located() {
    const known = position();
    if (known || list.dataset.mark !== "told" || list.dataset.unlocated) return known;
    return new Promise((done) => {
      navigator.geolocation.getCurrentPosition(({ coords }) => done(coords), () => { list.dataset.unlocated = "yes"; done(null); }, { enableHighAccuracy: true, timeout: 8_000, maximumAge: 60_000 });
    });
  }

  async function made(file, here) {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const canvas = shrunk(picture);
    picture.close();
    const at = new Date();
    const photo = { name: `${at.toISOString().replace(/[:.]/g, "-")}.jpg` };
    if (list.dataset.mark === "drawn") {
      const lines = [`${words.brand} · ${about() || words.title}`, at.toLocaleString(document.documentElement.lang, { hour12: false })];
      if (here) lines.push(`${here.longitude.toFixed(6)}, ${here.latitude.toFixed(6)} ±${Math.round(here.accuracy)} m`);
      stamp(canvas, lines);
    }
    if (list.dataset.mark === "told") {
      photo.facts = { at: at.toISOString(), original: hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer())) };
      if (here) Object.assign(photo.facts, { longitude: here.longitude, latitude: here.latitude, accuracy: here.accuracy });
    }
    photo.blob = await blobOf(canvas);
    return photo;
  }

  form.querySelector("[data-photo-input]").addEventListener("change", async (event) => {
    const chosen = [...event.target.files];
    event.target.value = "";
    const here = await located();
    for (const file of chosen) {
      if (photos.length >= most) {
        say(words.tooMany.replace("{n}", most));
        break;
      }
      try {
        photos.push(await made(file, here));
      } catch {
        // The server would refuse it too.
        say(words.unread);
      }
    }
    draw();
    await added();
  });

  form.querySelector("[data-file-input]")?.addEventListener("change", async (event) => {
    for (const file of event.target.files) photos.push({ name: file.name, blob: file, facts: list.dataset.mark === "told" ? { at: new Date().toISOString() } : undefined });
    event.target.value = "";
    draw();
    await added();
  });

  return { all: () => [...photos], put: (others) => { photos = others; draw(); } };
}
