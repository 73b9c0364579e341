"""Importing units and successions: every row is validated, all or none are written."""

import datetime

import pytest

from districts.importing.units import load_succession, load_units
from districts.models import Succession, Unit
from geodata import importing
from geodata.models import ImportRun, Source
from geodata.spans import span
from tests.factories import SINCE_THE_CHANGE, UNTIL_THE_CHANGE, UnitFactory

DISTRICT = {
    "code": "992",
    "name_vi": "Phan Lang",
    "kind": "thành phố",
    "source": "Bản đồ thử",
    "valid_to": "2024-02-29",
}
NEW = {
    "code": "82738",
    "name_vi": "Đô Minh",
    "name_en": "Do Minh Ward",
    "kind": "phường",
    "province": "Khánh Hậu",
    "province_code": "98",
    "area_km2_official": 62.0,
    "valid_from": "2024-03-01",
    "decree": "Nghị quyết 1667/NQ-UBTVQH15 (16/06/2025), hiệu lực 1/3/2024",
    "source": "Bản đồ thử",
    "licence": "MIT",
}
HEADER = "old_code,new_code,part,share_of_old_area\n"

pytestmark = pytest.mark.django_db


def load(path, **options):
    return importing.run("units", path, load_units, **options)


def test_the_validity_of_a_unit_ends_the_day_after_its_last_day(geojson):
    load(geojson([DISTRICT]))

    unit = Unit.objects.get()
    assert unit.validity == span(None, datetime.date(2024, 3, 1))
    assert (unit.public_id, str(unit), unit.source.title) == (
        "992",
        "thành phố Phan Lang",
        "Bản đồ thử",
    )


def test_a_unit_with_a_decree_has_it_as_source_and_its_province_is_created(geojson):
    load(geojson([NEW]))

    unit = Unit.objects.get(level=3)
    assert unit.public_id == "82738-2024-03-01"
    assert (unit.source.title, unit.source.document_number, unit.source.dated_text) == (
        "Nghị quyết 1667/NQ-UBTVQH15",
        "1667/NQ-UBTVQH15",
        "16/6/2025",
    )
    assert (unit.parent.code, str(unit.parent), unit.parent.validity) == (
        "98",
        "tỉnh Khánh Hậu",
        SINCE_THE_CHANGE,
    )


def test_importing_the_same_file_again_changes_nothing(geojson):
    path = geojson([DISTRICT, NEW])
    assert load(path).created == 2

    report = load(path)

    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    assert Source.objects.count() == 2


def test_a_changed_name_updates_the_unit(geojson):
    load(geojson([DISTRICT]))

    report = load(geojson([DISTRICT | {"name_vi": "Phan Lang - Tháp Chuông"}]))

    assert (report.created, report.updated) == (0, 1)
    assert Unit.objects.get().name == "Phan Lang - Tháp Chuông"


def test_a_dry_run_writes_nothing(geojson):
    report = load(geojson([DISTRICT, NEW]), dry_run=True)

    assert report.created == 2
    assert (Unit.objects.count(), Source.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"code": "58A"}, "dòng 2, code: Mã tỉnh có 2 chữ số, mã huyện 3, mã xã 5."),
        (
            {"valid_from": "1/3/2024"},
            "dòng 2: Giá trị không dùng được: Invalid isoformat string: '1/3/2024'",
        ),
        ({"decree": "Nghị quyết"}, "dòng 2: Không đọc được số và ngày của nghị quyết: Nghị quyết."),
        (
            {"district_code": "999", "province": ""},
            "dòng 2: Chưa có đơn vị 999; hãy nạp cấp trên trước.",
        ),
    ],
)
def test_an_invalid_unit_is_reported_with_its_line(geojson, change, problem):
    report = load(geojson([DISTRICT, NEW | change]))

    assert [str(problem) for problem in report.problems] == [problem]
    assert (Unit.objects.count(), Source.objects.count()) == (0, 0)
    assert ImportRun.objects.get().report["problems"] == [problem]


@pytest.mark.parametrize("column", ["name_vi", "source", "licence"])
def test_an_invisible_character_is_reported_with_line_and_property(geojson, column):
    report = load(geojson([DISTRICT, NEW | {column: "Đô\u202eVinh"}]))

    assert [(one.line, one.column) for one in report.problems] == [(2, column)]
    assert "U+202E" in report.problems[0].message
    assert not Unit.objects.exists()


