"""The shipped products, producers and rights match their files and README."""

import csv
import datetime
from collections import Counter

import pytest
import shapely
from django.conf import settings
from django.contrib.gis.db.models.functions import AsWKB

from districts.models import Boundary, Unit
from geodata import importing
from geodata.models import ImportRun, Source
from geodata.spans import precision, span_of
from products.ocop.certificates import load_quality_certificates
from products.ocop.importing import load_products
from products.ocop.models import (
    Ingredient,
    OcopRating,
    Product,
    ProductCertificate,
    ProtectedProduct,
)
from products.places.gazetteer import load_gazetteer
from products.places.models import PlaceName
from products.register.importing.producers import load_producers
from products.register.importing.product_types import load_product_types
from products.register.importing.seasons import load_seasons
from products.register.models import (
    Producer,
    ProducerCertificate,
    ProductType,
    Season,
    SeasonUnit,
)
from products.register.states import State
from products.rights.importing import load_protections
from products.rights.models import AreaUnit, GoodsType, IpRight

PRODUCTS = settings.PLACE.folder / "products"
DAY = datetime.date(2026, 11, 23)

pytestmark = pytest.mark.usefixtures("shipped")


def rows(name):
    with (PRODUCTS / name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def code(number):
    return f"NT-OCOP-{number:03d}"


# --- counts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "counts"),
    [
        (Product, {State.PUBLISHED: 64, State.DRAFT: 10}),
        (Producer, {State.PUBLISHED: 47}),
        (IpRight, {State.PUBLISHED: 24}),
    ],
)
def test_all_records_are_loaded_and_published_except_the_drafts(model, counts):
    assert Counter(model.objects.values_list("state", flat=True)) == counts


def test_the_drafts_are_possible_duplicates_and_what_a_page_only_names():
    stated = {r["record_id"] for r in rows("ocop_products.csv") if r["record_status"] != "distinct"}

    drafts = set(Product.objects.filter(state=State.DRAFT).values_list("code", flat=True))
    assert drafts == stated
    assert drafts >= {code(72), code(73), code(74)}


def test_every_product_has_one_rating_and_a_source():
    assert Counter(OcopRating.objects.values_list("product", flat=True)).most_common(1)[0][1] == 1
    assert OcopRating.objects.count() == 74
    stated = {r["source_url"] for r in rows("ocop_products.csv")}
    assert {p.source.url for p in Product.objects.select_related("source")} == stated


def test_statuses_on_23_november_2026_match_the_manual_count():
    statuses = Product.objects.published().with_rating_on(DAY).values_list("ocop_status", flat=True)

    assert Counter(statuses) == {"valid": 11, "expired": 19, "unknown": 27, "none": 7}


def test_stars_are_shown_for_the_eleven_certainly_valid_ratings():
    shown = Product.objects.published().with_rating_on(DAY).exclude(stars=None)

    assert {(p.code, p.stars) for p in shown} == {(code(n), 3) for n in range(48, 59)}


# --- places --------------------------------------------------------------------------------


def test_rows_40_to_45_and_59_have_the_units_that_the_readme_states():
    nowhere = Product.objects.filter(code__in=[code(n) for n in range(40, 46)])
    assert set(nowhere.values_list("commune", "old_commune", "district", "point", "position")) == {
        (None, None, None, None, "")
    }
    product = Product.objects.get(code=code(59))
    assert (str(product.declared_commune), product.declared_district) == ("xã Phước Chính", None)
    assert (str(product.district), str(product.commune)) == ("huyện Bác Ái", "xã Bác Ái")


def test_a_product_that_declares_only_its_district_has_no_commune_and_no_point():
    stated = {
        r["record_id"]: r["district_as_stated"]
        for r in rows("ocop_products.csv")
        if r["district_as_stated"] and not r["commune_as_stated"]
    }
    loaded = Product.objects.filter(code__in=stated)

    assert {p.code: str(p.district) for p in loaded.select_related("district")} == stated
    assert set(loaded.values_list("commune", "old_commune", "point", "position")) == {
        (None, None, None, "")
    }


def test_a_product_without_a_stated_place_has_none():
    stated = {
        r["record_id"]
        for r in rows("ocop_products.csv")
        if not r["district_as_stated"] and not r["commune_as_stated"]
    }

    nowhere = Product.objects.filter(district=None, old_commune=None, commune=None, point=None)
    assert set(nowhere.values_list("code", flat=True)) == stated


