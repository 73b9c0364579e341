// Names on the map: which are shown at a zoom, and where, so that none covers another.

import { fold } from "../fold.js";
import { coverTest } from "../geometry.js";
import { addMarker } from "./markers.js";

// Pixels between two names beside each other.
const GAP = 6;
// Width and height of a marker's symbol in pixels, for collisions.
const SYMBOL = 34;

/** Offsets [dx, dy] in pixels that are tried for the name of an area, the smallest first. Farther
 * from its centre a name would be read as that of the neighbouring area. */
export const LARGE_OFFSETS = [0, -12, 12, -24, 24, -36, 36]
  .flatMap((dx) => [0, -8, 8, -16, 16, -24, 24, -32, 32].map((dy) => [dx, dy]))
  .sort((a, b) => Math.hypot(...a) - Math.hypot(...b));
/** The same for small areas: of many names, one without room is left out. */
export const SMALL_OFFSETS = LARGE_OFFSETS.filter(([dx, dy]) => Math.hypot(dx, dy) < 17);
const NO_OFFSET = [[0, 0]];
// Pixels from the left edge of the name of a town to the centre of its dot, as in mapview.css.
const DOT = 4;
// A corner outside of the area that is named counts like this number of covered square pixels: less
// than a marker, but a name over water or a neighbour is read as another place.
const OUTSIDE = 150;
// With more corners outside it would be read as the name of a neighbour, and is hidden.
const MAX_OUTSIDE = 2;

/**
 * Return the labels to show, those first that are placed first.
 * contains: whether a position is in view. tilesVisible: street tiles have names of towns of their
 * own. A town is not named twice where its district has the same name.
 */
export function visibleLabels(labels, { zoom, contains, tilesVisible }) {
  const areaNames = new Set(labels.filter(({ isBase }) => !isBase).map(({ key }) => key));
  return labels
    .filter(
      ({ at, minZoom, isBase, key }) =>
        zoom >= minZoom && contains(at) && !(isBase && (tilesVisible || areaNames.has(key))),
    )
    .sort((a, b) => priority(a) - priority(b));
}

function priority({ mayCoverMarkers, isBase }) {
  return (mayCoverMarkers ? 0 : 1) + (isBase ? 1 : 0);
}

/**
 * Place labels so that none covers another; earlier labels take precedence.
 * labels: boxes {x, y, width, height} around a centre, with `offsets`, the [dx, dy] to try in this
 * order. mayCoverMarkers: place it where it covers least of the markers rather than hide it.
 * isInside(x, y): whether the position is in the area that the label names; without it everything is.
 * A label with most of its corners outside is hidden.
 * markers: boxes. frame: {width, height} of the map, which would cut labels, or null. controls: boxes of
 * what is over the map. Returns the offset of each label, null for a hidden one.
 */
export function placeLabels(labels, markers = [], frame = null, controls = []) {
  const markerIndex = new BoxIndex(markers);
  const placed = new BoxIndex(controls);
  return labels.map(({ offsets, mayCoverMarkers, isInside = () => true, ...box }) => {
    let best = null;
    for (const offset of offsets) {
      const moved = { ...box, x: box.x + offset[0], y: box.y + offset[1] };
      if (isCut(moved, frame) || placed.overlap(moved) > 0) continue;
      const covered = markerIndex.overlap(moved);
      // One that may not cover markers is hidden then.
      if (covered > 0 && !mayCoverMarkers) continue;
      if (covered >= (best?.cost ?? Number.POSITIVE_INFINITY)) continue;
      const outside = cornersOf(moved).filter((corner) => !isInside(...corner)).length;
      if (outside > MAX_OUTSIDE) continue;
      const cost = covered + OUTSIDE * outside;
      if (cost < (best?.cost ?? Number.POSITIVE_INFINITY)) best = { offset, moved, cost };
      if (cost === 0) break;
    }
    if (!best) return null;
    placed.add(best.moved);
    return best.offset;
  });
}

function isCut({ x, y, width, height }, frame) {
  if (!frame) return false;
  const [left, top] = [x - width / 2, y - height / 2];
  return left < 0 || top < 0 || left + width > frame.width || top + height > frame.height;
}

function cornersOf({ x, y, width, height }) {
  const [dx, dy] = [width / 2, height / 2];
  return [
    [x - dx, y - dy],
    [x + dx, y - dy],
    [x - dx, y + dy],
    [x + dx, y + dy],
  ];
}

/** Boxes in a grid: hundreds of markers are compared with every offset of every label. */
class BoxIndex {
  static CELL = 64;
  #cells = new Map();
  // Half of the largest side: a box may extend that far beyond the cell of its centre.
  #reach = 0;

  constructor(boxes) {
    for (const box of boxes) this.add(box);
  }

  add(box) {
    const key = this.#key(this.#cell(box.x), this.#cell(box.y));
    if (!this.#cells.has(key)) this.#cells.set(key, []);
    this.#cells.get(key).push(box);
    this.#reach = Math.max(this.#reach, box.width / 2, box.height / 2);
  }

  /** Return the sum of the areas that the box shares with the boxes of the index. */
  overlap(box) {
    const [dx, dy] = [box.width / 2 + this.#reach, box.height / 2 + this.#reach];
    let sum = 0;
    for (let i = this.#cell(box.x - dx); i <= this.#cell(box.x + dx); i++) {
      for (let j = this.#cell(box.y - dy); j <= this.#cell(box.y + dy); j++) {
        const others = this.#cells.get(this.#key(i, j));
        if (!others) continue;
        for (const other of others) sum += sharedArea(other, box);
      }
    }
    return sum;
  }

  /** A number: texts took most of the time of placing the names. */
  #key(column, row) {
    return 1e6 * column + row;
  }

  #cell(coordinate) {
    return Math.floor(coordinate / BoxIndex.CELL);
  }
}

