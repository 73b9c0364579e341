"""A boundary file is imported only if its polygons form a coverage without gaps or overlaps."""

import re

import geopandas
import pytest
import shapely

from districts.importing.boundaries import load_boundaries
from districts.models import Boundary
from geodata import importing
from geodata.models import ImportRun, Source
from tests.districts.conftest import box
from tests.factories import UnitFactory, square

WEST, EAST = box(109, 11.5), box(109.1, 11.5)
BOW_TIE = shapely.Polygon([(109, 11.5), (109.1, 11.6), (109.1, 11.5), (109, 11.6)])

pytestmark = pytest.mark.django_db


def load(path, outline=None, **options):
    return importing.run(
        "boundaries",
        path,
        lambda path, report: load_boundaries(path, report, outline=outline),
        **options,
    )


@pytest.fixture
def communes():
    return [UnitFactory(code="82738"), UnitFactory(code="82741")]


def assert_refused(report, *patterns):
    """The problems match these regular expressions, and nothing was written."""
    problems = [str(problem) for problem in report.problems]
    assert len(problems) == len(patterns), problems
    for pattern, problem in zip(patterns, problems, strict=True):
        assert re.fullmatch(pattern, problem), problem
    assert (Boundary.objects.count(), Source.objects.filter(title="Bản đồ thử").count()) == (0, 0)
    run = ImportRun.objects.get()
    assert (run.applied, run.report["problems"]) == (False, problems)


def test_a_valid_coverage_is_imported(communes, layer):
    report = load(layer({"82738": WEST, "82741": EAST}))

    assert (report.ok, report.created, report.updated) == (True, 2, 0)
    assert {
        boundary.unit.code: boundary.geometry.extent for boundary in Boundary.objects.all()
    } == {"82738": (109, 11.5, 109.1, 11.6), "82741": (109.1, 11.5, 109.2, 11.6)}
    assert set(Boundary.objects.values_list("source__title", "outline")) == {("Bản đồ thử", None)}
    assert ImportRun.objects.get().applied is True


def test_importing_the_same_file_again_changes_nothing(communes, layer):
    path = layer({"82738": WEST, "82741": EAST})
    load(path, outline=path)

    report = load(path, outline=path)

    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)


def test_a_moved_common_boundary_updates_both_neighbours(communes, layer):
    load(layer({"82738": WEST, "82741": EAST}))

    report = load(layer({"82738": box(109, 11.5, 0.09), "82741": box(109.09, 11.5, 0.11)}))

    assert (report.created, report.updated, report.unchanged) == (0, 2, 0)


def test_a_dry_run_returns_the_same_report_and_writes_nothing(communes, layer):
    report = load(layer({"82738": WEST, "82741": EAST}), dry_run=True)

    assert (report.ok, report.created) == (True, 2)
    assert (Boundary.objects.count(), Source.objects.filter(title="Bản đồ thử").count()) == (0, 0)
    assert ImportRun.objects.get().applied is False


@pytest.mark.parametrize(
    ("name", "crs"), [("xa.gpkg", 9210), ("xa.shp", 32649), ("xa.geojson", 4326)]
)
def test_a_file_in_another_crs_is_transformed_to_wgs84(communes, layer, name, crs):
    grid = geopandas.GeoSeries([WEST, EAST], crs=4326).to_crs(crs)
    path = layer({"82738": grid[0], "82741": grid[1]}, name=name, crs=crs)

    report = load(path)

    assert [str(problem) for problem in report.problems] == []
    west = Boundary.objects.get(unit__code="82738").geometry.extent
    assert west == pytest.approx((109, 11.5, 109.1, 11.6), abs=1e-7)


def test_exterior_rings_are_stored_counter_clockwise(communes, layer):
    clockwise = shapely.Polygon([(109, 11.5), (109, 11.6), (109.1, 11.6), (109.1, 11.5)])
    load(layer({"82738": clockwise}))

    (polygon,) = Boundary.objects.get().geometry
    assert polygon.exterior_ring.is_counterclockwise


@pytest.mark.parametrize("name", ["xa.shp", "xa.gpkg"])
@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_file_without_a_crs_is_rejected(communes, layer, name):
    report = load(layer({"82738": WEST, "82741": EAST}, name=name, crs=None))

    assert_refused(report, r"tệp: Tệp không cho biết hệ toạ độ \(CRS\); không thể đoán\.")


def test_an_invisible_character_is_reported_with_line_and_property(communes, layer):
    report = load(layer({"82738": WEST}, licence="MIT\u202e"))

    assert ("licence", 1) in [(one.column, one.line) for one in report.problems]
    assert "U+202E" in str(report.problems[0])


