// What the page stores on the phone, in IndexedDB: it survives a crash of the browser.

const NAME = "ocopmap-on-the-spot";
const TABLES = ["values", "captures", "photos"];

/**
 * Open the store. Every write is on the disk before its promise resolves.
 *
 * get, set, remove: values by key: "session" ({user, name, cookie}) and "records".
 * captures, save, discard: captures by their id, and with a capture its photos.
 * photo, savePhoto, removePhoto: Blobs by id; apart, so that a typed letter does not write them.
 */
export async function openStore() {
  const database = await new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const table of TABLES) request.result.createObjectStore(table);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  const run = (mode, act) =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction(TABLES, mode, { durability: "strict" });
      const request = act(...TABLES.map((table) => transaction.objectStore(table)));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  const read = (act) => run("readonly", act);
  const write = (act) => run("readwrite", act);
  return {
    get: (key) => read((values) => values.get(key)),
    set: (key, value) => write((values) => values.put(value, key)),
    remove: (key) => write((values) => values.delete(key)),
    captures: () => read((_values, captures) => captures.getAll()),
    save: (capture) => write((_values, captures) => captures.put(capture, capture.id)),
    discard: ({ id, photos }) =>
      write((_values, captures, blobs) => {
        for (const photo of photos) blobs.delete(photo.id);
        return captures.delete(id);
      }),
    photo: (id) => read((_values, _captures, blobs) => blobs.get(id)),
    savePhoto: (id, blob) => write((_values, _captures, blobs) => blobs.put(blob, id)),
    removePhoto: (id) => write((_values, _captures, blobs) => blobs.delete(id)),
  };
}
