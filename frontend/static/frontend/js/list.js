// Products as people read them: in the list, one alone, and several on one spot.

import { sign } from "./signs.js";
import { distanceWords, fill, placeWords, ratingWords, starsWords } from "./words.js";

/** The path of the product's page; the API gives the Vietnamese address of the public site. */
export function pageOf({ url }) {
  const { lang } = document.documentElement;
  return (lang === "vi" ? "" : `/${lang}`) + new URL(url, location).pathname;
}

/**
 * A list item from its template.
 * onOpen and onShow are called for the product itself and for "show on the map"; metres: how far
 * it is from where people are, if they want to know.
 */
export function listItem(template, product, texts, { onOpen, onShow, metres }) {
  const { fields, root } = filled(template, product, texts);
  const located = Boolean(product.geometry);
  root.dataset.code = product.id;
  fields["no-point"].hidden = located;
  fields.show.hidden = !located;
  fields.show.title = fill(texts.show_on_map, product.properties);
  fields.show.setAttribute("aria-label", fields.show.title);
  fields.show.addEventListener("click", () => onShow(product));
  fields.distance.textContent = distanceWords(product, metres, texts);
  onPlainClick(fields.link, () => onOpen(product));
  return root;
}

/** All that is known of one product without asking the server again. */
export function productView(template, product, texts, { onShow, metres, sector, producerPage }) {
  const { fields, root } = filled(template, product, texts);
  const { properties } = product;
  const { commune, old_commune, district, position } = properties;
  show(fields["name-en"], properties.name_en);
  const link = document.createElement("a");
  Object.assign(link, { href: producerPage, textContent: properties.producer, lang: "vi" });
  fields.producer.hidden = false;
  fields.producer.replaceChildren(properties.producer ? link : texts.not_stated);
  row(fields.now, commune);
  row(fields.then, [old_commune, district].filter(Boolean).join(", "));
  row(fields.decision, properties.decision);
  row(fields.sector, sector);
  fields.position.textContent = position ? texts[`position_${position}`] : texts.no_point;
  fields.distance.textContent = distanceWords(product, metres, texts);
  fields.show.hidden = !product.geometry;
  fields.show.addEventListener("click", () => onShow(product));
  return root;
}

/** Several products on one spot; items: of the list. */
export function spotView(template, products, items, texts) {
  const root = template.content.cloneNode(true).firstElementChild;
  const places = new Set(products.map(({ properties: p }) => p.commune ?? p.old_commune));
  const [place] = places;
  const text = places.size === 1 && place ? texts.same_spot : texts.same_spot_anywhere;
  const title = fill(text, { count: products.length, place: "{place}" });
  root.querySelector("[data-field=title]").replaceChildren(...around(title, "place", place));
  const byCommune = products.every(({ properties }) => properties.position === "commune");
  root.querySelector("[data-field=by-commune]").hidden = !byCommune;
  root.querySelector("ol").append(...items);
  return root;
}

/** Call instead of following the link, unless people ask for a tab or window of its own. */
function onPlainClick(link, action) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    action();
  });
}

/** What list item and product view have in common. */
function filled(template, { properties }, texts) {
  const root = template.content.cloneNode(true).firstElementChild;
  const fields = {};
  for (const field of root.querySelectorAll("[data-field]")) fields[field.dataset.field] = field;
  fields.link.href = pageOf(properties);
  fields.sign.replaceChildren(sign(properties.category_code));
  fields.name.textContent = properties.name;
  if (fields.place) placed(fields.place, placeWords(properties, texts), texts);
  show(fields.producer, properties.producer);
  show(fields.protections, properties.protections);
  if (properties.protections) {
    fields.protections.replaceChildren(...around(texts.protected, "names", properties.protections));
  }
  const stars = starsWords(properties, texts);
  fields.stars.hidden = stars === "";
  fields["stars-text"].textContent = stars;
  fields.rating.classList.toggle("rating-past", stars === "");
  fields["rating-words"].textContent = ratingWords(properties, texts);
  return { fields, root };
}

/** A sentence whose {name} is Vietnamese content, marked for voices to read it as it is written. */
function around(text, name, content) {
  const [before, after] = text.split(`{${name}}`);
  if (after === undefined) return [text];
  const span = document.createElement("span");
  return [before, Object.assign(span, { lang: "vi", textContent: content }), after];
}

/** Names of places are Vietnamese whatever the page is; that none is known is not. */
function placed(field, text, { no_place }) {
  field.textContent = text;
  if (text !== no_place) field.lang = "vi";
}

function show(field, text) {
  field.hidden = !text;
  field.textContent = text ?? "";
}

/** A fact with its heading; neither where nothing is known. */
function row(field, text) {
  show(field, text);
  field.previousElementSibling.hidden = !text;
}