def test_every_point_is_a_commune_point_inside_boundary_and_outline():
    located = Product.objects.exclude(point=None).select_related("declared_commune__boundary")

    assert len(located) == sum(1 for r in rows("ocop_products.csv") if r["commune_as_stated"])
    for product in located:
        assert product.position == "commune"
        assert product.declared_commune == product.old_commune
        boundary = product.declared_commune.boundary
        assert boundary.geometry.contains(product.point)
        assert boundary.outline.contains(product.point)


def test_units_equal_those_derived_in_the_file():
    """Except 040–045, whose place is stated only in a note."""
    for row in rows("ocop_products.csv"):
        if code(40) <= row["record_id"] <= code(45):
            continue
        product = Product.objects.select_related("district", "commune").get(code=row["record_id"])
        derived = [
            unit.full_name.casefold() if unit else ""
            for unit in (product.district, product.commune)
        ]
        assert derived == [
            row["district_pre2025_resolved"].casefold(),
            row["commune_2025_resolved"].casefold(),
        ], row["record_id"]


# --- decisions -----------------------------------------------------------------------------


def test_expiry_dates_equal_those_derived_in_the_file():
    """The file gives the months of the earliest and latest possible expiry. A source that states
    only "by September 2022" gives no year; the file guesses 2020 and the database does not.
    """
    compared = 0
    for row in rows("ocop_products.csv"):
        derived = row["expiry_36m_derived"]
        product = Product.objects.with_rating_on(DAY).get(code=row["record_id"])
        if not derived or "tính đến 9/2022" in row["decision_or_round"]:
            continue
        rating = product.ratings.get()
        first, last = rating.decided.lower, rating.decided.upper - datetime.timedelta(1)
        if "/" in derived:
            months = f"{first.year + 3}-{first:%m}/{last.year + 3}-{last:%m}"
        else:
            months = f"{last.year + 3}-{last:%m}"
        assert months == derived, row["record_id"]
        if product.rated_to:
            assert f"{product.rated_to:%Y-%m}" == derived[-7:], row["record_id"]
        compared += 1
    assert compared == 47


def test_a_decision_has_day_precision_only_where_the_source_states_the_day():
    exact = {
        rating.product.code
        for rating in OcopRating.objects.select_related("product")
        if precision(rating.decided) == "day"
    }

    assert exact == {code(n) for n in range(48, 59)}


def test_ratings_held_by_september_2022_have_no_first_day():
    held = OcopRating.objects.filter(decision_text__contains="tính đến 9/2022")

    assert {(r.decided.lower, r.decided.upper) for r in held} == {
        (None, datetime.date(2022, 10, 1))
    }
    assert len(held) == 7


def test_nominations_are_not_stars():
    stated = {r["record_id"] for r in rows("ocop_products.csv") if r["potential_5_star"]}
    nominated = OcopRating.objects.filter(nominated_stars=5)

    assert set(nominated.values_list("product__code", flat=True)) == stated
    assert set(nominated.values_list("stars", flat=True)) == {None, 4}
    scores = nominated.exclude(score=None).values_list("product__code", "score", "stars")
    assert {(p, str(score), stars) for p, score, stars in scores} == {
        (code(44), "91.11", 4),
        (code(45), "92.44", 4),
    }


def figure(number):
    """The value of a row of official_figures.csv."""
    return {r["figure_id"]: r["value"] for r in rows("official_figures.csv")}[f"NT-F-{number:03d}"]


def test_ninh_hai_has_no_more_products_held_by_september_2022_than_it_stated():
    assert figure(11).startswith("16 (5 four-star of 4 holders; 11 three-star")
    held = OcopRating.objects.filter(decision_text__contains="tính đến 9/2022 (16 sản phẩm của")

    stars = Counter(held.values_list("stars", flat=True))
    assert 0 < stars[4] <= 5
    assert 0 < stars[3] <= 11
    assert set(stars) == {3, 4}


def test_no_district_has_more_products_of_2022_than_were_registered():
    stated = {"Ninh Phước": 3, "Ninh Hải": 4, "Thuận Nam": 5, "Ninh Sơn": 6, "Bác Ái": 7}
    of_2022 = Product.objects.published().filter(ratings__decided=span_of(2022))
    found = Counter(of_2022.values_list("district__name", flat=True))

    assert found.total() == 2
    assert all(count <= int(figure(stated[name])) for name, count in found.items())


