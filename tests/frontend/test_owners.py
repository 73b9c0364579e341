"""Owners of rights that were dissolved with their unit."""

import datetime
import json

import pytest

from products.rights.models import IpRight
from tests.factories import SINCE_THE_CHANGE, UNTIL_THE_CHANGE, IpRightFactory, UnitFactory

pytestmark = pytest.mark.django_db

NOTE = "đã giải thể ngày 1/3/2024, chưa rõ cơ quan kế thừa"


@pytest.fixture
def units():
    """A former district; a commune that still exists, and existed under another code before."""
    UnitFactory(code="996", kind="huyện", name="Minh Hải", validity=UNTIL_THE_CHANGE)
    UnitFactory(kind="xã", name="Vĩnh Hậu", validity=UNTIL_THE_CHANGE)
    UnitFactory(kind="xã", name="Vĩnh Hậu", validity=SINCE_THE_CHANGE)


@pytest.mark.parametrize(
    ("owner", "day"),
    [
        ("UBND huyện Minh Hải", datetime.date(2024, 3, 1)),
        ("Ủy ban nhân dân huyện Minh Hải", datetime.date(2024, 3, 1)),
        ("Uỷ ban nhân dân huyện Minh Hải", datetime.date(2024, 3, 1)),
        ("UBND xã Vĩnh Hậu", None),
        ("UBND huyện Khác", None),
        ("Hội Nông dân huyện Minh Hải", None),
        ("huyện Minh Hải", None),
        ("", None),
    ],
)
def test_a_peoples_committee_is_dissolved_with_its_unit(units, owner, day):
    IpRightFactory(owner=owner)

    (right,) = IpRight.objects.with_owner_dissolved(datetime.date(2026, 11, 28))
    (before,) = IpRight.objects.with_owner_dissolved(datetime.date(2024, 2, 29))

    assert (right.owner_dissolved_on, before.owner_dissolved_on) == (day, None)


def test_pages_and_the_card_state_that_the_owner_is_dissolved(client, units):
    gone = IpRightFactory(published=True, owner="UBND huyện Minh Hải")
    IpRightFactory(published=True, owner="UBND xã Vĩnh Hậu")

    page = client.get(gone.get_absolute_url()).content.decode()
    register = client.get("/bao-ho/").content.decode()
    map_page = client.get("/").content.decode()

    for text in (page, register):
        assert text.count(f'<span lang="vi">UBND huyện Minh Hải</span> ({NOTE})') == 1
    index = json.loads(map_page.partition('type="application/json" id="index">')[2].split("<")[0])
    owners = {row[-1] for row in index["bao-ho"]}
    assert owners == {f"UBND huyện Minh Hải ({NOTE})", "UBND xã Vĩnh Hậu"}
