"""Names of places that the search box suggests: their file, and the index of the map page."""

import json
import re

import pytest

from geodata import importing
from products.places.gazetteer import load_gazetteer
from products.places.models import PlaceName
from tests.factories import (
    SINCE_THE_CHANGE,
    UNTIL_THE_CHANGE,
    PlaceNameFactory,
    SalesPointFactory,
    SourceFactory,
    UnitFactory,
    at,
    square,
)

pytestmark = pytest.mark.django_db

HEADINGS = (
    "name_id,name,kind,lat,lon,commune_as_stated,district_as_stated,record_code,source,source_date"
)


@pytest.fixture
def load(tmp_path):
    def run(*lines):
        file = tmp_path / "gazetteer.csv"
        file.write_text("\n".join([HEADINGS, *lines]), encoding="utf-8")
        return importing.run("gazetteer", file, load_gazetteer)

    return run


@pytest.fixture
def commune():
    district = UnitFactory(code="997", kind="huyện", name="Minh Phước", validity=UNTIL_THE_CHANGE)
    return UnitFactory(
        code="82909",
        name="An Hậu",
        parent=district,
        validity=UNTIL_THE_CHANGE,
        area=square(109, 11.5),
    )


def index(client, address="/"):
    page = client.get(address).content.decode()
    (text,) = re.findall(r'<script type="application/json" id="index">(.*?)</script>', page, re.S)
    return json.loads(text)["places"]


def test_a_name_leads_to_what_its_row_states(load, commune):
    SalesPointFactory(code="MAU-DB-001")
    lines = [
        "D-1,Bến Thử,village,11.55,109.05,,,,https://example.org/1,2026-06",
        "D-2,Vịnh Giả,place,,,xã An Hậu,huyện Minh Phước,,Sổ tay,",
        "D-3,Núi Mẫu,place,,,,huyện Minh Phước,,Sổ tay,",
        "D-4,Hang Ví Dụ,place,,,,,MAU-DB-001,https://example.org/1,",
    ]

    report = load(*lines)

    assert (report.problems, report.created) == ([], 4)
    found = {
        one.code: (one.point and one.point.coords, one.unit, one.sales_point)
        for one in PlaceName.objects.select_related("unit", "sales_point")
    }
    assert found["D-1"] == ((109.05, 11.55), None, None)
    assert found["D-2"] == (None, commune, None)
    assert found["D-3"] == (None, commune.parent, None)
    assert found["D-4"][2].code == "MAU-DB-001"
    assert load(*lines).unchanged == 4


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("D-1,Bến Thử,village,11.55,109.05,,,,,", "source"),
        ("D-1,Bến Thử,river,11.55,109.05,,,,Sổ tay,", "kind"),
        ("D-1,Bến Thử,place,,,xã Không Có,,,Sổ tay,", "commune_as_stated"),
        ("D-1,Bến Thử,place,,,,,MAU-X,Sổ tay,", "record_code"),
        ("D-1,Bến Thử,place,,,,,,Sổ tay,", "point"),
        ("D-1,Bến Thử,place,11.5,109,xã An Hậu,,,Sổ tay,", "point"),
    ],
)
def test_a_wrong_row_is_a_problem_and_nothing_is_written(load, commune, line, column):
    report = load("D-0,Núi Mẫu,place,11.5,109,,,,Sổ tay,", line)

    assert [(one.line, one.column) for one in report.problems] == [(3, column)]
    assert not PlaceName.objects.exists()


@pytest.mark.parametrize(
    ("lat", "lon", "words"),
    [
        ("nan", "109", "Toạ độ cần hai số"),
        ("11.5", "inf", "Toạ độ cần hai số"),
        ("1_1", "109", "Toạ độ cần hai số"),
        ("11.5", "", "Toạ độ cần hai số"),
        ("200", "109", "Vĩ độ phải từ −90 đến 90"),
        ("11.5", "209", "Kinh độ phải từ −180 đến 180"),
        ("109", "11.5", "bị đổi chỗ"),
        ("48.85", "2.35", "ngoài Việt Nam"),
        ("0", "0", "0, 0 là điểm ngoài khơi"),
    ],
)
def test_coordinates_of_no_position_in_viet_nam_are_a_problem(load, lat, lon, words):
    report = load(f"D-1,Bến Thử,place,{lat},{lon},,,,Sổ tay,")

    ((line, column),) = [(one.line, one.column) for one in report.problems]
    assert (line, column) == (2, "lat")
    assert words in report.problems[0].message
    assert not PlaceName.objects.exists()


def test_the_page_of_the_map_contains_each_name_with_its_source(client, commune, clear_caches):
    now = UnitFactory(code="82910", name="An Nay", validity=SINCE_THE_CHANGE, area=square(108, 11))
    source = {"source": SourceFactory(title="Sổ tay", url="https://example.org/so-tay")}
    page = SourceFactory(title="", url="https://www.example.org/ben-thu")
    PlaceNameFactory(code="D-1", name="Bến Thử", kind="village", source=page)
    PlaceNameFactory(code="D-2", name="Vịnh Cũ", point=None, unit=commune, **source)
    PlaceNameFactory(code="D-3", name="Vịnh Nay", point=None, unit=now, **source)
    # Without a boundary the map cannot show it.
    PlaceNameFactory(code="D-4", point=None, unit=UnitFactory(), **source)
    for code, public in (("DB-1", True), ("DB-2", False)):
        place = SalesPointFactory(code=code, point=at(109.05, 11.55), published=public)
        PlaceNameFactory(
            code=f"D-{code}", name=f"Hang {code}", point=None, sales_point=place, **source
        )

    rows = {row[0]: row[1:] for row in index(client)}

    cited = ["Sổ tay", "https://example.org/so-tay"]
    assert rows == {
        "D-1": [
            *("Bến Thử", "làng", [109.05, 11.55], None, None, None),
            *("example.org", "https://www.example.org/ben-thu"),
        ],
        "D-2": [
            *("Vịnh Cũ", "địa danh, khoảng: cả xã An Hậu trước 1/3/2024", None),
            *(["oldCommune", "82909"], [109, 11.5, 109.1, 11.6], None, *cited),
        ],
        "D-3": [
            *("Vịnh Nay", "địa danh, khoảng: cả xã An Nay", None),
            *(["commune", "82910"], [108, 11, 108.1, 11.1], None, *cited),
        ],
        "D-DB-1": [
            *("Hang DB-1", "địa danh", [109.05, 11.55], None, None),
            *(["sales-points", "DB-1"], *cited),
        ],
    }
