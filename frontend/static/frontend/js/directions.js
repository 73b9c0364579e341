/** The address that opens a phone's own map at a place; undefined where there is none. */
export function mapAddress({ lat, lng, name }, userAgent) {
  const at = `${lat},${lng}`;
  // Android asks which of its maps to take; brackets would end the name.
  const brackets = { "(": "%28", ")": "%29" };
  const label = encodeURIComponent(name).replace(/[()]/g, (sign) => brackets[sign]);
  if (/Android/.test(userAgent)) return `geo:${at}?q=${at}(${label})`;
  // Apple's phones do not know geo: (RFC 5870).
  return /iPhone|iPad/.test(userAgent) ? `https://maps.apple.com/?daddr=${at}` : undefined;
}
