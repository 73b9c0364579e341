"""The order of lists is the same in the database, the API and the browser, in a search or not."""

import json
import subprocess
from pathlib import Path

import pytest

from geodata.spans import today
from products.ocop.models import Product

TESTS = Path(__file__).parent.parent
# Text of the search → ids of the first three results.
FIRST = json.loads((TESTS / "search_order.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.usefixtures("shipped")


def products_in_order(text=""):
    """The public products in the order of the list with that search."""
    products = Product.objects.published().with_rating_on(today())
    return products.search(text).by_relevance(text) if text else products.by_prominence()


def test_the_database_returns_the_expected_products_first():
    products = Product.objects.published()

    found = {
        text: list(products.search(text).by_relevance(text).values_list("code", flat=True)[:3])
        for text in FIRST
    }

    assert found == FIRST


def test_the_api_returns_the_order_of_the_database(client):
    for text in FIRST:
        page = client.get("/api/v1/collections/products/items", {"q": text, "limit": 1000}).json()

        codes = [feature["id"] for feature in page["features"]]
        assert codes == list(products_in_order(text).values_list("code", flat=True)), text


def test_the_api_returns_the_order_of_lists_without_a_search(client):
    page = client.get(
        "/api/v1/collections/products/items", {"sortby": "prominence", "limit": 1000}
    ).json()

    codes = [feature["id"] for feature in page["features"]]
    assert codes == list(products_in_order().values_list("code", flat=True))


def test_the_browser_lists_the_order_of_the_database(client):
    items = client.get("/api/v1/collections/products/items", {"limit": 10_000}).json()
    page = client.get("/").content.decode()
    index = json.loads(page.partition('type="application/json" id="index">')[2].split("<")[0])
    given = {
        "features": items["features"],
        "types": index["types"],
        "queries": ["", *FIRST],
    }

    run = subprocess.run(
        ["node", str(TESTS / "js" / "search_order.js")],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )

    for text, found in zip(["", *FIRST], json.loads(run.stdout), strict=True):
        assert found == list(products_in_order(text).values_list("code", flat=True)), text
