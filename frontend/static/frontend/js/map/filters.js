// Which products match a state, and how many products each option of a filter would show.

import { prominence } from "./prominence.js";
import { search, searched } from "./search.js";
import { choices, LISTS, withoutChoice } from "./state.js";

/** The value for products whose source does not state the property. */
const NOT_STATED = "chua-ro";
/** The value of the filter `right` for all products that a source describes as protected. */
export const ANY_RIGHT = "co";
/** The value of the filter `right` for all products of a type among the goods of a right. */
export const ANY_GOODS_RIGHT = "loai-hang";

/** The filters whose options show a count. */
export const FILTERS = [...LISTS, "right", "producer"];

/**
 * Return the registered rights {code, kind} by code and by name, from the index of the page
 * (map_page.py): code or name → list. The API lists the rights that cover a product by name, and a
 * certification mark and a geographical indication may have the same name.
 */
export function registeredRights(rows) {
  const rights = new Map();
  for (const [code, name, kind, , unregisteredStage] of rows) {
    if (unregisteredStage) continue;
    rights.set(code, [{ code, kind }]);
    rights.set(name, [...(rights.get(name) ?? []), { code, kind }]);
  }
  return rights;
}

/**
 * Return a product of the API with what searching and filtering need: the properties of searched(),
 * `values`, the values of each filter that it matches, and its `prominence`.
 * rights: see registeredRights(). types: the types of products in the index of the page (map_page.py),
 * {code: [name, words]}.
 */
export function prepare(feature, rights = new Map(), types = {}) {
  const { name, name_en, producer, commune, old_commune, district, ...rest } = feature.properties;
  const words = (codes) =>
    codes
      ?.split("; ")
      .map((code) => types[code]?.[1] ?? "")
      .join(" ");
  const place = [commune, old_commune, district].filter(Boolean).join(" ");
  return {
    ...feature,
    prominence: prominence(feature),
    values: filterValues(feature.properties, rights),
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
  };
}

/** Return the values of each filter that a product with these properties of the API matches; rights: see
 * registeredRights(). */
export function filterValues(properties, rights) {
  const listed = (text) => text?.split("; ").flatMap((one) => rights.get(one) ?? []) ?? [];
  const all = [...listed(properties.protections), ...listed(properties.goods_rights)];
  return {
    district: [properties.district_code ?? NOT_STATED],
    commune: [properties.commune_code ?? NOT_STATED],
    oldCommune: [properties.old_commune_code ?? NOT_STATED],
    type: [properties.type ?? NOT_STATED],
    category: [properties.category_code ?? NOT_STATED],
    sector: [properties.sector ?? NOT_STATED],
    season: [properties.season],
    certificate: properties.certificates?.split("; ") ?? [],
    // Null unless the rating is in force.
    stars: properties.stars ? [String(properties.stars)] : [],
    status: [properties.ocop_status],
    rightKind: unique(all.map(({ kind }) => kind)),
    right: unique([
      ...(properties.protections ? [ANY_RIGHT] : []),
      ...(properties.goods_rights ? [ANY_GOODS_RIGHT] : []),
      ...all.map(({ code }) => code),
    ]),
    producer: properties.producer_id ? [properties.producer_id] : [],
  };
}

/** Whether the state chooses one right, whose area the map shows. */
export function choosesRight({ right }) {
  return !["", ANY_RIGHT, ANY_GOODS_RIGHT].includes(right);
}

/**
 * Return {matching, counts}: the products that match the state, and for each filter how many
 * products each value would show together with the other filters: {district: {586: 3}, …}.
 * One pass: a product that fails one filter only counts for the values of that filter.
 * find(products, query): see search().
 */
export function applyFilters(products, state, find = search) {
  const active = activeFilters(state);
  const counts = Object.fromEntries(FILTERS.map((key) => [key, {}]));
  const count = (key, product) => {
    for (const value of product.values[key]) counts[key][value] = (counts[key][value] ?? 0) + 1;
  };
  const matching = [];
  for (const product of find(products, state.query)) {
    const failed = active.filter(([key, values]) => !matches(product, key, values));
    if (failed.length === 0) {
      matching.push(product);
      for (const key of FILTERS) count(key, product);
    } else if (failed.length === 1) count(failed[0][0], product);
  }
  return { matching, counts };
}

/**
 * Return the choices [key, value] without which the state would match at least one product.
 * find(products, query): see search().
 */
export function blockingChoices(products, state, find = search) {
  return choices(state).filter(([key, value]) => {
    const reduced = withoutChoice(state, key, value);
    const active = activeFilters(reduced);
    return find(products, reduced.query).some((product) =>
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