# --- producers -----------------------------------------------------------------------------


def test_tu_phung_is_matched_under_both_names():
    assert Producer.objects.get(code="NT-PR-010").name == "Tư Phụng (nước mắm)"
    stated = {r["record_id"] for r in rows("ocop_products.csv") if r["producer_name"] == "Tư Phụng"}
    products = Product.objects.filter(producer__code="NT-PR-010")
    assert set(products.values_list("code", flat=True)) == stated
    assert stated


def test_every_product_has_the_producer_of_its_row():
    for row in rows("ocop_products.csv"):
        product = Product.objects.select_related("producer").get(code=row["record_id"])
        name = product.producer.name if product.producer else ""
        assert (
            name.removesuffix(" (nước mắm)").split(" (tên đầy đủ")[0]
            == (row["producer_name"].split(" (tên đầy đủ")[0])
        ), row["record_id"]


def test_no_contact_of_a_producer_was_imported_without_consent():
    assert set(Producer.objects.values_list("phone", "email", "contact_consent_on")) == {
        ("", "", None)
    }


def test_only_coordinates_that_a_page_states_are_points_of_a_producer():
    (producer,) = Producer.objects.exclude(position__in=["", "commune"])

    assert (producer.code, producer.point.coords) == ("NT-PR-006", (108.924936, 11.529657))
    assert producer.source.url == "https://hackervn89.github.io/ninhphuoc360/"
    assert producer.declared_commune.boundary.geometry.contains(producer.point)


@pytest.mark.parametrize(
    ("record", "name", "source"),
    [
        (
            "NT-PR-009",
            "Hợp tác xã Dịch vụ nông nghiệp thu mua nông sản Thanh Hải",
            "v.nhanongxanh.vn/XrZYg",
        ),
        (
            "NT-PR-012",
            "HTX Sản xuất – Kinh doanh muối Phương Hải",
            "vietnam.vn/ninhthuan/niem-vui-trong-ngay-ky-niem",
        ),
        ("NT-PR-032", "Cơ sở sản xuất rượu, mật nho Thiên Thảo", "baoninhthuan.com.vn/news/74709"),
        ("NT-PR-033", "Cơ sở chế biến thực phẩm Lan Anh", "baoninhthuan.com.vn/news/74709"),
        (
            "NT-PR-034",
            "Cơ sở chế biến các sản phẩm từ nho Trí Hiệp",
            "baoninhthuan.com.vn/news/74709",
        ),
    ],
)
def test_a_corrected_name_cites_the_page_that_states_it(record, name, source):
    producer = Producer.objects.get(code=record)

    assert producer.name == name
    assert producer.source.url.partition("://")[2].startswith(source)


def test_conflicting_values_are_notes_and_replace_nothing():
    producer = Producer.objects.get(code="NT-PR-020")
    assert "12 sản phẩm" in producer.activity
    assert "2 sản phẩm 3 sao" in producer.note
    mark = IpRight.objects.get(code="NT-IP-009")
    assert (mark.name, mark.owner) == ("Phan Rang (tỏi)", "Hội Nông dân tỉnh Ninh Thuận")
    assert "Hương vị của nắng và gió" in mark.note
    assert "3 HTX" in mark.note


def test_the_shrimp_mark_cites_the_page_of_its_decision():
    mark = IpRight.objects.get(code="NT-IP-004")

    assert mark.decision == "Quyết định 32270/QĐ-SHTT ngày 15/5/2018"
    assert (mark.granted.lower, precision(mark.granted)) == (datetime.date(2018, 5, 15), "day")
    assert mark.other_source.url.startswith("http://nguoinuoitom.vn/")


# --- rights --------------------------------------------------------------------------------


def test_statuses_of_the_rights_on_23_november_2026():
    statuses = dict(IpRight.objects.with_status_on(DAY).values_list("code", "status"))

    assert statuses["NT-IP-001"] == statuses["NT-IP-002"] == "in_force"
    assert statuses["NT-IP-005"] == "renewal_unknown"
    assert statuses["NT-IP-007"] == statuses["NT-IP-020"] == statuses["NT-IP-024"] == "pending"
    assert statuses["NT-IP-021"] == statuses["NT-IP-022"] == "in_force"
    assert statuses["NT-IP-008"] == statuses["NT-IP-009"] == "renewal_unknown"
    assert Counter(statuses.values()) == {
        "in_force": 4,
        "renewal_unknown": 3,
        "pending": 3,
        "unknown": 14,
    }


