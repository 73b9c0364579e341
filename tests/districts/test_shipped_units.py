"""The shipped units and boundaries match their files."""

import csv
import datetime
import json
from decimal import Decimal

import pytest
import shapely
from django.conf import settings
from django.db.models import Sum

from districts.models import Boundary, Level, Succession, Unit
from geodata.models import ImportRun
from tests.factories import CHANGE, at

BOUNDARIES = settings.PLACE.folder / "boundaries"
LAST_DAY = datetime.date(2025, 6, 30)
LAYERS = {
    "province": (Level.PROVINCE, LAST_DAY, 1),
    "districts": (Level.DISTRICT, LAST_DAY, 7),
    "communes-2024": (Level.COMMUNE, LAST_DAY, 62),
    "communes-2025": (Level.COMMUNE, CHANGE, 24),
}

pytestmark = pytest.mark.usefixtures("shipped")


def features(layer):
    path = BOUNDARIES / f"ninh-thuan-{layer}.geojson"
    return [feature["properties"] for feature in json.loads(path.read_text())["features"]]


def concordance():
    path = BOUNDARIES / "commune-concordance-2024-2025.csv"
    with path.open(encoding="utf-8-sig", newline="") as rows:
        return list(csv.DictReader(rows))


def boundaries(layer):
    level, day, _count = LAYERS[layer]
    units = Unit.objects.on(day).filter(level=level)
    return list(Boundary.objects.filter(unit__in=units).select_related("unit"))


def shapes(rows, column="geometry"):
    return [shapely.from_wkb(bytes(getattr(row, column).wkb)) for row in rows]


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (LAST_DAY, {Level.PROVINCE: 1, Level.DISTRICT: 7, Level.COMMUNE: 62}),
        (CHANGE, {Level.PROVINCE: 1, Level.COMMUNE: 24}),
        # The first day of two old communes is known, that of all others is not.
        (datetime.date(1992, 4, 1), {Level.PROVINCE: 1, Level.DISTRICT: 7, Level.COMMUNE: 60}),
        (datetime.date(2030, 1, 1), {Level.PROVINCE: 1, Level.COMMUNE: 24}),
    ],
)
def test_each_day_has_the_units_that_existed_on_it(day, counts):
    levels = [unit.level for unit in Unit.objects.on(day)]

    assert {level: levels.count(level) for level in set(levels)} == counts


def test_the_old_province_is_ninh_thuan_and_the_new_one_khanh_hoa():
    provinces = Unit.objects.filter(level=Level.PROVINCE)

    assert [(p.code, str(p), p.validity.lower, p.validity.upper) for p in provinces] == [
        ("56", "tỉnh Khánh Hòa", CHANGE, None),
        ("58", "tỉnh Ninh Thuận", None, CHANGE),
    ]


def test_every_unit_has_the_values_of_its_file():
    for layer in LAYERS:
        for row in features(layer):
            unit = Unit.objects.on(LAYERS[layer][1]).get(code=row["code"])
            area = row.get("area_km2_official")
            assert (unit.name, unit.full_name.casefold(), unit.kind, unit.official_area_km2) == (
                row["name_vi"],
                row["full_name_vi"].casefold(),
                row["kind"],
                None if area is None else Decimal(str(area)),
            )


def test_public_ids_contain_the_first_day_where_it_is_known():
    assert set(Unit.objects.filter(code="22738").values_list("public_id", flat=True)) == {
        "22738",
        "22738-2025-07-01",
    }


def test_all_new_communes_have_resolution_1667_as_source():
    sources = {unit.source for unit in Unit.objects.on(CHANGE).filter(level=Level.COMMUNE)}

    assert [(s.document_number, s.dated_text) for s in sources] == [
        ("1667/NQ-UBTVQH15", "16/6/2025")
    ]


@pytest.mark.parametrize(
    ("lng", "lat", "district", "then", "now"),
    [
        (108.99, 11.565, "582", "Phường Kinh Dinh", "Phường Phan Rang"),
        (108.9457, 11.6006, "582", "Phường Đô Vinh", "Phường Đô Vinh"),
        (108.92996, 11.52696, "587", "Thị trấn Phước Dân", "Xã Ninh Phước"),
        # The rounded position of Bàu Trúc is 75 m outside the boundary of its district.
        (108.92, 11.51, "589", "Xã Phước Nam", None),
    ],
)
def test_known_places_are_covered_by_their_units(lng, lat, district, then, now):
    covering = Unit.objects.covering(at(lng, lat))

    assert [unit.code for unit in covering.filter(level=Level.PROVINCE)] == ["58"]
    assert [unit.code for unit in covering.filter(level=Level.DISTRICT)] == [district]
    communes = covering.filter(level=Level.COMMUNE)
    assert [u.full_name.capitalize() for u in communes.on(LAST_DAY)] == [then.capitalize()]
    if now:
        assert [u.full_name.capitalize() for u in communes.on(CHANGE)] == [now.capitalize()]


