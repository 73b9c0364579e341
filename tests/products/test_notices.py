"""Who is notified of what waits for a decision: the publishers of the lowest unit with one."""

import pghistory
import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from products.ocop.models import Product
from products.register import notices
from products.register.models import Proposal
from products.register.states import State
from products.rights.models import IpRight
from tests.factories import (
    SINCE_THE_CHANGE,
    UNTIL_THE_CHANGE,
    IpRightFactory,
    ProductFactory,
    RatingFactory,
    SuccessionFactory,
    UnitFactory,
    UserFactory,
    at,
    editor_of,
    publisher_of,
    square,
)

pytestmark = pytest.mark.django_db

HERE = (108.95, 11.55)


@pytest.fixture
def province():
    return UnitFactory(
        code=settings.PLACE.province_code, validity=UNTIL_THE_CHANGE, area=square(108.9, 11.5, 0.2)
    )


@pytest.fixture
def district(province):
    return UnitFactory(code="997", parent=province, validity=UNTIL_THE_CHANGE)


@pytest.fixture
def commune(district):
    return UnitFactory(
        code="82888", parent=district, validity=UNTIL_THE_CHANGE, area=square(108.9, 11.5)
    )


@pytest.fixture
def people(province, district, commune):
    """A publisher of each level, and a superuser."""
    return {
        "commune": publisher_of(commune),
        "district": publisher_of(district),
        "province": publisher_of(province),
        "superuser": UserFactory(is_superuser=True),
    }


def in_review(by=None, **values):
    """A product in review, last changed by that person."""
    new = {"state": State.REVIEW, "point": at(*HERE)} | values
    if by is None:
        return ProductFactory(**new)
    with pghistory.context(user=by.pk, act="edit"):
        return ProductFactory(**new)


def proposed(author=None, **values):
    if "record_type" not in values:
        values = {"record": ProductFactory(published=True, point=at(*HERE))} | values
    new = {
        "kind": "change",
        "base_version": 1,
        "author": author,
        "channel": "workspace",
        "changes": {"name": {"base": "", "proposed": "x"}},
    }
    return Proposal.objects.create(**(new | values))


def notified(people, records=None):
    """The names of those who are notified of a record, or of a proposal."""
    if records is None:
        found = notices.records_for, Product.objects.all()
    else:
        found = notices.proposals_for, records
    select, queryset = found
    return [name for name, user in people.items() if select(user, queryset).exists()]


@pytest.mark.parametrize(
    ("leaving", "expected"),
    [
        ([], ["commune"]),
        (["commune"], ["district"]),
        (["commune", "district"], ["province"]),
        (["commune", "district", "province"], ["superuser"]),
    ],
)
def test_the_publishers_of_the_lowest_unit_that_has_one_are_notified(people, leaving, expected):
    in_review()
    proposed()
    for name in leaving:
        people[name].stewardships.all().delete()

    assert notified(people) == expected
    assert notified(people, Proposal.objects.all()) == expected


def test_editors_and_former_officials_are_no_publishers(people, commune, district):
    in_review()
    proposed()
    people["commune"].stewardships.update(role=1)
    people["district"].is_active = False
    people["district"].save()

    assert notified(people) == ["province"]
    assert notified(people, Proposal.objects.all()) == ["province"]


@pytest.mark.parametrize(
    ("author", "expected"),
    [("commune", ["district"]), ("district", ["commune"]), ("superuser", ["commune"])],
)
def test_own_work_goes_up_if_nobody_else_is_left(people, author, expected):
    in_review(by=people[author])
    proposed(author=people[author])

    assert notified(people) == expected
    assert notified(people, Proposal.objects.all()) == expected


def test_own_work_stays_at_the_level_of_another_publisher(people, commune):
    in_review(by=people["commune"])
    proposed(author=people["commune"])
    people["colleague"] = publisher_of(commune)

    assert notified(people) == ["colleague"]
    assert notified(people, Proposal.objects.all()) == ["colleague"]


def test_who_rated_a_product_last_is_its_author(people, commune):
    product = in_review()
    with pghistory.context(user=people["commune"].pk, act="edit"):
        RatingFactory(product=product)

    assert notified(people) == ["district"]


def test_who_submitted_a_record_is_not_its_author(people):
    product = in_review(by=people["district"])
    with pghistory.context(user=people["commune"].pk, act="submit"):
        Product.objects.filter(pk=product.pk).update(note="gửi duyệt")

    assert notified(people) == ["commune"]


def test_with_self_publish_own_work_is_decided_at_its_level(people, settings):
    settings.SELF_PUBLISH = True
    in_review(by=people["commune"])

    assert notified(people) == ["commune"]


def test_records_without_a_place_go_to_publishers_of_a_province(people):
    in_review(point=None)
    right = IpRightFactory(state=State.REVIEW)
    product_type = ContentType.objects.get_for_model(Product)
    proposed(kind="create", base_version=None, record_type=product_type)

    assert notified(people) == ["province"]
    assert notified(people, Proposal.objects.all()) == ["province"]
    found = {
        name: notices.records_for(user, IpRight.objects.all()) for name, user in people.items()
    }
    assert [name for name, rights in found.items() if right in rights] == ["province"]


def test_a_record_of_a_new_commune_goes_to_those_of_the_communes_it_was_formed_of(people, commune):
    new = UnitFactory(validity=SINCE_THE_CHANGE)
    SuccessionFactory(predecessor=commune, successor=new)
    # A second part, so that old commune and district of the record are unknown.
    other = UnitFactory(code="996", validity=UNTIL_THE_CHANGE)
    SuccessionFactory(successor=new, predecessor__parent=other)
    in_review(point=None, declared_commune=new)
    assert Product.objects.values_list("commune", "district").get() == (new.pk, None)

    assert notified(people) == ["commune"]
    people["commune"].stewardships.all().delete()
    assert notified(people) == ["district"]


def test_only_what_waits_is_notified(people):
    ProductFactory(point=at(*HERE))
    ProductFactory(point=at(*HERE), published=True)
    proposed(state="returned", answer="Thiếu nguồn", decided_at="2026-01-01T00:00:00Z")

    assert notified(people) == []
    assert notified(people, Proposal.objects.all()) == []


def test_who_is_notified_may_publish(people, commune):
    """Nobody is notified of what is not in the lists of his or her area."""
    elsewhere = publisher_of(UnitFactory(validity=UNTIL_THE_CHANGE, area=square(109.0, 11.5)))
    editor = editor_of(commune)
    in_review()

    for user in [*people.values(), elsewhere, editor]:
        found = notices.records_for(user, Product.objects.all())
        assert not found.difference(Product.objects.editable_by(user, 2))
        assert notices.records_for(user, Product.objects.none()).count() == 0


def test_the_number_of_queries_does_not_depend_on_the_number_of_records(people):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            list(notices.records_for(people["commune"], Product.objects.all()))
            list(notices.proposals_for(people["commune"], Proposal.objects.all()))
        return len(captured)

    proposed(record=in_review(by=people["district"]))
    few = queries()
    for _count in range(3):
        proposed(record=in_review(by=people["district"]))

    assert queries() == few
