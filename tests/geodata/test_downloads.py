"""Every format, read back by another program: the same rows, values and geometries."""

import csv
import datetime
import gc
import gzip
import io
import itertools
import json
import math
import tempfile

import geopandas
import openpyxl
import pandas
import pyogrio
import pytest
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import GEOSGeometry
from django.core.signals import request_finished
from django.db import OperationalError, close_old_connections, connection
from django.db.models import F, IntegerField
from django.utils import timezone
from openpyxl.utils import get_column_letter
from pyarrow import parquet

from geodata.collection import collections
from geodata.formats import csv as csv_format
from geodata.formats import export, xlsx
from geodata.formats.registry import FORMATS
from geodata.ogc.downloads import DownloadView
from geodata.revision import current_revision
from geodata.spans import today
from products.ocop.models import Product
from tests.concurrency import meanwhile
from tests.factories import (
    UNTIL_THE_CHANGE,
    CraftVillageFactory,
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    RatingFactory,
    SalesPointFactory,
    SuccessionFactory,
    UnitFactory,
    at,
    square,
)
from tests.rows import prepared

FILES = ["gpkg", "fgb", "parquet"]
# What spreadsheets would take for a formula.
FORMULAS = ["=1+1", "+84 259", "-1", "@SUM(A1)", '=HYPERLINK("https://example.org")']

pytestmark = pytest.mark.django_db


@pytest.fixture
def download(client):
    """`download("products.csv", "stars=3")`: the response to an anonymous client."""

    def fetch(name, query="", status=200, **headers):
        response = client.get(f"/api/v1/downloads/{name}?{query}", headers=headers)
        assert response.status_code == status, response.content
        return response

    return fetch


def opened(response, tmp_path, extension):
    """A geographic file as a GeoDataFrame."""
    path = tmp_path / f"read.{extension}"
    path.write_bytes(response.getvalue())
    return geopandas.read_parquet(path) if extension == "parquet" else geopandas.read_file(path)


def table(response):
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def sheet(response):
    """(rows as tuples, the sheet) of the first sheet."""
    book = openpyxl.load_workbook(io.BytesIO(response.getvalue()))
    return [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows()], book


def expected(collection_id):
    """The public rows by ORM: (values by name, geometry or None), in the order of keys."""
    collection = collections()[collection_id]
    rows = collection.described(today()).order_by(collection.key)
    rows = rows.values_list(*collection.properties.values(), AsWKB(F(collection.geometry)))
    for *values, shape in rows:
        geometry = None if shape is None else GEOSGeometry(memoryview(bytes(shape)), srid=4326)
        yield dict(zip(collection.properties, values, strict=True)), geometry


def plain(value):
    """A value as GDAL, pandas or pyarrow gave it, as Python would write it."""
    if value is None or (not isinstance(value, str) and pandas.isna(value)):
        return None
    if isinstance(value, pandas.Timestamp):
        value = value.to_pydatetime()
    if isinstance(value, datetime.datetime):
        # FlatGeobuf has no dates: a datetime without zone is one.
        return value.astimezone(datetime.UTC) if value.tzinfo else value.date()
    if isinstance(value, float) and not math.isnan(value) and value == int(value):
        return int(value)
    return value


def assert_same_geometry(got, wanted):
    if wanted is None:
        assert got is None
    else:
        assert got.wkb == bytes(wanted.wkb)


