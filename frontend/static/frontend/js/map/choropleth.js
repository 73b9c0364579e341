// Colouring units by their number of products.

const MAX_CLASSES = 5;

/**
 * Count products by the code of a unit in one of their properties; null: without a unit.
 * Returns a Map to {count, unlocated}; unlocated: how many of them have no point.
 */
export function countByUnit(products, property) {
  const counts = new Map();
  for (const { geometry, properties } of products) {
    const code = properties[property];
    if (!counts.has(code)) counts.set(code, { count: 0, unlocated: 0 });
    const unit = counts.get(code);
    unit.count += 1;
    if (!geometry) unit.unlocated += 1;
  }
  return counts;
}

/**
 * Return at most five classes [from, to] that contain all counts except zero, with about the same
 * number of units in each (quantiles): with equal intervals, a town with most of the products would
 * leave all other units in the lowest class.
 */
export function makeClasses(counts) {
  const sorted = counts.filter((count) => count > 0).sort((a, b) => a - b);
  const values = new Set(sorted);
  const quantile = (i) => sorted[Math.floor((i * sorted.length) / MAX_CLASSES)];
  const starts =
    values.size <= MAX_CLASSES
      ? values
      : new Set(Array.from({ length: MAX_CLASSES }, (_, i) => quantile(i)));
  const from = [...starts];
  return from.map((start, i) => {
    const next = from[i + 1];
    const last = sorted.findLast((count) => next === undefined || count < next);
    return [start, last];
  });
}

/** Return the number of the colour for a count, from 1 to 5; 0 for a count of zero. */
export function colourOf(count, classes) {
  const index = classes.findIndex(([, to]) => count > 0 && count <= to);
  // Fewer classes are spread over the five colours; the highest has the darkest.
  return index < 0 ? 0 : Math.round((MAX_CLASSES * (index + 1)) / classes.length);
}
