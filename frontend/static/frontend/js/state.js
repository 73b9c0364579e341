// What people search, filter by and look at, and its place in the address.

/** The filters of which several values may be chosen at once. */
export const LISTS = ["huyen", "xa", "xa-cu", "nhom", "nganh", "sao", "trang-thai", "loai-bao-ho"];
// gan: near this position, LAT,LNG.
const CHOICES = ["q", ...LISTS, "bao-ho", "chu-the", "gan"];
// diem, chon: codes of the product whose neighbours on its spot, or which itself, the panel shows.
// ban-do: ZOOM/LAT/LNG; lop, to-mau and nen mean something to layers.js alone.
const LOOKS = ["diem", "chon", "ban-do", "lop", "to-mau", "nen"];
const NAMES = [...CHOICES, ...LOOKS];

/** The state that the query part of an address stands for. */
export function readState(from) {
  const parameters = new URLSearchParams(from);
  const state = {};
  for (const name of NAMES) {
    if (LISTS.includes(name)) {
      state[name] = [...new Set(parameters.getAll(name))].filter(Boolean).sort();
    } else {
      state[name] = (parameters.get(name) ?? "").trim();
    }
  }
  if (!readPlace(state.gan)) state.gan = "";
  if (!readView(state["ban-do"])) state["ban-do"] = "";
  return state;
}

/** The query part for that state, "" when nothing is chosen; the same state gives the same. */
export function writeState(state) {
  return write(state, NAMES);
}

/** Whether the same products are chosen, in the same order. */
export function sameChoices(one, other) {
  return write(one, CHOICES) === write(other, CHOICES);
}

/** The choices of a state one by one: [name, value]. */
export function choices(state) {
  return [...new URLSearchParams(write(state, CHOICES))];
}

/** The state with one choice more; of most filters the last chosen takes the place of the other. */
export function withChoice(state, name, value) {
  if (!LISTS.includes(name)) return { ...state, [name]: value };
  return { ...state, [name]: [...new Set([...state[name], value])].sort() };
}

/** The state without one choice. */
export function without(state, name, value) {
  return LISTS.includes(name)
    ? { ...state, [name]: state[name].filter((one) => one !== value) }
    : { ...state, [name]: "" };
}

/** The state without any choice; the map stays as it is. */
export function withoutChoices(state) {
  const none = readState("");
  return { ...state, ...Object.fromEntries(CHOICES.map((name) => [name, none[name]])) };
}

/** [lng, lat] of "LAT,LNG", or null. */
export function readPlace(text) {
  const [lat, lng] = numbers(text, ",", 2) ?? [];
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? [lng, lat] : null;
}

/** So many decimals are some 100 m: enough to sort by, and less than where somebody lives. */
export function writePlace([lng, lat]) {
  return `${round(lat, 3)},${round(lng, 3)}`;
}

/** {zoom, at: [lng, lat]} of "ZOOM/LAT/LNG", or null. */
export function readView(text) {
  const [zoom, lat, lng] = numbers(text, "/", 3) ?? [];
  const isView = zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 90 && Math.abs(lng) <= 180;
  return isView ? { zoom, at: [lng, lat] } : null;
}

export function writeView({ zoom, at: [lng, lat] }) {
  return `${round(zoom, 1)}/${round(lat, 4)}/${round(lng, 4)}`;
}

function write(state, names) {
  const parameters = new URLSearchParams();
  for (const name of names) {
    for (const value of [state[name]].flat()) if (value) parameters.append(name, value);
  }
  // Both signs may stand in a query, and people read addresses.
  const text = parameters.toString().replaceAll("%2C", ",").replaceAll("%2F", "/");
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