def test_the_ca_na_fish_sauce_mark_was_in_force_until_15_september_2026():
    def status(day):
        return IpRight.objects.with_status_on(day).get(code="NT-IP-005").status

    assert status(datetime.date(2026, 9, 15)) == "in_force"
    assert status(datetime.date(2026, 9, 16)) == "renewal_unknown"


def test_a_right_has_an_area_only_where_the_source_states_it():
    areas = {
        right.code: sorted(str(part.unit) for part in right.area_parts.select_related("unit"))
        for right in IpRight.objects.exclude(area=None)
    }

    assert areas == {
        "NT-IP-001": [
            "thị trấn Phước Dân",
            "xã Phước Hữu",
            "xã Phước Nam",
            "xã Phước Sơn",
            "xã Phước Thuận",
        ],
        "NT-IP-004": ["tỉnh Ninh Thuận"],
        "NT-IP-005": ["xã Cà Ná", "xã Phước Diêm"],
    }
    assert AreaUnit.objects.count() == 8


def test_no_product_is_on_the_goods_of_the_mark_for_shrimp_fry(items):
    products = items("products", "limit=100").json()["features"]
    found = {one["id"]: one["properties"]["goods_rights"] for one in products}

    assert found[code(7)] == "NT-IP-001; NT-IP-016"
    assert not any("NT-IP-004" in (rights or "") for rights in found.values())
    assert {one["properties"]["protections"] for one in products} == {None}


def test_the_owners_that_ended_with_their_unit():
    rights = IpRight.objects.with_owner_dissolved(datetime.date(2026, 11, 28))

    assert {
        right.code: (right.owner, right.owner_dissolved_on.isoformat())
        for right in rights.exclude(owner_dissolved_on=None)
    } == {
        "NT-IP-001": ("UBND tỉnh Ninh Thuận", "2025-07-01"),
        "NT-IP-005": ("UBND huyện Thuận Nam", "2025-07-01"),
        "NT-IP-019": ("UBND huyện Ninh Sơn", "2025-07-01"),
    }


def test_rights_that_were_not_granted_are_listed_but_never_drawn(items):
    found = {one["id"]: one for one in items("protections", "limit=100").json()["features"]}

    pending = [key for key, one in found.items() if one["properties"]["status"] == "pending"]
    assert sorted(pending) == ["NT-IP-007", "NT-IP-020", "NT-IP-024"]
    assert {found[key]["geometry"] is None for key in pending} == {True}
    # The source of one of them names districts.
    right = IpRight.objects.get(code="NT-IP-024")
    assert right.area_note.startswith("huyện Ninh Phước")
    assert (right.area, right.outline, right.area_parts.count()) == (None, None, 0)


def test_plant_varieties_are_protected_for_the_stated_25_years():
    varieties = IpRight.objects.filter(kind=IpRight.Kind.PLANT_VARIETY).order_by("code")

    day = datetime.date(2024, 11, 5)
    assert [(r.code, r.granted.lower, r.expires, r.number) for r in varieties] == [
        (right, day, datetime.date(2049, 11, 5), "") for right in ("NT-IP-021", "NT-IP-022")
    ]
    # Which decision is for which variety is not stated.
    assert len(set(varieties.values_list("decision", flat=True))) == 1


def test_an_area_is_the_union_of_its_communes():
    right = IpRight.objects.get(code="NT-IP-001")
    for column, area in (("geometry", right.area), ("outline", right.outline)):
        parts = Boundary.objects.filter(unit__protected_areas__right=right)
        shapes = [shapely.from_wkb(bytes(w)) for w in parts.values_list(AsWKB(column), flat=True)]
        union, stored = shapely.union_all(shapes), shapely.from_wkb(bytes(area.wkb))
        assert shapely.symmetric_difference(union, stored).area < 1e-12
        assert all(part.exterior.is_ccw for part in stored.geoms)


def test_the_area_of_the_shrimp_mark_is_the_whole_province():
    right = IpRight.objects.get(code="NT-IP-004")

    assert right.area.equals(Unit.objects.get(code="58").boundary.geometry)


