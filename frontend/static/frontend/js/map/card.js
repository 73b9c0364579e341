// What a card of the list shows of a product; the same as templates/frontend/product_item.html.

import { pictogramOf } from "../symbols.js";
import { cardPlace, distanceLabel, starsLabel, termLabel } from "./product-labels.js";

/**
 * Fill in the fields of a card: its elements by name; fields without content are removed: of a
 * hundred cards the browser has fewer elements. texts.types, texts.photos, texts.illustrations: of the
 * index of the page (views/map.py); metres: the distance of the product, or undefined.
 */
export function fillCard(fields, product, texts, metres) {
  const { properties } = product;
  fields.picture.replaceChildren(picture(product, texts));
  setText(fields.type, texts.language === "vi" ? "" : capitalized(texts.types?.[properties.type]));
  writeStars(fields.stars, properties, texts);
  const { text, name } = cardPlace(properties, texts);
  fields.place.replaceChildren(...sentence(text, "name", name));
  setText(fields.distance, distanceLabel(product, metres, texts));
  setText(fields.term, termLabel(properties, texts));
  fields.status.textContent = texts[`status_${properties.ocop_status}`];
  fields.status.classList.add(`pill-${properties.ocop_status}`);
  for (const field of Object.values(fields)) if (field.hidden) field.remove();
}

/** Write the stars as symbols, and as text for screen readers; hidden unless a rating is in force. */
export function writeStars(field, properties, texts) {
  const [row, text] = field.children;
  field.hidden = properties.stars === null;
  row.textContent = "★".repeat(properties.stars ?? 0);
  text.textContent = starsLabel(properties, texts);
}

/** Return the nodes of a sentence whose {name} is Vietnamese; screen readers need its language. */
export function sentence(text, name, content) {
  const [before, after] = text.split(`{${name}}`);
  if (after === undefined) return [text];
  const span = document.createElement("span");
  return [before, Object.assign(span, { lang: "vi", textContent: content }), after];
}

/** Set the text of an element; without a text it is hidden. */
export function setText(field, text) {
  field.hidden = !text;
  field.textContent = text ?? "";
}

/** The photo of a product, else the illustration of its type; beside its name, so without a text. */
export function picture({ id, properties }, { photos = {}, illustrations = {}, types }) {
  const image = document.createElement("img");
  const src = photos[id] ?? illustrations[pictogramOf(properties, types)];
  // Lazy before it has an address.
  return Object.assign(image, { loading: "lazy", alt: "", width: 320, height: 240, src });
}

function capitalized([name] = [""]) {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
