// Products as people read them: in the list, in a popup, and several on one spot.

import { sign } from "./signs.js";
import { fill, placeWords, ratingWords, starsWords } from "./words.js";

/** The path of the product's page; the API gives the Vietnamese address of the public site. */
export function pageOf({ url }) {
  const { lang } = document.documentElement;
  return (lang === "vi" ? "" : `/${lang}`) + new URL(url, location).pathname;
}

/** A list item from its template; onShow is called for "show on the map". */
export function listItem(template, product, texts, onShow) {
  const { fields, root } = filled(template, product, texts);
  const located = Boolean(product.geometry);
  fields["no-point"].hidden = located;
  fields.show.hidden = !located;
  fields.show.ariaLabel = fields.show.title = fill(texts.show_on_map, product.properties);
  fields.show.addEventListener("click", () => onShow(product));
  return root;
}

/** The content of a product's popup. */
export function card(template, product, texts) {
  const { fields, root } = filled(template, product, texts);
  const byCommune = product.properties.position === "commune";
  fields.exactness.textContent = byCommune ? ` (${texts.place_by_commune})` : "";
  return root;
}

/** The content of the popup for several products on one spot. */
export function spotList(template, products, texts) {
  const root = template.content.cloneNode(true).firstElementChild;
  const places = new Set(products.map(({ properties: p }) => p.commune ?? p.old_commune));
  const [place] = places;
  const text = places.size === 1 && place ? texts.same_spot : texts.same_spot_anywhere;
  root.querySelector("[data-field=title]").textContent = fill(text, {
    count: products.length,
    place,
  });
  for (const { properties } of products) {
    const link = document.createElement("a");
    link.href = pageOf(properties);
    link.append(sign(properties.category_code), ` ${properties.name}`);
    const rating = document.createElement("small");
    const stars = starsWords(properties, texts);
    rating.textContent = [stars, ratingWords(properties, texts)].filter(Boolean).join(" · ");
    const item = document.createElement("li");
    item.append(link, rating);
    root.querySelector("ul").append(item);
  }
  return root;
}

/** What list item and popup have in common. */
function filled(template, { properties }, texts) {
  const root = template.content.cloneNode(true).firstElementChild;
  const fields = {};
  for (const field of root.querySelectorAll("[data-field]")) fields[field.dataset.field] = field;
  fields.link.href = pageOf(properties);
  fields.sign.replaceChildren(sign(properties.category_code));
  fields.name.textContent = properties.name;
  fields.place.textContent = placeWords(properties, texts);
  show(fields.producer, properties.producer);
  show(
    fields.protections,
    properties.protections && fill(texts.protected, { names: properties.protections }),
  );
  const stars = starsWords(properties, texts);
  fields.stars.hidden = stars === "";
  fields["stars-text"].textContent = stars;
  fields.rating.classList.toggle("rating-past", stars === "");
  fields["rating-words"].textContent = ratingWords(properties, texts);
  return { fields, root };
}

function show(field, text) {
  field.hidden = !text;
  field.textContent = text ?? "";
}
