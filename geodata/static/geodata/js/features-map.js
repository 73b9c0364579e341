// The map of a page that lists features: points and areas, each with its name and its page.

import { bounds } from "./geometry.js";
import { loadOptional } from "./loader.js";
import { createMapView } from "./mapview.js";

const box = document.querySelector(".page-map");
const { dataset } = box;
// Where one point stands alone, so near is near enough.
const NEAREST = 11;

/** A page of the feature beside this one: the row that says the same leads there. */
function address({ id }) {
  return `${new URL(dataset.features, location.href).pathname}/${encodeURIComponent(id)}`;
}

function list(features) {
  const names = document.createElement("ul");
  names.className = "plain";
  for (const feature of features) {
    const link = document.createElement("a");
    link.textContent = feature.properties.name ?? feature.id;
    link.href = address(feature);
    const row = document.createElement("li");
    row.append(link);
    names.append(row);
  }
  return names;
}

/** Points in the order of the page; those on one spot stand there once, together. */
function spots(features) {
  const at = new Map();
  for (const feature of features) {
    const key = feature.geometry.coordinates.join(" ");
    at.set(key, [...(at.get(key) ?? []), feature]);
  }
  return Array.from(at, ([key, together]) => ({ key, together }));
}

function dot(count) {
  const sign = document.createElement("span");
  sign.className = "dot";
  if (count > 1) sign.textContent = count;
  return sign;
}

async function start() {
  const [base, outlines, found] = await Promise.all(
    [dataset.basemap, dataset.outlines, dataset.features].map((url) => loadOptional(url)),
  );
  const view = createMapView(box.firstElementChild, dataset);
  view.letPageScroll();
  // No place behind the buttons.
  view.setPadding({ top: 24, right: 72, bottom: 32, left: 32 });
  if (base) view.drawBase(base);
  view.goHome();
  if (outlines) view.showOutlines(outlines);
  view.addTiles();
  const single = found?.type === "Feature";
  const features = (single ? [found] : (found?.features ?? [])).filter(({ geometry }) => geometry);
  const open = (at, chosen) => (single ? null : () => view.openPopup(at, list(chosen)));
  const areas = features.filter(({ geometry }) => geometry.type !== "Point");
  view.showShapes(
    areas.map((feature) => ({
      geometry: feature.geometry,
      onSelect: single ? null : (at) => view.openPopup(at, list([feature])),
    })),
  );
  const points = features.filter(({ geometry }) => geometry.type === "Point");
  view.showPlaces(
    spots(points).map(({ key, together }) => {
      const at = together[0].geometry.coordinates;
      const names = together.map(({ id, properties }) => properties.name ?? id).join(", ");
      // What the dot shows is the beginning of its name, for whoever says it aloud.
      const label = together.length > 1 ? `${together.length}: ${names}` : names;
      return { key, at, label, element: dot(together.length), onSelect: open(at, together) };
    }),
  );
  if (features.length) {
    const boxes = features.map(({ geometry }) =>
      geometry.type === "Point"
        ? [...geometry.coordinates, ...geometry.coordinates]
        : bounds(geometry),
    );
    view.fit(
      boxes.reduce(([w, s, e, n], one) => [
        Math.min(w, one[0]),
        Math.min(s, one[1]),
        Math.max(e, one[2]),
        Math.max(n, one[3]),
      ]),
      { maxZoom: points.length ? NEAREST : undefined },
    );
  }
}

start();
