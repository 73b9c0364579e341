// Geometry on GeoJSON coordinates: [lng, lat] in degrees of WGS 84.
//
// Loops over positions use indexes: at the start of a page, before a browser has compiled them,
// destructuring takes several times as long.

/** Whether the Polygon or MultiPolygon contains the point; holes are outside. */
export function covers(geometry, [x, y]) {
  return polygons(geometry).some(
    ([shell, ...holes]) => inRing(shell, x, y) && !holes.some((hole) => inRing(hole, x, y)),
  );
}

/**
 * Return a function that is true for a point [x, y] inside the Polygon or MultiPolygon: faster than
 * covers() for many points of which several have the same y.
 */
export function coverTest(geometry) {
  const cutsAt = new Map();
  return ([x, y]) => {
    if (!cutsAt.has(y)) {
      // Holes too: inside of one, a point is between two more crossings.
      cutsAt.set(
        y,
        polygons(geometry).flatMap((rings) => rings.flatMap((ring) => crossings(ring, y))),
      );
    }
    return cutsAt.get(y).filter((cut) => cut > x).length % 2 === 1;
  };
}

/** Return [west, south, east, north] of positions, of which there is at least one. */
export function boundsOf(positions) {
  return bounds({ type: "Polygon", coordinates: [positions] });
}

/** Return [west, south, east, north] of a Polygon or MultiPolygon. */
export function bounds(geometry) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [shell] of polygons(geometry)) {
    for (let i = 0; i < shell.length; i++) {
      const x = shell[i][0];
      const y = shell[i][1];
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return box;
}

/**
 * Return a point inside for the name: the centre of the longest horizontal line through the largest
 * polygon. The centroid of a district that bends around its neighbour may be outside of it.
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
 * Return the borders of polygons as two MultiLineStrings: {shared, outer}. A border between two of
 * them is in `shared`, once: two dashed lines on top of each other look like a solid one.
 */
export function borderLines(geometries) {
  const rings = geometries.flatMap(polygons).flat();
  const keys = segmentKeys(rings);
  const once = new Set();
  const common = new Set();
  for (let r = 0; r < keys.length; r++) {
    for (let i = 1; i < keys[r].length; i++) {
      const key = keys[r][i];
      if (once.has(key)) common.add(key);
      else once.add(key);
    }
  }
  const lines = { shared: [], outer: [] };
  const seen = new Set();
  for (let r = 0; r < rings.length; r++) {
    const ring = rings[r];
    let last = null;
    for (let i = 1; i < ring.length; i++) {
      const key = keys[r][i];
      const kind = seen.has(key) ? null : common.has(key) ? lines.shared : lines.outer;
      if (kind && kind === last) kind.at(-1).push(ring[i]);
      else if (kind) kind.push([ring[i - 1], ring[i]]);
      last = kind;
      seen.add(key);
    }
  }
  const multi = (coordinates) => ({ type: "MultiLineString", coordinates });
  return { shared: multi(lines.shared), outer: multi(lines.outer) };
}

/**
 * Return for each ring a list with a number for the segment that ends at each of its positions but the
 * first; the same number in both directions. Texts of the coordinates took ten times as long.
 */
function segmentKeys(rings) {
  const byX = new Map();
  let size = 0;
  const numbers = rings.map((ring) =>
    ring.map((position) => {
      if (!byX.has(position[0])) byX.set(position[0], new Map());
      const byY = byX.get(position[0]);
      if (!byY.has(position[1])) {
        byY.set(position[1], size);
        size += 1;
      }
      return byY.get(position[1]);
    }),
  );
  return numbers.map((ring) =>
    ring.map((b, i) => {
      const a = i > 0 ? ring[i - 1] : b;
      return Math.min(a, b) * size + Math.max(a, b);
    }),
  );
}

/**
 * Return `count` offsets [dx, dy] in pixels in a ring, the first at the top; none is nearer than
 * `gap` to another one or to the centre.
 */
export function ringOffsets(count, gap) {
  const radius = Math.max(gap, gap / 2 / Math.sin(Math.PI / Math.max(count, 2)));
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count;
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  });
}

function polygons({ type, coordinates }) {
  return type === "MultiPolygon" ? coordinates : [coordinates];
}

function inRing(ring, x, y) {
  return crossings(ring, y).filter((cut) => cut > x).length % 2 === 1;
}

/** Return the x at which the horizontal line at y crosses the ring. */
function crossings(ring, y) {
  const cuts = [];
  for (let i = 1; i < ring.length; i++) {
    const a = ring[i - 1];
    const b = ring[i];
    // Half-open intervals: a line through a vertex crosses once.
    if (a[1] > y !== b[1] > y) cuts.push(a[0] + ((y - a[1]) * (b[0] - a[0])) / (b[1] - a[1]));
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
