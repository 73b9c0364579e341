"""Importing producers, products and rights; every error is reported with line and column."""

import csv
import datetime
import io

import pghistory
import pytest
from django.utils import translation

from districts.models import Unit
from geodata import importing as imports
from geodata.models import ImportRun, Source
from geodata.spans import day_span, span_of
from products.ocop.importing import load_products
from products.ocop.models import Decision, OcopRating, Product
from products.register.importing.categories import load_categories
from products.register.importing.producers import load_producers
from products.register.models import Category, Producer
from products.register.states import State
from products.rights.importing import load_protections
from products.rights.models import AreaUnit, IpRight
from tests.factories import (
    UNTIL_THE_CHANGE,
    CategoryFactory,
    ProducerFactory,
    RatingFactory,
    UnitFactory,
    UserFactory,
    square,
)

PRODUCT = {
    "record_id": "MAU-SP-001",
    "product_name": "Trà măng tây",
    "name_basis": "stated",
    "producer_name": "HTX Tuấn Tú",
    "producer_type": "",
    "producer_basis": "stated",
    "commune_as_stated": "xã An Hậu",
    "district_as_stated": "huyện Minh Phước",
    "address_as_stated": "",
    "ocop_star": "3",
    "potential_5_star": "",
    "recognised_year": "2023",
    "decision_or_round": "",
    "recognition_level": "huyện",
    "product_group": "đồ uống",
    "group_basis": "inferred",
    "sector": "chế biến",
    "sector_basis": "inferred",
    "source_url": "https://example.org/1",
    "source_date": "2023-09-25",
    "quote_hint": "",
    "record_status": "distinct",
    "note": "",
}
PRODUCER = {
    "producer_id": "MAU-CT-001",
    "name": "HTX Tuấn Tú",
    "type": "hop_tac_xa",
    "type_basis": "from name",
    "commune": "xã An Hậu",
    "district": "huyện Minh Phước",
    "address_as_stated": "thôn Tuấn Tú",
    "public_website": "",
    "products_or_activity": "măng tây",
    "source_url": "https://example.org/1",
    "source_date": "2023",
    "note": "",
}
RIGHT = {
    "record_id": "MAU-SH-001",
    "name": "Minh Thuần",
    "protection_type": "nhãn hiệu chứng nhận",
    "registration_number": "303688",
    "registration_date": "2018-07-24",
    "decision": "",
    "owner_or_manager": "UBND tỉnh",
    "owner_conflict_note": "",
    "area_of_protection_as_stated": "xã An Hậu (huyện Minh Phước)",
    "products_covered": "măng tây",
    "sector": "trồng trọt",
    "sector_basis": "inferred",
    "status": "registered",
    "source_url": "https://example.org/1",
    "second_source_url": "",
    "source_date": "2018-07",
    "quote_hint": "",
    "note": "",
}
LOADS = {
    "products": (load_products, PRODUCT, Product),
    "producers": (load_producers, PRODUCER, Producer),
    "protections": (load_protections, RIGHT, IpRight),
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    district = UnitFactory(code="997", kind="huyện", name="Minh Phước", validity=UNTIL_THE_CHANGE)
    UnitFactory(
        code="82909",
        kind="xã",
        name="An Hậu",
        parent=district,
        validity=UNTIL_THE_CHANGE,
        area=square(109, 11.5),
    )
    CategoryFactory(code="II", name="đồ uống")


@pytest.fixture
def load(tmp_path):
    """`load("products", {changes}…)` imports one row per dict: the valid row with these changes."""

    def run(kind, *changes, raw=None, **options):
        load_rows, valid, _model = LOADS[kind]
        rows = [valid | change for change in changes or ({},)]
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        path = tmp_path / f"{kind}.csv"
        path.write_bytes(raw if raw is not None else text.getvalue().encode())
        return imports.run(kind, path, load_rows, **options)

    return run


@pytest.fixture
def producer():
    return ProducerFactory(code="MAU-CT-001", name="HTX Tuấn Tú", published=True)


def prepare(kind):
    """Create the records that a valid row of that kind refers to, apart from the units."""
    if kind == "products":
        ProducerFactory(code="MAU-CT-001", name="HTX Tuấn Tú")


# --- a valid row ---------------------------------------------------------------------------


def test_a_product_is_loaded_with_its_place_its_rating_and_its_source(units, producer, load):
    assert load("products").created == 1

    product = Product.objects.get()
    assert (product.code, product.name, product.producer, product.state) == (
        "MAU-SP-001",
        "Trà măng tây",
        producer,
        State.PUBLISHED,
    )
    assert (product.category.code, product.category_basis) == ("II", "inferred")
    assert (product.sector, product.sector_basis) == ("processing", "inferred")
    assert (product.old_commune.name, product.district.name) == ("An Hậu", "Minh Phước")
    assert (product.position, product.declared_district) == ("commune", None)
    assert (product.source.url, product.source.dated_text) == ("https://example.org/1", "25/9/2023")
    rating = OcopRating.objects.get()
    assert (rating.stars, rating.issuer, rating.source) == (3, "cấp huyện", product.source)


def test_ratings_that_name_a_decision_are_connected_with_it(units, producer, load):
    rows = [
        {
            "record_id": f"MAU-SP-00{number}",
            "decision_or_round": text,
            "recognised_year": "2024",
            "recognition_level": "tỉnh",
        }
        for number, text in (
            (1, "Quyết định 12/QĐ-UBND của UBND tỉnh Mẫu"),
            (2, "Quyết định 12/QĐ-UBND ngày 10/12/2024 của UBND tỉnh Mẫu"),
            (3, "đợt 2"),
        )
    ]
    assert load("products", *rows).created == 3

    decision = Decision.objects.get()
    day = day_span(datetime.date(2024, 12, 10))
    assert (decision.number, decision.issuer, decision.day) == ("12/QĐ-UBND", "UBND tỉnh Mẫu", day)
    assert set(decision.ratings.values_list("product__code", "decided")) == {
        ("MAU-SP-001", day),
        ("MAU-SP-002", day),
    }
    assert load("products", *rows).unchanged == 3

    # An official corrects the day, which stays.
    Decision.objects.update(day=span_of(2024, 12))
    assert load("products", *rows).ok
    assert Decision.objects.get().day == span_of(2024, 12)
    assert set(decision.ratings.values_list("decided", flat=True)) == {span_of(2024, 12)}


def test_a_producer_is_placed_in_its_declared_commune(units, load):
    load("producers")

    producer = Producer.objects.get()
    assert (producer.kind, producer.kind_basis, producer.state) == (
        "cooperative",
        "inferred",
        State.PUBLISHED,
    )
    assert (producer.old_commune.name, producer.position) == ("An Hậu", "commune")


def test_a_producer_is_placed_at_the_coordinates_of_its_page(units, load):
    place = {"lat": "11.55", "lon": "109.03"}
    load("producers", place)
    producer = Producer.objects.get()
    assert (producer.point.coords, producer.position) == ((109.03, 11.55), "map")
    assert load("producers", place).unchanged == 1

    assert load("producers", {"lat": "", "lon": ""}).updated == 1

    producer.refresh_from_db()
    assert (producer.old_commune.name, producer.position) == ("An Hậu", "commune")
    assert load("producers", {"lat": "", "lon": ""}).unchanged == 1


@pytest.mark.parametrize("place", [{"lat": "11.55"}, {"lat": "11°33′", "lon": "109"}])
def test_coordinates_of_a_producer_need_two_numbers(units, load, place):
    report = load("producers", {"lat": "", "lon": ""} | place)

    assert [str(problem) for problem in report.problems] == [
        "dòng 2, lat: Toạ độ cần hai số, vĩ độ và kinh độ."
    ]
    assert not Producer.objects.exists()


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        ("registered 2013", "registered"),
        ("granted 2019 as stated", "registered"),
        ("stated as existing", "registered"),
        ("in preparation in 12/2018", "pending"),
        ("pending: grant not seen", "pending"),
    ],
)
def test_the_status_of_a_right_begins_with_its_stage(units, load, status, stage):
    load("protections", {"status": status, "registration_number": "", "registration_date": ""})

    assert IpRight.objects.get().stage == stage


