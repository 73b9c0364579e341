// The properties of a product as text. The texts come with the page, in its language.

import { formatDistance } from "./distance.js";

/** Return the text with its {names} replaced by values. */
export function fillIn(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Return the ISO day a number of months later; 31 May plus one month is 30 June, as in PostgreSQL. */
export function addMonths(day, months) {
  const [year, month, date] = day.split("-").map(Number);
  const lastDate = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  const later = new Date(Date.UTC(year, month - 1 + months, Math.min(date, lastDate)));
  return later.toISOString().slice(0, 10);
}

/**
 * Return the status of the rating; the same sentences as on pages made by the server.
 * texts.ratingMonths: how long a rating is in force.
 */
export function ratingLabel({ ocop_status, rated_from, rated_to }, texts) {
  if (ocop_status === "valid" || ocop_status === "expiring") {
    // Only the span of the decision may be known; its first day gives the earliest end.
    const earliestEnd = addMonths(rated_from, texts.ratingMonths);
    const text = texts[earliestEnd === rated_to ? ocop_status : `${ocop_status}_at_least`];
    return fillIn(text, { date: formatDay(earliestEnd) });
  }
  if (ocop_status === "expired") {
    const [year, month] = rated_to.split("-").map(Number);
    return fillIn(texts.expired, { month: `${month}/${year}` });
  }
  return texts[ocop_status];
}

/** Return "4 sao", or "" unless a rating is known to be in force. */
export function starsLabel({ stars }, texts) {
  return stars === null ? "" : fillIn(texts.stars, { count: stars });
}

/** Return commune and district. */
export function placeLabel({ commune, old_commune, district }, texts) {
  return [commune ?? old_commune, district].filter(Boolean).join(", ") || texts.no_place;
}

/** Return the accessible name of a product's marker: "Mật nho, xã Vĩnh Hải, 3 sao". */
export function markerLabel(properties, texts) {
  const { name, commune, old_commune, district, position } = properties;
  const place = commune ?? old_commune ?? district;
  const inexact = position === "commune" && texts.place_by_commune;
  return [name, place, starsLabel(properties, texts), inexact].filter(Boolean).join(", ");
}

/** Return the distance of a product, and whether it is inexact; "" without a point or a distance. */
export function distanceLabel({ geometry, properties }, metres, texts) {
  if (!geometry || metres === undefined) return "";
  const text = properties.position === "commune" ? texts.away_by_commune : texts.away;
  return fillIn(text, { distance: formatDistance(metres, texts.language) });
}

function formatDay(day) {
  const [year, month, date] = day.split("-").map(Number);
  return `${date}/${month}/${year}`;
}
