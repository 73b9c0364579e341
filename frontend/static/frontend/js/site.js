// What every public page does.

const saved = document.getElementById("saved");

// Links to this page in another form were written for the address that was asked for; on the map
// people have chosen more since.
for (const link of document.querySelectorAll("a[data-keep-query]")) {
  for (const event of ["pointerdown", "focus", "click"]) {
    link.addEventListener(event, () => {
      link.search = location.search;
    });
  }
}

/** Say that the page shows what was saved then. */
function showSaved({ data }) {
  const moment = new Date(data.savedAt);
  const two = (number) => String(number).padStart(2, "0");
  const time = `${two(moment.getHours())}:${two(moment.getMinutes())}`;
  const day = `${moment.getDate()}/${moment.getMonth() + 1}/${moment.getFullYear()}`;
  saved.textContent = saved.dataset.text.replace("{time}", `${time}, ${day}`);
  saved.hidden = false;
}

/** Let the worker keep this page, with all that it has loaded and will. */
async function keepForOffline() {
  navigator.serviceWorker.addEventListener("message", showSaved);
  navigator.serviceWorker.startMessages();
  await navigator.serviceWorker.register(saved.dataset.worker);
  const registration = await navigator.serviceWorker.ready;
  const tell = (entries) =>
    registration.active.postMessage({ seen: entries.map(({ name }) => name) });
  const tellAll = () =>
    tell([{ name: location.href }, ...performance.getEntriesByType("resource")]);
  tellAll();
  new PerformanceObserver((list) => tell(list.getEntries())).observe({ type: "resource" });
  // A new release begins with nothing.
  navigator.serviceWorker.addEventListener("controllerchange", tellAll);
}

// Not on a page that is no address of its own, such as an error.
if ("serviceWorker" in navigator && document.querySelector("link[rel=canonical]")) {
  keepForOffline().catch(() => {
    // A browser that keeps nothing still shows everything.
  });
}
