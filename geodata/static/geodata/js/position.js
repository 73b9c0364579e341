// Positions as users type, paste and move them.

// Decimals of stored coordinates, about 1 cm.
const DECIMALS = 7;
const METRES_PER_DEGREE = 111_320;
// Pixels of the base tile and of the equator at zoom 0.
const EQUATOR_PER_PIXEL = 40_075_016.686 / 256;
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
// Key → [direction, east, north].
const ARROWS = {
  ArrowUp: ["north", 0, 1],
  ArrowDown: ["south", 0, -1],
  ArrowRight: ["east", 1, 0],
  ArrowLeft: ["west", -1, 0],
};

/**
 * Return {lat, lng} of "11.565, 108.99", "11,565; 108,99" or "11,565 108,99"; null for any other
 * text, a single number included.
 */
export function parsePair(text) {
  const separated = text.trim().match(/^(\S+?)(?:\s*;\s*|,\s+|\s+)(\S+)$/) ?? plainComma(text);
  if (!separated) return null;
  const [lat, lng] = [parseDegrees(separated[1]), parseDegrees(separated[2])];
  return isPosition(lat, lng) ? { lat, lng } : null;
}

/** Return the number of "11.565" or "11,565"; NaN for any other text. */
export function parseDegrees(text) {
  const plain = text.trim().replace(",", ".");
  return /^[-+]?\d+(\.\d*)?$/.test(plain) ? Number(plain) : Number.NaN;
}

export function isPosition(lat, lng) {
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180;
}

// In "11.565,108.99" the numbers have decimal points, so the comma separates them.
function plainComma(text) {
  return text.trim().match(/^([-+]?\d+\.\d+),([-+]?\d+\.\d+)$/);
}

/** "latitude, longitude" of a position, as the server writes it. */
export function degreesText([lng, lat]) {
  return [lat, lng].map((value) => Number(value.toFixed(DECIMALS))).join(", ");
}

/**
 * The step of an arrow key: {at, direction, metres}; null for another key. A step is a round number
 * of metres that is about ten pixels at this zoom; short: one tenth of it, at least one metre.
 */
export function arrowStep([lng, lat], key, zoom, short) {
  const arrow = ARROWS[key];
  if (!arrow) return null;
  const [direction, east, north] = arrow;
  const shrink = Math.cos((lat * Math.PI) / 180);
  const wanted = ((10 * EQUATOR_PER_PIXEL * shrink) / 2 ** zoom) * (short ? 0.1 : 1);
  const metres = STEPS.findLast((step) => step <= wanted * 1.5) ?? STEPS[0];
  const at = [
    lng + (east * metres) / (METRES_PER_DEGREE * shrink),
    lat + (north * metres) / METRES_PER_DEGREE,
  ];
  return { at, direction, metres };
}
