"""An OpenStreetMap extract is drawn by the map, and is in nothing else that the site publishes."""

import gzip
import json

import pytest
import shapely
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from geodata.collection import collections
from geodata.models import BaseExtract, BaseSquare
from geodata.revision import current_revision

# lng, lat of nodes by id.
NODES = {
    1: (106.30, 19.30),
    2: (106.45, 19.30),
    3: (106.60, 19.30),
    # A square of about 1 km, counterclockwise, for areas.
    11: (106.50, 19.35),
    12: (106.51, 19.35),
    13: (106.51, 19.36),
    14: (106.50, 19.36),
    # Far outside of the map.
    21: (104.0, 15.0),
    22: (104.2, 15.1),
    # About 10 m wide.
    31: (106.40, 19.40),
    32: (106.4001, 19.40),
    33: (106.4001, 19.4001),
}
SQUARE = (11, 12, 13, 14, 11)
SECRET = "Thôn Chỉ Có Trong OSM"


def extract(*ways, places=()):
    """Text of an .osm file. ways: (node ids, tags); places: (id, lng, lat, tags)."""

    def tags(pairs):
        return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in pairs.items())

    nodes = [f'<node id="{id}" lat="{lat}" lon="{lng}"/>' for id, (lng, lat) in NODES.items()]
    nodes += [
        f'<node id="{id}" lat="{lat}" lon="{lng}">{tags(pairs)}</node>'
        for id, lng, lat, pairs in places
    ]
    ways_text = []
    for id, (nodes_of_way, pairs) in enumerate(ways, 100):
        refs = "".join(f'<nd ref="{node}"/>' for node in nodes_of_way)
        ways_text.append(f'<way id="{id}">{refs}{tags(pairs)}</way>')
    return f'<osm version="0.6">{"".join(nodes)}{"".join(ways_text)}</osm>'