@pytest.mark.parametrize(
    ("day", "expires"),
    [("2024-11-05", datetime.date(2049, 11, 5)), ("2024-11", None), ("", None)],
)
def test_a_stated_term_counts_from_the_day_of_the_grant(units, load, day, expires):
    load(
        "protections",
        {
            "protection_type": "bằng bảo hộ giống cây trồng",
            "status": "granted; stated valid 25 years",
            "registration_date": day,
        },
    )

    right = IpRight.objects.get()
    assert (right.kind, right.expires) == ("plant_variety", expires)


def test_a_right_has_the_area_that_its_source_states(units, load):
    load("protections")

    right = IpRight.objects.get()
    assert [str(part) for part in right.area_parts.all()] == ["xã An Hậu"]
    assert right.area.extent == (109, 11.5, 109.1, 11.6)
    (polygon,) = right.area
    assert polygon.exterior_ring.is_counterclockwise
    assert (right.stage, right.state) == ("registered", State.PUBLISHED)


@pytest.mark.parametrize("kind", LOADS)
def test_file_values_are_parsed_whatever_the_active_language(units, load, kind):
    prepare(kind)
    with translation.override("en"):
        report = load(kind)

    assert [str(problem) for problem in report.problems] == []
    assert report.created == 1


@pytest.mark.parametrize("kind", LOADS)
def test_importing_the_same_file_again_changes_nothing(units, load, kind):
    prepare(kind)
    load(kind)
    model = LOADS[kind][2]
    before = model.pgh_event_model.objects.count()

    report = load(kind)

    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
    assert model.pgh_event_model.objects.count() == before


