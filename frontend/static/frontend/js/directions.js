/** Return the URL that opens a place in the map of a phone; undefined on other devices. */
export function directionsUrl({ lat, lng, name }, userAgent) {
  const at = `${lat},${lng}`;
  // The label of a geo: URL ends at a bracket.
  const escapes = { "(": "%28", ")": "%29" };
  const label = encodeURIComponent(name).replace(/[()]/g, (bracket) => escapes[bracket]);
  if (/Android/.test(userAgent)) return `geo:${at}?q=${at}(${label})`;
  // iOS does not support geo: (RFC 5870).
  return /iPhone|iPad/.test(userAgent) ? `https://maps.apple.com/?daddr=${at}` : undefined;
}
