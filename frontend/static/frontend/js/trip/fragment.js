// A trip as text: `v1=products:MAU-SP-001,sales-points:MAU-DB-003`. The link of a trip has it in its
// fragment, which browsers do not send to the server; the device stores the same text.

/** The number of stops that a trip may have. */
export const MAX_STOPS = 50;

const VERSION = "v1=";
const MAX_ID_LENGTH = 100;

/** Return the key of a feature: "products:MAU-SP-001". */
export function stopKey(collection, id) {
  return `${collection}:${id}`;
}

/** Return {collection, id} of a key. */
export function partsOf(key) {
  const end = key.indexOf(":");
  return { collection: key.slice(0, end), id: key.slice(end + 1) };
}

/**
 * Return {keys, unreadable, beyond, isOtherVersion} of a fragment without "#", or null if it is no
 * trip. keys: at most MAX_STOPS, in their order, without repetitions; unreadable: number of entries
 * that are no key; beyond: number of keys after the first MAX_STOPS.
 * collections: the known ones; without them any name of a collection is accepted.
 */
export function readTrip(fragment, collections = null) {
  if (!/^v\d+=/.test(fragment)) return null;
  const isOtherVersion = !fragment.startsWith(VERSION);
  const entries = isOtherVersion ? [] : fragment.slice(VERSION.length).split(",").filter(Boolean);
  const read = entries.map((entry) => readKey(entry, collections));
  const keys = [...new Set(read.filter(Boolean))];
  return {
    keys: keys.slice(0, MAX_STOPS),
    unreadable: read.filter((key) => !key).length,
    beyond: Math.max(0, keys.length - MAX_STOPS),
    isOtherVersion,
  };
}

/** Return the text of a trip, "" for an empty one. */
export function writeTrip(keys) {
  if (keys.length === 0) return "";
  const entries = keys.map((key) => {
    const { collection, id } = partsOf(key);
    return `${encodeURIComponent(collection)}:${encodeURIComponent(id)}`;
  });
  return VERSION + entries.join(",");
}

/** Return the key of an entry, or "" if it is none. */
function readKey(entry, collections) {
  const [name, id, ...more] = entry.split(":").map(decoded);
  const isKey = /^[a-z][a-z-]*$/.test(name) && isId(id) && more.length === 0;
  return isKey && (!collections || collections.includes(name)) ? stopKey(name, id) : "";
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

function isId(id) {
  return Boolean(id) && id.length <= MAX_ID_LENGTH && !/\p{C}/u.test(id);
}
