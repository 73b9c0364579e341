// The popups of features of a layer of points, and of named places.

import { pagePath } from "./product-views.js";

/**
 * Return the popup: the name, which is a link if the feature has a page, and the properties that have
 * a value. fields: [name, title, {code: title}] of each property.
 */
export function pointPopup(template, properties, fields) {
  const root = template.content.firstElementChild.cloneNode(true);
  const link = root.querySelector("[data-field=name]");
  link.textContent = properties.name;
  if (properties.url) link.href = pagePath(properties);
  root
    .querySelector("dl")
    .append(
      ...popupRows(properties, fields).flatMap(([title, value]) => [
        Object.assign(document.createElement("dt"), { textContent: title }),
        Object.assign(document.createElement("dd"), { textContent: value }),
      ]),
    );
  return root;
}

/** Return the popup of a named place; see entriesOf(). */
export function placePopup(template, { label, kind, source }) {
  const root = template.content.firstElementChild.cloneNode(true);
  const field = (name) => root.querySelector(`[data-field=${name}]`);
  field("name").textContent = label;
  field("kind").textContent = kind;
  field("source").textContent = source.title;
  if (source.url) field("source").href = source.url;
  return root;
}

/** Return [title, text] of the properties that have a value; codes as their titles. */
export function popupRows(properties, fields) {
  return fields
    .filter(([name]) => (properties[name] ?? "") !== "")
    .map(([name, title, codes]) => [title, String(codes[properties[name]] ?? properties[name])]);
}

/** Return the features with a point, in a list for each position: those of a commune share one. */
export function spotsOf(features) {
  const spots = new Map();
  for (const feature of features.filter(({ geometry }) => geometry)) {
    const key = feature.geometry.coordinates.join();
    spots.set(key, [...(spots.get(key) ?? []), feature]);
  }
  return [...spots.values()];
}
