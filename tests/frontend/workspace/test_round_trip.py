"""An exported file that nobody has changed is imported again, on the pages, without a change."""

from decimal import Decimal

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from geodata.models import ImportRun
from products.ocop.models import Product
from products.register.models import Producer
from tests.factories import (
    UNTIL_THE_CHANGE,
    CategoryFactory,
    ProducerFactory,
    ProductFactory,
    RatingFactory,
    UnitFactory,
    at,
    publisher_of,
    square,
)
from tests.versions import next_transaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("import_folder")]

GRID = settings.PLACE.grids[0]
# Every format that is exported and imported. GeoJSON is always in WGS 84.
FILES = [
    *(("xlsx", ""), ("xlsx", f"?grid={GRID}")),
    *(("csv", ""), ("csv", f"?grid={GRID}")),
    ("geojson", ""),
]


@pytest.fixture
def commune():
    province = UnitFactory(
        code=settings.PLACE.province_code, validity=UNTIL_THE_CHANGE, area=square(108.9, 11.5)
    )
    district = UnitFactory(code="997", parent=province, validity=UNTIL_THE_CHANGE)
    return UnitFactory(
        name="An Hậu, cũ", parent=district, validity=UNTIL_THE_CHANGE, area=square(108.9, 11.5)
    )


@pytest.fixture(autouse=True)
def records(client, commune):
    client.force_login(publisher_of(commune.parent.parent))
    maker = ProducerFactory(
        name='HTX "Nho", Vườn; Ninh',
        kind="cooperative",
        kind_basis="brand",
        activity="'Trồng' nho",
        website="https://example.org/?a=1,2;b='c'",
        point=at(108.9512345, 11.5598765),
        declared_commune=commune,
    )
    # A second one of that name: only the code distinguishes them.
    ProducerFactory(name=maker.name, point=None)
    awkward = ProductFactory(
        name='Nho "xanh", loại 1; đặc biệt',
        name_en="'Green' grape, 1st; “best”",
        name_basis="back_translated",
        original_name="'緑' ブドウ, 1級; “特別”",
        producer=maker,
        producer_basis="inferred",
        category=CategoryFactory(),
        category_basis="inferred",
        sector="crops",
        sector_basis="inferred",
        description='Dòng 1,\r\n\r\n"Dòng 2"; =1+1\n- gạch đầu dòng ',
        gtin="0012345678905",
        trace_url="https://example.org/?a=1,2;b='c'",
        quote="=1+1",
        note="'=ghi chú',\n007",
        address='Số 1/2, "khu phố"; 3',
        point=at(108.9512345, 11.5598765),
        position="gps",
        accuracy_m=Decimal("2.50"),
    )
    RatingFactory(product=awkward)
    ProductFactory(name="-Táo", published=True, point=at(108.9000001, 11.5999999))
    ProductFactory(name="@Tỏi", point=None, declared_commune=commune, position="")
    ProductFactory(name="+84", point=None, declared_district=commune.parent)
    ProductFactory(name="007", point=None)
    # Records as workflow and triggers leave them.
    Product.objects.place_on_declared_commune()


def export(client, kind, extension, query):
    address = f"/admin/{kind}/export/{extension}/{query}"
    return b"".join(client.get(address).streaming_content)


@pytest.mark.parametrize(("extension", "query"), FILES)
@pytest.mark.parametrize("model", [Product, Producer])
def test_an_unchanged_export_is_imported_without_a_change(client, model, extension, query):
    options = model._meta
    before = list(model.objects.order_by("pk").values())
    content = export(client, f"{options.app_label}/{options.model_name}", extension, query)
    next_transaction()

    kind = {Product: "products", Producer: "producers"}[model]
    file = SimpleUploadedFile(f"{kind}.{extension}", content)
    page = client.post("/admin/geodata/importrun/add/", {"kind": kind, "file": file}, follow=True)

    run = ImportRun.objects.get()
    assert run.report.get("rows", []) == []
    assert run.state == ImportRun.State.CHECKED
    counts = {name: run.report[name] for name in ("created", "updated", "proposed", "unchanged")}
    assert counts == {"created": 0, "updated": 0, "proposed": 0, "unchanged": len(before)}
    assert run.report["changes"] == run.report["conflicts"] == []
    client.post(f"/admin/geodata/importrun/{run.pk}/write/")
    assert list(model.objects.order_by("pk").values()) == before
    assert page.status_code == 200


def test_a_changed_cell_of_an_export_is_one_change(client):
    """Otherwise an import that reads nothing would pass the test above."""
    content = export(client, "ocop/product", "csv", "").replace(b"0012345678905", b"0012345678912")

    file = SimpleUploadedFile("products.csv", content)
    client.post("/admin/geodata/importrun/add/", {"kind": "products", "file": file})

    (change,) = ImportRun.objects.get().report["changes"]
    assert change["fields"] == [["GTIN", "0012345678905", "0012345678912"]]


def test_geojson_is_never_on_a_grid(client):
    assert client.get(f"/admin/ocop/product/export/geojson/?grid={GRID}").status_code == 404


def test_a_geopackage_is_exported_but_not_imported(client):
    content = export(client, "ocop/product", "gpkg", "")

    file = SimpleUploadedFile("products.gpkg", content)
    page = client.post("/admin/geodata/importrun/add/", {"kind": "products", "file": file})

    assert "không phải bảng tính" in page.content.decode()
    assert not ImportRun.objects.exists()
    assert "GeoPackage chỉ để" in client.get("/admin/ocop/product/").content.decode()
