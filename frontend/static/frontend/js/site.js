// The script of every public page.

import { showHearts } from "./trip-heart.js";

const saved = document.getElementById("saved");

// The server stores a page without the query of the requested address, and on the map users have
// changed the query since.
for (const link of document.querySelectorAll("a[data-keep-query]")) {
  for (const event of ["pointerdown", "focus", "click"]) {
    link.addEventListener(event, () => {
      link.search = location.search;
    });
  }
}

/** Show that the page is a saved copy, and when it was saved. */
function showSaved({ data }) {
  const date = new Date(data.savedAt);
  const twoDigits = (number) => String(number).padStart(2, "0");
  const time = `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
  const day = `${date.getDate()}/${date.getMonth() + 1}/${date.getFullYear()}`;
  saved.textContent = saved.dataset.text.replace("{time}", `${time}, ${day}`);
  saved.hidden = false;
}

/** Register the service worker, and send it the URLs of everything that this page loads. */
async function saveForOffline() {
  navigator.serviceWorker.addEventListener("message", showSaved);
  navigator.serviceWorker.startMessages();
  await navigator.serviceWorker.register(saved.dataset.worker);
  const registration = await navigator.serviceWorker.ready;
  const send = (entries) =>
    registration.active.postMessage({ seen: entries.map(({ name }) => name) });
  const sendAll = () =>
    send([{ name: location.href }, ...performance.getEntriesByType("resource")]);
  sendAll();
  new PerformanceObserver((list) => send(list.getEntries())).observe({ type: "resource" });
  // The worker of a new release has an empty cache.
  navigator.serviceWorker.addEventListener("controllerchange", sendAll);
}

showHearts();

// Only on pages with a canonical address, not on errors.
if ("serviceWorker" in navigator && document.querySelector("link[rel=canonical]")) {
  saveForOffline().catch(() => {
    // Without a service worker, the page works online.
  });
}
