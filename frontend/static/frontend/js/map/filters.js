// Which products match a state, and how many products each option of a filter would show.

import { covers } from "#geodata/js/geometry.js";
import { prominence } from "./prominence.js";
import { search, searched } from "./search.js";
import { choices, LISTS, withoutChoice } from "./state.js";

/** The value for products whose source does not state the property. */
export const NOT_STATED = "chua-ro";
/** The value of the filter `right` for all products that a source describes as protected. */
export const ANY_RIGHT = "co";

/** The filters whose options show a count. */
export const FILTERS = [...LISTS, "right", "producer"];

/**
 * Return the kinds of the registered rights by name, from the index of the page (map_page.py).
 * The API lists the rights of a product by name, and a certification mark and a
 * geographical indication may have the same name.
 */
export function kindsByName(rights) {
  const kinds = new Map();
  for (const [, name, kind, , unregisteredStage] of rights) {
    if (!unregisteredStage) kinds.set(name, [...(kinds.get(name) ?? []), kind]);
  }
  return kinds;
}

/**
 * Return a product of the API with what searching and filtering need: the properties of searched(),
 * `values`, the values of each filter that it matches, and its `prominence`.
 * kinds: see kindsByName(). types: the types of products in the index of the page (map_page.py),
 * {code: [name, words]}.
 */
export function prepare(feature, kinds = new Map(), types = {}) {
  const { name, name_en, producer, commune, old_commune, district, ...rest } = feature.properties;
  const words = (codes) =>
    codes
      ?.split("; ")
      .map((code) => types[code]?.[1] ?? "")
      .join(" ");
  const rights = rest.protections?.split("; ") ?? [];
  const place = [commune, old_commune, district].filter(Boolean).join(" ");
  return {
    ...feature,
    prominence: prominence(feature),
    // The same lines in the same order as in the database; see Product in products/ocop.
    ...searched([
      name,
      name_en,
      words(rest.type),
      words(rest.made_from),
      rest.protections,
      producer,
      place,
    ]),
    values: {
      district: [rest.district_code ?? NOT_STATED],
      commune: [rest.commune_code ?? NOT_STATED],
      oldCommune: [rest.old_commune_code ?? NOT_STATED],
      category: [rest.category_code ?? NOT_STATED],
      sector: [rest.sector ?? NOT_STATED],
      season: [rest.season],
      certificate: rest.certificates?.split("; ") ?? [],
      // Null unless the rating is in force.
      stars: rest.stars ? [String(rest.stars)] : [],
      status: [rest.ocop_status],
      rightKind: unique(rights.flatMap((right) => kinds.get(right) ?? [])),
      right: rights.length > 0 ? [ANY_RIGHT] : [],
      producer: rest.producer_id ? [rest.producer_id] : [],
    },
  };
}

/** Add the rights whose areas contain the product to its `values`. areas: {id, kind, geometry, box}. */
export function addContainingRights(product, areas) {
  if (!product.geometry) return;
  const [x, y] = product.geometry.coordinates;
  for (const { id, kind, geometry, box } of areas) {
    if (x < box[0] || y < box[1] || x > box[2] || y > box[3] || !covers(geometry, [x, y])) continue;
    product.values.right.push(id);
    product.values.rightKind = unique([...product.values.rightKind, kind]);
  }
}

/** Whether the state filters by the areas of rights. */
export function needsAreas({ right, rightKind }) {
  return (right !== "" && right !== ANY_RIGHT) || rightKind.length > 0;
}

/**
 * Return {matching, counts}: the products that match the state, and for each filter how many
 * products each value would show together with the other filters: {district: {586: 3}, …}.
 * One pass: a product that fails one filter only counts for the values of that filter.
 */
export function applyFilters(products, state) {
  const active = activeFilters(state);
  const counts = Object.fromEntries(FILTERS.map((key) => [key, {}]));
  const count = (key, product) => {
    for (const value of product.values[key]) counts[key][value] = (counts[key][value] ?? 0) + 1;
  };
  const matching = [];
  for (const product of search(products, state.query)) {
    const failed = active.filter(([key, values]) => !matches(product, key, values));
    if (failed.length === 0) {
      matching.push(product);
      for (const key of FILTERS) count(key, product);
    } else if (failed.length === 1) count(failed[0][0], product);
  }
  return { matching, counts };
}

/** Return the choices [key, value] without which the state would match at least one product. */
export function blockingChoices(products, state) {
  return choices(state).filter(([key, value]) => {
    const reduced = withoutChoice(state, key, value);
    const active = activeFilters(reduced);
    return search(products, reduced.query).some((product) =>
      active.every(([name, values]) => matches(product, name, values)),
    );
  });
}

/** The filters that have values: [[key, values], …]. */
function activeFilters(state) {
  return FILTERS.map((key) => [key, [state[key]].flat()]).filter(
    ([, values]) => values.length > 0 && values[0] !== "",
  );
}

function matches({ values }, key, wanted) {
  return values[key].some((value) => wanted.includes(value));
}

function unique(values) {
  return [...new Set(values)];
}
