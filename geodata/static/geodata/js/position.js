// Positions as users type and paste them.

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
