"""`sortby` and `properties`: every order to its end, nulls included."""

import datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from geodata.collection import collections
from geodata.spans import day_span, today
from products.ocop.models import Product
from tests.factories import CategoryFactory, ProducerFactory, ProductFactory, RatingFactory
from tests.rows import prepared

pytestmark = pytest.mark.django_db


def walk(items, query, limit=2):
    """The features of all pages, following `next`."""
    features, cursor = [], ""
    for _page in range(40):
        answer = items("products", f"{query}&limit={limit}{cursor}").json()
        features += answer["features"]
        following = [link["href"] for link in answer["links"] if link["rel"] == "next"]
        if not following:
            return features
        cursor = "&cursor=" + parse_qs(urlsplit(following[0]).query)["cursor"][0]
    raise AssertionError("The pages do not end.")


@prepared
def products():
    """Seven products: equal names, equal stars, nulls in every column that may be null."""
    producer = ProducerFactory(published=True, name="HTX Đồng Xanh")
    category = CategoryFactory(name="đồ uống", code="II")
    for number in range(7):
        product = ProductFactory(
            published=True,
            name=("Táo", "Ớt", "Đậu", "Táo")[number % 4],
            producer=producer if number % 3 else None,
            category=category if number % 2 else None,
        )
        if number % 3 == 0:
            decided = day_span(datetime.date(2024, 1 + number, 15))
            RatingFactory(product=product, stars=3 + number % 2, decided=decided)


@pytest.mark.parametrize("name", collections()["products"].properties)
@pytest.mark.parametrize("sign", ["", "-"])
def test_every_order_contains_each_feature_once(items, products, name, sign):
    features = walk(items, f"sortby={sign}{name}")

    assert len(features) == 7
    assert len({feature["id"] for feature in features}) == 7
    values = [feature["properties"][name] for feature in features]
    known = [value for value in values if value is not None]
    assert values == known + [None] * (7 - len(known))


@pytest.mark.parametrize("name", ["stars", "rated_from", "code", "ocop_status"])
def test_features_are_in_the_requested_order(items, products, name):
    up = [feature["properties"][name] for feature in walk(items, f"sortby={name}")]
    down = [feature["properties"][name] for feature in walk(items, f"sortby=-{name}")]

    known = sorted(value for value in up if value is not None)
    nulls = [None] * (7 - len(known))
    assert up == known + nulls
    assert down == known[::-1] + nulls


def test_names_are_sorted_by_vietnamese_collation(items, products):
    names = [feature["properties"]["name"] for feature in walk(items, "sortby=name")]

    assert names == ["Đậu", "Đậu", "Ớt", "Ớt", "Táo", "Táo", "Táo"]


def test_a_second_key_decides_among_equals(items, products):
    features = walk(items, "sortby=-name,%2Bstars", limit=1)

    reported = [(f["properties"]["name"], f["properties"]["stars"]) for f in features]
    assert reported[:3] == [("Táo", 3), ("Táo", 4), ("Táo", None)]


def test_pages_may_lack_the_property_that_they_are_sorted_by(items, products):
    """The next link contains its value nevertheless."""
    features = walk(items, "sortby=-stars,name&properties=name", limit=2)

    everything = items("products", "sortby=-stars,name").json()["features"]
    assert [feature["id"] for feature in features] == [feature["id"] for feature in everything]
    assert {tuple(feature["properties"]) for feature in features} == {("name",)}


def test_a_row_added_meanwhile_neither_repeats_nor_hides_another(items, products):
    first = items("products", "sortby=-stars&limit=3").json()
    (link,) = [link["href"] for link in first["links"] if link["rel"] == "next"]
    RatingFactory(stars=5, product__published=True, on=datetime.date(2025, 1, 1))

    rest = items("products", urlsplit(link).query.replace("limit=3", "limit=100")).json()

    ids = [feature["id"] for feature in first["features"] + rest["features"]]
    assert len(ids) == len(set(ids)) == 7


@pytest.mark.parametrize("order", ["", "&sortby=relevance", "&sortby=%2Brelevance"])
@pytest.mark.parametrize("written", ["", "&properties=stars"])
def test_results_of_a_search_are_in_order_of_relevance(items, products, order, written):
    for name in ("Mứt táo", "Táoo", "Cay Ớt táo"):
        ProductFactory(published=True, name=name)

    features = walk(items, f"q=t%C3%A1o{order}{written}", limit=1)

    names = dict(Product.objects.values_list("code", "name"))
    found = [names[feature["id"]] for feature in features]
    assert found == ["Táo"] * 3 + ["Cay Ớt táo", "Mứt táo", "Táoo"]


def test_results_of_a_search_can_be_in_another_order(items, products):
    ProductFactory(published=True, name="Mứt táo")

    features = walk(items, "q=t%C3%A1o&sortby=name")

    assert features[0]["properties"]["name"] == "Mứt táo"


@pytest.mark.parametrize("written", ["", "&properties=stars"])
def test_an_order_that_is_no_property_is_paged_too(items, products, written):
    expected = Product.objects.published().with_rating_on(today()).by_prominence()

    features = walk(items, f"sortby=prominence{written}", limit=1)

    assert [feature["id"] for feature in features] == [one.code for one in expected]
    assert len({one.prominence for one in expected}) < len(features) == 7
    assert "prominence" not in features[0]["properties"]


def test_only_the_requested_properties_are_written(items, products):
    features = items("products", "properties=stars,name&sortby=code").json()["features"]

    assert [list(feature["properties"]) for feature in features] == [["name", "stars"]] * 7
    assert all(feature["id"] for feature in features)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("sortby=gia", "sortby"),
        ("sortby=name,name", "sortby"),
        ("sortby=name,,code", "sortby"),
        ("sortby=--name", "sortby"),
        # Relevance is that of the results of a search, from the best.
        ("sortby=relevance", "sortby"),
        ("q=t%C3%A1o&sortby=-relevance", "sortby"),
        ("q=t%C3%A1o&sortby=relevance,name", "sortby"),
        # So is prominence, an order of its own.
        ("sortby=-prominence", "sortby"),
        ("sortby=prominence,name", "sortby"),
        ("properties=prominence", "properties"),
        ("prominence=1", "prominence"),
        ("properties=name,gia", "properties"),
    ],
)
def test_an_unknown_property_is_refused(items, query, parameter):
    answer = items("products", query)

    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


def test_a_cursor_of_another_order_is_refused(items, products):
    first = items("products", "sortby=rated_from&limit=1").json()
    (link,) = [link["href"] for link in first["links"] if link["rel"] == "next"]
    cursor = parse_qs(urlsplit(link).query)["cursor"][0]

    for query in ("limit=1", "sortby=name,stars", "sortby=rated_stars"):
        answer = items("products", f"{query}&cursor={cursor}")
        assert answer.status_code == 400
        assert [error["parameter"] for error in answer.json()["errors"]] == ["cursor"]
