// Which products a state lets through, and how many each further choice would.

import { fold } from "../../geodata/js/fold.js";
import { covers } from "../../geodata/js/geometry.js";

/** The value of products of which the source does not say it. */
export const UNCLEAR = "chua-ro";
/** The choice of all products that a source says are protected. */
export const ANY_PROTECTION = "co";

const VALUE = {
  huyen: ({ district_code }) => district_code ?? UNCLEAR,
  nhom: ({ category_code }) => category_code ?? UNCLEAR,
  // Stars of a rating that no longer holds are none.
  sao: ({ stars }) => String(stars ?? ""),
  "trang-thai": ({ ocop_status }) => ocop_status,
};

/** The folded text in which words are looked for. */
export function searchText({ name, name_en, producer, commune, old_commune, district }) {
  const parts = [name, name_en, producer, commune, old_commune, district];
  return fold(parts.filter(Boolean).join(" "));
}

/**
 * A predicate for products {properties, geometry, text}.
 * areas: geometry by the id of a right; a right whose area is unknown lets nothing through.
 */
export function matcher(state, areas) {
  const words = fold(state.q).split(" ");
  // "!!!" folds to nothing, which every text contains; nobody means that.
  const impossible = state.q !== "" && words[0] === "";
  const isProtected = protection(state["bao-ho"], areas);
  const lists = Object.keys(VALUE).filter((name) => state[name].length > 0);
  return (product) =>
    !impossible &&
    words.every((word) => product.text.includes(word)) &&
    lists.every((name) => state[name].includes(VALUE[name](product.properties))) &&
    isProtected(product);
}

/** For each filter, how many products each of its values would show beside the other filters. */
export function countOptions(products, state, areas) {
  const counts = {};
  for (const [name, value] of Object.entries(VALUE)) {
    counts[name] = {};
    for (const { properties } of products.filter(matcher({ ...state, [name]: [] }, areas))) {
      const key = value(properties);
      counts[name][key] = (counts[name][key] ?? 0) + 1;
    }
  }
  const others = products.filter(matcher({ ...state, "bao-ho": "" }, areas));
  counts["bao-ho"] = {};
  for (const choice of [ANY_PROTECTION, ...areas.keys()]) {
    counts["bao-ho"][choice] = others.filter(protection(choice, areas)).length;
  }
  return counts;
}

/** The choices without which there would be something to show. */
export function whatToLoosen(products, state, areas, choices, without) {
  return choices.filter(([name, value]) =>
    products.some(matcher(without(state, name, value), areas)),
  );
}

function protection(choice, areas) {
  if (choice === "") return () => true;
  if (choice === ANY_PROTECTION) return ({ properties }) => Boolean(properties.protections);
  const area = areas.get(choice);
  return ({ geometry }) => Boolean(area && geometry && covers(area, geometry.coordinates));
}
