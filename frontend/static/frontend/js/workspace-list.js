// A list of records: its filters, and the map beside it with the same selection; hover and selection
// are in step both ways.

import { boundsOf } from "#geodata/js/geometry.js";
import { loadOptional } from "#geodata/js/loader.js";
import { createMapView } from "#geodata/js/mapview/view.js";

const MAX_ZOOM = 14;
const element = document.querySelector(".list-map");
const note = document.querySelector(".list-map-note");
const rows = new Map();
const markers = new Map();

for (const box of document.querySelectorAll("#result_list .action-select")) {
  rows.set(Number(box.value), box.closest("tr"));
}

/**
 * The marker of a record, reached by keyboard too. It selects the row of the record; of a record on
 * another page of the list it opens the page.
 */
function markerOf({ id, label, url, exact }) {
  const marker = document.createElement("a");
  marker.className = exact ? "list-place" : "list-place is-vague";
  marker.href = url;
  marker.title = rows.has(id) ? `${label} – ${element.dataset.choose}` : label;
  marker.setAttribute("aria-label", marker.title);
  marker.addEventListener("click", (event) => {
    const row = rows.get(id);
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    row.querySelector(".action-select").click();
    row.scrollIntoView({ block: "nearest" });
  });
  marker.addEventListener("mouseenter", () => highlight(id, true));
  marker.addEventListener("mouseleave", () => highlight(id, false));
  marker.addEventListener("focus", () => highlight(id, true));
  marker.addEventListener("blur", () => highlight(id, false));
  markers.set(id, marker);
  return marker;
}

function highlight(id, on) {
  markers.get(id)?.classList.toggle("is-hovered", on);
  rows.get(id)?.classList.toggle("is-hovered", on);
  if (on && document.activeElement === markers.get(id)) {
    rows.get(id)?.scrollIntoView({ block: "nearest" });
  }
}

function showSelection() {
  for (const [id, row] of rows) {
    const box = row.querySelector(".action-select");
    markers.get(id)?.classList.toggle("is-selected", box.checked);
  }
}

for (const [id, row] of rows) {
  row.addEventListener("mouseenter", () => highlight(id, true));
  row.addEventListener("mouseleave", () => highlight(id, false));
  row.addEventListener("focusin", () => highlight(id, true));
  row.addEventListener("focusout", () => highlight(id, false));
}
document.getElementById("result_list")?.addEventListener("change", showSelection);
document.getElementById("action-toggle")?.addEventListener("change", showSelection);

async function start() {
  const view = createMapView(element, element.dataset);
  const [base, found] = await Promise.all([
    loadOptional(element.dataset.basemap),
    loadOptional(element.dataset.places),
  ]);
  if (base) view.drawBase(base);
  view.addTiles();
  const places = found?.places ?? [];
  view.showPlaces(
    places.map((place) => ({
      key: String(place.id),
      at: [place.lng, place.lat],
      element: markerOf(place),
      label: place.label,
    })),
  );
  if (found && !found.all) note.textContent = element.dataset.tooMany;
  if (places.length) {
    const positions = places.map(({ lat, lng }) => [lng, lat]);
    view.fit(boundsOf(positions), { maxZoom: MAX_ZOOM });
  }
  showSelection();
}

const panels = document.querySelectorAll(".list-filter, .list-tool");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const panel of panels) {
    if (!panel.open) continue;
    panel.open = false;
    panel.querySelector("summary").focus();
  }
});
// The filters hang over the list.
document.addEventListener("click", ({ target }) => {
  for (const panel of document.querySelectorAll(".list-filter[open]")) {
    if (!panel.contains(target)) panel.open = false;
  }
});

if (element) start();
