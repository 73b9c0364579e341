"""Sales points and craft villages: which are related to a record, their hours, their import."""

import csv
import datetime
import io

import pytest
from django.core.exceptions import ValidationError

from geodata import importing
from geodata.models import Source
from products.places.hours import validate_opening_hours, week
from products.places.importing import load_craft_villages, load_sales_points
from products.places.models import CraftVillage, Relation, SalesPoint
from products.register import workflow
from products.register.models import Position
from tests.factories import (
    UNTIL_THE_CHANGE,
    CraftVillageFactory,
    ProducerFactory,
    SalesPointFactory,
    UnitFactory,
    UserFactory,
    square,
)

POINT = {
    "point_id": "MAU-DB-001",
    "name": "Vườn nho",
    "kind": "vườn nho đón khách",
    "kind_code": "farm_visit",
    "sells": "yes",
    "visit_code": "yes",
    "producer_code": "",
    "last_seen": "2016",
    "record_status": "public",
    "commune_as_stated": "xã An Hậu",
    "district_as_stated": "huyện Minh Phước",
    "address_as_stated": "thôn Một",
    "lat": "",
    "lon": "",
    "coord_source": "",
    "coord_confidence": "",
    "opening_hours": "",
    "season": "mùa nho chín",
    "price_as_stated": "miễn phí",
    "what_is_sold_or_shown": "nho",
    "status": "2016",
    "source_url": "https://example.org/1",
    "source_date": "2016",
    "note": "",
}
SPOT = {"lat": "11.55", "lon": "109.05", "coord_source": "Tour 360°"}
VILLAGE = {
    **{name: POINT[name] for name in POINT if name not in ("point_id", "sells", "opening_hours")},
    "village_id": "MAU-LN-001",
    "name": "Làng gốm",
    "kind_code": "village",
    "craft": "gốm",
    "recognised": "yes",
    "recognised_as_stated": "làng nghề truyền thống",
    "households_or_members": "30 hộ",
    "operators": "",
    "visit": "",
}


def load(reader, tmp_path, *rows):
    """The report of an import of a file with these rows."""
    lines = io.StringIO()
    table = csv.DictWriter(lines, rows[0])
    table.writeheader()
    table.writerows(rows)
    path = tmp_path / "places.csv"
    path.write_text(lines.getvalue())
    return importing.run("places", path, reader)


def problems(report):
    return [(problem.line, problem.column) for problem in report.problems]


@pytest.fixture
def commune(db):
    district = UnitFactory(code="992", kind="huyện", name="Minh Phước", validity=UNTIL_THE_CHANGE)
    return UnitFactory(name="An Hậu", parent=district, area=square(109, 11.5))


# --- relations -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_places_of_the_producer_come_first_then_those_in_commune_and_district():
    district = UnitFactory(code="992", validity=UNTIL_THE_CHANGE)
    here, near = (UnitFactory(parent=district) for _ in range(2))
    producer = ProducerFactory(declared_commune=here)
    places = [
        SalesPointFactory(name="A", declared_district=district),
        SalesPointFactory(name="B", declared_commune=near),
        SalesPointFactory(name="C", declared_commune=here),
        SalesPointFactory(name="D", producer=producer),
        SalesPointFactory(name="E", declared_commune=UnitFactory(parent=UnitFactory(code="993"))),
        SalesPointFactory(name="F"),
    ]
    assert len(places) == 6

    found = SalesPoint.objects.related_to(producer, producer)

    assert [(place.name, Relation(place.relation)) for place in found] == [
        ("D", Relation.PRODUCER),
        ("C", Relation.COMMUNE),
        ("A", Relation.DISTRICT),
        ("B", Relation.DISTRICT),
    ]


@pytest.mark.django_db
def test_nothing_is_related_to_a_record_of_which_no_place_is_known():
    SalesPointFactory()
    SalesPointFactory(declared_commune=UnitFactory())

    assert not SalesPoint.objects.related_to(ProducerFactory(), None)


@pytest.mark.django_db
def test_places_may_have_closed_after_three_years(on_day):
    on_day("2026-11-28")
    seen = [2026, 2023, 2022, None]

    places = [SalesPointFactory(last_seen=year) for year in seen]

    assert [place.may_have_closed for place in places] == [False, False, True, True]


# --- opening hours -------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["24/7", "Mo-Sa 07:00-17:00; Su off", "Jul-Aug 08:00-18:00"])
def test_opening_hours_of_openstreetmap_are_accepted(text):
    validate_opening_hours(text)


@pytest.mark.parametrize("text", ["7h-17h", "Mo 25:00-26:00", "sáng", "Mo-Sa 07:00-17:00;;"])
def test_other_opening_hours_are_refused_with_an_example(text):
    with pytest.raises(ValidationError, match="Mo-Sa 07:00-17:00; Su off"):
        validate_opening_hours(text)


def test_a_week_has_the_hours_of_each_day():
    monday = datetime.date(2026, 11, 23)

    days = week("Mo-Fr 07:00-11:00,13:30-17:00; Sa 20:00-02:00; Su unknown", monday)

    texts = [" ".join(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in day.times) for day in days]
    certain = [day.is_certain for day in days]
    assert [day.date for day in days] == [datetime.date(2026, 11, 23 + n) for n in range(7)]
    assert texts == [*["07:00-11:00 13:30-17:00"] * 5, "20:00-00:00", ""]
    assert certain == [*[True] * 6, False]


