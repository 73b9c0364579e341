// What a product's data mean in words; the texts come with the page (frontend/words.py).

import { writeDistance } from "./near.js";

const RATING_MONTHS = 36;

/** The text with its {names} replaced. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** The day so many months after an ISO day; 31 May plus a month is 30 June, as in PostgreSQL. */
export function addMonths(day, months) {
  const [year, month, date] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  const moved = new Date(Date.UTC(year, month - 1 + months, Math.min(date, last)));
  return moved.toISOString().slice(0, 10);
}

/** What the rating is worth today; the same sentences as rating_words() in frontend/words.py. */
export function ratingWords({ ocop_status, rated_from, rated_to }, texts) {
  if (ocop_status === "valid" || ocop_status === "expiring") {
    // The decision's day may be known as a span only; what is sure is counted from its first day.
    const sure = addMonths(rated_from, RATING_MONTHS);
    const text = texts[sure === rated_to ? ocop_status : `${ocop_status}_at_least`];
    return fill(text, { date: writeDay(sure) });
  }
  if (ocop_status === "expired") {
    const [year, month] = rated_to.split("-").map(Number);
    return fill(texts.expired, { month: `${month}/${year}` });
  }
  return texts[ocop_status];
}

/** "4 sao", or nothing: stars are said only while they are known to hold. */
export function starsWords({ stars }, texts) {
  return stars === null ? "" : fill(texts.stars, { count: stars });
}

export function placeWords({ commune, old_commune, district }, texts) {
  return [commune ?? old_commune, district].filter(Boolean).join(", ") || texts.no_place;
}

/** The name of a product's marker: "Mật nho, xã Vĩnh Hải, 3 sao". */
export function markerName(properties, texts) {
  const { name, commune, old_commune, district, position } = properties;
  const place = commune ?? old_commune ?? district;
  const inexact = position === "commune" && texts.place_by_commune;
  return [name, place, starsWords(properties, texts), inexact].filter(Boolean).join(", ");
}

/** How far a product is, and if its point is not exact, that this is not either. */
export function distanceWords({ geometry, properties }, metres, texts) {
  if (!geometry || metres === undefined) return "";
  const text = properties.position === "commune" ? texts.away_by_commune : texts.away;
  return fill(text, { distance: writeDistance(metres, texts.language) });
}

function writeDay(day) {
  const [year, month, date] = day.split("-").map(Number);
  return `${date}/${month}/${year}`;
}
