// How many products each unit has, and the classes in which a map shades them.

const MOST = 5;

/** Code of a unit → {count, pointless}, by a property that holds codes; null for those without. */
export function countByUnit(products, property) {
  const counts = new Map();
  for (const { geometry, properties } of products) {
    const code = properties[property];
    if (!counts.has(code)) counts.set(code, { count: 0, pointless: 0 });
    const unit = counts.get(code);
    unit.count += 1;
    if (!geometry) unit.pointless += 1;
  }
  return counts;
}

/**
 * At most five classes [from, to] that hold all counts but zero, about as many units in each: a
 * city with most of the products would leave all others in the lowest of equal steps.
 */
export function classesOf(counts) {
  const sorted = counts.filter((count) => count > 0).sort((a, b) => a - b);
  const values = new Set(sorted);
  const starts =
    values.size <= MOST
      ? values
      : new Set(
          Array.from({ length: MOST }, (_, i) => sorted[Math.floor((i * sorted.length) / MOST)]),
        );
  const from = [...starts];
  return from.map((start, i) => {
    const next = from[i + 1];
    const last = sorted.findLast((count) => next === undefined || count < next);
    return [start, last];
  });
}

/** The number of the class that holds the count, from 1 to 5; 0 for none. */
export function classFor(count, classes) {
  const at = classes.findIndex(([, to]) => count > 0 && count <= to);
  // Fewer classes are spread over the five colours, the highest always the strongest.
  return at < 0 ? 0 : Math.round((MOST * (at + 1)) / classes.length);
}