@prepared
def world():
    """At least one row of each collection with everything filled, and one with nothing."""
    district = UnitFactory(code="992", name="Phan Lang - Tháp Chuông", area=square(109, 11.5))
    old = UnitFactory(
        code="82738",
        name="Đô Minh",
        parent=district,
        validity=UNTIL_THE_CHANGE,
        area=square(109, 11.5),
    )
    UnitFactory(code="82739", name="Không ranh giới")
    SuccessionFactory(predecessor=old, successor__code="82738")
    producer = ProducerFactory(
        published=True, code="MAU-CT-1", name="HTX “Mật Nho”; Ửng, Ỡ", point=at(108.99, 11.565)
    )
    ProducerFactory(published=True, code="MAU-CT-2")
    product = ProductFactory(
        published=True,
        code="MAU-1",
        name='Rượu vang "nho", Minh Thuần; hạng nhất',
        name_en="Wine",
        producer=producer,
        sector="crops",
        point=at(109.0123456789, 11.5987654321),
        declared_commune=old,
    )
    RatingFactory(product=product, on=datetime.date(2026, 1, 31), stars=4)
    ProductFactory(published=True, code="MAU-2", name="Bưởi")
    IpRightFactory(published=True, code="MAU-SH-1", name="Táo Minh Thuần", area=square(108.9, 11.5))
    IpRightFactory(published=True, code="MAU-SH-2")
    SalesPointFactory(
        published=True,
        name="Vườn nho",
        sells=True,
        visit=True,
        producer=producer,
        point=at(109.02, 11.55),
        opening_hours="Mo-Su 08:00-17:00",
        last_seen=2024,
    )
    SalesPointFactory(published=True)
    CraftVillageFactory(
        published=True, recognised=True, producer=producer, point=at(109.03, 11.55), last_seen=2023
    )
    CraftVillageFactory(published=True)
    return product


# --- round trips ---------------------------------------------------------------------------


@pytest.mark.parametrize("collection", collections())
def test_geojson_equals_the_pages_of_items(download, items, world, collection):
    answer = json.loads(download(f"{collection}.geojson").getvalue())
    page = items(collection, "limit=10000").json()

    assert answer["type"] == "FeatureCollection"
    assert answer["features"] == page["features"]
    assert len(answer["features"]) >= 1
    assert answer["numberMatched"] == answer["numberReturned"] == page["numberMatched"]
    assert datetime.datetime.fromisoformat(answer["timeStamp"]).tzinfo
    assert {link["rel"] for link in answer["links"]} == {"self", "collection", "license"}
    assert answer["license"] == "CC BY 4.0"
    assert answer["attribution"].startswith("Bản đồ OCOP tỉnh Mẫu")
    assert answer["revision"]


@pytest.mark.parametrize("collection", collections())
def test_csv_contains_every_value_and_a_point_inside(download, world, collection):
    body = download(f"{collection}.csv").getvalue()
    rows = table(download(f"{collection}.csv"))

    assert body.startswith(b"\xef\xbb\xbf")
    assert body.endswith(b"\r\n")
    wanted = list(expected(collection))
    assert len(rows) == len(wanted)
    for row, (values, geometry) in zip(rows, wanted, strict=True):
        assert list(row) == [*values, "lat", "lng"]
        for name, value in values.items():
            assert row[name] == written(value)
        if geometry is None:
            assert (row["lat"], row["lng"]) == ("", "")
        else:
            label = at(float(row["lng"]), float(row["lat"]))
            assert geometry.distance(label) < 1e-6


def written(value):
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).isoformat()
    return str(value)


@pytest.mark.parametrize("collection", collections())
def test_xlsx_contains_every_value_in_its_type(download, world, collection):
    described = collections()[collection]
    (heading, *rows), _book = sheet(download(f"{collection}.xlsx"))

    titles = []
    for name in described.properties:
        titles.append(described.title_of(name))
        if codes_of(collection, name):
            titles.append(f"{titles[-1]} (diễn giải)")
    assert list(heading) == [*titles, "Vĩ độ", "Kinh độ"]
    wanted = list(expected(collection))
    assert len(rows) == len(wanted)
    for row, (values, geometry) in zip(rows, wanted, strict=True):
        cells = iter(row)
        for name, value in values.items():
            assert next(cells) == in_excel(value)
            # Beside each code is its title.
            if codes := codes_of(collection, name):
                assert next(cells) == codes.get(value)
        assert (row[-1] is None) == (geometry is None)


def codes_of(collection, name):
    """Code → title of a property that has codes of letters; stars need no words."""
    field = collections()[collection].fields[name]
    return dict(field.choices) if field.choices and not isinstance(field, IntegerField) else {}


