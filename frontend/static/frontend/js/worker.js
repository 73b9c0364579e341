// The service worker: pages that users have opened can be read without a network.
//
// With a network, everything is requested from the server, except static files: their names change
// with their content, so a cached copy is used. `self.site` is set by frontend/offline.py.

const { site } = self;
const PREFIX = "ocopmap-";
const CACHE = PREFIX + site.release;
// Cached pages and API responses, without the shell and static files; the oldest are deleted.
const MAX_ENTRIES = 200;
// Client id → when its oldest content was saved, for pages that were read from the cache.
const savedAt = new Map();

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(site.shell)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(deleteOldCaches());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if ([...site.never, site.downloads].some((path) => pathname.startsWith(path))) return;
  event.respondWith(pathname.startsWith(site.static) ? cacheFirst(event) : networkFirst(event));
});

self.addEventListener("message", (event) => {
  const { seen = [] } = event.data;
  event.waitUntil(Promise.all(seen.map((url) => saveUrl(event, url))));
  sendSavedAt(event.source);
});

async function deleteOldCaches() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(names.map((name) => caches.delete(name)));
}

async function cacheFirst(event) {
  const { request } = event;
  return (await caches.match(request)) ?? save(event, request, await fetch(request));
}

async function networkFirst(event) {
  const { request } = event;
  try {
    return save(event, request, await fetch(request));
  } catch (error) {
    const saved = await caches.match(cacheKey(request));
    if (saved) {
      recordSavedAt(event.resultingClientId || event.clientId, saved);
      return saved;
    }
    if (request.mode !== "navigate") throw error;
    const { pathname } = new URL(request.url);
    const [, page] = site.offline.find(([prefix]) => pathname.startsWith(prefix));
    return caches.match(page);
  }
}

/**
 * Save a copy of a successful public response in the background, and return the response. API
 * responses are saved if a page requests them, not if a user opens them.
 */
function save(event, request, response) {
  const { pathname } = new URL(request.url);
  const isPublic = !/no-store|private/.test(response.headers.get("Cache-Control") ?? "");
  const isDocument = request.mode === "navigate" && pathname.startsWith(site.api);
  if (response.status === 200 && !response.redirected && isPublic && !isDocument) {
    // It fails where there is no storage left.
    event.waitUntil(put(cacheKey(request), response.clone()).catch(() => {}));
  }
  return response;
}

async function put(key, response) {
  const cache = await caches.open(CACHE);
  await cache.put(key, response);
  await deleteOldest(cache);
}

/**
 * Return the URL under which a response is cached. The query of a page is ignored, as the server
 * returns the same page, except for the pages in `site.pagesWithQuery`.
 */
function cacheKey(request) {
  const url = new URL(request.url);
  const isPage = request.mode === "navigate" || !url.pathname.startsWith(site.api);
  if (isPage && !site.pagesWithQuery.includes(url.pathname)) url.search = "";
  // The fragment is not part of the request; that of a trip lists its stops.
  url.hash = "";
  return url.href;
}

async function deleteOldest(cache) {
  const entries = (await cache.keys()).filter(
    ({ url }) => !new URL(url).pathname.startsWith(site.static),
  );
  const oldest = entries.slice(0, Math.max(0, entries.length - MAX_ENTRIES));
  await Promise.all(oldest.map((request) => cache.delete(request)));
}

/** Save what a page had loaded before this worker handled its requests. */
async function saveUrl(event, url) {
  const { origin, pathname } = new URL(url);
  if (origin !== location.origin || pathname.startsWith(site.downloads)) return;
  const request = new Request(url);
  if (await caches.match(cacheKey(request))) return;
  await fetch(request).then(
    (response) => save(event, request, response),
    () => {},
  );
}

/** Record the age of the content of a client's page, and send it to the page. */
async function recordSavedAt(id, saved) {
  const date = Date.parse(saved.headers.get("Date"));
  savedAt.set(id, Math.min(date, savedAt.get(id) ?? date));
  sendSavedAt(await self.clients.get(id));
}

function sendSavedAt(client) {
  if (client && savedAt.has(client.id)) client.postMessage({ savedAt: savedAt.get(client.id) });
}
