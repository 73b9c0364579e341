// Roads, water, parks and villages of the OpenStreetMap extract, in squares of a web map.

// Level of the squares → least zoom at which they are drawn, as in osm_extract.py.
const LEVELS = [
  [12, 13],
  [10, 11],
  [8, 0],
];
// Squares that stay on the map after they have left the view.
const MAX_SQUARES = 48;

/** Return the level that is drawn at a zoom. */
export function levelAt(zoom) {
  return LEVELS.find(([, least]) => zoom >= least)[0];
}

/** Return the squares {level, x, y} of a level that a box has a part of; box: [west, south, east, north]. */
export function squaresIn(box, level) {
  const [west, south, east, north] = box;
  const [left, top] = squareAt(west, north, level);
  const [right, bottom] = squareAt(east, south, level);
  const squares = [];
  for (let x = left; x <= right; x++) {
    for (let y = top; y <= bottom; y++) squares.push({ level, x, y });
  }
  return squares;
}

/** Return the box that two boxes share, or null. */
export function intersection([west, south, east, north], [west2, south2, east2, north2]) {
  const shared = [
    Math.max(west, west2),
    Math.max(south, south2),
    Math.min(east, east2),
    Math.min(north, north2),
  ];
  return shared[0] < shared[2] && shared[1] < shared[3] ? shared : null;
}

function squareAt(lng, lat, level) {
  const count = 2 ** level;
  const mercator = Math.asinh(Math.tan((lat * Math.PI) / 180));
  return [
    Math.floor(((lng + 180) / 360) * count),
    Math.floor(((1 - mercator / Math.PI) / 2) * count),
  ];
}

/** The squares on a map. */
export class DetailLayer {
  #map;
  #queue;
  #shapes;
  #labels;
  #source;
  #load;
  // Key of a square → {layers, labels}, empty while it is being loaded; the last used at the end.
  #squares = new Map();

  /**
   * map: of Leaflet; queue: a FrameQueue; shapes: the ShapeLayer; labels: the LabelLayer.
   * source: {url, box}: the address up to the level of a square, and the box that has squares.
   * load(url): Promise of the JSON of a square.
   */
  constructor({ map, queue, shapes, labels, source, load }) {
    this.#map = map;
    this.#queue = queue;
    this.#shapes = shapes;
    this.#labels = labels;
    this.#source = source;
    this.#load = load;
  }

  /** Draw the squares in a box, at a zoom; remove those of other levels. */
  show(box, zoom) {
    const shared = intersection(box, this.#source.box);
    const level = levelAt(zoom);
    const squares = shared ? squaresIn(shared, level) : [];
    const wanted = new Set(squares.map(({ x, y }) => `${level}/${x}/${y}`));
    for (const key of wanted) this.#request(key);
    for (const key of [...this.#squares.keys()]) {
      const isOther = !key.startsWith(`${level}/`);
      if (!wanted.has(key) && (isOther || this.#squares.size > MAX_SQUARES)) this.#remove(key);
    }
  }

  async #request(key) {
    if (this.#squares.has(key)) {
      const square = this.#squares.get(key);
      this.#squares.delete(key);
      this.#squares.set(key, square);
      return;
    }
    const square = { layers: [], labels: [] };
    this.#squares.set(key, square);
    let content;
    try {
      content = await this.#load(`${this.#source.url}${key}.json`);
    } catch {
      // Without a network the built-in base map is there; the next move tries again.
      if (this.#squares.get(key) === square) this.#squares.delete(key);
      return;
    }
    const steps = Object.entries(content.shapes ?? {}).map(([className, geometry]) => () => {
      if (this.#squares.get(key) !== square) return;
      square.layers.push(this.#shapes.add(geometry, "details", `base-${className}`));
    });
    const addNames = () => {
      if (this.#squares.get(key) !== square) return;
      this.#map.getContainer().classList.add("has-details");
      for (const [kind, text, lng, lat, minZoom] of content.names ?? []) {
        // Towns and communes are named by the built-in base map.
        if (kind === "place" && this.#labels.has(text)) continue;
        const className = `label-${kind}`;
        const label = { at: [lng, lat], text, className, minZoom, isBase: true };
        square.labels.push(this.#labels.add(label));
      }
    };
    this.#queue.add(...steps, addNames);
    this.#queue.request();
  }

  #remove(key) {
    const { layers, labels } = this.#squares.get(key);
    for (const layer of layers) layer.remove();
    this.#labels.remove(labels);
    this.#squares.delete(key);
    this.#map.getContainer().classList.toggle("has-details", this.#squares.size > 0);
  }
}
