// The map of a page that lists features: points and areas, each with a link to its page.

import { bounds } from "./geometry.js";
import { loadOptional } from "./loader.js";
import { createMapView } from "./mapview/view.js";

const box = document.querySelector(".page-map");
const { dataset } = box;
// The closest zoom at which the map opens.
const MAX_ZOOM = 11;

/** Return the page of a feature below the page of the list. */
function pagePath({ id }) {
  return `${new URL(dataset.features, location.href).pathname}/${encodeURIComponent(id)}`;
}

/** Return a list of links to features. */
function linkList(features) {
  const list = document.createElement("ul");
  list.className = "plain";
  for (const feature of features) {
    const link = document.createElement("a");
    link.textContent = feature.properties.name ?? feature.id;
    link.href = pagePath(feature);
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  return list;
}

/** Group points by position, in the order of the page: [{key, group}]. */
function groupByPosition(features) {
  const groups = new Map();
  for (const feature of features) {
    const key = feature.geometry.coordinates.join(" ");
    groups.set(key, [...(groups.get(key) ?? []), feature]);
  }
  return Array.from(groups, ([key, group]) => ({ key, group }));
}

function dot(count) {
  const element = document.createElement("span");
  element.className = "dot";
  if (count > 1) element.textContent = count;
  return element;
}

async function start() {
  const [base, outlines, response] = await Promise.all(
    [dataset.basemap, dataset.outlines, dataset.features].map((url) => loadOptional(url)),
  );
  const view = createMapView(box.firstElementChild, dataset);
  view.letPageScroll();
  // The buttons cover no place.
  view.setPadding({ top: 24, right: 72, bottom: 32, left: 32 });
  if (base) view.drawBase(base);
  view.goHome();
  if (outlines) view.showOutlines(outlines);
  view.addTiles();
  const isSingle = response?.type === "Feature";
  const features = (isSingle ? [response] : (response?.features ?? [])).filter(
    ({ geometry }) => geometry,
  );
  const areas = features.filter(({ geometry }) => geometry.type !== "Point");
  view.showShapes(
    areas.map((feature) => ({
      geometry: feature.geometry,
      onSelect: isSingle ? null : (at) => view.openPopup(at, linkList([feature])),
    })),
  );
  const points = features.filter(({ geometry }) => geometry.type === "Point");
  view.showPlaces(
    groupByPosition(points).map(({ key, group }) => {
      const at = group[0].geometry.coordinates;
      const names = group.map(({ id, properties }) => properties.name ?? id).join(", ");
      // The accessible name begins with the visible number (WCAG 2.5.3, label in name).
      const label = group.length > 1 ? `${group.length}: ${names}` : names;
      const onSelect = isSingle ? null : () => view.openPopup(at, linkList(group));
      return { key, at, label, element: dot(group.length), onSelect };
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
      { maxZoom: points.length ? MAX_ZOOM : undefined },
    );
  }
}

start();
