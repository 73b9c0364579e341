// Where a badge covers no marker.

// Pixels between the centres of two places that do not cover each other.
const GAP = 44;
const WORLD_WIDTH = 256;

/**
 * Return the first of the candidates that covers none of the taken positions at this zoom, or else
 * the one that is farthest from them. Positions are [lng, lat].
 */
export function freePlace(candidates, taken, zoom) {
  const others = taken.map((at) => pixels(at, zoom));
  let best = { at: candidates[0], gap: -1 };
  for (const at of candidates) {
    const [x, y] = pixels(at, zoom);
    const gap = Math.min(GAP, ...others.map(([left, top]) => Math.hypot(x - left, y - top)));
    if (gap > best.gap) best = { at, gap };
  }
  return best.at;
}

/** Return the position on the map of the world, in pixels (Web Mercator). */
function pixels([lng, lat], zoom) {
  const size = WORLD_WIDTH * 2 ** zoom;
  const sine = Math.sin((lat * Math.PI) / 180);
  const y = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  return [(lng / 360 + 0.5) * size, y * size];
}