function sharedArea(a, b) {
  const width = (a.width + b.width) / 2 - Math.abs(a.x - b.x);
  const height = (a.height + b.height) / 2 - Math.abs(a.y - b.y);
  return Math.max(0, width) * Math.max(0, height);
}

/** The names of a map. */
export class LabelLayer {
  #L;
  #map;
  #queue;
  #labels = [];

  /** L: Leaflet; map: its map; queue: a FrameQueue. */
  constructor({ L, map, queue }) {
    this.#L = L;
    this.#map = map;
    this.#queue = queue;
  }

  /**
   * Add a name: {at, text, className, minZoom, offsets?, mayCoverMarkers?, isBase?, hasDot?, area?};
   * isBase: part of the base map; hasDot: the name is to the right of its position, which has a dot; area: the geometry that the name belongs to. Its marker is made when it is shown for the first time. Returns the label.
   */
  add({ offsets = NO_OFFSET, mayCoverMarkers = false, isBase = false, ...rest }) {
    const key = fold(rest.text);
    const label = { ...rest, offsets, mayCoverMarkers, isBase, key, marker: null };
    this.#labels.push(label);
    return label;
  }

  /** Whether there is a name with this text, in any writing. */
  has(text) {
    const key = fold(text);
    return this.#labels.some((label) => label.key === key);
  }

  /** Remove labels that add() returned. */
  remove(labels) {
    for (const { marker } of labels) marker?.remove();
    this.#labels = this.#labels.filter((label) => !labels.includes(label));
  }

  /** Show the names for the current view. tilesVisible: see visibleLabels(). markers: positions
   * {lat, lng} that names do not cover. controls: elements over the map, under which no name is. */
  arrange({ tilesVisible, markers, controls }) {
    const view = this.#map.getBounds().pad(0.1);
    const shown = visibleLabels(this.#labels, {
      zoom: this.#map.getZoom(),
      contains: ([lng, lat]) => view.contains([lat, lng]),
      tilesVisible,
    });
    const withoutMarker = shown.filter(({ marker }) => !marker);
    if (withoutMarker.length) {
      // A zoom may show dozens for the first time. Removed ones are skipped.
      const make = (label) => () => this.#labels.includes(label) && this.#makeMarker(label);
      this.#queue.add(...withoutMarker.map(make));
      return this.#queue.request();
    }
    // All sizes are read once and together: reading a size makes the browser lay out the page.
    for (const label of shown) label.size ??= sizeOf(label.span);
    const boxes = shown.map(({ at: [lng, lat], size, offsets, hasDot, mayCoverMarkers, area }) => ({
      ...this.#pixels({ lat, lng }),
      width: size.width + GAP,
      height: size.height,
      offsets: hasDot ? [[size.width / 2 - DOT, 0]] : offsets,
      mayCoverMarkers,
      isInside: area && this.#isInside(area),
    }));
    const taken = markers.map((at) => ({ ...this.#pixels(at), width: SYMBOL, height: SYMBOL }));
    const { x: width, y: height } = this.#map.getSize();
    const container = this.#map.getContainer();
    const covered = controls.map((control) => boxOf(control, container));
    const placed = placeLabels(boxes, taken, { width, height }, covered);
    const offsets = new Map(shown.map((label, i) => [label, placed[i]]));
    for (const label of this.#labels.filter(({ marker }) => marker))
      move(label, offsets.get(label));
  }

  /** Return a function (x, y): whether that pixel of the map is inside the area. */
  #isInside(area) {
    const covers = coverTest(area);
    // A name has hundreds of corners to test, and Web Mercator is linear in x: few are computed.
    const [west] = this.#position(0, 0);
    const perPixel = (this.#position(1_000, 0)[0] - west) / 1_000;
    const latitudes = new Map();
    return (x, y) => {
      if (!latitudes.has(y)) latitudes.set(y, this.#position(0, y)[1]);
      return covers([west + x * perPixel, latitudes.get(y)]);
    };
  }

  #pixels(at) {
    const { x, y } = this.#map.latLngToContainerPoint(at);
    return { x, y };
  }

  #position(x, y) {
    const { lat, lng } = this.#map.containerPointToLatLng([x, y]);
    return [lng, lat];
  }

  #makeMarker(label) {
    const { at, text, className } = label;
    label.span = document.createElement("span");
    Object.assign(label.span, { textContent: text, className: "unplaced" });
    const icon = this.#L.divIcon({
      html: label.span,
      className: `label ${className}`,
      iconSize: [0, 0],
    });
    const options = { icon, pane: "labels", interactive: false, keyboard: false };
    label.marker = this.#L.marker([at[1], at[0]], options);
    addMarker(this.#map, label.marker, { animated: false });
  }
}

/** Move a name to its offset, or hide it without one. */
function move({ marker, span, size }, offset) {
  // A hidden element costs the browser nothing; left and top need no transform for each name.
  marker.getElement().hidden = !offset;
  if (!offset) return;
  span.classList.remove("unplaced");
  span.style.left = `${Math.round(offset[0] - size.width / 2)}px`;
  span.style.top = `${Math.round(offset[1] - size.height / 2)}px`;
}

/** The box of an element, around its centre, in pixels of the container. */
function boxOf(element, container) {
  const { left, top, width, height } = element.getBoundingClientRect();
  const outer = container.getBoundingClientRect();
  return { x: left - outer.left + width / 2, y: top - outer.top + height / 2, width, height };
}

function sizeOf({ offsetWidth, offsetHeight }) {
  return { width: offsetWidth, height: offsetHeight };
}