@pytest.mark.django_db
def test_officials_cannot_store_hours_that_nobody_can_parse():
    official = UserFactory(is_superuser=True)
    values = {"name": "Sạp", "kind": "stall", "opening_hours": "cả ngày"}
    values["source"] = SalesPointFactory().source

    with pytest.raises(ValidationError) as refused:
        workflow.change(SalesPoint(), values, by=official, base_version=None)

    assert list(refused.value.message_dict) == ["opening_hours"]
    assert SalesPoint.objects.count() == 1


# --- import --------------------------------------------------------------------------------


def test_a_sales_point_is_on_its_declared_commune(commune, tmp_path):
    producer = ProducerFactory(code="MAU-CT-001")

    report = load(load_sales_points, tmp_path, {**POINT, "producer_code": "MAU-CT-001"})

    assert problems(report) == []
    place = SalesPoint.objects.get()
    assert (place.code, place.kind, place.sells, place.visit) == (
        *("MAU-DB-001", "farm_visit", True, True),
    )
    assert (place.producer, place.commune, place.position) == (
        *(producer, commune, Position.COMMUNE),
    )
    assert (place.last_seen, place.season_note, place.price_note) == (
        *(2016, "mùa nho chín", "miễn phí"),
    )
    assert place.note == "kind: vườn nho đón khách\nstatus: 2016"
    assert place.is_public


def test_a_craft_village_with_coordinates_names_their_source(commune, tmp_path):
    report = load(load_craft_villages, tmp_path, {**VILLAGE, **SPOT})

    assert problems(report) == []
    village = CraftVillage.objects.get()
    assert (village.craft, village.recognised) == ("gốm", True)
    assert (village.point.coords, village.position) == ((109.05, 11.55), Position.MAP)
    assert village.position_source == Source.objects.get(title="Tour 360°")


@pytest.mark.parametrize(
    ("reader", "row", "model"),
    [
        (load_sales_points, POINT, SalesPoint),
        (load_sales_points, {**POINT, **SPOT}, SalesPoint),
        (load_craft_villages, VILLAGE, CraftVillage),
    ],
)
def test_loading_twice_changes_nothing(commune, tmp_path, reader, row, model):
    load(reader, tmp_path, row)
    before = list(model.objects.values())

    report = load(reader, tmp_path, row)

    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
    assert list(model.objects.values()) == before


def test_removing_the_coordinates_from_the_file_moves_the_place_to_its_commune(commune, tmp_path):
    load(load_sales_points, tmp_path, {**POINT, **SPOT})

    report = load(load_sales_points, tmp_path, POINT)

    place = SalesPoint.objects.get()
    assert (problems(report), place.position, place.position_source) == ([], "commune", None)


def test_what_an_official_has_edited_is_not_overwritten(commune, tmp_path, settings):
    settings.SELF_PUBLISH = True
    load(load_sales_points, tmp_path, POINT)
    place = SalesPoint.objects.get()
    official = UserFactory(is_superuser=True)
    with_hours = {"opening_hours": "Mo-Su 07:00-17:00"}
    workflow.change(place, with_hours, by=official, base_version=place.version)

    report = load(load_sales_points, tmp_path, {**POINT, "name": "Vườn nho khác"})

    place.refresh_from_db()
    assert (report.retained, place.name, place.opening_hours) == (
        1,
        "Vườn nho",
        "Mo-Su 07:00-17:00",
    )


def test_a_planned_place_stays_a_draft(commune, tmp_path):
    planned = {"kind_code": "planned", "sells": "", "visit_code": "", "record_status": "draft"}

    load(load_sales_points, tmp_path, {**POINT, **planned})

    assert not SalesPoint.objects.get().is_public


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind_code", "market"),
        ("sells", "có"),
        ("producer_code", "MAU-CT-404"),
        ("last_seen", "2016?"),
        ("opening_hours", "7h-17h"),
        ("record_status", ""),
        ("lat", "11,55"),
        ("commune_as_stated", "xã Không Có"),
        ("source_url", ""),
    ],
)
def test_a_value_that_cannot_be_used_is_reported_at_its_column(commune, tmp_path, column, value):
    report = load(load_sales_points, tmp_path, {**POINT, column: value})

    assert problems(report) == [(2, column)]
    assert not SalesPoint.objects.exists()


def test_coordinates_need_a_source(commune, tmp_path):
    report = load(load_sales_points, tmp_path, {**POINT, **SPOT, "coord_source": ""})

    assert problems(report) == [(2, "coord_source")]


@pytest.mark.django_db
def test_search_finds_a_place_by_what_it_sells_and_a_village_by_its_craft():
    SalesPointFactory(name="Sạp Hai", goods="nho, vang")
    CraftVillageFactory(name="Bàu", craft="gốm Chăm")

    assert [place.name for place in SalesPoint.objects.search("vang")] == ["Sạp Hai"]
    assert [village.name for village in CraftVillage.objects.search("gom cham")] == ["Bàu"]
