// The order of the stops of a trip.

import { distanceInMetres } from "../map/distance.js";

/** Return the list with one element moved to another index; an index outside changes nothing. */
export function moved(list, from, to) {
  if (from < 0 || to < 0 || from >= list.length || to >= list.length) return list;
  const others = list.filter((_, i) => i !== from);
  return [...others.slice(0, to), list[from], ...others.slice(to)];
}

/**
 * Return the stops so that each is the nearest to the one before it; stops without a point come last,
 * in their order. stops: with `at`, [lng, lat] or null. start: a position; without one, the first stop
 * that has a point remains the first.
 *
 * This is no shortest route, and distances are straight lines.
 */
export function nearestFirst(stops, start = null) {
  const left = stops.filter(({ at }) => at);
  const sorted = [];
  let from = start ?? left[0]?.at;
  while (left.length > 0) {
    const distances = left.map(({ at }) => distanceInMetres(from, at));
    const [nearest] = left.splice(distances.indexOf(Math.min(...distances)), 1);
    sorted.push(nearest);
    from = nearest.at;
  }
  return [...sorted, ...stops.filter(({ at }) => !at)];
}

/** Return for each stop the metres from the one before that has a point, or null. */
export function legs(stops) {
  let before = null;
  return stops.map(({ at }) => {
    if (!at) return null;
    const metres = before && distanceInMetres(before, at);
    before = at;
    return metres;
  });
}