def test_a_changed_row_updates_the_record(units, producer, load):
    load("products")

    report = load("products", {"product_name": "Trà măng tây xanh", "ocop_star": "4"})

    assert (report.created, report.updated) == (0, 1)
    assert Product.objects.get().name == "Trà măng tây xanh"
    assert OcopRating.objects.get().stars == 4


@pytest.mark.parametrize("kind", LOADS)
def test_a_dry_run_returns_the_same_report_and_writes_nothing(units, load, kind):
    prepare(kind)
    before = Source.objects.count()

    report = load(kind, dry_run=True)

    assert (report.ok, report.created) == (True, 1)
    assert LOADS[kind][2].objects.filter(source__url="https://example.org/1").count() == 0
    assert Source.objects.count() == before
    assert ImportRun.objects.get().applied is False


@pytest.mark.parametrize("status", ["possible_duplicate", "draft"])
def test_a_possible_duplicate_or_draft_is_not_published(units, producer, load, status):
    load("products", {"record_status": status})

    assert Product.objects.get().state == State.DRAFT


def test_the_name_on_the_source_is_an_optional_column(units, producer, load):
    translated = {"name_basis": "back_translated"}
    load("products", translated | {"original_name": "チリ塩"})
    assert Product.objects.get().original_name == "チリ塩"

    assert load("products", translated).unchanged == 1
    assert load("products", translated | {"original_name": ""}).updated == 1
    assert Product.objects.get().original_name == ""


def test_a_producer_name_matches_without_its_parenthesis(units, load):
    producer = ProducerFactory(code="MAU-CT-001", name="HTX Tuấn Tú (rau)")

    load("products")

    assert Product.objects.get().producer == producer


def test_a_producer_is_found_by_its_code_before_its_name(units, load):
    renamed = ProducerFactory(code="MAU-CT-001", name="HTX Tuấn Tú, tên đã sửa")
    ProducerFactory(code="MAU-CT-002", name="HTX Tuấn Tú")

    load("products", {"producer_id": "MAU-CT-001"})

    assert Product.objects.get().producer == renamed


def test_an_unknown_code_of_a_producer_is_refused(units, producer, load):
    report = load("products", {"producer_id": "MAU-CT-009"})

    assert [(one.column, one.message) for one in report.problems] == [
        ("producer_id", "Không có chủ thể mang mã “MAU-CT-009”.")
    ]
    assert not Product.objects.exists()


# --- manual edits --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", LOADS)
def test_a_manually_edited_record_is_not_overwritten(units, load, kind):
    prepare(kind)
    load(kind)
    model = LOADS[kind][2]
    record = model.objects.get(source__url="https://example.org/1")
    with pghistory.context(user=UserFactory().pk):
        record.note = "đã gọi điện"
        record.name = "Tên đúng"
        record.save()

    name = "product_name" if kind == "products" else "name"
    report = load(kind, {name: "Tên trong tệp", "note": "khác"})

    assert (report.retained, report.updated, report.ok) == (1, 0, True)
    record.refresh_from_db()
    assert (record.name, record.note) == ("Tên đúng", "đã gọi điện")


def test_a_manually_edited_rating_is_not_overwritten(units, producer, load):
    """Only the rating was edited, not the product itself."""
    load("products")
    with pghistory.context(user=UserFactory().pk):
        OcopRating.objects.update(stars=4)

    load("products")

    assert OcopRating.objects.get().stars == 4


