import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addMonths,
  cardPlace,
  distanceLabel,
  fillIn,
  markerLabel,
  nameMark,
  placeLabels,
  ratingLabel,
  shortPlace,
  starsLabel,
  termLabel,
} from "../../../frontend/static/frontend/js/map/product-labels.js";

const TEXTS = {
  valid: "Còn hiệu lực đến {date}",
  valid_at_least: "Còn hiệu lực ít nhất đến {date}",
  expiring: "Sắp hết hạn: {date}",
  expiring_at_least: "Sắp hết hạn: sớm nhất {date}",
  expired: "Hết hạn từ {month}",
  unknown: "Chưa rõ còn hiệu lực",
  none: "Chưa được xếp hạng",
  revoked: "Đã thu hồi",
  back_translated: "tên dịch ngược",
  back_translated_unverified: "tên dịch ngược, chưa xác minh",
  stars: "{count} sao",
  no_place: "chưa rõ nơi",
  place_then: "trước {day}: {place}",
  province: "tỉnh Khánh Hậu",
  changedOn: "1/3/2024",
  place_by_commune: "vị trí theo xã",
  away: "cách {distance}",
  away_by_commune: "cách khoảng {distance}",
  language: "vi",
  ratingMonths: 36,
};

function rating(ocop_status, rated_from = null, rated_to = null) {
  return ratingLabel({ ocop_status, rated_from, rated_to }, TEXTS);
}

test("an exact decision day gives an exact end", () => {
  assert.equal(rating("valid", "2024-12-10", "2027-12-10"), "Còn hiệu lực đến 10/12/2027");
});

test("a decision known as a span gives the earliest end", () => {
  assert.equal(rating("valid", "2024-01-01", "2027-12-31"), "Còn hiệu lực ít nhất đến 1/1/2027");
  assert.equal(rating("expiring", "2024-01-01", "2027-12-31"), "Sắp hết hạn: sớm nhất 1/1/2027");
});

test("an expired rating has the month of its end", () => {
  assert.equal(rating("expired", null, "2023-12-31"), "Hết hạn từ 12/2023");
});

test("a rating that is unknown, missing or revoked has no date", () => {
  assert.equal(rating("unknown", "2023-09-25", "2026-12-31"), "Chưa rõ còn hiệu lực");
  assert.equal(rating("none"), "Chưa được xếp hạng");
  assert.equal(rating("revoked", "2024-12-10", "2027-12-10"), "Đã thu hồi");
});

test("a name that was translated back is marked, as unverified while its rating is valid", () => {
  const mark = (name_basis, ocop_status) => nameMark({ name_basis, ocop_status }, TEXTS);
  assert.equal(mark("back_translated", "valid"), "tên dịch ngược, chưa xác minh");
  assert.equal(mark("back_translated", "expiring"), "tên dịch ngược, chưa xác minh");
  assert.equal(mark("back_translated", "unknown"), "tên dịch ngược");
  assert.equal(mark("stated", "valid"), "");
  assert.equal(mark("generic", "valid"), "");
});

test("stars are shown only while the rating is in force", () => {
  assert.equal(starsLabel({ stars: 3, rated_stars: 3 }, TEXTS), "3 sao");
  assert.equal(starsLabel({ stars: null, rated_stars: 3 }, TEXTS), "");
});

test("a marker is named by product, place, stars and exactness", () => {
  const properties = { name: "Mật nho", commune: "xã Vĩnh Hậu", stars: null };
  assert.equal(markerLabel(properties, TEXTS), "Mật nho, xã Vĩnh Hậu");
  assert.equal(markerLabel({ ...properties, stars: 3 }, TEXTS), "Mật nho, xã Vĩnh Hậu, 3 sao");
  const inexact = { ...properties, position: "commune" };
  assert.equal(markerLabel(inexact, TEXTS), "Mật nho, xã Vĩnh Hậu, vị trí theo xã");
  const texts = {
    ...TEXTS,
    status_valid: "Còn hiệu lực",
    status_expired: "Hết hạn",
    protected: "Có bảo hộ: {names}",
  };
  const expired = { ...properties, ocop_status: "expired", protections: "Minh Thuần (nho)" };
  assert.equal(
    markerLabel(expired, texts),
    "Mật nho, xã Vĩnh Hậu, Hết hạn, Có bảo hộ: Minh Thuần (nho)",
  );
  const valid = { ...properties, stars: 3, ocop_status: "valid" };
  assert.equal(markerLabel(valid, texts), "Mật nho, xã Vĩnh Hậu, 3 sao");
});

test("the present commune is not joined to the former district", () => {
  const former = { old_commune: "xã An Hậu", district: "huyện Minh Phước" };
  const place = { commune: "phường Đô Hậu", ...former };
  const now = "phường Đô Hậu, tỉnh Khánh Hậu";
  const before = "trước 1/3/2024: xã An Hậu, huyện Minh Phước";
  assert.deepEqual(placeLabels(place, TEXTS), { now, before });
  assert.deepEqual(placeLabels({ commune: null, ...former }, TEXTS), { now: "", before });
  assert.deepEqual(placeLabels({ ...place, old_commune: null, district: null }, TEXTS), {
    now,
    before: "",
  });
  // Present communes may be in several provinces.
  assert.equal(placeLabels(place, { ...TEXTS, province: "" }).now, "phường Đô Hậu");
});

