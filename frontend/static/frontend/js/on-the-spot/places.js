// Where the phone is, and which records are near it.

import { fold } from "#geodata/js/fold.js";
import { distanceInMetres } from "../map/distance.js";

// A fix older than this is that of another place: the official has walked on.
const FRESH_MS = 60_000;
// A receiver does not get better than this in the open.
export const GOOD_M = 5;

/** The better of two fixes {lat, lng, accuracy, at}: the more accurate, unless it is old. */
export function betterFix(best, fix) {
  if (!best || fix.at - best.at > FRESH_MS) return fix;
  return fix.accuracy <= best.accuracy ? fix : best;
}

/** "85 m", "1,2 km", "34 km". */
export function distanceText(metres) {
  if (metres < 1000) return `${Math.max(1, Math.round(metres))} m`;
  const kilometres = metres / 1000;
  return `${kilometres < 10 ? kilometres.toFixed(1).replace(".", ",") : Math.round(kilometres)} km`;
}

/**
 * Return the records that contain every word of the query, as {record, away}; the nearest first,
 * then those without a point by name.
 */
export function recordsNear(records, { at = null, query = "" }) {
  const words = fold(query).split(" ").filter(Boolean);
  return records
    .filter((record) => {
      const text = fold(`${record.name} ${record.producer} ${record.commune} ${record.code}`);
      return words.every((word) => text.includes(word));
    })
    .map((record) => {
      const away = at && record.point ? distanceInMetres(at, record.point) : null;
      return { record, away };
    })
    .sort(
      (one, other) =>
        (one.away ?? Number.POSITIVE_INFINITY) - (other.away ?? Number.POSITIVE_INFINITY) ||
        one.record.name.localeCompare(other.record.name, "vi"),
    );
}
