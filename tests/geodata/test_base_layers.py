"""Layers of the base map are drawn, and in no collection, file or import."""

import json

import geopandas
import pytest
import shapely
from django.conf import settings

from geodata.collection import collections

# Parts of the base map that no collection has: units are in both, and a product may be in a town.
ONLY_DRAWN = ("surroundings", "rivers", "lakes")

pytestmark = pytest.mark.usefixtures("shipped")


def vertices(geometries):
    """The (lng, lat) of all vertices, in five decimals."""
    return set(map(tuple, shapely.get_coordinates(geometries).round(5).tolist()))


@pytest.fixture(scope="module")
def drawn():
    """Part of the base map → its vertices."""
    files = settings.PLACE.basemap
    return {part: vertices(geopandas.read_file(files[part]).geometry) for part in ONLY_DRAWN}


def test_no_collection_contains_a_layer_of_the_base_map(client, drawn):
    for id in collections():
        response = client.get(f"/api/v1/downloads/{id}.geojson")
        features = json.loads(b"".join(response.streaming_content))["features"]
        geometries = [json.dumps(one["geometry"]) for one in features if one["geometry"]]
        published = vertices(shapely.from_geojson(geometries))
        for part in ONLY_DRAWN:
            assert len(drawn[part]) > 30
            assert published & drawn[part] == set(), (id, part)


def test_no_import_reads_a_layer_of_the_base_map():
    imported = {file.path for file in settings.PLACE.files}

    assert imported & {settings.PLACE.basemap[part] for part in ONLY_DRAWN} == set()
