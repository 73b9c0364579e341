"""docs/adding-a-layer.md: its code gives a layer all outputs of the site."""

import json
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from tests import template_databases
from tests.template_databases import TABLES

PAGE = settings.BASE_DIR / "docs" / "adding-a-layer.md"
FILES = dict(re.findall(r"^`(\S+\.py)`\n\n```python\n(.*?)^```$", PAGE.read_text(), re.M | re.S))
DATABASE = "test_ocopmap_layer_" + os.environ.get("PYTEST_XDIST_WORKER", "alone")

# Run by Python with the settings of the page; prints what the test asserts as JSON.
CHECK = """
import json
import re
import django
django.setup()
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.gis.geos import Point
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse
from geodata.models import Change, Source
from products.packing.models import PackingHouse
from products.register import workflow

setup_test_environment()
people = get_user_model().objects
official, publisher = (people.create_superuser(n, password="x") for n in ("official", "publisher"))
Authenticator.objects.create(user=official, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
source = Source.objects.create(url="https://example.org/")
values = {"name": "Nhà đóng gói Hòa Bình", "goods": "nho", "source": source,
          "point": Point(108.9, 11.6, srid=4326), "position": "gps"}
house = workflow.change(PackingHouse(), values, by=official, base_version=None)
for name in ("submit", "publish"):
    house = workflow.move(house, name, by=publisher, base_version=house.version)
client = Client()
api = "/api/v1/"
def text(path, **headers):
    response = client.get(path, headers=headers)
    assert response.status_code == 200, (path, response.status_code)
    return b"".join(response) if response.streaming else response.content
feature = json.loads(text(api + "collections/packing-houses/items?q=hoa+binh"))["features"][0]
page = feature["properties"]["url"]
path = page[page.index("/ho-so/"):]
front = text("/").decode()
collection = api + "collections/packing-houses"
def embedded(name):
    return json.loads(re.search(f'<script [^>]*id="{name}"[^>]*>(.*?)</script>', front, re.S)[1])
layers, index = embedded("layer-texts"), embedded("index")
client.force_login(official)
changelist = client.get("/admin/packing/packinghouse/").content.decode()
client.logout()
results = {
    "feature": [feature["id"], feature["properties"]["goods"], feature["geometry"]["coordinates"]],
    "html": "Hòa Bình" in text(collection + "/items", accept="text/html").decode(),
    "formats": [len(text(api + f"downloads/packing-houses.{extension}")) > 100
                for extension in ("geojson", "csv", "xlsx", "gpkg", "fgb", "parquet", "kml")],
    "openapi": [path for path in json.loads(text(api + "openapi.json"))["paths"]
                if path.endswith("/packing-houses/items")],
    "schema": list(json.loads(text(collection + "/schema"))["properties"]),
    "catalogue": "collections/packing-houses" in text(api + "catalog.jsonld").decode(),
    "changes": [one["op"] for one in json.loads(text(collection + "/changes"))["changes"]],
    "page": "nho" in text(path).decode(),
    "sitemap": path in text("/sitemap.xml").decode(),
    "legend": "M3 10 12 4l9 6v10H3z" in front and 'value="packing-houses"' in front,
    "popup": layers["points"]["packing-houses"]["popup"],
    "suggestions": index["points"]["packing-houses"],
    "workspace": "Hòa Bình" in changelist,
}
house.refresh_from_db()
workflow.move(house, "withdraw", by=official, base_version=house.version, reason="closed")
results["withdrawn"] = [client.get(path).status_code,
                        client.get(collection + "/items/" + house.code).status_code,
                        Change.objects.filter(collection="packing-houses").last().op]
print(json.dumps(results))
"""

SETTINGS = """
import frontend.workspace
import products
products.__path__.append({packages!r})
frontend.workspace.__path__.append({pages!r})
from ocopmap.settings import *
{lines}
"""


def test_a_layer_is_about_a_hundred_lines():
    lines = [line for text in FILES.values() for line in text.splitlines() if line.strip()]
    assert len(FILES) == 4
    assert len(lines) <= 110


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """What the outputs of the site contain of a record of the layer."""
    root = tmp_path_factory.mktemp("layer")
    for name, text in FILES.items():
        if name != "ocopmap/settings.py":
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    for package in ("", "migrations"):
        folder = root / "products" / "packing" / package
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
    (root / "layer_settings.py").write_text(
        SETTINGS.format(
            packages=str(root / "products"),
            pages=str(root / "frontend" / "workspace"),
            lines=FILES["ocopmap/settings.py"],
        )
    )
    template_databases.copy(TABLES, DATABASE)
    environment = os.environ | {
        "DATABASE_URL": template_databases.url_of(DATABASE),
        "DJANGO_SETTINGS_MODULE": "layer_settings",
        "PYTHONPATH": f"{root}{os.pathsep}{settings.BASE_DIR}",
    }

    def python(*arguments):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    try:
        python("manage.py", "makemigrations", "packing")
        python("manage.py", "migrate", "--verbosity=0")
        yield json.loads(python("-c", CHECK).splitlines()[-1])
    finally:
        template_databases.drop(DATABASE)


def test_the_layer_has_all_outputs(results):
    assert results == {
        "feature": ["PACK-001", "nho", [108.9, 11.6]],
        "html": True,
        "formats": [True] * 7,
        "openapi": ["/collections/packing-houses/items"],
        "schema": [
            *("code", "name", "goods", "commune", "url", "source_url", "updated_at", "geometry")
        ],
        "catalogue": True,
        "changes": ["insert"],
        "page": True,
        "sitemap": True,
        "legend": True,
        "popup": [["goods", "Nông sản", {}], ["commune", "Xã", {}]],
        "suggestions": [["PACK-001", "Nhà đóng gói Hòa Bình", [108.9, 11.6]]],
        "workspace": True,
        "withdrawn": [410, 410, "delete"],
    }
