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

/** Return [{name, url}] of the maps that give directions to a place. */
export function directionLinks({ lat, lng }) {
  const at = `${lat},${lng}`;
  return [
    { name: "Google", url: `https://www.google.com/maps/dir/?api=1&destination=${at}` },
    { name: "Apple", url: `https://maps.apple.com/?daddr=${at}` },
    { name: "OSM", url: `https://www.openstreetmap.org/directions?to=${encodeURIComponent(at)}` },
  ];
}

// Google Maps accepts this number of places between the user's position and the last place.
const MAX_WAYPOINTS = 9;

/**
 * Return the URL that opens a route through all positions [lng, lat] in Google Maps, from the position
 * of the user; undefined for fewer than two or more than Google accepts.
 */
export function routeUrl(positions) {
  if (positions.length < 2 || positions.length > MAX_WAYPOINTS + 1) return undefined;
  const [last, ...rest] = positions.map(([lng, lat]) => `${lat},${lng}`).reverse();
  const waypoints = encodeURIComponent(rest.reverse().join("|"));
  return `https://www.google.com/maps/dir/?api=1&destination=${last}&waypoints=${waypoints}`;
}
