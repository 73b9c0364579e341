// Plain geometry on GeoJSON coordinates: [lng, lat] in WGS 84 degrees.

/** Whether the point lies in the Polygon or MultiPolygon; holes are outside. */
export function covers(geometry, [x, y]) {
  return polygons(geometry).some(
    ([shell, ...holes]) => inRing(shell, x, y) && !holes.some((hole) => inRing(hole, x, y)),
  );
}

/** [west, south, east, north] of a Polygon or MultiPolygon. */
export function bounds(geometry) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [shell] of polygons(geometry)) {
    for (const [x, y] of shell) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return box;
}

/**
 * A point inside for the name: the middle of the longest level line through the largest part.
 * A centroid may lie outside a district that bends around its neighbour.
 */
export function labelPoint(geometry) {
  const largest = polygons(geometry).reduce((best, part) =>
    area(part) > area(best) ? part : best,
  );
  const [, south, , north] = bounds({ type: "Polygon", coordinates: largest });
  let best = { width: -1, at: largest[0][0] };
  for (let step = 3; step <= 9; step++) {
    const y = south + ((north - south) * step) / 12;
    const cuts = largest.flatMap((ring) => crossings(ring, y)).sort((a, b) => a - b);
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const width = cuts[i + 1] - cuts[i];
      if (width > best.width) best = { width, at: [(cuts[i] + cuts[i + 1]) / 2, y] };
    }
  }
  return best.at;
}

/**
 * The lines of polygons that share their borders, each drawn once: two dashed lines on top of each
 * other look like a solid one.
 */
export function linesOnce(geometries) {
  const seen = new Set();
  const lines = [];
  for (const ring of geometries.flatMap(polygons).flat()) {
    let line = [ring[0]];
    for (let i = 1; i < ring.length; i++) {
      const key = [ring[i - 1].join(), ring[i].join()].sort().join(" ");
      if (!seen.has(key)) line.push(ring[i]);
      if (seen.has(key) || i === ring.length - 1) {
        if (line.length > 1) lines.push(line);
        line = [ring[i]];
      }
      seen.add(key);
    }
  }
  return { type: "MultiLineString", coordinates: lines };
}

/**
 * Where to put labels so that none covers another: the first in the list win.
 * labels: boxes {x, y, width, height} around a centre, with `moves`, the [dx, dy] to try in turn;
 * `insists`: rather a little under a marker than not at all. taken: the boxes of markers.
 * Gives the move of each label, null for one to hide.
 */
export function placeLabels(labels, taken = []) {
  const markers = new Neighbours(taken);
  const placed = new Neighbours([]);
  return labels.map(({ moves, insists, ...box }) => {
    let best = null;
    for (const move of moves) {
      const moved = { ...box, x: box.x + move[0], y: box.y + move[1] };
      if (placed.cover(moved) > 0) continue;
      const hidden = markers.cover(moved);
      if (hidden < (best?.hidden ?? Number.POSITIVE_INFINITY)) best = { move, moved, hidden };
      if (hidden === 0) break;
    }
    if (!best || (best.hidden > 0 && !insists)) return null;
    placed.add(best.moved);
    return best.move;
  });
}

/** Boxes found by where they are: hundreds of markers are asked about for every try of a label. */
class Neighbours {
  static SIDE = 64;
  #squares = new Map();
  // Half of the largest box: so far from a square's boxes reach out of it.
  #reach = 0;

  constructor(boxes) {
    for (const box of boxes) this.add(box);
  }

  add(box) {
    const key = `${this.#square(box.x)} ${this.#square(box.y)}`;
    if (!this.#squares.has(key)) this.#squares.set(key, []);
    this.#squares.get(key).push(box);
    this.#reach = Math.max(this.#reach, box.width / 2, box.height / 2);
  }

  /** How much of the box they cover together. */
  cover(box) {
    const [dx, dy] = [box.width / 2 + this.#reach, box.height / 2 + this.#reach];
    let covered = 0;
    for (let i = this.#square(box.x - dx); i <= this.#square(box.x + dx); i++) {
      for (let j = this.#square(box.y - dy); j <= this.#square(box.y + dy); j++) {
        for (const other of this.#squares.get(`${i} ${j}`) ?? []) covered += overlap(other, box);
      }
    }
    return covered;
  }

  #square(at) {
    return Math.floor(at / Neighbours.SIDE);
  }
}

/** So many [dx, dy] in a ring around a spot, the first on top, none nearer than `gap` to another. */
export function ring(count, gap) {
  // A ring of few would stand on the spot itself.
  const radius = Math.max(gap, gap / 2 / Math.sin(Math.PI / Math.max(count, 2)));
  return Array.from({ length: count }, (_, i) => {
    const turn = (2 * Math.PI * i) / count;
    return [radius * Math.sin(turn), -radius * Math.cos(turn)];
  });
}

function polygons({ type, coordinates }) {
  return type === "MultiPolygon" ? coordinates : [coordinates];
}

function inRing(ring, x, y) {
  return crossings(ring, y).filter((cut) => cut > x).length % 2 === 1;
}

/** Where the level line at y meets the ring. */
function crossings(ring, y) {
  const cuts = [];
  for (let i = 1; i < ring.length; i++) {
    const [x1, y1] = ring[i - 1];
    const [x2, y2] = ring[i];
    // Half-open, so that a line through a vertex counts it once.
    if (y1 > y !== y2 > y) cuts.push(x1 + ((y - y1) * (x2 - x1)) / (y2 - y1));
  }
  return cuts;
}

function area([shell]) {
  let sum = 0;
  for (let i = 1; i < shell.length; i++) {
    sum += shell[i - 1][0] * shell[i][1] - shell[i][0] * shell[i - 1][1];
  }
  return Math.abs(sum);
}

/** The area that two boxes share. */
function overlap(a, b) {
  const width = (a.width + b.width) / 2 - Math.abs(a.x - b.x);
  const height = (a.height + b.height) / 2 - Math.abs(a.y - b.y);
  return Math.max(0, width) * Math.max(0, height);
}