def test_a_code_is_translated_beside_it_in_the_requested_language(client, download):
    ProductFactory(published=True, sector="processing")

    def words(response):
        (heading, cells), _book = sheet(response)
        told = dict(zip(heading, cells, strict=True))
        return {title: told[title] for title in heading if title.startswith(("Lĩnh vực", "Sector"))}

    assert words(download("products.xlsx")) == {
        "Lĩnh vực": "processing",
        "Lĩnh vực (diễn giải)": "chế biến",
    }
    english = client.get("/api/v1/downloads/products.xlsx", headers={"Accept-Language": "en"})
    assert words(english) == {"Sector": "processing", "Sector (in words)": "processing"}


def test_a_sheet_has_a_filter_and_a_print_layout(download, world):
    rows, book = sheet(download("products.xlsx"))
    page = book["Dữ liệu"]

    assert page.print_title_rows == "$1:$1"
    assert page.page_setup.orientation == "landscape"
    assert page.sheet_properties.pageSetUpPr.fitToPage
    # Any number of pages in height, one page in width.
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) in {(1, 0), (None, 0)}
    assert page.auto_filter.ref == f"A1:{get_column_letter(len(rows[0]))}{len(rows)}"
    # Neighbours of one width are written as one.
    width_of = {
        number: dimension.width
        for dimension in page.column_dimensions.values()
        for number in range(dimension.min, dimension.max + 1)
    }
    # Each column is as wide as its widest value, up to a bound.
    for number, heading in enumerate(rows[0]):
        width = width_of[number + 1]
        texts = [row[number] for row in rows[1:] if isinstance(row[number], str)]
        needed = min(max(map(len, texts), default=0), xlsx.WIDEST)
        assert width >= needed, heading
        assert width >= max(map(len, heading.split()))
        assert width <= xlsx.WIDEST + 3
    assert len(set(width_of.values())) > 5


def test_a_long_text_takes_as_many_lines_as_it_needs(download):
    """A program that does not fit rows by itself would print the lines over the next row."""
    ProductFactory(published=True, code="MAU-1", name="Nho " * 30)
    ProductFactory(published=True, code="MAU-2", name="Nho")

    _rows, book = sheet(download("products.xlsx"))

    page = book["Dữ liệu"]
    assert page.cell(2, 2).alignment.wrap_text
    assert page.row_dimensions[2].height >= 120 / xlsx.WIDEST * xlsx.LINE_HEIGHT
    assert not page.cell(3, 2).alignment.wrap_text


@pytest.mark.parametrize("count", [2, 4])
def test_a_full_sheet_is_not_followed_by_an_empty_one(download, monkeypatch, count):
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 3)
    for number in range(count):
        ProductFactory(published=True, code=f"MAU-{number}")

    _rows, book = sheet(download("products.xlsx"))

    assert len(book.worksheets) == count / 2 + 1


def in_excel(value):
    """Excel has datetimes without zones, and a date is one at midnight."""
    if isinstance(value, datetime.datetime):
        return timezone.make_naive(value)
    if isinstance(value, datetime.date):
        return datetime.datetime.combine(value, datetime.time())
    return value


@pytest.mark.parametrize("extension", FILES)
@pytest.mark.parametrize("collection", collections())
def test_a_gis_file_contains_every_value_and_geometry(
    download, world, tmp_path, collection, extension
):
    frame = opened(download(f"{collection}.{extension}"), tmp_path, extension)

    described = collections()[collection]
    wanted = list(expected(collection))
    assert list(frame.columns) == [*described.properties, "geometry"]
    assert frame.crs == ("OGC:CRS84" if extension == "parquet" else "EPSG:4326")
    assert len(frame) == len(wanted)
    # A spatial index changes the order of the features.
    got = {row[described.key if described.key in frame else "name"]: row for row in records(frame)}
    for values, geometry in wanted:
        row = got[values[described.key if described.key in frame else "name"]]
        assert_same_geometry(row.pop("geometry"), geometry)
        assert {name: plain(value) for name, value in row.items()} == {
            name: plain(value) for name, value in values.items()
        }


def records(frame):
    return [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False)]


