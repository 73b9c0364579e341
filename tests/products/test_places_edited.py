"""Sales points and craft villages in the editing API and in the files of officials."""

import pytest
from django.test import Client
from django.urls import reverse

from districts.models import Level
from geodata.ogc.transactions import editable_layers
from products.places.models import CraftVillage, SalesPoint
from products.register.models import Proposal
from tests.factories import (
    UNTIL_THE_CHANGE,
    CraftVillageFactory,
    SalesPointFactory,
    SourceFactory,
    UnitFactory,
    at,
    publisher_of,
    square,
)
from tests.products.test_editing_api import GEOJSON, PATCH, detail

pytestmark = pytest.mark.django_db

HERE = (109.05, 11.55)
FEATURE = {"type": "Feature", "geometry": {"type": "Point", "coordinates": HERE}}
PLACES = {
    "sales-points": (SalesPoint, SalesPointFactory, {"kind": "stall", "sells": True}),
    "craft-villages": (
        *(CraftVillage, CraftVillageFactory),
        {"kind": "village", "craft": "gốm", "recognised": True},
    ),
}
COMMON = {
    "name": "Gian hàng An",
    "visit": True,
    "last_seen": 2025,
    "opening_hours": "Mo-Fr 08:00-17:00",
}


@pytest.fixture
def official():
    district = UnitFactory(
        code="997", name="Minh Phước", level=Level.DISTRICT, validity=UNTIL_THE_CHANGE
    )
    return publisher_of(
        UnitFactory(
            name="An Hậu", parent=district, validity=UNTIL_THE_CHANGE, area=square(109, 11.5)
        )
    )


@pytest.fixture
def program(official):
    client = Client()
    client.force_login(official)
    return client


@pytest.mark.parametrize("layer", PLACES)
def test_a_place_is_created_changed_and_proposed_by_a_program(client, program, official, layer):
    model, factory, own = PLACES[layer]
    address = f"/api/v1/editing/collections/{layer}/items"
    sent = COMMON | own

    created = program.post(address, FEATURE | {"properties": sent}, content_type=GEOJSON)

    assert created.status_code == 201, created.content
    place = model.objects.get()
    assert {name: getattr(place, name) for name in sent} == sent
    assert (place.state, place.position) == ("draft", "map")
    shown = program.get(f"{address}/{place.code}").json()
    assert {name: shown["properties"][name] for name in sent} == sent
    # As QGIS sends it, with all values; then another point, whose source is not the former one.
    model.objects.update(position_source=SourceFactory())
    moved = shown | {"geometry": {"type": "Point", "coordinates": (109.06, 11.56)}}
    moved["properties"] |= {"visit": False, "last_seen": None, "version": 2}
    replaced = program.put(f"{address}/{place.code}", moved, content_type=GEOJSON)
    assert replaced.status_code == 200, replaced.content
    place.refresh_from_db()
    assert (place.visit, place.last_seen, place.position_source) == (False, None, None)
    assert (place.point.x, place.name) == (109.06, "Gian hàng An")

    public = factory(published=True, declared_commune=place.old_commune, point=at(*HERE), **own)
    body = {"properties": {"visit": True}}
    change = program.patch(f"{address}/{public.code}", body, content_type=PATCH)
    assert change.json()["properties"]["visit"] is True
    assert program.get(f"{address}?visit=true").json()["numberMatched"] == 1
    assert Proposal.objects.get().record == public
    assert not model.objects.get(pk=public.pk).visit


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        ({"visit": "yes"}, "“Đón khách tham quan” phải là true hoặc false."),
        ({"last_seen": "2025"}, "“Năm thấy lần cuối” phải là một số nguyên."),
        ({"last_seen": 3000}, "Năm phải từ 1900 đến 2100."),
        ({"last_seen": 10**30}, "Năm thấy lần cuối: "),
        ({"kind": "market"}, "Loại: "),
        ({"kind": None}, "Thiếu “Loại”."),
        ({"kind": "planned"}, "Nơi mới dự kiến thì chưa bán và chưa đón khách."),
        ({"opening_hours": "sáng"}, "Giờ mở cửa viết theo cú pháp của OpenStreetMap"),
        ({"producer_id": "X"}, "Không có chủ thể mang mã “X”."),
    ],
)
def test_values_against_the_rules_are_refused_in_words(program, official, properties, sentence):
    sent = FEATURE | {"properties": {"name": "A", "kind": "stall", "sells": True} | properties}
    address = "/api/v1/editing/collections/sales-points/items"

    response = program.post(address, sent, content_type=GEOJSON)

    assert sentence in detail(response, 400)
    assert not SalesPoint.objects.exists()


def test_every_place_has_both_ways(client, program):
    """The list of the workspace offers the files of a kind that can be imported."""
    assert {"sales-points", "craft-villages"} <= editable_layers().keys()
    for name in ("salespoint", "craftvillage"):
        page = program.get(reverse(f"admin:places_{name}_changelist")).content.decode()
        assert 'href="export/xlsx/' in page