@pytest.mark.parametrize("missing", ["code", "name_vi", "kind", "source"])
def test_a_missing_property_is_reported_by_name(geojson, missing):
    row = {name: value for name, value in DISTRICT.items() if name != missing}

    report = load(geojson([row]))

    assert [str(problem) for problem in report.problems] == [
        f"dòng 1, {missing}: Thiếu thuộc tính."
    ]


@pytest.mark.parametrize("row", [None, {**DISTRICT, "code": None}, {**DISTRICT, "name_vi": None}])
def test_a_feature_with_null_properties_is_reported(geojson, row):
    """RFC 7946 allows null properties."""
    report = load(geojson([row]))

    # Without any properties the error applies to the whole file.
    assert [problem.line for problem in report.problems] == [0 if row is None else 1]
    assert Unit.objects.count() == 0


def test_a_numeric_code_is_accepted(geojson):
    assert load(geojson([{**DISTRICT, "code": 992}])).ok

    assert Unit.objects.get().code == "992"


def test_a_unit_whose_code_is_in_use_at_that_time_is_rejected(geojson):
    UnitFactory(code="992", validity=span(None, datetime.date(2020, 1, 1)), public_id="992-x")

    report = load(geojson([DISTRICT]))

    assert [str(problem) for problem in report.problems] == [
        "dòng 1, validity: Trong thời gian này mã đã thuộc về một đơn vị khác."
    ]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"features": [{}]}', "\ufeff{", "mã,tên"])
def test_a_file_that_is_not_geojson_is_rejected_with_one_problem(tmp_path, text):
    path = tmp_path / "units.geojson"
    path.write_text(text, encoding="utf-8")

    report = load(path)

    assert [problem.message.split(":")[0] for problem in report.problems] == [
        "Không phải GeoJSON FeatureCollection"
    ]


# --- succession ----------------------------------------------------------------------------


@pytest.fixture
def units():
    UnitFactory(code="82738", validity=UNTIL_THE_CHANGE)
    return UnitFactory(code="82738", validity=SINCE_THE_CHANGE)


def load_rows(tmp_path, *rows):
    path = tmp_path / "succession.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return importing.run("succession", path, load_succession)


def test_a_succession_has_the_source_of_its_successor(units, tmp_path):
    report = load_rows(tmp_path, "82738,82738,toàn bộ,1.0")

    succession = Succession.objects.get()
    assert report.created == 1
    assert (succession.predecessor.validity, succession.successor) == (UNTIL_THE_CHANGE, units)
    assert (succession.share, succession.source) == (1, units.source)


def test_importing_a_succession_again_changes_nothing(units, tmp_path):
    load_rows(tmp_path, "82738,82738,toàn bộ,1.0")

    report = load_rows(tmp_path, "82738,82738,toàn bộ,1.0")

    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("82999,82738,toàn bộ,1", "dòng 2, old_code: Không có đơn vị cũ mang mã 82999."),
        ("82738,82999,toàn bộ,1", "dòng 2, new_code: Không có đơn vị mới mang mã 82999."),
        ("82738,82738,toàn bộ,một", "dòng 2, share_of_old_area: Không phải số."),
        ("82738,82738,toàn bộ", "tệp: Dòng 2 có 3 ô, tiêu đề có 4."),
    ],
)
def test_an_invalid_succession_is_reported_with_line_and_column(units, tmp_path, row, problem):
    report = load_rows(tmp_path, row)

    assert [str(problem) for problem in report.problems] == [problem]
    assert Succession.objects.count() == 0


def test_an_invisible_character_in_a_part_is_reported_with_line_and_column(units, tmp_path):
    report = load_rows(tmp_path, "82738,82739,thôn\u200b 1,1.0")

    assert (2, "part") in [(one.line, one.column) for one in report.problems]


@pytest.mark.parametrize("share", ["1.5", "0", "-1", "NaN", "1e9", "Infinity"])
def test_an_invalid_share_is_rejected_with_its_line(units, tmp_path, share):
    report = load_rows(tmp_path, f"82738,82738,toàn bộ,{share}")

    assert {problem.line for problem in report.problems} == {2}
    assert Succession.objects.count() == 0