@pytest.mark.parametrize("collection", collections())
def test_kml_contains_every_name_and_geometry(download, world, tmp_path, collection):
    frame = opened(download(f"{collection}.kml"), tmp_path, "kml")

    wanted = list(expected(collection))
    assert len(frame) == len(wanted)
    for row, (values, geometry) in zip(records(frame), wanted, strict=True):
        assert row["Name"] == values["name"]
        if geometry is None:
            assert row["geometry"] is None
        else:
            assert GEOSGeometry(row["geometry"].wkt, 4326).equals_exact(
                geometry[0] if row["geometry"].geom_type == "Polygon" else geometry, 1e-9
            )
    if collection == "products":
        assert [plain(value) for value in frame["rated_from"]] == ["2026-01-31", None]
        assert plain(frame["stars"][0]) == 4


def test_the_shipped_data_go_through_every_format(shipped, download, tmp_path):
    for collection in collections():
        wanted = len(list(expected(collection)))
        assert len(table(download(f"{collection}.csv"))) == wanted
        assert len(sheet(download(f"{collection}.xlsx"))[0]) == wanted + 1
        for extension in [*FILES, "kml"]:
            frame = opened(download(f"{collection}.{extension}"), tmp_path, extension)
            assert len(frame) == wanted


# --- types, nothing, formulas --------------------------------------------------------------


@pytest.mark.parametrize("extension", FILES)
@pytest.mark.parametrize("collection", collections())
def test_a_column_has_its_type_whatever_the_rows_contain(download, tmp_path, collection, extension):
    """Also of an empty collection, which is a file like any other."""

    def types(name):
        response = download(f"{collection}.{extension}")
        path = tmp_path / f"{name}.{extension}"
        path.write_bytes(response.getvalue())
        if extension == "parquet":
            schema = parquet.read_schema(path).remove_metadata()
            return parquet.read_metadata(path).num_rows, schema
        info = pyogrio.read_info(path, force_feature_count=True)
        return info["features"], list(zip(info["fields"], info["ogr_types"], strict=True))

    rows, empty = types("empty")
    assert rows == 0
    UnitFactory(code="992")
    UnitFactory(code="82738")
    ProductFactory(published=True)
    ProducerFactory(published=True)
    IpRightFactory(published=True)
    SalesPointFactory(published=True)
    CraftVillageFactory(published=True)
    rows, bare = types("bare")
    assert rows == 1
    assert bare == empty


@pytest.mark.parametrize("collection", collections())
def test_an_empty_collection_is_a_file_with_headings(download, collection):
    names = [*collections()[collection].properties, "lat", "lng"]

    answer = json.loads(download(f"{collection}.geojson").getvalue())
    assert (answer["features"], answer["numberMatched"]) == ([], 0)
    assert download(f"{collection}.csv", "bom=0").getvalue().decode() == ",".join(names) + "\r\n"
    assert len(sheet(download(f"{collection}.xlsx"))[0]) == 1
    assert b"<kml" in download(f"{collection}.kml").getvalue()


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_text_becomes_a_formula(download, formula):
    ProductFactory(published=True, name=f"{formula}")

    (row,) = table(download("products.csv"))
    (_heading, cells), book = sheet(download("products.xlsx"))

    assert row["name"] == f"'{formula}"
    column = list(collections()["products"].properties).index("name")
    assert cells[column] == formula
    assert {cell.data_type for line in book.worksheets[0] for cell in line} <= {"s", "n", "d"}


def test_text_that_begins_with_a_tab_is_escaped_too():
    """The database refuses one in a name; a collection of something else may have it."""
    assert csv_format._cell("\tx") == "'\tx"


def test_a_negative_number_stays_a_number():
    """No place in Viet Nam has one; other collections may."""
    assert csv_format._cell(-11.25) == -11.25


def test_rows_beyond_one_sheet_continue_in_the_next(download, monkeypatch):
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 3)
    for number in range(5):
        ProductFactory(published=True, code=f"MAU-{number}")

    _rows, book = sheet(download("products.xlsx"))

    codes = [[row[0] for row in part.iter_rows(values_only=True)] for part in book.worksheets[:-1]]
    assert codes == [["Mã", "MAU-0", "MAU-1"], ["Mã", "MAU-2", "MAU-3"], ["Mã", "MAU-4"]]


def test_every_column_has_a_heading_for_people():
    for collection in collections().values():
        assert set(collection.properties) <= set(collection.titles)


