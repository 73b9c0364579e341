// A trip as GPX 1.1 and KML 2.2, WGS 84.

/**
 * Return the GPX document of a trip: a waypoint for each place with a point, and a route through
 * them. GPX has no place for one without a point: the description of the file lists them.
 *
 * trip: {title, notes, stops}; stops: {name, description, url, at}, at: [lng, lat] or null. notes:
 * paragraphs about the file, such as the places without a point.
 */
export function gpx({ title, notes, stops }) {
  const point = (tag, { name, description, url, at: [lng, lat] }) =>
    `<${tag} lat="${lat}" lon="${lng}"><name>${xml(name)}</name>` +
    `<desc>${xml(description)}</desc><link href="${xml(url)}"/></${tag}>`;
  const located = stops.filter(({ at }) => at);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gpx version="1.1" creator="ocopmap" xmlns="http://www.topografix.com/GPX/1/1">',
    `<metadata><name>${xml(title)}</name><desc>${xml(notes.join("\n"))}</desc></metadata>`,
    ...located.map((stop) => point("wpt", stop)),
    `<rte><name>${xml(title)}</name>`,
    ...located.map((stop) => point("rtept", stop)),
    "</rte>",
    "</gpx>",
    "",
  ].join("\n");
}

/** Return the KML document of a trip, see gpx(): a placemark for each place, and a line. */
export function kml({ title, notes, stops }) {
  const located = stops.filter(({ at }) => at);
  const line = located.map(({ at: [lng, lat] }) => `${lng},${lat}`);
  const placemark = ({ name, description, url, at }) =>
    `<Placemark><name>${xml(name)}</name>` +
    `<description>${xml([description, url].join("\n"))}</description>` +
    `<Point><coordinates>${at[0]},${at[1]}</coordinates></Point></Placemark>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>',
    `<name>${xml(title)}</name><description>${xml(notes.join("\n"))}</description>`,
    ...located.map(placemark),
    ...(line.length > 1
      ? [
          `<Placemark><name>${xml(title)}</name><LineString><tessellate>1</tessellate>` +
            `<coordinates>${line.join(" ")}</coordinates></LineString></Placemark>`,
        ]
      : []),
    "</Document></kml>",
    "",
  ].join("\n");
}

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
// Characters that XML 1.0 does not allow, not even as entities.
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

function xml(text) {
  return text.replace(FORBIDDEN, "").replace(/[&<>"']/g, (character) => ENTITIES[character]);
}
