import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addMonths,
  fill,
  markerName,
  placeWords,
  ratingWords,
  starsWords,
} from "../../frontend/static/frontend/js/words.js";

const TEXTS = {
  valid: "Còn hiệu lực đến {date}",
  valid_at_least: "Còn hiệu lực ít nhất đến {date}",
  expiring: "Sắp hết hạn: {date}",
  expiring_at_least: "Sắp hết hạn: sớm nhất {date}",
  expired: "Hết hạn từ {month}",
  unknown: "Chưa rõ còn hiệu lực",
  none: "Chưa được xếp hạng",
  revoked: "Đã thu hồi",
  stars: "{count} sao",
  no_place: "chưa rõ nơi",
};

function words(ocop_status, rated_from = null, rated_to = null) {
  return ratingWords({ ocop_status, rated_from, rated_to }, TEXTS);
}

test("an exact decision day gives an exact end", () => {
  assert.equal(words("valid", "2024-12-10", "2027-12-10"), "Còn hiệu lực đến 10/12/2027");
});

test("a decision known as a span gives the earliest end", () => {
  assert.equal(words("valid", "2024-01-01", "2027-12-31"), "Còn hiệu lực ít nhất đến 1/1/2027");
  assert.equal(words("expiring", "2024-01-01", "2027-12-31"), "Sắp hết hạn: sớm nhất 1/1/2027");
});

test("an expired rating says since which month", () => {
  assert.equal(words("expired", null, "2023-12-31"), "Hết hạn từ 12/2023");
});

test("what is not known is not dated", () => {
  assert.equal(words("unknown", "2023-09-25", "2026-12-31"), "Chưa rõ còn hiệu lực");
  assert.equal(words("none"), "Chưa được xếp hạng");
  assert.equal(words("revoked", "2024-12-10", "2027-12-10"), "Đã thu hồi");
});

test("stars are said only while they hold", () => {
  assert.equal(starsWords({ stars: 3, rated_stars: 3 }, TEXTS), "3 sao");
  assert.equal(starsWords({ stars: null, rated_stars: 3 }, TEXTS), "");
});

test("a marker is named by product and place", () => {
  const properties = { name: "Mật nho", commune: "xã Vĩnh Hải", stars: null };
  assert.equal(markerName(properties, TEXTS), "Mật nho, xã Vĩnh Hải");
  assert.equal(markerName({ ...properties, stars: 3 }, TEXTS), "Mật nho, xã Vĩnh Hải, 3 sao");
});

test("a place is the commune of today and the district of before", () => {
  const place = { commune: null, old_commune: "xã An Hải", district: "huyện Ninh Phước" };
  assert.equal(placeWords(place, TEXTS), "xã An Hải, huyện Ninh Phước");
  assert.equal(
    placeWords({ commune: null, old_commune: null, district: null }, TEXTS),
    "chưa rõ nơi",
  );
});

test("months are added as PostgreSQL adds them", () => {
  assert.equal(addMonths("2024-12-10", 36), "2027-12-10");
  assert.equal(addMonths("2024-02-29", 36), "2027-02-28");
  assert.equal(addMonths("2024-08-31", 1), "2024-09-30");
});

test("a text is filled in every place", () => {
  assert.equal(fill("{count} trong {all}, {count}", { count: 2, all: 5 }), "2 trong 5, 2");
});