def test_a_self_intersecting_polygon_is_rejected_with_its_position(communes, layer):
    report = load(layer({"82738": BOW_TIE, "82741": EAST}))

    assert_refused(report, r"dòng 1, 82738: Hình hỏng: Self-intersection\[109\.05\d* 11\.55\d*\]\.")


def test_an_overlap_is_rejected_with_both_codes_its_area_and_its_position(communes, layer):
    report = load(layer({"82738": box(109, 11.5, 0.101), "82741": EAST}))

    # 0.001° × 0.1° at 11.55° N.
    assert_refused(
        report, r"dòng 1, 82738: Chồng lên 82741 1\.20\d\.\d{3} m² quanh 109\.10050, 11\.55000\."
    )


def test_a_unit_inside_another_is_rejected_with_both_codes(communes, layer):
    report = load(layer({"82738": WEST, "82741": box(109.02, 11.52, 0.05, 0.05)}))

    assert_refused(
        report, r"dòng 1, 82738: Chồng lên 82741 30\.\d{3}\.\d{3} m² quanh 109\.04500, 11\.54500\."
    )


def test_identical_polygons_are_rejected_with_both_codes(communes, layer):
    report = load(layer({"82738": WEST, "82741": WEST}))

    assert_refused(report, r"dòng 1, 82738: Chồng lên 82741 120\.\d{3}\.\d{3} m² quanh .*")


def test_a_hole_between_units_is_rejected_with_its_area_and_position(communes, layer):
    hole = box(109.095, 11.54, 0.005, 0.02)
    # Both polygons have the corners of the hole as vertices on their common boundary.
    east = shapely.segmentize(EAST, 0.02)
    west = shapely.segmentize(WEST, 0.02) - hole
    report = load(layer({"82738": west, "82741": east}))

    assert_refused(report, r"tệp: Có khoảng trống 1\.20\d\.\d{3} m² quanh 109\.09750, 11\.55000\.")


def test_a_sliver_along_the_whole_common_boundary_is_a_gap(communes, layer):
    """At most one centimetre wide; the two touch only at the ends of their common boundary."""
    bent = shapely.Polygon(
        [(109, 11.5), (109.1, 11.5), (109.0999999, 11.55), (109.1, 11.6), (109, 11.6)]
    )
    report = load(layer({"82738": bent, "82741": EAST}))

    assert_refused(report, r"tệp: Có khoảng trống 60 m² quanh 109\.10000, 11\.5\d{4}\.")


def test_neighbours_with_unmatched_vertices_are_rejected(communes, layer):
    """A vertex that only one of two neighbours has: their simplified outlines would diverge."""
    report = load(layer({"82738": WEST, "82741": shapely.union(EAST, box(109.1, 11.45, 0.1, 0.1))}))

    assert not report.ok
    assert Boundary.objects.count() == 0


def test_a_unit_in_two_features_is_rejected(communes, layer, tmp_path):
    """Otherwise the second polygon would silently replace the first."""
    rows = [{"code": "82738", "source": "Bản đồ thử"}] * 2
    path = tmp_path / "xa.geojson"
    geopandas.GeoDataFrame(rows, geometry=[WEST, EAST], crs=4326).to_file(path)

    report = load(path)

    assert not report.ok
    assert Boundary.objects.count() == 0


def test_a_unit_without_a_polygon_is_rejected(communes, layer):
    report = load(layer({"82738": None, "82741": EAST}))

    assert_refused(report, r"dòng 1, 82738: Không có hình\.")


def test_a_geometry_that_is_not_a_polygon_is_rejected(communes, layer):
    report = load(layer({"82738": shapely.Point(109, 11.5), "82741": EAST}))

    assert_refused(report, r"dòng 1, 82738: Không phải vùng mà là Point\.")


def test_all_errors_are_reported_in_one_run(communes, layer):
    report = load(layer({"82738": BOW_TIE, "82741": None}))

    assert_refused(report, r"dòng 1, 82738: Hình hỏng: .*", r"dòng 2, 82741: Không có hình\.")


def test_an_unknown_unit_is_rejected(communes, layer):
    report = load(layer({"82738": WEST, "82999": EAST}))

    assert_refused(report, r"dòng 2, code: Chưa có đơn vị 82999; hãy nạp đơn vị trước\.")


