// How the products of a list are shown on the map: each in exactly one way.

/**
 * Return {located, units, unplaced}, in which every product is contained once: located: products with
 * a point, for markers and clusters; units: [{unit, products}] of products known only to a unit, for
 * badges; unplaced: the others, for the line above the map. knownUnits: code → unit, of those that
 * have a place on the map.
 */
export function partition(products, knownUnits) {
  const [located, unplaced, byUnit] = [[], [], new Map()];
  for (const product of products) {
    const unit = unitOf(product, knownUnits);
    if (product.geometry) located.push(product);
    else if (!unit) unplaced.push(product);
    else if (byUnit.has(unit)) byUnit.get(unit).push(product);
    else byUnit.set(unit, [product]);
  }
  return {
    located,
    units: [...byUnit].map(([unit, list]) => ({ unit, products: list })),
    unplaced,
  };
}

/** Return the products that are shown together with one that has no point. */
export function shownWith(products, product, knownUnits) {
  const { units, unplaced } = partition(products, knownUnits);
  const unit = unitOf(product, knownUnits);
  return unit ? (units.find((one) => one.unit === unit)?.products ?? []) : unplaced;
}

/** Return the unit to which a product without a point is known; undefined with a point or unknown. */
export function unitOf({ geometry, properties }, knownUnits) {
  return geometry ? undefined : knownUnits.get(properties.district_code);
}

/**
 * Return the units of partition() {code, name, box, points inside}, from the districts in the
 * index of the page (views/map.py).
 */
export function knownUnitsOf(districts) {
  const units = districts.map(([code, name, , box, points]) => ({ code, name, box, points }));
  return new Map(units.filter(({ points }) => points.length > 0).map((unit) => [unit.code, unit]));
}