@pytest.mark.parametrize(
    ("name", "lng", "lat"), [("Cà Ná", 108.87, 11.33), ("Vĩnh Hy", 109.20, 11.72)]
)
def test_rounded_positions_at_sea_are_outside_all_units(name, lng, lat):
    assert list(Unit.objects.covering(at(lng, lat))) == []


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_has_all_its_boundaries(layer):
    assert len(boundaries(layer)) == LAYERS[layer][2] == len(features(layer))


@pytest.mark.parametrize("layer", LAYERS)
def test_the_measured_area_equals_that_of_the_file(layer):
    measured = {row.unit.code: row.area_km2 for row in boundaries(layer)}

    assert measured == pytest.approx(
        {row["code"]: row["area_km2_measured"] for row in features(layer)}, abs=0.006
    )


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("column", ["geometry", "outline"])
def test_exterior_rings_are_counter_clockwise_and_holes_clockwise(layer, column):
    for shape in shapes(boundaries(layer), column):
        for polygon in shape.geoms:
            assert polygon.exterior.is_ccw
            assert not any(hole.is_ccw for hole in polygon.interiors)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("column", ["geometry", "outline"])
def test_neighbours_share_their_boundaries(layer, column):
    assert shapely.coverage_is_valid(shapes(boundaries(layer), column))


@pytest.mark.parametrize("column", ["geometry", "outline"])
def test_all_layers_cover_the_same_area(column):
    """No gap between units and no area outside the province, up to 1e-10 degrees² (about 1 m²)."""
    province = shapely.union_all(shapes(boundaries("province"), column))
    for layer in ("districts", "communes-2024", "communes-2025"):
        union = shapely.union_all(shapes(boundaries(layer), column))
        assert shapely.symmetric_difference(union, province).area < 1e-10


def test_old_communes_are_inside_their_districts():
    rows = boundaries("districts")
    districts = {row.unit_id: shape for row, shape in zip(rows, shapes(rows), strict=True)}
    communes = boundaries("communes-2024")
    for commune, shape in zip(communes, shapes(communes), strict=True):
        assert shape.difference(districts[commune.unit.parent_id]).area < 1e-10


def test_an_outline_is_simpler_and_stays_near_its_boundary():
    for layer in LAYERS:
        rows = boundaries(layer)
        for exact, plain in zip(shapes(rows), shapes(rows, "outline"), strict=True):
            assert shapely.get_num_coordinates(plain) < shapely.get_num_coordinates(exact)
            # 179 m at one spot of the coast: SOURCES.md, 2.4.
            assert shapely.hausdorff_distance(plain, exact) < 0.002


def test_successions_equal_those_of_the_concordance():
    stated = {
        (row["old_code"], row["new_code"], row["part"], Decimal(row["share_of_old_area"]))
        for row in concordance()
    }
    loaded = set(
        Succession.objects.values_list("predecessor__code", "successor__code", "part", "share")
    )

    assert loaded == stated
    assert Succession.objects.count() == 63


def test_every_succession_has_resolution_1667_as_source():
    numbers = Succession.objects.values_list("source__document_number", flat=True)

    assert set(numbers) == {"1667/NQ-UBTVQH15"}


def test_shares_of_each_old_commune_sum_to_1_and_each_new_commune_has_predecessors():
    shares = (
        Unit.objects.on(LAST_DAY)
        .filter(level=Level.COMMUNE)
        .annotate(gone=Sum("successions__share"))
    )
    origins = Unit.objects.on(CHANGE).filter(level=Level.COMMUNE, predecessions=None)

    assert {unit.gone for unit in shares} == {Decimal("1.0000")}
    assert list(origins) == []


def test_only_dong_hai_was_divided():
    divided = [
        (s.predecessor.name, s.successor.name, s.part)
        for s in Succession.objects.exclude(share=1).order_by("-share")
    ]

    assert divided == [
        ("Đông Hải", "Đông Hải", "trừ thôn Phú Thọ"),
        ("Đông Hải", "Phước Dinh", "thôn Phú Thọ"),
    ]


def test_shares_equal_the_measured_intersections():
    for succession in Succession.objects.select_related("predecessor", "successor"):
        old = shapely.from_wkb(bytes(succession.predecessor.boundary.geometry.wkb))
        new = shapely.from_wkb(bytes(succession.successor.boundary.geometry.wkb))
        share = old.intersection(new).area / old.area
        assert share == pytest.approx(float(succession.share), abs=0.002)


def test_every_file_was_imported_without_problems():
    runs = ImportRun.objects.all()

    assert {run.applied for run in runs} == {True}
    assert sorted(run.file_name for run in runs if run.kind == "boundaries") == [
        f"ninh-thuan-{layer}.geojson"
        for layer in ("communes-2024", "communes-2025", "districts", "province")
    ]
    assert [problem for run in runs for problem in run.report["problems"]] == []
