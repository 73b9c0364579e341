// What the search box suggests: units then and now, names of places, rights, producers and products.

import { fold } from "#geodata/js/fold.js";
import { fillIn, shortPlace } from "./product-labels.js";
import { ranked, searched } from "./search.js";
import { PARAMETERS } from "./state.js";

/** Letters before the first suggestion. */
export const MIN_LENGTH = 2;
const MAX_SUGGESTIONS = 8;
const MAX_PER_FILTER = 4;
// Order of suggestions that are equally relevant.
const ORDER = [
  "district",
  "commune",
  "oldCommune",
  "place",
  "right",
  "producer",
  "point",
  "product",
];

/**
 * Return the places, rights and producers in the index of the page (map_page.py) as entries
 * {filter, value, label, kind, …} with the properties of searched(); filter and value: the choice
 * that the entry represents; kind: what it is, for users. layerNames: layer of points → its name.
 */
export function entriesOf(index, texts, layerNames = {}) {
  const rows = (filter) => index[PARAMETERS[filter]];
  const units = (filter, text) =>
    rows(filter).map(([value, label, kind, box]) => {
      const kindName = index.kinds[kind];
      const kindAndDay = fillIn(text, { kind: kindName, day: index.changed });
      return entry({ filter, value, label, kind: kindAndDay, box }, `${kind} ${kindName}`);
    });
  return [
    ...units("district", texts.unit_then),
    ...units("commune", texts.unit_now),
    ...units("oldCommune", texts.unit_then),
    ...(index.places ?? []).map(([value, label, kind, at, unit, box, record, title, url]) =>
      entry({ filter: "place", value, label, kind, at, unit, box, record, source: { title, url } }),
    ),
    ...rows("right").map(([value, label, kind, isOnMap, unregisteredStage]) => {
      const kindName = index.rights[kind];
      const kindAndStage = [kindName, unregisteredStage].filter(Boolean).join(", ");
      return entry({ filter: "right", value, label, kind: kindAndStage, isOnMap }, kindName);
    }),
    ...rows("producer").map((row) => producerEntry(row, texts)),
    ...Object.entries(index.points ?? {}).flatMap(([layer, points]) => {
      const kind = layerNames[layer];
      return points.map(([value, label, at]) =>
        entry({ filter: "point", layer, value, label, kind, at }, kind),
      );
    }),
  ];
}

/** Return the entry of a producer; count: of its products. */
export function producerEntry([value, label, count], texts) {
  return entry({ filter: "producer", value, label, kind: texts.producer, count });
}

function entry(values, otherText = "") {
  return { ...values, ...searched([values.label, otherText]) };
}

/** Return the page of a record; pattern: the page of a record with the code A-0 and the slug x. */
export function pageFor(pattern, code, name) {
  return pattern.replace("A-0-x", `${code}-${fold(name).replaceAll(" ", "-")}`);
}

/**
 * Return the best suggestions for a text: by relevance, then by kind, then in the order of the
 * entries. products: sorted by name.
 */
export function suggestionsFor(entries, products, query, texts) {
  if (fold(query).length < MIN_LENGTH) return [];
  // Groups by relevance and filter: sorting 20,000 products would take too long.
  const groups = new Map();
  for (const [found, relevance] of [...ranked(entries, query), ...ranked(products, query)]) {
    const order = 10 * relevance + ORDER.indexOf(filterOf(found));
    const group = groups.get(order) ?? [];
    if (group.length < MAX_PER_FILTER) groups.set(order, [...group, found]);
  }
  const sorted = [...groups].sort(([a], [b]) => a - b);
  // The products of a place or producer of that name are in the list; they are suggested only if
  // nothing has that name itself.
  const hasName = ([order]) => Math.floor(order / 100) % 100 === 0;
  const named = sorted.some(hasName);
  const taken = {};
  return sorted
    .filter(([order, [first]]) => !named || first.filter || hasName([order]))
    .flatMap(([, found]) => found)
    .filter((found) => {
      const filter = filterOf(found);
      taken[filter] = (taken[filter] ?? 0) + 1;
      return taken[filter] <= MAX_PER_FILTER;
    })
    .slice(0, MAX_SUGGESTIONS)
    .map((found) => (found.filter ? found : productSuggestion(found, texts)));
}

function filterOf({ filter = "product" }) {
  return filter;
}

function productSuggestion({ id, properties }, texts) {
  const kind = fillIn(texts.product_in, { place: shortPlace(properties, texts) });
  const { name, category_code } = properties;
  return { filter: "product", value: id, label: name, kind, group: category_code };
}
