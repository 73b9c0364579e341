// "Near me": where people are, when they ask for it, and how far it is from there.

// Metres; the mean radius of the earth.
const RADIUS = 6_371_008.8;
const PATIENCE = 10_000;
// Codes of GeolocationPositionError.
const REASONS = { 1: "near_denied", 2: "near_unavailable", 3: "near_timeout" };

/** [lng, lat] of the device. Throws an Error whose message is a key of the page's texts. */
export function whereAmI() {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) reject(new Error("near_unavailable"));
    navigator.geolocation?.getCurrentPosition(
      ({ coords }) => resolve([coords.longitude, coords.latitude]),
      ({ code }) => reject(new Error(REASONS[code] ?? "near_unavailable")),
      { timeout: PATIENCE, maximumAge: 60_000 },
    );
  });
}

/** Metres between two positions [lng, lat], on a sphere: 0.5 % off at most. */
export function metresBetween([lng1, lat1], [lng2, lat2]) {
  const [a, b, d] = [lat1, lat2, lng2 - lng1].map((degrees) => (degrees * Math.PI) / 180);
  const chord = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(d / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.sqrt(chord));
}

/** The products by their distance, those without a point last, and the metres by product. */
export function byDistance(products, from) {
  const metres = new Map();
  for (const product of products) {
    const at = product.geometry?.coordinates;
    metres.set(product, at ? metresBetween(from, at) : Number.POSITIVE_INFINITY);
  }
  const sorted = [...products].sort((a, b) => metres.get(a) - metres.get(b));
  return { sorted, metres };
}

/** "2,3 km"; beyond ten kilometres whole ones. */
export function writeDistance(metres, language) {
  const km = metres / 1000;
  const digits = km < 9.95 ? 1 : 0;
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  // Nearer than the position is known is still not nothing.
  return `${Math.max(km, 0.1).toLocaleString(language, format)} km`;
}