def test_a_manually_edited_area_is_not_overwritten(units, load):
    load("protections")
    more = UnitFactory(code="82910", area=square(109.1, 11.5))
    with pghistory.context(user=UserFactory().pk):
        AreaUnit.objects.create(right=IpRight.objects.get(), unit=more)

    load("protections")

    assert IpRight.objects.get().area_units.filter(pk=more.pk).exists()


def test_ratings_added_by_officials_are_not_changed(units, producer, load):
    load("products")
    with pghistory.context(user=UserFactory().pk):
        RatingFactory(product=Product.objects.get(), stars=4)

    load("products", {"ocop_star": "5"})

    assert sorted(OcopRating.objects.values_list("stars", flat=True)) == [3, 4]


# --- invalid files -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "change", "column"),
    [
        ("products", {"record_id": "OCOP 1"}, "code"),
        ("products", {"record_id": "MAU-SP-0000000000001"}, "code"),
        ("products", {"product_name": ""}, "name"),
        ("products", {"product_name": "x" * 201}, "name"),
        ("products", {"name_basis": "heard"}, "name_basis"),
        ("products", {"producer_name": "HTX Khác"}, "producer_name"),
        ("products", {"producer_basis": "heard"}, "producer_basis"),
        ("products", {"commune_as_stated": "xã An Hau"}, "commune_as_stated"),
        ("products", {"district_as_stated": "huyện Minh Hải"}, "district_as_stated"),
        ("products", {"ocop_star": "2"}, "ocop_star"),
        ("products", {"ocop_star": "ba"}, "ocop_star"),
        ("products", {"potential_5_star": "maybe"}, "potential_5_star"),
        ("products", {"recognised_year": "23"}, "recognised_year"),
        ("products", {"decision_or_round": "Quyết định ngày 31/02/2023"}, "decision_or_round"),
        ("products", {"decision_or_round": "điểm 49,5"}, "decision_or_round"),
        ("products", {"product_group": "rượu"}, "product_group"),
        ("products", {"group_basis": ""}, "category"),
        ("products", {"sector": "mỏ"}, "sector"),
        ("products", {"source_url": ""}, "source_url"),
        ("products", {"source_date": "hôm qua"}, "source_date"),
        ("products", {"source_url": "không phải địa chỉ"}, "source_url"),
        ("products", {"record_status": "?"}, "record_status"),
        ("producers", {"producer_id": "1"}, "code"),
        ("producers", {"name": ""}, "name"),
        ("producers", {"type": "hội"}, "type"),
        ("producers", {"commune": "xã Khác"}, "commune"),
        ("producers", {"public_website": "www"}, "website"),
        ("producers", {"source_url": ""}, "source_url"),
        ("protections", {"protection_type": "bằng khen"}, "protection_type"),
        ("protections", {"registration_date": "24.7.2018"}, "registration_date"),
        ("protections", {"status": "nobody knows"}, "status"),
        ("protections", {"status": "registered; filed 2018-13-01"}, "status"),
        ("protections", {"status": "in preparation"}, "stage"),
        (
            "protections",
            {"area_of_protection_as_stated": "xã Khác (huyện Minh Phước)"},
            "area_of_protection_as_stated",
        ),
        (
            "protections",
            {"area_of_protection_as_stated": "địa bàn tỉnh Minh Thuần"},
            "area_of_protection_as_stated",
        ),
        ("protections", {"second_source_url": "không phải địa chỉ"}, "second_source_url"),
    ],
)
def test_an_invalid_cell_is_reported_with_line_and_column_and_nothing_is_written(
    units, load, kind, change, column
):
    prepare(kind)
    other = {
        "products": {"record_id": "MAU-SP-002"},
        "producers": {"producer_id": "MAU-CT-002"},
        "protections": {"record_id": "MAU-SH-002", "registration_number": ""},
    }[kind]

    report = load(kind, other, change)

    assert [(problem.line, problem.column) for problem in report.problems] == [(3, column)]
    assert LOADS[kind][2].objects.filter(source__url="https://example.org/1").count() == 0
    assert OcopRating.objects.count() == AreaUnit.objects.count() == 0
    assert ImportRun.objects.get().applied is False


