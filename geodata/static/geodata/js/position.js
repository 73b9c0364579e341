// Positions as people type and paste them.

/**
 * {lat, lng} of "11.565, 108.99", "11,565; 108,99" or "11,565 108,99"; null for anything else.
 * One number alone is null too: it is half a position.
 */
export function parsePair(text) {
  const separated = text.trim().match(/^(\S+?)(?:\s*;\s*|,\s+|\s+)(\S+)$/) ?? plainComma(text);
  if (!separated) return null;
  const [lat, lng] = [parseDegrees(separated[1]), parseDegrees(separated[2])];
  return isPosition(lat, lng) ? { lat, lng } : null;
}

/** The number of "11.565" or "11,565"; NaN for anything else. */
export function parseDegrees(text) {
  const plain = text.trim().replace(",", ".");
  return /^[-+]?\d+(\.\d*)?$/.test(plain) ? Number(plain) : Number.NaN;
}

export function isPosition(lat, lng) {
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180;
}

// "11.565,108.99" has its decimal points, so its comma separates.
function plainComma(text) {
  return text.trim().match(/^([-+]?\d+\.\d+),([-+]?\d+\.\d+)$/);
}
