// Elements that show products: an item of the list, one product, several at one spot. Each is made
// from a <template> of the page.

import { groupSymbol } from "../symbols.js";
import { stopKey } from "../trip/fragment.js";
import { fillCard, picture, sentence, setText, writeStars } from "./card.js";
import {
  distanceLabel,
  fillIn,
  nameMark,
  ratingLabel,
  unitLabel,
  unitsLabel,
} from "./product-labels.js";
import { isPlain } from "./served-list.js";

/** Return the path of a record's page in the language of this page; the API has the Vietnamese one. */
export function pagePath({ url }) {
  const { lang } = document.documentElement;
  return (lang === "vi" ? "" : `/${lang}`) + new URL(url, location).pathname;
}

/**
 * Return an item of the list. onOpen, onShowOnMap: called with the product; metres: its distance,
 * undefined without the position of the user.
 */
export function createItem(template, product, texts, { onOpen, onShowOnMap, metres }) {
  const { fields, root } = fromTemplate(template, product, texts);
  root.dataset.code = product.id;
  fields.show.hidden = !product.geometry;
  fields.show.title = fillIn(texts.show_on_map, product.properties);
  fields.show.setAttribute("aria-label", fields.show.title);
  fields.show.addEventListener("click", () => onShowOnMap(product));
  onPlainClick(fields.link, () => onOpen(product));
  fillCard(fields, product, texts, metres);
  return root;
}

/**
 * Return the view of one product with all properties of the API. sector: its name; producerPage: the
 * address of the producer's page.
 */
export function createProductView(template, product, texts, options) {
  const { onShowOnMap, metres, sector, producerPage } = options;
  const { fields, root } = fromTemplate(template, product, texts);
  const { name_en, original_name, producer, commune, old_commune, district, decision, position } =
    product.properties;
  fields.sign.replaceChildren(groupSymbol(product.properties.category_code));
  setText(fields["name-en"], name_en);
  const original = original_name && fillIn(texts.original_name, { name: original_name });
  setText(fields["original-name"], original);
  fields.picture.replaceChildren(picture(product, texts));
  fields.caption.hidden = Boolean(texts.photos?.[product.id]);
  writeStars(fields.stars, product.properties, texts);
  fields["rating-words"].textContent = ratingLabel(product.properties, texts);
  const link = document.createElement("a");
  Object.assign(link, { href: producerPage, textContent: producer, lang: "vi" });
  fields.producer.hidden = false;
  fields.producer.replaceChildren(producer ? link : texts.not_stated);
  setFact(fields.now, commune && unitsLabel([commune, texts.province], texts));
  setFact(fields.then, unitsLabel([old_commune, district], texts));
  setFact(fields.decision, decision);
  setFact(fields.sector, sector);
  fields.position.textContent = position ? texts[`position_${position}`] : texts.no_point;
  fields.distance.textContent = distanceLabel(product, metres, texts);
  fields.show.hidden = !product.geometry;
  fields.show.addEventListener("click", () => onShowOnMap(product));
  return root;
}

/** Return the view of several products at one spot; items: of the list. */
export function createSpotView(template, products, items, texts) {
  const root = template.content.cloneNode(true).firstElementChild;
  const isLocated = products.some(({ geometry }) => geometry);
  const unit = (p) => (isLocated ? (p.commune ?? p.old_commune) : p.district);
  const places = new Set(products.map(({ properties }) => unit(properties)));
  const [place] = places;
  const anywhere = isLocated ? texts.same_spot_anywhere : texts.unplaced;
  const text = places.size === 1 && place ? texts.same_spot : anywhere;
  const title = fillIn(text, { count: products.length, place: "{place}" });
  root
    .querySelector("[data-field=title]")
    .replaceChildren(...sentence(title, "place", place && unitLabel(place, texts)));
  const isCommunePoint = products.every(({ properties }) => properties.position === "commune");
  root.querySelector("[data-field=by-commune]").hidden = !isCommunePoint;
  root.querySelector("[data-field=by-district]").hidden = isLocated || !place;
  root.querySelector("ol").append(...items);
  return root;
}

/** Call the action instead of following the link, unless users request a new tab or window. */
function onPlainClick(link, action) {
  link.addEventListener("click", (event) => {
    if (!isPlain(event)) return;
    event.preventDefault();
    action();
  });
}

/** Return {fields, root} with the properties that list item and product view have in common. */
function fromTemplate(template, { id, properties }, texts) {
  const root = template.content.cloneNode(true).firstElementChild;
  const fields = {};
  for (const field of root.querySelectorAll("[data-field]")) fields[field.dataset.field] = field;
  fields.link.href = pagePath(properties);
  fields.name.textContent = properties.name;
  fields.heart?.setAttribute("item", stopKey("products", id));
  fields.heart?.setAttribute("label", properties.name);
  setText(fields["name-mark"], nameMark(properties, texts));
  setText(fields.producer, properties.producer);
  setText(fields.protections, properties.protections);
  if (properties.protections) {
    const children = sentence(texts.protected, "names", properties.protections);
    fields.protections.replaceChildren(...children);
  }
  return { fields, root };
}

/** Set a fact of a list with headings; without a text the heading is hidden too. */
function setFact(field, text) {
  setText(field, text);
  field.previousElementSibling.hidden = !text;
}