def test_registration_numbers_equal_those_of_the_file():
    stated = {r["record_id"]: r["registration_number"] for r in rows("protected_products.csv")}

    assert dict(IpRight.objects.values_list("code", "number")) == stated


def test_no_product_is_linked_to_a_right_without_a_source():
    assert ProtectedProduct.objects.count() == 0


# --- the runs ------------------------------------------------------------------------------


def test_every_file_was_imported_without_problems():
    runs = ImportRun.objects.filter(file_name__endswith=".csv")

    assert {run.applied for run in runs} == {True}
    assert {run.file_name: run.report["created"] for run in runs} == {
        "commune-concordance-2024-2025.csv": 63,
        "ocop_categories.csv": 6,
        "product_types.csv": 35,
        # 21 rows: one is not a season, one is of three types.
        "harvest_seasons.csv": 22,
        "producers.csv": 47,
        "ocop_products.csv": 74,
        "quality_certificates.csv": 0,
        "protected_products.csv": 24,
        "sales_points.csv": 25,
        "craft_villages.csv": 21,
        "gazetteer.csv": 23,
    }


@pytest.mark.parametrize(
    ("load", "name"),
    [
        (load_product_types, "product_types.csv"),
        (load_seasons, "harvest_seasons.csv"),
        (load_producers, "producers.csv"),
        (load_products, "ocop_products.csv"),
        (load_quality_certificates, "quality_certificates.csv"),
        (load_gazetteer, "../places/gazetteer.csv"),
        (load_protections, "protected_products.csv"),
    ],
)
def test_importing_a_file_again_changes_nothing(load, name):
    events = {
        model: model.pgh_event_model.objects.count()
        for model in (
            *(Product, ProductType, Producer, IpRight),
            *(OcopRating, Ingredient, AreaUnit, GoodsType, Season, SeasonUnit, Source),
        )
    }

    report = importing.run("again", PRODUCTS / name, load)

    assert (report.created, report.updated, report.retained, report.ok) == (0, 0, 0, True)
    assert {model: model.pgh_event_model.objects.count() for model in events} == events


def test_products_can_be_imported_again_after_a_producer_was_renamed():
    Producer.objects.filter(code="NT-PR-009").update(name="HTX nông sản Thanh Hải")

    report = importing.run("again", PRODUCTS / "ocop_products.csv", load_products)

    assert (report.problems, report.updated, report.unchanged) == ([], 0, 74)


# --- names translated back -----------------------------------------------------------------


def test_every_name_translated_back_has_the_name_of_its_quote(items):
    translated = Product.objects.filter(name_basis="back_translated")

    assert translated.count() == 15
    assert all(one.original_name and one.original_name in one.quote for one in translated)
    others = Product.objects.exclude(name_basis="back_translated")
    assert set(others.values_list("original_name", flat=True)) == {""}
    found = items("products", "name_basis=back_translated&limit=100").json()["features"]
    assert len(found) == 14
    names = {one["id"]: one["properties"]["original_name"] for one in found}
    assert (names[code(46)], names[code(57)]) == ("Green grapes", "青リンゴ")


# --- types ---------------------------------------------------------------------------------


def test_every_product_has_an_inferred_type():
    assert set(Product.objects.values_list("type_basis", flat=True)) == {"inferred"}
    assert not Product.objects.filter(type=None).exists()


def test_synonyms_are_stored_as_the_workspace_writes_them():
    for kind in ProductType.objects.all():
        stored = (kind.synonyms_vi, kind.synonyms_en)
        kind.clean()
        assert (kind.synonyms_vi, kind.synonyms_en) == stored


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A grape and what is made from it, whatever its name.
        ("grape", {7, 8, 10, 11, 15}),
        ("wine", {6, 10, 20}),
        ("fish sauce", {29, 30, 40}),
        ("garlic", {38}),
        ("apple", {2, 3, 34, 70}),
        ("asparagus", {1, 4, 28}),
        ("onion", {31, 37}),
        ("shallot", {31, 37}),
        ("goat", {13}),
        ("mutton", {14}),
        ("salt", {32, 56, 71}),
        ("seaweed", {22, 69}),
        ("melon", {48, 60}),
        ("aloe vera", {63, 64, 65}),
        ("raisins", {8, 16, 17, 18}),
    ],
)
def test_english_words_find_products(items, text, expected):
    """Pottery and brocade find none: NT-OCOP-072 and 073 are drafts."""
    found = {one["id"] for one in items("products", f"q={text}&limit=100").json()["features"]}

    assert found >= {code(number) for number in expected}
    # Muối hạt is salt and nothing else.
    assert (code(32) in found) == (text == "salt")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Words of one product are not those of its type.
        ("táo xanh", {57}),
        ("rong sụn", {69}),
        ("muối ớt", {56}),
        # No synonym is, without diacritics, a part of other words: tảo (algae), trái (fruit).
        ("mứt táo", {34}),
        ("trà", {1, 54, 55}),
    ],
)
def test_vietnamese_words_of_one_product_find_no_other_of_its_type(items, text, expected):
    found = {one["id"] for one in items("products", f"q={text}").json()["features"]}

    assert found == {code(number) for number in expected}


