// The service worker: what people have seen stays readable without a network.
//
// With a network everything comes from the server; only static files, whose names change with their
// content, are taken from here first. `self.site` is what frontend/offline.py says.

const { site } = self;
const PREFIX = "ocopmap-";
const CACHE = PREFIX + site.release;
// Pages and answers beside the shell and the static files; the oldest make room.
const MOST = 200;
// Page (client) → when what it shows was saved, for pages that were read from here.
const savedAt = new Map();

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(site.shell)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOlder());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if ([...site.never, site.downloads].some((path) => pathname.startsWith(path))) return;
  event.respondWith(pathname.startsWith(site.static) ? savedFirst(event) : networkFirst(event));
});

self.addEventListener("message", (event) => {
  const { seen = [] } = event.data;
  event.waitUntil(Promise.all(seen.map((url) => keep(event, url))));
  tell(event.source);
});

async function forgetOlder() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(names.map((name) => caches.delete(name)));
}

async function savedFirst(event) {
  const { request } = event;
  return (await caches.match(request)) ?? save(event, request, await fetch(request));
}

async function networkFirst(event) {
  const { request } = event;
  try {
    return save(event, request, await fetch(request));
  } catch (error) {
    const saved = await caches.match(keyOf(request));
    if (saved) {
      note(event.resultingClientId || event.clientId, saved);
      return saved;
    }
    if (request.mode !== "navigate") throw error;
    const { pathname } = new URL(request.url);
    const [, page] = site.offline.find(([prefix]) => pathname.startsWith(prefix));
    return caches.match(page);
  }
}

/**
 * Keep a copy of a good answer, and pass it on: at once, and also where there is no room for the
 * copy. Of the API only what pages ask for.
 */
function save(event, request, response) {
  const { pathname } = new URL(request.url);
  const isPublic = !/no-store|private/.test(response.headers.get("Cache-Control") ?? "");
  const isDocument = request.mode === "navigate" && pathname.startsWith(site.api);
  if (response.status === 200 && !response.redirected && isPublic && !isDocument) {
    event.waitUntil(put(keyOf(request), response.clone()).catch(() => {}));
  }
  return response;
}

async function put(key, response) {
  const cache = await caches.open(CACHE);
  await cache.put(key, response);
  await makeRoom(cache);
}

/**
 * A page is one, whatever is chosen on it or whoever led there: the server's answer is the same.
 * Not where the server itself answers to what was asked.
 */
function keyOf(request) {
  const url = new URL(request.url);
  const isPage = request.mode === "navigate" || !url.pathname.startsWith(site.api);
  if (isPage && !site.asked.includes(url.pathname)) url.search = "";
  return url.href;
}

async function makeRoom(cache) {
  const more = (await cache.keys()).filter(
    ({ url }) => !new URL(url).pathname.startsWith(site.static),
  );
  const old = more.slice(0, Math.max(0, more.length - MOST));
  await Promise.all(old.map((request) => cache.delete(request)));
}

/** What a page had loaded before this worker stood between it and the network. */
async function keep(event, url) {
  const { origin, pathname } = new URL(url);
  if (origin !== location.origin || pathname.startsWith(site.downloads)) return;
  const request = new Request(url);
  if (await caches.match(keyOf(request))) return;
  await fetch(request).then(
    (response) => save(event, request, response),
    () => {},
  );
}

/** Remember how old is what that page shows, and tell it. */
async function note(id, saved) {
  const date = Date.parse(saved.headers.get("Date"));
  savedAt.set(id, Math.min(date, savedAt.get(id) ?? date));
  tell(await self.clients.get(id));
}

function tell(client) {
  if (client && savedAt.has(client.id)) client.postMessage({ savedAt: savedAt.get(client.id) });
}