test("a short place is the present one, or else the former one", () => {
  const place = { commune: "xã An Hậu", old_commune: null, district: "huyện Minh Phước" };
  assert.equal(shortPlace(place, TEXTS), "xã An Hậu, tỉnh Khánh Hậu");
  assert.equal(shortPlace({ ...place, commune: null }, TEXTS), "trước 1/3/2024: huyện Minh Phước");
  const nowhere = { commune: null, old_commune: null, district: null };
  assert.equal(shortPlace(nowhere, TEXTS), "chưa rõ nơi");
});

test("a card has the month in which a rating ends, and nothing where no end is known", () => {
  const texts = { ...TEXTS, until: "đến {month}", until_at_least: "ít nhất đến {month}" };
  const term = (ocop_status, rated_from, rated_to) =>
    termLabel({ ocop_status, rated_from, rated_to }, texts);
  assert.equal(term("valid", "2024-12-10", "2027-12-10"), "đến 12/2027");
  assert.equal(term("expiring", "2024-01-01", "2027-12-31"), "ít nhất đến 1/2027");
  assert.equal(term("expired", null, "2023-12-31"), "đến 12/2023");
  assert.equal(term("unknown", "2023-09-25", "2026-12-31"), "");
  assert.equal(term("revoked", "2024-12-10", "2027-12-10"), "");
});

test("a card names the smallest known unit, a former one with its kind", () => {
  const texts = {
    ...TEXTS,
    place_former: "{name} ({kind} cũ)",
    unitKinds: { xa: "xã", huyen: "huyện", "thi tran": "thị trấn" },
  };
  const place = (commune, old_commune, district) =>
    cardPlace({ commune, old_commune, district }, texts);
  const [town, district] = ["thị trấn Phước Mẫn", "huyện Minh Hải"];
  assert.deepEqual(place("xã An Hậu", town, district), { text: "{name}", name: "An Hậu" });
  const former = { text: "{name} (thị trấn cũ)", name: "Phước Mẫn" };
  assert.deepEqual(place(null, town, district), former);
  assert.deepEqual(place(null, null, district), { text: "{name} (huyện cũ)", name: "Minh Hải" });
  assert.deepEqual(place(null, null, null), { text: "chưa rõ nơi", name: "" });
});

test("months are added as PostgreSQL adds them", () => {
  assert.equal(addMonths("2024-12-10", 36), "2027-12-10");
  assert.equal(addMonths("2024-02-29", 36), "2027-02-28");
  assert.equal(addMonths("2024-08-31", 1), "2024-09-30");
});

test("every placeholder of a text is replaced", () => {
  assert.equal(fillIn("{count} trong {all}, {count}", { count: 2, all: 5 }), "2 trong 5, 2");
});

test("the length of a rating comes from the page", () => {
  const properties = { ocop_status: "valid", rated_from: "2024-12-10", rated_to: "2029-12-10" };
  const texts = { ...TEXTS, ratingMonths: 60 };
  assert.equal(ratingLabel(properties, texts), "Còn hiệu lực đến 10/12/2029");
});

test("a distance states whether the position is inexact, and needs a point", () => {
  const product = { geometry: {}, properties: { position: "gps" } };
  assert.equal(distanceLabel(product, 2_345, TEXTS), "cách 2,3 km");
  const inexact = { geometry: {}, properties: { position: "commune" } };
  assert.equal(distanceLabel(inexact, 2_345, TEXTS), "cách khoảng 2,3 km");
  assert.equal(distanceLabel(product, undefined, TEXTS), "");
  assert.equal(distanceLabel({ ...product, geometry: null }, 2_345, TEXTS), "");
});

const ENGLISH = {
  ...TEXTS,
  language: "en",
  valid: "Valid until {date}",
  expired: "Term ended in {month}",
  unit: "{name} {kind}",
  place_then: "before {day}: {place}",
  unitKinds: { xa: "commune", huyen: "district", "thi tran": "town", tinh: "province" },
};

test("an English page writes days and months in English", () => {
  const label = (ocop_status, rated_from, rated_to) =>
    ratingLabel({ ocop_status, rated_from, rated_to }, ENGLISH);
  assert.equal(label("valid", "2024-09-15", "2027-09-15"), "Valid until 15 September 2027");
  assert.equal(label("expired", null, "2023-12-31"), "Term ended in December 2023");
});

test("an English page writes the kind of a unit in English, after its name", () => {
  const place = { commune: "xã Vĩnh Hậu", district: "huyện Minh Hải" };
  assert.deepEqual(placeLabels(place, ENGLISH), {
    now: "Vĩnh Hậu commune, Khánh Hậu province",
    before: "before 1/3/2024: Minh Hải district",
  });
  const short = (commune) => shortPlace({ commune }, { ...ENGLISH, province: "" });
  assert.equal(short("thị trấn Phước Mẫn"), "Phước Mẫn town");
  assert.equal(short("Vĩnh Hậu"), "Vĩnh Hậu");
});