def test_all_errors_are_reported_in_one_run(units, producer, load):
    report = load(
        "products",
        {"ocop_star": "6", "sector": "mỏ"},
        {"record_id": "MAU-SP-002"},
        {"record_id": "MAU-SP-003", "source_url": ""},
    )

    assert [str(problem) for problem in report.problems] == [
        "dòng 2, sector: “mỏ” không thuộc: trồng trọt, chăn nuôi, thủy sản, chế biến, thủ công,"
        " dịch vụ.",
        "dòng 2, ocop_star: “6” không thuộc: 3, 4, 5.",
        "dòng 4, source_url: Mọi dữ kiện cần có nguồn.",
    ]


def test_an_ambiguous_producer_name_is_rejected(units, load):
    for code in ("MAU-CT-001", "MAU-CT-002"):
        ProducerFactory(code=code, name="HTX Tuấn Tú")

    report = load("products")

    assert [str(problem) for problem in report.problems] == [
        "dòng 2, producer_name: Có 2 chủ thể tên “HTX Tuấn Tú”."
    ]


def test_a_commune_name_used_in_two_districts_requires_the_district(units, load):
    UnitFactory(code="22000", kind="xã", name="An Hậu", validity=UNTIL_THE_CHANGE)

    assert [str(problem) for problem in load("producers", {"district": ""}).problems] == [
        "dòng 2, commune: Có nhiều đơn vị tên “xã An Hậu”; cần nêu huyện."
    ]
    assert load("producers").ok


@pytest.mark.parametrize("kind", LOADS)
def test_a_missing_column_is_reported_by_name(units, load, kind):
    _load, valid, _model = LOADS[kind]
    header = [column for column in valid if column not in ("name", "product_name")]

    report = load(kind, raw=(",".join(header) + "\n").encode())

    missing = "product_name" if kind == "products" else "name"
    assert [str(problem) for problem in report.problems] == [f"tệp: Thiếu cột {missing}."]


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ("Trà\n".encode("utf-16"), "tệp: Tệp không phải UTF-8 (byte thứ 0)."),
        ("mã,tên\n".encode("cp1258", "replace") + b"\xf0\n", "tệp: Tệp không phải UTF-8"),
        (b"", "tệp: Thiếu cột"),
        (b"a\x00b\n", "tệp: "),
    ],
)
def test_a_file_that_is_not_csv_is_rejected_with_one_problem(units, load, raw, problem):
    report = load("producers", raw=raw)

    (reported,) = map(str, report.problems)
    assert reported.startswith(problem)


@pytest.mark.parametrize("extra", ["", "a,b\n", '"open\n'])
def test_a_row_with_a_wrong_number_of_cells_is_rejected_with_its_line(units, load, extra):
    if not extra:
        extra = "," * 30 + "\n"
    header = ",".join(PRODUCER) + "\n"
    report = load("producers", raw=(header + extra).encode())

    (problem,) = map(str, report.problems)
    assert problem.startswith("tệp: Dòng 2")
    assert Producer.objects.count() == 0


def test_a_csv_file_saved_by_excel_is_read(units, load):
    """Byte order mark, CRLF line ends, decomposed diacritics, surrounding spaces."""
    row = PRODUCER | {"name": "  HTX Tua\u0302\u0301n Tu\u0301 "}
    text = ",".join(row) + "\r\n" + ",".join(row.values()) + "\r\n"

    report = load("producers", raw=b"\xef\xbb\xbf" + text.encode())

    assert [str(problem) for problem in report.problems] == []
    assert Producer.objects.get().name == "HTX Tuấn Tú"


def test_one_url_is_one_source_with_its_most_precise_date(units, load):
    load(
        "producers",
        {"source_date": "2023"},
        {"producer_id": "MAU-CT-002", "source_date": "2023-09-25"},
        {"producer_id": "MAU-CT-003", "source_date": "2023-09"},
    )

    source = Source.objects.get(url="https://example.org/1")
    assert source.dated_text == "25/9/2023"
    assert Producer.objects.filter(source=source).count() == 3


def test_categories_are_loaded(load, tmp_path):
    path = tmp_path / "groups.csv"
    path.write_text(
        "scheme,code,name,name_en,source_url,source_date\n"
        "QD148,I,thực phẩm,Food,https://example.org/1,2023\n"
        "QD999,I,đồ uống,Drinks,https://example.org/1,2023\n",
        encoding="utf-8",
    )

    report = imports.run("categories", path, load_categories)

    assert [(problem.line, problem.column) for problem in report.problems] == [(3, "scheme")]
    assert (Category.objects.count(), Unit.objects.count()) == (0, 0)
