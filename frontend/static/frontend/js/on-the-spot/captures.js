// Captures: what an official records of one place, until the server has it.

/** States: being filled in, waiting for the network, refused by the server. */
export const OPEN = "open";
export const WAITING = "waiting";
export const REFUSED = "refused";

/** Return a new capture of a record by the user of the session. */
export function newCapture(record, session, id) {
  return {
    id,
    user: session.user,
    state: OPEN,
    kind: record.kind,
    code: record.code,
    name: record.name,
    version: record.version,
    base: record.base,
    // {lat, lng, accuracy, at}
    fix: null,
    // [{id, alt}], the files by their id in the store
    photos: [],
    note: "",
    credit: session.name,
    problem: "",
    // Whether the server may have it: then nothing may be added.
    tried: false,
    madeAt: Date.now(),
  };
}

/** Whether a capture has anything to send. */
export function hasContent({ fix, photos, note }) {
  return Boolean(fix || photos.length || note.trim());
}

/**
 * The user's capture of that record to which more can be added, if there is one.
 *
 * Not one that was tried to send: the server may have it under its id, and would ignore what is new.
 */
export function captureOf(captures, record, user) {
  return captures.find(
    (one) =>
      one.user === user && one.kind === record.kind && one.code === record.code && !one.tried,
  );
}

/** The multipart body of a capture, as the server reads it. blobs: of its photos, in order. */
export function formData(capture, blobs) {
  const data = new FormData();
  for (const name of ["id", "kind", "code", "version", "note", "credit"]) {
    data.set(name, capture[name]);
  }
  data.set("base", JSON.stringify(capture.base));
  if (capture.fix) {
    for (const name of ["lat", "lng", "accuracy"]) data.set(name, capture.fix[name]);
  }
  for (const [index, { alt }] of capture.photos.entries()) {
    data.append("photo", blobs[index], `photo-${index + 1}.jpg`);
    data.append("alt", alt);
  }
  return data;
}

/**
 * Send the waiting captures of a user, one after the other; return what stopped it: "" (nothing),
 * "offline", "login" or "server".
 *
 * post: capture → Promise of a Response. save: stores a capture with its new state. discard: of a
 * capture that the server has, with the JSON of its answer. A capture is discarded only after an
 * answer of success: one whose answer is lost is sent again, and the server knows its id.
 */
export async function sendAll(captures, user, { post, save, discard }) {
  const waiting = captures.filter((one) => one.state === WAITING && one.user === user);
  for (const one of waiting) {
    const capture = { ...one, tried: true };
    if (!one.tried) await save(capture);
    let response;
    try {
      response = await post(capture);
    } catch {
      return "offline";
    }
    const answer = await jsonOf(response);
    if (response.ok && !response.redirected && answer.state) {
      await discard(capture, answer);
    } else if (response.status === 401 || response.redirected) {
      return "login";
    } else if (response.status === 413 || (response.status < 500 && answer.error)) {
      await save({ ...capture, state: REFUSED, tried: false, problem: answer.error ?? "" });
    } else {
      // Also 403 without a sentence: the token of the form is that of another session.
      return response.status === 403 ? "login" : "server";
    }
  }
  return "";
}

async function jsonOf(response) {
  try {
    return await response.json();
  } catch {
    return {};
  }
}