# --- metadata of a file ------------------------------------------------------------


def test_a_file_carries_licence_source_date_and_revision(download, world, tmp_path):
    paths = {}
    for extension in FORMATS:
        paths[extension] = tmp_path / f"products.{extension}"
        paths[extension].write_bytes(download(f"products.{extension}").getvalue())
    book = openpyxl.load_workbook(paths["xlsx"])
    found = {
        "gpkg": str(pyogrio.read_info(paths["gpkg"])["dataset_metadata"]),
        "fgb": str(pyogrio.read_info(paths["fgb"])["layer_metadata"]),
        "parquet": b" ".join(parquet.read_metadata(paths["parquet"]).metadata.values()).decode(),
        "kml": paths["kml"].read_text(),
        "geojson": paths["geojson"].read_text(),
        "xlsx": str(list(book.worksheets[-1].iter_rows(values_only=True))),
    }

    day = timezone.localdate().isoformat()
    for text in found.values():
        for part in ("Bản đồ OCOP tỉnh Mẫu", "creativecommons.org/licenses/by/4.0", day):
            assert part in text
        assert str(current_revision()) in text


def test_a_workbook_freezes_its_headings_and_documents_its_columns(download, world):
    _rows, book = sheet(download("products.xlsx"))

    assert book.sheetnames == ["Dữ liệu", "Giải thích"]
    assert book["Dữ liệu"].freeze_panes == "A2"
    explained = list(book["Giải thích"].iter_rows(values_only=True))
    by_name = {row[1]: row for row in explained}
    assert by_name["rated_from"][:3] == ("Xếp hạng từ ngày", "rated_from", "ngày")
    assert not by_name["rated_from"][3]
    # What the codes in the cells mean.
    assert "processing: chế biến" in by_name["sector"][3].split("; ")
    assert "expired: hết hạn" in by_name["ocop_status"][3].split("; ")
    *columns, _lat, _lng = itertools.takewhile(lambda row: row[0], explained[1:])
    assert [row[1] for row in columns if row[1]] == list(collections()["products"].properties)
    # A column of words has no name in the API.
    words = {row[0]: row[3] for row in columns if not row[1]}
    assert words["Tình trạng OCOP (diễn giải)"] == "Nghĩa của mã ở cột bên trái"
    # The metadata have headings.
    found = {row[0]: row[3] for row in explained[len(columns) + 3 :]}
    assert found["Giấy phép"] == "CC BY 4.0"
    assert found["Bộ dữ liệu"] == "Sản phẩm OCOP và đặc sản"
    assert book["Giải thích"].sheet_properties.pageSetUpPr.fitToPage


def test_parquet_is_geoparquet_with_its_box(download, world, tmp_path):
    path = tmp_path / "products.parquet"
    path.write_bytes(download("products.parquet").getvalue())

    geo = json.loads(parquet.read_metadata(path).metadata[b"geo"])

    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    column = geo["columns"]["geometry"]
    assert (column["encoding"], column["geometry_types"]) == ("WKB", ["Point"])
    assert column["bbox"] == [109.0123457, 11.5987654, 109.0123457, 11.5987654]


def test_flatgeobuf_has_an_index_if_every_feature_has_a_geometry(download, tmp_path):
    ProductFactory(published=True, point=at(109, 11.5))
    path = tmp_path / "products.fgb"
    path.write_bytes(download("products.fgb").getvalue())

    assert pyogrio.read_info(path)["capabilities"]["fast_spatial_filter"]


# --- the request ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "extension", [name for name, file_format in FORMATS.items() if not file_format.whole]
)
@pytest.mark.parametrize(
    "query", ["stars=4", "bbox=109,11.5,109.1,11.6&stars=4", "q=ruou", "sector=crops"]
)
def test_the_filters_of_items_select_the_rows(download, world, tmp_path, extension, query):
    response = download(f"products.{extension}", query)

    if extension == "geojson":
        codes = [feature["id"] for feature in json.loads(response.getvalue())["features"]]
    elif extension == "csv":
        codes = [row["code"] for row in table(response)]
    elif extension == "xlsx":
        codes = [row[0] for row in sheet(response)[0][1:]]
    else:
        codes = list(opened(response, tmp_path, extension)["code"])
    assert codes == ["MAU-1"]


