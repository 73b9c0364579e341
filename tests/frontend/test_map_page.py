"""The search index of the map page: former and current units, public producers and rights."""

import html
import json
import re

import pytest
from django.conf import settings

from products.register.states import State
from products.rights.models import IpRight
from tests.factories import (
    SINCE_THE_CHANGE,
    UNTIL_THE_CHANGE,
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    UnitFactory,
    square,
)

pytestmark = pytest.mark.django_db


def index(client, path="/"):
    body = client.get(path).text
    return json.loads(
        re.search(r'<script type="application/json" id="index">(.*?)</script>', body)[1]
    )


@pytest.fixture
def units():
    province = UnitFactory(code=settings.PLACE.province_code, name="Minh Thuần")
    district = UnitFactory(
        code="997",
        name="Minh Phước",
        parent=province,
        validity=UNTIL_THE_CHANGE,
        area=square(108.8, 11.4),
    )
    UnitFactory(
        code="82870",
        name="Phước Mẫn",
        kind="thị trấn",
        parent=district,
        validity=UNTIL_THE_CHANGE,
    )
    UnitFactory(code="82870", name="Minh Phước", validity=SINCE_THE_CHANGE)


def test_the_index_separates_former_and_current_units_with_their_box(client, units):
    search_index = index(client)

    ((*district, points),) = search_index["huyen"]
    assert district == ["997", "Minh Phước", "huyen", [108.8, 11.4, 108.9, 11.5]]
    # Where a badge may be: the centre, then a grid.
    assert points[0] == [108.85, 11.45]
    assert len(points) == 37
    assert all(108.8 < lng < 108.9 and 11.4 < lat < 11.5 for lng, lat in points)
    assert search_index["xa-cu"] == [["82870", "Phước Mẫn", "thi tran", None]]
    assert search_index["xa"] == [["82870", "Minh Phước", "xa", None]]
    assert search_index["changed"] == "1/3/2024"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", {"huyen": "huyện", "thi tran": "thị trấn", "xa": "xã"}),
        ("/en/", {"huyen": "district", "thi tran": "township", "xa": "commune"}),
    ],
)
def test_kinds_of_units_are_in_the_language_of_the_page(client, units, path, words):
    assert index(client, path)["kinds"] == words


@pytest.mark.parametrize("state", [State.DRAFT, State.REVIEW, State.WITHDRAWN])
def test_the_index_contains_only_public_records(client, state):
    maker = ProducerFactory(code="THU-1", name="HTX Thái An", published=True)
    ProducerFactory(state=state)
    ProductFactory(producer=maker, published=True)
    ProductFactory(producer=maker, state=state)
    IpRightFactory(state=state)

    assert index(client)["chu-the"] == [["THU-1", "HTX Thái An", 1]]
    assert index(client)["bao-ho"] == []


def test_every_link_has_an_address(client):
    """Outside of templates, from which the script makes elements."""
    body = re.sub(r"<template.*?</template>", "", client.get("/").text, flags=re.DOTALL)

    assert len(re.findall(r"<a\b", body)) > 10
    assert re.findall(r"<a\b(?![^>]*\bhref=)[^>]*>", body) == []


def test_the_index_states_whether_a_right_has_an_area_and_is_registered(client):
    drawn = IpRightFactory(code="THU-1", name="Nho", published=True, area=square(109, 11.5))
    IpRightFactory(code="THU-2", name="Rong", published=True, stage=IpRight.Stage.PENDING)

    rows = [row[:5] for row in index(client)["bao-ho"]]

    assert rows == [
        ["THU-1", "Nho", drawn.kind, True, ""],
        ["THU-2", "Rong", drawn.kind, False, "đang xin bảo hộ, chưa được bảo hộ"],
    ]


def test_names_in_the_index_are_escaped(client):
    ProducerFactory(name="</script><b>", published=True)

    assert index(client)["chu-the"][0][1] == "</script><b>"


def test_map_and_trip_load_products_by_one_address(client):
    """The response that a browser has stored for the one serves the other without a network."""
    (products_url,) = re.findall(r'data-products="([^"]*)"', client.get("/").text)
    data = client.get("/chuyen-di/").text

    assert f'"url": {json.dumps(html.unescape(products_url))}'.replace("&", "\\u0026") in data
