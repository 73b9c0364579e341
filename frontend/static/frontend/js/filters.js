// Which products a state lets through, and how many each further choice would.

import { fold } from "#geodata/js/fold.js";
import { covers } from "#geodata/js/geometry.js";
import { search } from "./search.js";
import { LISTS } from "./state.js";

/** The value of products of which the source does not say it. */
export const UNCLEAR = "chua-ro";
/** The choice of all products that a source says are protected. */
export const ANY_PROTECTION = "co";

/** The filters that count the products of each of their values. */
export const FILTERS = [...LISTS, "bao-ho", "chu-the"];

/**
 * The kinds of the registered rights of each name, from the page's index (frontend/map_page.py): a
 * product tells its rights by name, and one name may be that of a mark and of an indication.
 */
export function kindsByName(rights) {
  const kinds = new Map();
  for (const [, name, kind, , stage] of rights) {
    if (!stage) kinds.set(name, [...(kinds.get(name) ?? []), kind]);
  }
  return kinds;
}

/**
 * A product of the API with what it is found by: `key`, its name, and `text`, both folded, and
 * `values`, for each filter those under which it is counted.
 * kindsOf: see kindsByName().
 */
export function prepare(feature, kindsOf = new Map()) {
  const { name, name_en, producer, commune, old_commune, district, ...rest } = feature.properties;
  const key = fold(name);
  const also = fold([name_en, producer, commune, old_commune, district].filter(Boolean).join(" "));
  const named = rest.protections?.split("; ") ?? [];
  return {
    ...feature,
    key,
    text: [key, also].filter(Boolean).join(" "),
    values: {
      huyen: [rest.district_code ?? UNCLEAR],
      xa: [rest.commune_code ?? UNCLEAR],
      "xa-cu": [rest.old_commune_code ?? UNCLEAR],
      nhom: [rest.category_code ?? UNCLEAR],
      nganh: [rest.sector ?? UNCLEAR],
      // Stars of a rating that no longer holds are none.
      sao: rest.stars ? [String(rest.stars)] : [],
      "trang-thai": [rest.ocop_status],
      "loai-bao-ho": distinct(named.flatMap((right) => kindsOf.get(right) ?? [])),
      "bao-ho": named.length > 0 ? [ANY_PROTECTION] : [],
      "chu-the": rest.producer_id ? [rest.producer_id] : [],
    },
  };
}

/** Count the product under the rights in whose areas it stands: {id, kind, geometry, box}. */
export function standIn(product, areas) {
  if (!product.geometry) return;
  const [x, y] = product.geometry.coordinates;
  for (const { id, kind, geometry, box } of areas) {
    if (x < box[0] || y < box[1] || x > box[2] || y > box[3] || !covers(geometry, [x, y])) continue;
    product.values["bao-ho"].push(id);
    product.values["loai-bao-ho"] = distinct([...product.values["loai-bao-ho"], kind]);
  }
}

/**
 * The products that match, and for each filter, how many each of its values would show beside the
 * other filters: {matching, counts: {huyen: {586: 3}}}. One pass: a product that fails at one
 * filter alone counts there.
 */
export function choose(products, state) {
  const chosen = chosenOf(state);
  const counts = Object.fromEntries(FILTERS.map((name) => [name, {}]));
  const count = (name, product) => {
    for (const value of product.values[name]) counts[name][value] = (counts[name][value] ?? 0) + 1;
  };
  const matching = [];
  for (const product of search(products, state.q)) {
    const failed = chosen.filter(([name, values]) => !has(product, name, values));
    if (failed.length === 0) {
      matching.push(product);
      for (const name of FILTERS) count(name, product);
    } else if (failed.length === 1) count(failed[0][0], product);
  }
  return { matching, counts };
}

/** The choices without which there would be something to show. */
export function whatToLoosen(products, state, choices, without) {
  return choices.filter(([name, value]) => {
    const looser = without(state, name, value);
    const chosen = chosenOf(looser);
    return search(products, looser.q).some((product) =>
      chosen.every(([name, values]) => has(product, name, values)),
    );
  });
}

/** The filters that are on, with their values. */
function chosenOf(state) {
  return FILTERS.map((name) => [name, [state[name]].flat()]).filter(
    ([, values]) => values.length > 0 && values[0] !== "",
  );
}

function has({ values }, name, chosen) {
  return values[name].some((value) => chosen.includes(value));
}

function distinct(values) {
  return [...new Set(values)];
}
