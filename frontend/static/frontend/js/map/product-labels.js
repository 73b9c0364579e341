// The properties of a product as text. The texts come with the page, in its language.

import { fold } from "#geodata/js/fold.js";
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
    return fillIn(text, { date: formatDay(earliestEnd, texts) });
  }
  if (ocop_status === "expired") {
    return fillIn(texts.expired, { month: formatMonth(rated_to, texts) });
  }
  return texts[ocop_status];
}

/**
 * Return the month in which the rating ends, for a card; "" if no end is known. The same texts as in
 * labels.py.
 */
export function termLabel({ ocop_status, rated_from, rated_to }, texts) {
  if (ocop_status === "valid" || ocop_status === "expiring") {
    const earliestEnd = addMonths(rated_from, texts.ratingMonths);
    const text = earliestEnd === rated_to ? texts.until : texts.until_at_least;
    return fillIn(text, { month: formatMonth(earliestEnd, texts) });
  }
  if (ocop_status !== "expired") return "";
  return fillIn(texts.until, { month: formatMonth(rated_to, texts) });
}

/** Return "4 sao", or "" unless a rating is known to be in force. */
export function starsLabel({ stars }, texts) {
  return stars === null ? "" : fillIn(texts.stars, { count: stars });
}

/** Return a mark beside the name; "" unless it was translated back. The same texts as in labels.py. */
export function nameMark({ name_basis, ocop_status }, texts) {
  if (name_basis !== "back_translated") return "";
  const isValid = ocop_status === "valid" || ocop_status === "expiring";
  return isValid ? texts.back_translated_unverified : texts.back_translated;
}

/**
 * Return a unit such as "xã Vĩnh Hậu" in the language of the page: "Vĩnh Hậu commune".
 * texts.unitKinds: folded kind → its name in that language.
 */
export function unitLabel(fullName, texts) {
  const { kind, name } = unitParts(fullName, texts);
  return texts.language === "en" && kind ? fillIn(texts.unit, { kind, name }) : fullName;
}

/** Return {kind, name} of a unit, the kind in the language of the page; "" if it is not known. */
function unitParts(fullName, texts) {
  const words = fullName.split(" ");
  // "thị trấn Phước Mẫn": the kind is the first word, or the first two.
  for (const length of [2, 1]) {
    const kind = texts.unitKinds?.[fold(words.slice(0, length).join(" "))];
    if (kind) return { kind, name: words.slice(length).join(" ") };
  }
  return { kind: "", name: fullName };
}

/**
 * Return {text, name}: the name of the smallest unit that is known of a product, and the text that
 * contains it as {name}: of a former unit with its kind; name "" if none is known.
 */
export function cardPlace({ commune, old_commune, district }, texts) {
  if (commune) return { text: "{name}", name: unitParts(commune, texts).name };
  const former = old_commune ?? district;
  if (!former) return { text: texts.no_place, name: "" };
  const { kind, name } = unitParts(former, texts);
  return { text: kind ? fillIn(texts.place_former, { kind, name: "{name}" }) : "{name}", name };
}

/**
 * Return {now, before}: the present commune with its province, and the former commune and district with
 * the day of the change, each "" if not known; the same texts as in labels.py. They are never joined
 * to one address. texts.province: that of all present communes, or "".
 */
export function placeLabels({ commune, old_commune, district }, texts) {
  const place = unitsLabel([old_commune, district], texts);
  return {
    now: commune ? unitsLabel([commune, texts.province], texts) : "",
    before: place && fillIn(texts.place_then, { day: texts.changedOn, place }),
  };
}

/** Return the names of units as one text; units that are not known are left out. */
export function unitsLabel(units, texts) {
  return units
    .filter(Boolean)
    .map((unit) => unitLabel(unit, texts))
    .join(", ");
}

/** Return where a product is, in one short text: now if known, else then. */
export function shortPlace(properties, texts) {
  const { now, before } = placeLabels(properties, texts);
  return now || before || texts.no_place;
}

/**
 * Return the accessible name of a product's marker, with everything that its look shows: "Mật nho, xã
 * Vĩnh Hậu, 3 sao".
 */
export function markerLabel(properties, texts) {
  const { name, commune, old_commune, district, position, ocop_status, protections } = properties;
  const unit = commune ?? old_commune ?? district;
  const place = unit && unitLabel(unit, texts);
  const inexact = position === "commune" && texts.place_by_commune;
  // Stars are known only while the rating is valid.
  const status = ocop_status === "valid" ? "" : texts[`status_${ocop_status}`];
  const right = protections && fillIn(texts.protected, { names: protections });
  const mark = nameMark(properties, texts);
  const parts = [name, mark, place, starsLabel(properties, texts), status, right, inexact];
  return parts.filter(Boolean).join(", ");
}

/** Return the distance of a product, and whether it is inexact; "" without a point or a distance. */
export function distanceLabel({ geometry, properties }, metres, texts) {
  if (!geometry || metres === undefined) return "";
  const text = properties.position === "commune" ? texts.away_by_commune : texts.away;
  return fillIn(text, { distance: formatDistance(metres, texts.language) });
}

/** Return an ISO day as 15/9/2026, in English as 15 September 2026. */
function formatDay(day, { language }) {
  const [year, month, date] = day.split("-").map(Number);
  if (language !== "en") return `${date}/${month}/${year}`;
  return `${date} ${formatMonth(day, { language })}`;
}

function formatMonth(day, { language }) {
  const [year, month] = day.split("-").map(Number);
  if (language !== "en") return `${month}/${year}`;
  const options = { month: "long", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat("en-GB", options).format(Date.UTC(year, month - 1));
}
