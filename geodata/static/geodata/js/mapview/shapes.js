// Areas and lines on the map.

import { borderLines, bounds, labelPoint } from "../geometry.js";
import { LARGE_OFFSETS, SMALL_OFFSETS } from "./labels.js";

/** Options of a Leaflet path. Colours are in mapview.css, which also has those of dark mode. */
export function pathOptions(pane, className) {
  return { pane, className, interactive: false };
}

/** Outlines, fills and areas of a map. */
export class ShapeLayer {
  #L;
  #map;
  #queue;
  #labels;
  #needsOuterLines;
  #outlines = new Map();
  #fills = new Map();
  #area = null;
  #route = null;

  /**
   * L: Leaflet; map: its map; queue: a FrameQueue; labels: the LabelLayer. needsOuterLines(): whether
   * the outer borders of outlines may be visible; without the base map, and above street tiles.
   */
  constructor({ L, map, queue, labels, needsOuterLines }) {
    this.#needsOuterLines = needsOuterLines;
    this.#L = L;
    this.#map = map;
    this.#queue = queue;
    this.#labels = labels;
  }

  /** Add a GeoJSON geometry to a pane; returns the Leaflet layer. */
  add(geometry, pane, className) {
    return this.#L.geoJSON(geometry, pathOptions(pane, className)).addTo(this.#map);
  }

  /** See MapView.showOutlines(). */
  showOutlines({ features }, { id = "outlines", className = "", mayCoverMarkers = true } = {}) {
    this.hideOutlines(id);
    const drawn = features.filter(({ geometry }) => geometry);
    // The smallest first: it has the fewest places for its name.
    const areas = new Map(drawn.map((feature) => [feature, boxArea(feature.geometry)]));
    drawn.sort((a, b) => areas.get(a) - areas.get(b));
    const outlines = { lines: [], labels: [] };
    this.#outlines.set(id, outlines);
    const steps = [
      () => {
        const { shared, outer } = borderLines(drawn.map(({ geometry }) => geometry));
        const add = (lines, kind) =>
          outlines.lines.push(this.add(lines, "outlines", `outline ${kind} ${className}`));
        add(shared, "");
        // The base map has the outer ones: its coast and the border of the province.
        if (this.#needsOuterLines()) add(outer, "outline-outer");
      },
      ...drawn.map(({ geometry, properties }) => () => {
        const label = this.#labels.add({
          at: labelPoint(geometry),
          text: properties.name,
          className: `label-outline ${className}`,
          minZoom: 0,
          offsets: mayCoverMarkers ? LARGE_OFFSETS : SMALL_OFFSETS,
          mayCoverMarkers,
          area: geometry,
        });
        outlines.labels.push(label);
      }),
    ];
    // They may be hidden or replaced before the steps run.
    const isCurrent = () => this.#outlines.get(id) === outlines;
    this.#queue.add(...steps.map((step) => () => isCurrent() && step()));
    this.#queue.request();
  }

  hideOutlines(id) {
    const { lines, labels } = this.#outlines.get(id) ?? { lines: [], labels: [] };
    for (const line of lines) line.remove();
    this.#labels.remove(labels);
    this.#outlines.delete(id);
    this.#queue.request();
  }

  /** See MapView.showFills(). */
  showFills(id, fills, { below = false } = {}) {
    for (const shape of this.#fills.get(id) ?? []) shape.remove();
    const shapes = fills.map(({ geometry, className }) => this.add(geometry, "fills", className));
    if (below) for (const shape of shapes) shape.bringToBack();
    this.#fills.set(id, shapes);
  }

  /** See MapView.showArea(). */
  showArea(geometry) {
    this.#area?.remove();
    this.#area = geometry ? this.add(geometry, "area", "area") : null;
  }

  /** See MapView.showRoute(). */
  showRoute(positions) {
    this.#route?.remove();
    const line = { type: "LineString", coordinates: positions };
    this.#route = positions.length > 1 ? this.add(line, "area", "route") : null;
  }

  /** See MapView.showShapes(). */
  showShapes(shapes) {
    for (const { geometry, onSelect } of shapes) {
      const options = { ...pathOptions("area", "shape"), interactive: Boolean(onSelect) };
      const layer = this.#L.geoJSON(geometry, options).addTo(this.#map);
      if (onSelect) layer.on("click", ({ latlng }) => onSelect([latlng.lng, latlng.lat]));
    }
  }
}

function boxArea(geometry) {
  const [west, south, east, north] = bounds(geometry);
  return (east - west) * (north - south);
}
