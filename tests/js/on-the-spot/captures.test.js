import assert from "node:assert/strict";
import { test } from "node:test";
import {
  captureOf,
  formData,
  hasContent,
  newCapture,
  REFUSED,
  sendAll,
  WAITING,
} from "../../../frontend/static/frontend/js/on-the-spot/captures.js";

const RECORD = { kind: "products", code: "A-1", name: "Nho", version: 4, base: { point: null } };
const SESSION = { user: 7, name: "Cán bộ" };
const capture = (id, values = {}) => ({
  ...newCapture(RECORD, SESSION, id),
  state: WAITING,
  ...values,
});
const answered = (status, value = {}) => ({
  status,
  ok: status < 300,
  redirected: false,
  json: async () => value,
});

/** Send captures with these responses; return what stopped it, and what was stored or discarded. */
async function sent(captures, responses) {
  const saved = [];
  const discarded = [];
  const posted = [];
  const stopped = await sendAll(captures, 7, {
    post: async (one) => {
      posted.push(one.id);
      const response = responses[posted.length - 1];
      if (response instanceof Error) throw response;
      return response;
    },
    save: async (one) => saved.push(one),
    discard: async ({ id }, { state }) => discarded.push([id, state]),
  });
  return { stopped, saved, discarded, posted };
}

test("a capture has what the phone has read of its record", () => {
  const one = newCapture(RECORD, SESSION, "x");
  assert.deepEqual(
    [one.user, one.version, one.base, one.credit],
    [7, 4, { point: null }, "Cán bộ"],
  );
  assert.equal(hasContent(one), false);
  assert.equal(hasContent({ ...one, note: " " }), false);
  assert.equal(hasContent({ ...one, note: "đổi chỗ" }), true);
  assert.equal(hasContent({ ...one, photos: [{ id: "p" }] }), true);
});

test("a record has one capture at a time for each user", () => {
  const mine = capture("a");
  assert.equal(captureOf([capture("b", { user: 8 }), mine], RECORD, 7), mine);
  assert.equal(captureOf([mine], { ...RECORD, kind: "producers" }, 7), undefined);
});

test("the body has the version that was read, the position and the photos in order", async () => {
  const one = capture("x", {
    fix: { lat: 11.5, lng: 108.9, accuracy: 4.2, at: 1 },
    photos: [
      { id: "p", alt: "Vườn" },
      { id: "q", alt: "" },
    ],
  });
  const data = formData(one, [new Blob(["1"]), new Blob(["2"])]);

  assert.equal(data.get("version"), "4");
  assert.equal(data.get("base"), '{"point":null}');
  assert.deepEqual(
    [data.get("lat"), data.get("lng"), data.get("accuracy")],
    ["11.5", "108.9", "4.2"],
  );
  assert.deepEqual(data.getAll("alt"), ["Vườn", ""]);
  assert.deepEqual(await Promise.all(data.getAll("photo").map((file) => file.text())), ["1", "2"]);
  assert.equal(formData(capture("y"), []).get("lat"), null);
});

test("only waiting captures of the user are sent, and discarded after an answer", async () => {
  const others = [capture("o", { user: 8 }), capture("d", { state: "open" })];
  const result = await sent(
    [...others, capture("a"), capture("b")],
    [answered(201, { state: "written" }), answered(200, { state: "proposed" })],
  );

  assert.deepEqual(
    { ...result, saved: result.saved.map(({ id, tried }) => [id, tried]) },
    {
      stopped: "",
      saved: [
        ["a", true],
        ["b", true],
      ],
      discarded: [
        ["a", "written"],
        ["b", "proposed"],
      ],
      posted: ["a", "b"],
    },
  );
});

test("a refused capture stays with its sentence, and the next one is sent", async () => {
  const result = await sent(
    [capture("a"), capture("b")],
    [answered(400, { error: "Ngoài tỉnh." }), answered(201, { state: "written" })],
  );

  assert.deepEqual(
    result.saved.map(({ id, state, tried, problem }) => [id, state, tried, problem]),
    [
      ["a", WAITING, true, ""],
      ["a", REFUSED, false, "Ngoài tỉnh."],
      ["b", WAITING, true, ""],
    ],
  );
  assert.deepEqual(result.discarded, [["b", "written"]]);
});

for (const [what, response, stopped] of [
  ["no network", new TypeError("failed to fetch"), "offline"],
  ["nobody logged in", answered(401, { error: "Hãy đăng nhập." }), "login"],
  ["a token of another session", answered(403), "login"],
  ["a redirect to the log-in", { ...answered(200, {}), redirected: true }, "login"],
  ["a broken server", answered(503, { error: "x" }), "server"],
  ["a page instead of an answer", answered(200), "server"],
]) {
  test(`with ${what} everything stays on the phone`, async () => {
    const result = await sent([capture("a"), capture("b")], [response]);
    const saved = result.saved.map(({ id, state, tried }) => [id, state, tried]);
    assert.deepEqual(
      { ...result, saved },
      { stopped, saved: [["a", WAITING, true]], discarded: [], posted: ["a"] },
    );
  });
}

test("nothing is added to a capture that the server may have", () => {
  assert.equal(captureOf([capture("a", { tried: true })], RECORD, 7), undefined);
});