def test_the_geometry_may_be_the_outline(download, items, world):
    answer = json.loads(download("communes.geojson", "geometry=outline").getvalue())

    assert answer["features"] == items("communes", "geometry=outline").json()["features"]


def test_a_program_may_request_csv_without_a_byte_order_mark(download, world):
    assert download("products.csv", "bom=0").getvalue().startswith(b"code,name,")
    assert download("products.csv", "bom=1").getvalue().startswith(b"\xef\xbb\xbfcode,name,")


@pytest.mark.parametrize(
    ("name", "query", "parameter"),
    [
        ("products.csv", "limit=1", "limit"),
        ("products.csv", "cursor=TlQtMQ", "cursor"),
        ("products.csv", "f=json", "f"),
        ("products.csv", "bom=2", "bom"),
        ("products.geojson", "bom=0", "bom"),
        ("products.gpkg", "bbox=1,2,3", "bbox"),
        ("products.fgb", "stars=9", "stars"),
        ("products.xlsx", "colour=red", "colour"),
        ("products.parquet", "q=a&q=b", "q"),
        ("products.kml", "stars=3", "stars"),
        ("products.kml", "bbox=1,1,2,2", "bbox"),
    ],
)
def test_an_invalid_parameter_of_a_download_is_reported(download, name, query, parameter):
    response = download(name, query, status=400)

    assert response["Content-Type"] == "application/problem+json"
    assert [error["parameter"] for error in response.json()["errors"]] == [parameter]


@pytest.mark.parametrize(
    "name", ["products.shp", "nothing.csv", "products", "products.", ".csv", "products.csv.gz"]
)
def test_an_unknown_file_is_a_404(download, name):
    response = download(name, status=404)

    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("extension", "file_format"), FORMATS.items())
def test_a_file_has_its_content_type_and_cache_headers(client, world, extension, file_format):
    address = f"/api/v1/downloads/products.{extension}"
    response = client.get(address)
    response.getvalue()

    assert response["Content-Type"] == file_format.media_type
    assert response["Content-Disposition"] == f'attachment; filename="products.{extension}"'
    assert response["Cache-Control"] == "public, max-age=300"
    assert response["Last-Modified"]
    assert {"Accept", "Accept-Encoding"} <= set(response["Vary"].split(", "))
    again = client.get(address, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(address)
    assert (head.status_code, head.getvalue()) == (200, b"")
    for name in ("Content-Type", "Content-Disposition", "ETag", "Last-Modified", "Cache-Control"):
        assert head[name] == response[name]


@pytest.mark.parametrize("extension", FORMATS)
def test_text_is_compressed_and_compressed_files_are_not(client, world, extension):
    address = f"/api/v1/downloads/products.{extension}"
    response = client.get(address, headers={"Accept-Encoding": "gzip"})
    body = response.getvalue()

    if extension in {"geojson", "csv", "kml"}:
        assert response["Content-Encoding"] == "gzip"
        assert "Bưởi".encode() in gzip.decompress(body)
    else:
        assert "Content-Encoding" not in response
        assert int(response["Content-Length"]) == len(body)
    head = client.head(address, headers={"Accept-Encoding": "gzip"})
    assert head.getvalue() == b""


def test_a_file_takes_the_same_number_of_queries_for_any_number_of_rows(
    client, django_assert_num_queries
):
    for count in (1, 20):
        for _ in range(count):
            product = ProductFactory(published=True, producer=ProducerFactory(published=True))
            RatingFactory(product=product)
        for extension in FORMATS:
            # The revision and the rows; the size, and that it has changed.
            with django_assert_num_queries(4, info=extension):
                client.get(f"/api/v1/downloads/products.{extension}").getvalue()


@pytest.fixture
def _lasting_connection():
    # Closing a response by hand ends the request, with which Django would end the test's database.
    request_finished.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)


