"""`bbox`: what it takes, what it refuses, what it finds."""

import pytest
from django.contrib.gis.geos import GeometryCollection, LineString, Point, Polygon

from geodata.ogc import parameters
from geodata.problems import ParameterError
from tests.factories import ProductFactory, UnitFactory, at, square

BAD = {
    "109": "Cần 4 số",
    "108,11,109": "Cần 4 số",
    "108,11,109,12,13": "Cần 4 số",
    "108,11,0,109,12,1,2": "Cần 4 số",
    "108;11;109;12": "không phải là số",
    ",,,": "không phải là số",
    "108,11,109,": "không phải là số",
    "tây,nam,đông,bắc": "không phải là số",
    "nan,nan,nan,nan": "không phải là số",
    "108,11,inf,12": "không phải là số",
    "-Infinity,11,109,12": "không phải là số",
    "1e400,11,109,12": "không phải là số",
    "1_0_8,11,109,12": "không phải là số",
    "108,11,109,1２": "không phải là số",
    "-180.1,11,109,12": "Kinh độ",
    "108,11,180.1,12": "Kinh độ",
    "108,-90.1,109,12": "Vĩ độ nằm",
    "108,11,109,90.1": "Vĩ độ nằm",
    "11,108,12,109": "Vĩ độ nằm",
    "108,12,109,11": "Vĩ độ nam phải",
    "108,11,5,109,12,1": "Độ cao",
    "108,11,nan,109,12,1": "không phải là số",
}


@pytest.mark.parametrize("text", BAD)
def test_an_invalid_box_is_refused_with_the_reason(text):
    with pytest.raises(ParameterError, match=BAD[text]) as refusal:
        parameters.bbox(text)

    assert refusal.value.parameter == "bbox"


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("108,11,109,12", Polygon.from_bbox((108, 11, 109, 12))),
        ("108.5,-11e0,1.09e2,+12", Polygon.from_bbox((108.5, -11, 109, 12))),
        ("108,11,0,109,12,100", Polygon.from_bbox((108, 11, 109, 12))),
        ("108,11,5,109,12,5", Polygon.from_bbox((108, 11, 109, 12))),
        ("-180,-90,180,90", Polygon.from_bbox((-180, -90, 180, 90))),
        ("109,11,109,12", LineString((109, 11), (109, 12))),
        ("108,11,109,11", LineString((108, 11), (109, 11))),
        ("109,11,109,11", Point(109, 11)),
        ("-0,0,0,0", Point(0, 0)),
        (
            "170,-10,-170,10",
            GeometryCollection(
                Polygon.from_bbox((170, -10, 180, 10)), Polygon.from_bbox((-180, -10, -170, 10))
            ),
        ),
        (
            "180,-10,-170,10",
            GeometryCollection(
                LineString((180, -10), (180, 10)), Polygon.from_bbox((-180, -10, -170, 10))
            ),
        ),
        (
            "170,10,-180,10",
            GeometryCollection(LineString((170, 10), (180, 10)), Point(-180, 10)),
        ),
    ],
)
def test_a_box_becomes_the_area_of_its_numbers(text, shape):
    area = parameters.bbox(text)

    assert area.srid == 4326
    assert area.normalize(clone=True).wkt == shape.normalize(clone=True).wkt


# --- what is found -------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("bbox", "found"),
    [
        ("108.9,11.4,109.3,11.7", True),  # the whole square
        ("109.05,11.55,109.06,11.56", True),  # a part of it, well inside
        ("108,11,109.05,11.55", True),  # a corner of it
        ("108,11,109,12", True),  # its western edge
        ("108,11,109,11.5", True),  # one corner point
        ("109.05,11,109.05,12", True),  # a line across
        ("109.05,11.55,109.05,11.55", True),  # a point inside
        ("108,11,108.999999,12", False),
        ("110,11,108.9,12", False),  # once around the earth, but not here
        ("109.05,11,-170,12", True),
    ],
)
def test_a_box_finds_what_touches_it(items, bbox, found):
    UnitFactory(code="82738", area=square(109, 11.5))
    UnitFactory(code="82741", area=square(105, 20))

    answer = items("communes", f"bbox={bbox}").json()

    assert [f["id"] for f in answer["features"]] == (["82738"] if found else [])
    assert (answer["numberMatched"], answer["numberReturned"]) == (int(found), int(found))


@pytest.mark.django_db
def test_features_without_geometry_are_in_every_box(items):
    """/req/core/fc-bbox-response C."""
    ProductFactory(code="MAU-1", published=True)
    ProductFactory(code="MAU-2", published=True, point=at(109.05, 11.55))
    ProductFactory(code="MAU-3", published=True, point=at(110, 11.55))

    answer = items("products", "bbox=109,11.5,109.1,11.6").json()

    assert [f["id"] for f in answer["features"]] == ["MAU-1", "MAU-2"]


@pytest.mark.django_db
def test_each_box_has_its_own_count(items):
    """The number is cached while the data do not change, for each box separately."""
    UnitFactory(code="82738", area=square(109, 11.5))
    UnitFactory(code="82741", area=square(109.05, 11.55))
    boxes = {"109,11.5,109.01,11.51": 1, "109,11.5,109.2,11.7": 2, "110,11,111,12": 0}

    for _ in range(20):
        for bbox, count in boxes.items():
            answer = items("communes", f"bbox={bbox}").json()
            assert (answer["numberMatched"], answer["numberReturned"]) == (count, count)


@pytest.mark.django_db
def test_the_count_of_a_box_is_cached(items, django_assert_num_queries):
    UnitFactory(code="82738", area=square(109, 11.5))
    items("communes", "bbox=109,11.5,109.01,11.51&limit=1")

    # The revision and the page.
    with django_assert_num_queries(2):
        items("communes", "bbox=109,11.5,109.01,11.51&limit=5")
