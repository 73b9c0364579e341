// The base map as one drawing. The browser scales it when the map zooms; Leaflet would project and
// simplify thousands of points at the start and again after every zoom, each in a long task.

const SVG = "http://www.w3.org/2000/svg";
// The drawing has the pixels of the map at this zoom as units, with one decimal: about 3 m.
const ZOOM = 12;
// Units per degree.
const UNITS = (256 * 2 ** ZOOM) / 360;

/** The lines and areas of the base map, in the pane "base". */
export class BaseLayer {
  #svg = document.createElementNS(SVG, "svg");
  #frame;
  // Geometry → its path data: the land is drawn twice.
  #data = new Map();

  /** L: Leaflet; map: its map; frame: [west, south, east, north] of the drawing. */
  constructor({ L, map, frame }) {
    this.#frame = frame;
    const [west, south, east, north] = frame;
    const [width, height] = [rounded(east - west), rounded(mercator(north) - mercator(south))];
    this.#svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.#svg.setAttribute("preserveAspectRatio", "none");
    this.#svg.setAttribute("aria-hidden", "true");
    const corners = [
      [south, west],
      [north, east],
    ];
    L.svgOverlay(this.#svg, corners, { pane: "base", className: "base-map" }).addTo(map);
  }

  /** Add a GeoJSON geometry of lines or areas, above those that were added before. */
  add(geometry, className) {
    const path = document.createElementNS(SVG, "path");
    if (!this.#data.has(geometry)) this.#data.set(geometry, pathData(geometry, this.#frame));
    path.setAttribute("d", this.#data.get(geometry));
    path.setAttribute("class", className);
    this.#svg.append(path);
  }
}

/** Return the path data of a geometry of lines or areas, from the north-west corner of the frame. */
export function pathData({ type, coordinates }, [west, , , north]) {
  const end = type.endsWith("Polygon") ? "Z" : "";
  const depth = { LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2 }[type];
  const lines = depth === 0 ? [coordinates] : coordinates.flat(depth - 1);
  const top = mercator(north);
  // One text for thousands of points: this runs before anything is drawn.
  let data = "";
  for (const line of lines) {
    let command = "M";
    for (const [lng, lat] of line) {
      data += `${command}${rounded(lng - west)} ${rounded(top - mercator(lat))}`;
      command = "L";
    }
    data += end;
  }
  return data;
}

function rounded(degrees) {
  return Math.round(10 * UNITS * degrees) / 10;
}

/** Return the latitude in the degrees of Web Mercator, in which both axes have the same scale. */
function mercator(lat) {
  return (Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) * 180) / Math.PI;
}
