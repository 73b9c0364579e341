// What the layers of the map contain at one position.

import { covers } from "#geodata/js/geometry.js";
import { fillIn, unitLabel } from "./product-labels.js";
import { pagePath } from "./product-views.js";

/** Return the features whose area covers the position. */
export function featuresAt(features, at) {
  return features.filter(({ geometry }) => geometry && covers(geometry, at));
}

/** Return "Xã Vĩnh Hậu: 3 sản phẩm khớp, trong đó 1 …"; counts: see countByUnit(). */
export function unitCountLabel({ properties }, counts, texts) {
  const { count, unlocated } = counts.get(properties.code) ?? { count: 0, unlocated: 0 };
  const sentence = { 0: texts.unit_none, 1: texts.unit_one }[count] ?? texts.unit_some;
  const text = fillIn(sentence, { name: unitName(properties, texts), count });
  return unlocated ? fillIn(texts.unlocated, { text, count: unlocated }) : text;
}

/** Return a paragraph with the number of products of a unit; undefined: no unit. */
export function unitParagraph(unit, counts, texts) {
  const paragraph = document.createElement("p");
  paragraph.className = "here-unit";
  paragraph.textContent = unit ? unitCountLabel(unit, counts, texts) : texts.no_unit_here;
  return paragraph;
}

/** Return a section with the rights whose areas cover the position. */
export function rightsSection(template, rights, at, texts) {
  const root = template.content.cloneNode(true).firstElementChild;
  const field = (name) => root.querySelector(`[data-field="${name}"]`);
  const found = featuresAt(rights, at);
  field("none").hidden = found.length > 0;
  field("meaning").hidden = found.length === 0;
  const withoutArea = rights.filter(({ geometry }) => !geometry).length;
  field("without-area").hidden = withoutArea === 0;
  field("without-area").textContent = fillIn(texts.without_area, { count: withoutArea });
  root.querySelector("ul").append(...found.map((right) => rightItem(right, texts)));
  return root;
}

function rightItem({ properties }, texts) {
  const link = document.createElement("a");
  const href = pagePath(properties);
  Object.assign(link, { href, textContent: properties.name, lang: "vi" });
  const [kind, status] = [texts.kinds[properties.kind], texts.statuses[properties.status]];
  const details = document.createElement("small");
  details.textContent = `${kind}, ${status}`;
  const item = document.createElement("li");
  item.append(link, details);
  return item;
}

/** Return "Xã Vĩnh Hậu", on an English page "Vĩnh Hậu commune". */
function unitName({ name, kind }, texts) {
  const full = unitLabel(`${kind} ${name}`, texts);
  return full[0].toUpperCase() + full.slice(1);
}