def test_a_unit_with_another_validity_does_not_match(communes, layer):
    report = load(layer({"82738": WEST}, valid_from="2024-03-01"))

    assert_refused(report, r"dòng 1, code: Chưa có đơn vị 82738; hãy nạp đơn vị trước\.")


def test_an_outline_of_other_units_is_rejected(communes, layer):
    path = layer({"82738": WEST, "82741": EAST})
    outline = layer({"82738": WEST, "82744": EAST}, name="outline.geojson")

    report = load(path, outline=outline)

    assert_refused(
        report, "tệp, outline: Tệp đường bao không có đúng những đơn vị của tệp ranh giới."
    )


def test_an_outline_with_an_overlap_is_rejected(communes, layer):
    path = layer({"82738": WEST, "82741": EAST})
    outline = layer({"82738": box(109, 11.5, 0.11), "82741": EAST}, name="outline.geojson")

    report = load(path, outline=outline)

    assert_refused(report, r"dòng 1, 82738: Chồng lên 82741 .*")


def test_an_outline_is_stored_with_the_boundary(communes, layer):
    path = layer({"82738": WEST, "82741": EAST})
    outline = layer(
        {"82738": box(109, 11.5, 0.1, 0.09), "82741": box(109.1, 11.5, 0.1, 0.09)},
        name="outline.geojson",
    )

    load(path, outline=outline)

    west = Boundary.objects.get(unit__code="82738")
    assert (west.geometry.extent[3], west.outline.extent[3]) == (11.6, 11.59)


def test_children_that_do_not_cover_their_parent_are_rejected(layer):
    district = UnitFactory(code="992", name="Phan Lang", area=square(109, 11.5, 0.2))
    UnitFactory(code="82738", parent=district)
    UnitFactory(code="82741", parent=district)

    report = load(layer({"82738": WEST, "82741": EAST}))

    assert [str(problem) for problem in report.problems] == [
        "tệp, 992: Các đơn vị bên trong lệch với ranh giới của huyện Phan Lang"
        f" {_area(report)} m² quanh 109.10000, 11.65000."
    ]
    assert list(Boundary.objects.values_list("unit__code", flat=True)) == ["992"]


def _area(report):
    """Half of the district: about 0.2° × 0.1°."""
    (area,) = re.findall(r"Phan Lang ([\d.]+) m²", str(report.problems[0]))
    assert float(area.replace(".", "")) == pytest.approx(241.2e6, rel=0.005)
    return area


def test_children_that_cover_their_parent_are_imported(layer):
    district = UnitFactory(code="992", area=square(109, 11.5, 0.1))
    UnitFactory(code="82738", parent=district)
    UnitFactory(code="82741", parent=district)

    report = load(layer({"82738": box(109, 11.5, 0.05), "82741": box(109.05, 11.5, 0.05)}))

    assert [str(problem) for problem in report.problems] == []
    assert Boundary.objects.count() == 3


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xa.geojson", b"not a map at all"),
        ("xa.geojson", b""),
        ("xa.geojson", b'{"type": "FeatureCollection", "features": []}'),
        ("xa.geojson", b'{"type": "FeatureCollection"'),
        ("xa.csv", b"code,name\n22738,A\n"),
        ("xa.shp", b"\x00\x00\x27\x0a"),
        ("xa.txt", "mã\n22738\n".encode()),
    ],
)
def test_a_file_without_a_layer_is_rejected_with_one_problem(communes, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)

    report = load(path)

    assert (len(report.problems), report.problems[0].line) == (1, 0)
    assert Boundary.objects.count() == 0
    assert ImportRun.objects.get().applied is False


def test_a_missing_file_is_rejected_with_one_problem(communes, tmp_path):
    report = load(tmp_path / "none.geojson")

    assert [str(problem) for problem in report.problems] == [
        "tệp: Không đọc được tệp: No such file or directory"
    ]


def test_a_missing_outline_file_is_rejected(communes, layer, tmp_path):
    report = load(layer({"82738": WEST}), outline=tmp_path / "none.geojson")

    assert (len(report.problems), Boundary.objects.count()) == (1, 0)


@pytest.mark.parametrize("column", ["code", "source"])
def test_a_file_without_a_required_property_is_rejected(communes, tmp_path, column):
    row = {"code": "82738", "source": "Bản đồ thử", "name": "A"}
    del row[column]
    path = tmp_path / "xa.geojson"
    geopandas.GeoDataFrame([row], geometry=[WEST], crs=4326).to_file(path)

    report = load(path)

    assert [column in str(problem) for problem in report.problems] == [True]
    assert Boundary.objects.count() == 0