@pytest.fixture
def load(tmp_path, db):
    """Load an extract from text or bytes; the name of its file is a parameter."""

    def load(content, name="vung.osm"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        call_command("load_basemap", str(path))

    return load


def drawn(level=None):
    """(kinds of shapes, texts of names) of all squares of a level, or of all."""
    rows = BaseSquare.objects.all() if level is None else BaseSquare.objects.filter(level=level)
    bodies = [json.loads(gzip.decompress(row.body)) for row in rows]
    shapes = {kind for body in bodies for kind in body["shapes"]}
    return shapes, {text for body in bodies for _kind, text, *_rest in body["names"]}


def test_each_level_draws_its_roads_areas_and_names(load):
    load(
        extract(
            ((1, 2, 3), {"highway": "trunk", "ref": "QL.1"}),
            ((1, 2), {"highway": "residential"}),
            ((1, 3), {"highway": "footway"}),
            ((2, 3), {"railway": "rail"}),
            ((1, 2), {"waterway": "river", "name": "Sông Ví Dụ"}),
            (SQUARE, {"natural": "water", "name": "Hồ"}),
            (SQUARE, {"natural": "beach"}),
            (SQUARE, {"boundary": "national_park"}),
            (SQUARE, {"building": "yes"}),
            ((31, 32, 33, 31), {"natural": "water"}),
            places=[
                (51, 106.55, 19.32, {"place": "village", "name": SECRET}),
                (52, 106.56, 19.33, {"place": "hamlet", "name": "Xóm Nhỏ"}),
                (53, 106.57, 19.34, {"amenity": "cafe", "name": "Quán"}),
                (54, 104.1, 15.0, {"place": "village", "name": "Ở xa"}),
            ],
        )
    )
    overview = {"park", "water", "river", "rail", "road-main"}

    assert drawn(8) == (overview, {"QL.1"})
    assert drawn(10) == (overview | {"beach"}, {"QL.1", SECRET})
    near = overview | {"beach", "road-minor"}
    assert drawn(12) == (near, {"QL.1", SECRET, "Xóm Nhỏ", "Sông Ví Dụ"})


def test_everything_is_cut_to_the_extent_and_to_its_square(load):
    load(extract(((1, 2, 21), {"highway": "trunk"}), (SQUARE, {"natural": "water"})))
    extent = shapely.box(*settings.PLACE.map_extent)

    for row in BaseSquare.objects.all():
        body = json.loads(gzip.decompress(row.body))
        west = row.x / 2**row.level * 360 - 180
        width = 360 / 2**row.level
        for shape in body["shapes"].values():
            geometry = shapely.from_geojson(json.dumps(shape))
            assert extent.buffer(1e-4).covers(geometry)
            left, _south, right, _north = geometry.bounds
            assert (left >= west - 0.01 * width, right <= west + 1.01 * width) == (True, True)


@pytest.mark.django_db(transaction=True)
def test_a_new_extract_replaces_the_former_one_and_the_pages(load, client):
    load(extract(((1, 2), {"highway": "trunk"})))
    first, revision = BaseExtract.objects.get(), current_revision()
    square = BaseSquare.objects.filter(level=8).first()
    url = f"/nen-ban-do/{first.version}/8/{square.x}/{square.y}.json"
    response = client.get(url)
    assert (response.status_code, "immutable" in response["Cache-Control"]) == (200, True)
    assert set(json.loads(gzip.decompress(response.content))["shapes"]) == {"road-main"}
    assert f"/nen-ban-do/{first.version}/" in client.get("/").text
    # A square of the extent in which nothing is drawn.
    empty = client.get(f"/nen-ban-do/{first.version}/12/0/0.json")
    assert json.loads(gzip.decompress(empty.content)) == {}

    load(extract(((1, 2), {"railway": "rail"})))

    assert drawn() == ({"rail"}, set())
    assert client.get(url).status_code == 404
    second = BaseExtract.objects.get()
    assert second.version != first.version
    assert current_revision().number == revision.number + 1
    assert f"/nen-ban-do/{second.version}/" in client.get("/").text


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("không phải XML", "vung.osm"),
        (extract(((1, 2), {"highway": "trunk"}))[:-200], "vung.osm"),
        (b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18\x7a" + b"\x00" * 20, "vung.osm.pbf"),
        (b"", "vung.osm.pbf"),
        ('{"type": "FeatureCollection", "features": []}', "vung.geojson"),
        (extract(((21, 22), {"highway": "trunk"})), "vung.osm"),
    ],
    ids=["text", "cut off", "damaged pbf", "empty", "GeoJSON", "elsewhere"],
)
def test_a_refused_file_leaves_the_loaded_extract(load, content, name):
    load(extract(((1, 2), {"railway": "rail"})))
    loaded = BaseExtract.objects.get()

    with pytest.raises(CommandError, match=f"{name}: (Không đọc được tệp|Tệp không có gì để vẽ)"):
        load(content, name)

    assert BaseExtract.objects.get() == loaded
    assert drawn() == ({"rail"}, set())


def test_nothing_of_an_extract_is_published(load, client):
    places = [(51, 106.55, 19.32, {"place": "village", "name": SECRET})]
    load(extract(((1, 2, 3), {"highway": "trunk", "ref": "QL.1"}), places=places))
    assert SECRET in drawn(12)[1]
    pages = ["/", "/du-lieu-mo/", "/api/v1/collections?f=json"]
    pages += [f"/api/v1/collections/{id}/items?limit=1000&f=json" for id in collections()]
    pages += [f"/api/v1/downloads/{id}.geojson" for id in collections()]

    for url in pages:
        response = client.get(url)
        body = b"".join(response) if response.streaming else response.content
        assert (url, response.status_code) == (url, 200)
        assert SECRET not in body.decode()
    found = client.get("/api/v1/collections/products/items", {"q": SECRET, "f": "json"}).json()
    assert found["features"] == []


def test_the_licence_is_named_while_an_extract_is_loaded(load, client):
    assert "ODbL 1.0" not in client.get("/du-lieu-mo/").text

    load(extract(((1, 2), {"highway": "trunk"})))

    for url in ("/", "/du-lieu-mo/"):
        assert "ODbL 1.0" in client.get(url).text
    with transaction.atomic():
        BaseExtract.objects.all().delete()
