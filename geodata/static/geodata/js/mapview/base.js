// The base map as one drawing. The browser scales it when the map zooms; Leaflet would project and
// simplify thousands of points at the start and again after every zoom, each in a long task.

const SVG = "http://www.w3.org/2000/svg";

/** The lines and areas of the base map, in the pane "base". */
export class BaseLayer {
  #svg = document.createElementNS(SVG, "svg");

  /** L: Leaflet; map: its map; frame, size: as in geodata/basemap.py. */
  constructor({ L, map, frame: [west, south, east, north], size }) {
    this.#svg.setAttribute("viewBox", `0 0 ${size[0]} ${size[1]}`);
    this.#svg.setAttribute("preserveAspectRatio", "none");
    this.#svg.setAttribute("aria-hidden", "true");
    const corners = [
      [south, west],
      [north, east],
    ];
    L.svgOverlay(this.#svg, corners, { pane: "base", className: "base-map" }).addTo(map);
  }

  /** Add the data of a path of lines or areas, above those that were added before. */
  add(data, className) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", data);
    path.setAttribute("class", className);
    this.#svg.append(path);
  }
}