@pytest.fixture
def _no_collection():
    # Python looks for circular references when it likes, and in one thread at a time: gc.collect()
    # does nothing while another thread collects.
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_lasting_connection", "_no_collection")
@pytest.mark.parametrize("extension", FORMATS)
def test_a_disconnecting_client_leaves_no_file_and_no_cursor(
    rf, world, tmp_path, monkeypatch, extension
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(export, "CHUNK", 2)
    request = rf.get(f"/api/v1/downloads/products.{extension}")

    response = DownloadView.as_view()(request, collection_id="products", extension=extension)
    assert next(iter(response.streaming_content))

    assert list(tmp_path.iterdir()) == []
    assert open_cursors() == (1 if extension == "csv" else 0)
    response.close()
    assert open_cursors() == 0


def open_cursors():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors")
        return cursor.fetchone()[0]


def test_a_condition_that_no_row_can_meet_streams_no_rows(db):
    assert list(export.streamed(Product.objects.none().values_list("pk"))) == []


@pytest.mark.django_db(transaction=True)
def test_a_stream_contains_one_state_of_the_data(client, monkeypatch):
    """Also outside a transaction, as on the server: later edits are not in it."""
    monkeypatch.setattr(export, "CHUNK", 2)
    for code in ("MAU-1", "MAU-2", "MAU-3"):
        ProductFactory(published=True, code=code, name="trước")
    response = client.get("/api/v1/downloads/products.geojson")

    Product.objects.update(name="sau")
    Product.objects.filter(code="MAU-3").delete()

    answer = json.loads(response.getvalue())
    names = [(f["id"], f["properties"]["name"]) for f in answer["features"]]
    assert names == [("MAU-1", "trước"), ("MAU-2", "trước"), ("MAU-3", "trước")]
    assert answer["numberMatched"] == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("extension", [name for name in FORMATS if name != "geojson"])
def test_a_file_contains_one_state_of_the_data(download, monkeypatch, tmp_path, extension):
    """Whatever is committed while it is being written."""
    monkeypatch.setattr(export, "CHUNK", 2)
    for code in ("MAU-1", "MAU-2", "MAU-3", "MAU-4", "MAU-5"):
        ProductFactory(published=True, code=code, name="trước")
    edited = []

    def edit():
        Product.objects.update(name="sau")
        Product.objects.filter(code="MAU-4").delete()
        ProductFactory(published=True, code="MAU-6")

    def edited_meanwhile(queryset):
        # Between the first chunk and the second.
        rows = read(queryset)
        yield from itertools.islice(rows, export.CHUNK)
        if not edited:
            edited.append(True)
            with meanwhile(edit):
                pass
        yield from rows

    read = export.streamed
    monkeypatch.setattr(export, "streamed", edited_meanwhile)

    response = download(f"products.{extension}")

    if extension == "csv":
        names = [row["name"] for row in table(response)]
    elif extension == "xlsx":
        names = [row[1] for row in sheet(response)[0][1:]]
    else:
        frame = opened(response, tmp_path, extension)
        names = list(frame["Name" if extension == "kml" else "name"])
    assert names == ["trước"] * 5
    assert edited
    assert set(Product.objects.values_list("name", flat=True)) != {"trước"}


def test_a_stream_that_fails_at_its_start_is_a_503(client, monkeypatch):
    def fail(*arguments, **options):
        raise OperationalError("gone")

    monkeypatch.setattr(export.Export, "table_rows", fail)

    assert client.get("/api/v1/downloads/products.csv").status_code == 503


def test_a_collection_links_to_its_files(client):
    for collection in collections().values():
        page = client.get(f"/api/v1/collections/{collection.id}").json()

        links = [link for link in page["links"] if link["rel"] == "enclosure"]
        assert [(link["href"].rpartition(".")[2], link["type"]) for link in links] == [
            (extension, file_format.media_type) for extension, file_format in FORMATS.items()
        ]
        for link in links:
            assert link["title"].startswith(str(collection.title))
            assert client.head(link["href"]).status_code == 200


@pytest.mark.parametrize("extension", FORMATS)
def test_a_geojson_file_has_the_header_content_crs(client, extension):
    """/req/crs/ogc-crs-header, of features in the format of items."""
    crs84 = "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"

    crs = client.head(f"/api/v1/downloads/products.{extension}").get("Content-Crs")

    assert crs == (crs84 if extension == "geojson" else None)
