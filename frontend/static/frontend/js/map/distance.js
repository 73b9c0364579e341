// Distances from the position of the user.

// Mean radius of the earth in metres.
const RADIUS = 6_371_008.8;

/** Return the metres between two positions [lng, lat] on a sphere, to 0.5 %. */
export function distanceInMetres([lng1, lat1], [lng2, lat2]) {
  const [a, b, d] = [lat1, lat2, lng2 - lng1].map((degrees) => (degrees * Math.PI) / 180);
  const chord = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(d / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.sqrt(chord));
}

/** Return the metres by product, Infinity without a point. */
export function distancesFrom(products, from) {
  const distances = new Map();
  for (const product of products) {
    const at = product.geometry?.coordinates;
    distances.set(product, at ? distanceInMetres(from, at) : Number.POSITIVE_INFINITY);
  }
  return distances;
}

/** Return "2,3 km"; from 10 km on without decimals, and never less than 0.1 km. */
export function formatDistance(metres, language) {
  const km = metres / 1000;
  const digits = km < 9.95 ? 1 : 0;
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return `${Math.max(km, 0.1).toLocaleString(language, format)} km`;
}
