// Keeps programmes on the phone: what was public and read once can be read again without network.
// Never kept: anything personal. A page made for somebody signed in is fetched once more as everybody sees it. The one
// exception is the list at an event's door: its own page puts it into a store of its own, which is read here when there
// is no network, until the evening is over or the right to see it has ended.
// `HALLWAY` (version, shell, offline) is written above this line by the server.
const PAGES = "hallway-pages";
const SHELL = `hallway-shell-${HALLWAY.version}`;
const DOORS = "hallway-doors";
const MOST_PAGES = 300;
const KEPT = /^\/e\/[a-z0-9_-]+\/(schedule\/|now|speakers\/|changes\/|sessions\/\d+(-[a-z0-9_-]*)?\/)$/;
const DOOR = /^\/(door\/[^/]+|e\/[a-z0-9_-]+\/door\/list)\/$/;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll([...HALLWAY.shell, HALLWAY.offline])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("hallway-") && ![SHELL, PAGES, DOORS].includes(name)).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

const isPublic = (answer) => answer.ok && answer.type === "basic" && !answer.redirected && /(^|[ ,])public([ ,]|$)/.test(answer.headers.get("Cache-Control") || "");

async function keep(address, answer) {
  const cache = await caches.open(PAGES);
  await cache.put(address, answer);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST_PAGES)).map((key) => cache.delete(key)));
}

async function keepAsEverybodySees(url, language) {
  const asked = new URL(url);
  if (language) asked.searchParams.set("lang", language);
  const answer = await fetch(asked, { credentials: "omit" });
  if (isPublic(answer)) await keep(url.href, answer);
  return isPublic(answer);
}

async function page(event, url) {
  try {
    const answer = await fetch(event.request);
    if (isPublic(answer)) event.waitUntil(keep(url.href, answer.clone()));
    else if (answer.ok) event.waitUntil(keepAsEverybodySees(url, answer.headers.get("Content-Language")).catch(() => {}));
    return answer;
  } catch {
    const stored = (await caches.match(url.href)) || (await caches.match(url.href, { ignoreSearch: true }));
    return stored ? asStored(stored) : (await caches.match(HALLWAY.offline)) || Response.error();
  }
}

// A page from here says so: the device may have network and the site none.
async function asStored(answer) {
  const text = (await answer.text()).replace("data-offline-notice hidden", "data-offline-notice data-stored");
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  return new Response(text, { headers });
}

// The page that brought this worker was read before it could see it; a programme names its sessions.
self.addEventListener("message", (event) => {
  const urls = (event.data.keep || []).map((address) => new URL(address)).filter((url) => url.origin === self.location.origin && KEPT.test(url.pathname));
  const all = async (wanted) => {
    const missed = [];
    for (const url of wanted) if (!(await keepAsEverybodySees(url, event.data.language).catch(() => false))) missed.push(url);
    return missed;
  };
  // What the network or a busy server swallowed is asked for once more.
  event.waitUntil(all(urls).then((missed) => missed.length && new Promise((wake) => setTimeout(wake, 3_000)).then(() => all(missed))));
});

const forgetDoor = async (path) => {
  const cache = await caches.open(DOORS);
  await Promise.all([cache.delete(path), cache.delete(`${path}list.json`)]);
};

async function forgetOldDoors() {
  const cache = await caches.open(DOORS);
  for (const key of await cache.keys()) {
    const kept = await cache.match(key);
    if (!(Number(kept?.headers.get("Door-Until")) > Date.now())) await cache.delete(key);
  }
}

// The page of a door: from the network, else as it was kept. Who may no longer see it has nothing of it left.
async function door(request, path) {
  await forgetOldDoors();
  try {
    const answer = await fetch(request);
    if (answer.type === "opaqueredirect" || [403, 404, 410].includes(answer.status)) await forgetDoor(path);
    return answer;
  } catch {
    return (await caches.match(path, { cacheName: DOORS })) || (await caches.match(HALLWAY.offline)) || Response.error();
  }
}

async function asset(request) {
  const stored = await caches.match(request);
  if (stored) return stored;
  const answer = await fetch(request);
  if (answer.ok) {
    const copy = answer.clone();
    caches.open(SHELL).then((cache) => cache.put(request, copy));
  }
  return answer;
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(asset(event.request));
  else if (KEPT.test(url.pathname)) event.respondWith(page(event, url));
  else if (DOOR.test(url.pathname) && event.request.mode === "navigate") event.respondWith(door(event.request, url.pathname));
  else if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(async () => (await caches.match(HALLWAY.offline)) || Response.error()));
  }
});
