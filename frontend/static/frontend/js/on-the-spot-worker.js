// The service worker of the page on the spot: it opens without a network.
//
// It stores the page, which is the same for everyone, and its static files; nothing that belongs to
// an account. `self.site` is set by frontend/workspace/on_the_spot.py.

const { site } = self;
// Not the prefix of the public service worker, which deletes all other caches with its prefix.
const PREFIX = "on-the-spot-";
const CACHE = PREFIX + site.release;
// Milliseconds after which a slow network counts as none.
const PATIENCE = 5000;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([deleteOldCaches(), self.clients.claim()]));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === site.page) {
    event.respondWith(openPage(request));
  } else if (pathname.startsWith(site.static)) {
    event.respondWith(caches.match(request).then((saved) => saved ?? fetch(request)));
  }
});

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll(site.files);
  await savePage(cache, await fetch(site.page));
}

/** Store the page itself, not the log-in to which its address redirects nobody. */
async function savePage(cache, response) {
  if (response.status === 200 && !response.redirected) await cache.put(site.page, response.clone());
}

async function openPage(request) {
  const saved = await caches.match(site.page);
  try {
    const late = saved && new Promise((resolve) => setTimeout(resolve, PATIENCE, saved));
    const response = await Promise.race([fetch(request), late].filter(Boolean));
    if (response === saved) return saved;
    if (response.status >= 500 && saved) return saved;
    const cache = await caches.open(CACHE);
    await savePage(cache, response).catch(() => {});
    return response;
  } catch (error) {
    if (saved) return saved;
    throw error;
  }
}

async function deleteOldCaches() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(names.map((name) => caches.delete(name)));
}
