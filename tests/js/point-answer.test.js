import assert from "node:assert/strict";
import { test } from "node:test";
import { answerParts, LatestRequest } from "../../geodata/static/geodata/js/point-answer.js";

const WORDS = {
  error: "Sai:",
  warning: "Lưu ý:",
  use: "Dùng",
  outside: "Ngoài mọi xã",
  offline: "Chưa hỏi được",
};
const FOUND = {
  point: [108.99, 11.565],
  text: "11.565, 108.99",
  place: "xã A",
  findings: [],
  suggestion: null,
  vn2000: { epsg: 9218, label: "VN-2000", x: 1279054.8, y: 580514.07 },
};
const answered = (value, ok = true) => ({ ok, json: async () => value });

test("an answer states the place, then what is wrong, another reading, and both numbers", () => {
  const findings = [{ level: "warning", code: "label_point", text: "đại diện" }];
  const suggestion = { label: "lưới khác", text: "X=1 Y=2", epsg: 9210 };

  assert.deepEqual(answerParts({ ...FOUND, findings, suggestion }, WORDS), [
    { kind: "place", content: "xã A" },
    { kind: "finding", lead: "Lưu ý:", content: "đại diện", use: "warning" },
    { kind: "suggestion", content: "Dùng: lưới khác", use: { text: "X=1 Y=2", epsg: 9210 } },
    {
      kind: "numbers",
      content: "WGS 84: 11.565, 108.99 · VN-2000: X 1279054.80, Y 580514.07",
    },
  ]);
});

test("a point outside all communes has no name of a place, an unread text no numbers", () => {
  assert.equal(answerParts({ ...FOUND, place: "" }, WORDS)[0].content, "Ngoài mọi xã");
  const findings = [{ level: "error", code: "zero", text: "0, 0" }];
  const unread = { ...FOUND, point: null, vn2000: null, findings };
  assert.deepEqual(
    answerParts(unread, WORDS).map(({ kind }) => kind),
    ["finding"],
  );
});

test("without an answer it is said that saving checks the position", async () => {
  const down = new LatestRequest(async () => {
    throw new TypeError("no network");
  });
  const refused = new LatestRequest(async () => answered({ error: "Không có." }, false));

  const [offline] = answerParts(await down.send(""), WORDS);
  const [bad] = answerParts(await refused.send(""), WORDS);
  assert.equal(offline.content, "Chưa hỏi được");
  assert.equal(bad.content, "Không có.");
});

test("only the answer to the latest text is used, in whatever order they arrive", async () => {
  const waiting = [];
  const latest = new LatestRequest(() => new Promise((resolve) => waiting.push(resolve)));
  const [first, second] = [latest.send("1"), latest.send("2")];
  waiting[1](answered({ number: 2 }));
  waiting[0](answered({ number: 1 }));

  assert.deepEqual([await first, await second], [null, { number: 2 }]);
  const third = latest.send("3");
  latest.cancel();
  waiting[2](answered({ number: 3 }));
  assert.equal(await third, null);
});
