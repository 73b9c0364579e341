"""The filtered list as a file that can be edited and imported again."""

import io
import json

import geopandas
import openpyxl
import pytest
from django.conf import settings

from tests.factories import (
    UNTIL_THE_CHANGE,
    ProducerFactory,
    ProductFactory,
    UnitFactory,
    at,
    publisher_of,
    square,
)

pytestmark = pytest.mark.django_db

GRID = settings.PLACE.grids[0]
# In the order of the list: "=1+1" before "Nho".
PLACES = [(108.951, 11.55), (108.95, 11.55)]


@pytest.fixture(autouse=True)
def records(client):
    commune = UnitFactory(validity=UNTIL_THE_CHANGE, area=square(108.9, 11.5))
    client.force_login(publisher_of(commune))
    ProductFactory(name="Nho", code="MAU-SP-1", point=at(108.95, 11.55))
    ProductFactory(name="=1+1", code="MAU-SP-2", point=at(108.951, 11.55))
    ProductFactory(name="Của nơi khác", code="MAU-SP-3", point=at(109.05, 11.55))
    ProducerFactory(name="HTX", point=at(108.95, 11.55))


def export(client, extension, query=""):
    response = client.get(f"/admin/ocop/product/export/{extension}/{query}")
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="products.{extension}"'
    return b"".join(response.streaming_content)


def test_the_workbook_has_exactly_the_filtered_records(client):
    sheet = openpyxl.load_workbook(io.BytesIO(export(client, "xlsx", "?q=nho"))).worksheets[0]

    rows = list(sheet.iter_rows(values_only=True))
    first = dict(zip(rows[0], rows[1], strict=True))
    assert len(rows) == 2
    assert (first["Mã sản phẩm"], first["Tên sản phẩm"]) == ("MAU-SP-1", "Nho")
    assert (first["Vĩ độ"], first["Kinh độ"]) == ("11.55", "108.95")


def test_a_formula_is_text_in_the_csv(client):
    lines = export(client, "csv").decode("utf-8-sig").splitlines()

    assert len(lines) == 3
    assert lines[1].startswith("MAU-SP-2,'=1+1,")


@pytest.mark.parametrize("query", ["", f"?grid={GRID}"])
def test_a_geopackage_has_its_coordinate_system(client, tmp_path, query):
    file = tmp_path / "products.gpkg"
    file.write_bytes(export(client, "gpkg", query))

    frame = geopandas.read_file(file)

    assert frame.crs.to_epsg() == (GRID if query else 4326)
    places = [(point.x, point.y) for point in frame.to_crs(4326).geometry]
    assert places == [pytest.approx(place, abs=1e-6) for place in PLACES]


def test_geojson_is_in_wgs84(client):
    features = json.loads(export(client, "geojson"))["features"]

    assert [tuple(one["geometry"]["coordinates"]) for one in features] == PLACES


@pytest.mark.parametrize("address", ["export/pdf/", "export/xlsx/?grid=1", "export/xlsx/?grid=x"])
def test_other_formats_and_grids_are_unknown(client, address):
    assert client.get(f"/admin/ocop/product/{address}").status_code == 404