# --- seasons -------------------------------------------------------------------------------


def test_every_season_of_the_file_is_loaded_for_its_types():
    stated = {
        (row["season_id"], code)
        for row in rows("harvest_seasons.csv")
        for code in filter(None, row["type"].split("; "))
    }

    assert set(Season.objects.values_list("code", "type__code")) == stated
    # Rain and sun, but no season of sheep and goats.
    assert {row["season_id"] for row in rows("harvest_seasons.csv") if not row["type"]} == {
        "NT-HS-021"
    }


def test_months_are_those_that_the_page_states():
    """Without an end there is no season in months; the whole year has none either."""
    expected = {}
    # NT-HS-021 is no season, see above.
    for row in (row for row in rows("harvest_seasons.csv") if row["type"]):
        first, last = row["months_from"], row["months_to"]
        if row["year_round"] or not last:
            first = last = ""
        months = (int(first), int(last)) if first else (None, None)
        expected[row["season_id"]] = (*months, bool(row["year_round"]))

    loaded = Season.objects.values_list("code", "from_month", "to_month", "all_year")
    assert {code: months for code, *months in map(list, loaded)} == {
        code: list(months) for code, months in expected.items()
    }


def test_every_season_with_a_place_has_units():
    assert not Season.objects.exclude(place="").filter(units=None).exists()
    assert not Season.objects.filter(place="", units__isnull=False).exists()


@pytest.mark.parametrize(
    ("day", "in_season"),
    [("2026-04-15", {"grape", "salt"}), ("2026-11-28", set()), ("2026-12-01", {"salt"})],
)
def test_types_in_season(day, in_season):
    products = Product.objects.with_season_on(datetime.date.fromisoformat(day))

    found = products.filter(season="in_season").values_list("type__code", flat=True)
    assert set(found) == in_season


def test_garlic_is_in_season_only_where_the_source_names_the_commune():
    products = Product.objects.with_season_on(datetime.date(2026, 2, 10))

    found = dict(products.filter(type__code="garlic").values_list("code", "season"))
    # Of the other one only the district is known.
    assert found == {"NT-OCOP-026": "unknown", "NT-OCOP-038": "in_season"}


# --- quality certificates ------------------------------------------------------------------


def test_only_one_page_states_a_quality_certificate():
    (one,) = ProducerCertificate.objects.select_related("producer", "source")

    assert (one.producer.code, one.kind, one.text) == ("NT-PR-027", "organic", "USDA/EU/JAS")
    assert (one.from_day, one.until_day) == (None, None)
    assert one.source == one.producer.source
    assert not ProductCertificate.objects.exists()


# --- names of places -----------------------------------------------------------------------


def test_a_name_has_a_point_only_if_its_source_states_coordinates():
    found = PlaceName.objects.select_related("unit", "sales_point", "source")
    names = {one.name: one for one in found}

    assert len(names) == 23
    assert {name: str(one.unit) for name, one in names.items() if one.unit} == {
        "Vĩnh Hy": "xã Vĩnh Hải",
        "Cà Ná": "xã Cà Ná",
        "Ninh Chử": "phường Ninh Chử",
    }
    assert names["Hang Rái"].sales_point.code == "NT-SP-002"
    assert names["Bàu Trúc"].point.coords == (108.925385, 11.529496)
    located = [one.source for one in names.values() if one.point]
    assert all("geonames.org" in one.url or "360°" in one.title for one in located)
    assert len(located) == 19
