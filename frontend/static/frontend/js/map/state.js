// The state of the map page: what users search for, filter by and look at. The code uses English
// keys; the address contains the Vietnamese parameters of PARAMETERS.

import { readBox } from "./area.js";

/** Key of the state → URL parameter, in the order in which an address contains them. */
export const PARAMETERS = {
  query: "q",
  district: "huyen",
  commune: "xa",
  oldCommune: "xa-cu",
  type: "loai",
  category: "nhom",
  sector: "nganh",
  season: "mua",
  certificate: "chung-nhan",
  stars: "sao",
  status: "trang-thai",
  rightKind: "loai-bao-ho",
  right: "bao-ho",
  producer: "chu-the",
  // Sort by the distance from this position, LAT,LNG.
  near: "gan",
  // The order of the list, see sorting.js.
  sort: "sap-xep",
  // Only what is in this part of the map, WEST,SOUTH,EAST,NORTH; see area.js.
  area: "vung",
  // Codes of products: the panel shows the one, or all at the same spot as the other.
  spot: "diem",
  product: "chon",
  // ZOOM/LAT/LNG of the map.
  view: "ban-do",
  // See layer-state.js.
  layers: "lop",
  choropleth: "to-mau",
  basemap: "nen",
};
const KEYS = Object.keys(PARAMETERS);

/** The filters that take several values. */
export const LISTS = [
  "district",
  "commune",
  "oldCommune",
  "type",
  "category",
  "sector",
  "season",
  "certificate",
  "stars",
  "status",
  "rightKind",
];
// What determines which products are shown, and their order.
const CHOICES = ["query", ...LISTS, "right", "producer", "near", "area"];

/** Return the key of the state for a URL parameter, undefined for other parameters. */
export function keyOf(parameter) {
  return KEYS.find((key) => PARAMETERS[key] === parameter);
}

/** Return the state for the query part of an address. */
export function readState(search) {
  const parameters = new URLSearchParams(search);
  const state = {};
  for (const key of KEYS) {
    const values = parameters.getAll(PARAMETERS[key]);
    state[key] = LISTS.includes(key)
      ? [...new Set(values)].filter(Boolean).sort()
      : (values[0] ?? "").trim();
  }
  if (!readPlace(state.near)) state.near = "";
  if (!readView(state.view)) state.view = "";
  if (!readBox(state.area)) state.area = "";
  return state;
}

/** Return the query part of the address for a state, "" for the empty state. */
export function writeState(state) {
  return write(state, KEYS);
}

/** Whether two states show the same products in the same order. */
export function sameChoices(one, other) {
  return one.sort === other.sort && write(one, CHOICES) === write(other, CHOICES);
}

/** Return the choices of a state: [[key, value], …]. */
export function choices(state) {
  return pairs(state, CHOICES);
}

/** Return the state with one more choice; a filter with one value gets the new value. */
export function withChoice(state, key, value) {
  if (!LISTS.includes(key)) return { ...state, [key]: value };
  return { ...state, [key]: [...new Set([...state[key], value])].sort() };
}

/** Return the state without one choice. */
export function withoutChoice(state, key, value) {
  return LISTS.includes(key)
    ? { ...state, [key]: state[key].filter((one) => one !== value) }
    : { ...state, [key]: "" };
}

/** Return the state without any choice; the map stays where it is. */
export function withoutChoices(state) {
  const empty = readState("");
  return { ...state, ...Object.fromEntries(CHOICES.map((key) => [key, empty[key]])) };
}

/** Return [lng, lat] of "LAT,LNG", or null. */
export function readPlace(text) {
  const [lat, lng] = numbers(text, ",", 2) ?? [];
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? [lng, lat] : null;
}

/** Return "LAT,LNG" to about 100 m: enough to sort by distance, and no home address. */
export function writePlace([lng, lat]) {
  return `${round(lat, 3)},${round(lng, 3)}`;
}

/** Return {zoom, at: [lng, lat]} of "ZOOM/LAT/LNG", or null. */
export function readView(text) {
  const [zoom, lat, lng] = numbers(text, "/", 3) ?? [];
  const isView = zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 90 && Math.abs(lng) <= 180;
  return isView ? { zoom, at: [lng, lat] } : null;
}

/** Return "ZOOM/LAT/LNG". */
export function writeView({ zoom, at: [lng, lat] }) {
  return `${round(zoom, 1)}/${round(lat, 4)}/${round(lng, 4)}`;
}

/** The values of these keys that are not empty: [[key, value], …]. */
function pairs(state, keys) {
  return keys.flatMap((key) =>
    [state[key]]
      .flat()
      .filter(Boolean)
      .map((value) => [key, value]),
  );
}

function write(state, keys) {
  const parameters = pairs(state, keys).map(([key, value]) => [PARAMETERS[key], value]);
  // "," and "/" are allowed in a query and easier to read.
  const text = new URLSearchParams(parameters)
    .toString()
    .replaceAll("%2C", ",")
    .replaceAll("%2F", "/");
  return text && `?${text}`;
}

function numbers(text, separator, count) {
  const parts = text.split(separator);
  const isNumber = (part) => /^-?\d+(\.\d+)?$/.test(part);
  return parts.length === count && parts.every(isNumber) ? parts.map(Number) : null;
}

function round(number, decimals) {
  return Number(number.toFixed(decimals));
}
