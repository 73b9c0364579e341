"""The start page, and the lists of records with their map, filters, columns and bulk acts."""

import datetime
import re

import pytest
from django.conf import settings
from django.urls import reverse

from products.ocop.models import Product
from products.register.models import Position, Proposal
from products.register.states import State
from products.rights.models import IpRight
from tests.factories import (
    UNTIL_THE_CHANGE,
    CategoryFactory,
    GoodsTypeFactory,
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    ProductTypeFactory,
    ProtectedProductFactory,
    RatingFactory,
    UnitFactory,
    at,
    editor_of,
    publisher_of,
    square,
)
from tests.versions import next_transaction

pytestmark = pytest.mark.django_db

HERE, THERE = (108.95, 11.55), (109.05, 11.55)
LIST = "/admin/ocop/product/"


@pytest.fixture
def province():
    return UnitFactory(
        code=settings.PLACE.province_code, validity=UNTIL_THE_CHANGE, area=square(108.9, 11.5, 0.2)
    )


@pytest.fixture
def units(province):
    district = UnitFactory(code="997", name="Minh Hải", parent=province, validity=UNTIL_THE_CHANGE)
    return [
        UnitFactory(code=code, parent=district, validity=UNTIL_THE_CHANGE, area=square(lng, 11.5))
        for code, lng in (("82888", 108.9), ("82891", 109.0))
    ]


@pytest.fixture
def commune(units):
    return units[0]


@pytest.fixture
def publisher(client, commune):
    user = publisher_of(commune)
    client.force_login(user)
    return user


def listed(client, query=""):
    response = client.get(LIST + query)
    assert response.status_code == 200
    return [product.name for product in response.context["cl"].queryset]


def work(client):
    """{label: number} on the start page."""
    return {str(one["label"]): one["count"] for one in client.get("/admin/").context["work"]}


# --- the start page ------------------------------------------------------------------------


def test_every_kind_of_work_counts_and_links_the_same_records(client, publisher, units, on_day):
    on_day("2026-06-01")
    here = {"point": at(*HERE)}
    ProductFactory(name="chờ", state=State.REVIEW, **here)
    expired = ProductFactory(name="hết hạn", published=True, **here)
    RatingFactory(product=expired, on=datetime.date(2022, 1, 1))
    ProductFactory(name="xã", published=True, declared_commune=units[0])
    wrong = {"declared_commune": units[0], "position": Position.GPS}
    off = ProductFactory(name="lệch", **here)
    Product.objects.filter(pk=off.pk).update(point=at(109.08, 11.55), **wrong)
    ProductFactory(name="nơi khác", state=State.REVIEW, point=at(*THERE))
    page = client.get("/admin/").context

    found = {}
    for one in page["work"]:
        for count in one["counts"]:
            response = client.get(count["url"])
            names = {record.name for record in response.context["cl"].queryset}
            assert len(names) == count["count"], one["label"]
            found[one["key"]] = names
    assert found == {
        "review": {"chờ"},
        "expired": {"hết hạn"},
        "nopoint": {"xã"},
        "doubtful": {"lệch"},
        "incomplete": {"chờ", "hết hạn", "xã", "lệch"},
    }


@pytest.mark.parametrize(
    ("decided", "expected"),
    [("2023-07-01", [1, 1, 1]), ("2023-07-20", [0, 1, 1]), ("2023-09-25", [0, 0, 0])],
)
def test_endings_are_counted_by_former_district(client, publisher, on_day, decided, expected):
    on_day("2026-06-01")
    product = ProductFactory(published=True, point=at(*HERE))
    RatingFactory(product=product, on=datetime.date.fromisoformat(decided))
    elsewhere = ProductFactory(published=True, point=at(*THERE))
    RatingFactory(product=elsewhere, on=datetime.date.fromisoformat(decided))

    rows = client.get("/admin/").context["endings"]

    if not any(expected):
        assert rows == []
        return
    (row,) = rows
    assert row["unit"].name == "Minh Hải"
    assert [count["count"] for count in row["counts"]] == expected
    for count in row["counts"]:
        assert len(client.get(count["url"]).context["cl"].queryset) == count["count"]


def test_proposals_wait_for_others_than_their_author(client, publisher, commune):
    product = ProductFactory(published=True, point=at(*HERE))
    for author in (publisher, editor_of(commune)):
        Proposal.objects.create(
            kind="change",
            record=product,
            base_version=1,
            author=author,
            channel="workspace",
            changes={"name": {"base": "", "proposed": "x"}},
        )

    proposals = client.get("/admin/").context["proposals"]

    assert (proposals["to_decide"], proposals["own"]) == (1, 1)


def test_who_looks_after_nothing_sees_no_work(client):
    client.force_login(editor_of(UnitFactory()))
    ProductFactory(state=State.REVIEW, point=at(*HERE))

    assert work(client) == {}


# --- filters, map, columns -----------------------------------------------------------------


def test_the_map_has_exactly_the_filtered_records(client, publisher):
    ProductFactory(name="Nho", point=at(*HERE), state=State.REVIEW)
    ProductFactory(name="Táo", point=at(*HERE))
    ProductFactory(name="Xa", point=at(*THERE), state=State.REVIEW)

    answer = client.get(LIST + "places.json?state=review")

    assert [place["label"].split(" (")[0] for place in answer.json()["places"]] == ["Nho"]
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))


def test_filters_of_the_public_site_and_of_officials(client, publisher, commune, on_day):
    on_day("2026-06-01")
    rated = ProductFactory(name="Nho", point=at(*HERE), published=True, category=CategoryFactory())
    RatingFactory(product=rated, stars=4, on=datetime.date(2025, 1, 1))
    ProductFactory(name="Táo", point=at(*HERE))
    author = editor_of(commune)
    client.force_login(author)
    draft = Product.objects.get(name="Táo")
    next_transaction()
    page = client.get(reverse("admin:ocop_product_change", args=[draft.pk]))
    assert page.status_code == 200
    client.force_login(publisher)

    assert listed(client, "?stars=4") == ["Nho"]
    assert listed(client, "?ocop_status=none") == ["Táo"]
    assert listed(client, "?season=in_season") == []
    assert "Táo" in listed(client, "?season=unknown")
    assert listed(client, "?lacks=category") == ["Táo"]
    assert listed(client, f"?author={author.pk}") == []
    assert listed(client, "?work=xyz") == ["Nho", "Táo"]


def test_the_list_is_filtered_by_protection_producer_and_units_as_the_public_site(
    client, publisher, commune
):
    wine = {"kind": "certification_mark", "stage": "registered", "state": State.PUBLISHED}
    stated = IpRightFactory(code="MAU-QU-1", **wine)
    around = IpRightFactory(code="MAU-QU-2", **wine | {"kind": "geographical_indication"})
    area = square(108.94, 11.54, 0.02)
    IpRight.objects.filter(pk=around.pk).update(area=area, outline=area)
    hidden = IpRightFactory(code="MAU-QU-3", **wine | {"state": State.DRAFT})
    producer = ProducerFactory(name="HTX Kín", code="MAU-CT-1")
    named = ProductFactory(name="Nho", point=at(108.91, 11.51), producer=producer)
    ProtectedProductFactory(product=named, right=stated)
    unproven = ProductFactory(name="Táo", point=at(108.91, 11.51))
    ProtectedProductFactory(product=unproven, right=hidden)
    garlic = GoodsTypeFactory(right=around).type
    ProductFactory(name="Tỏi", point=at(*HERE), type=garlic)

    assert listed(client, "?protection=yes") == ["Nho"]
    assert listed(client, "?protection=goods") == ["Tỏi"]
    assert listed(client, "?protection=no") == ["Táo", "Tỏi"]
    assert listed(client, "?protection=certification_mark") == ["Nho"]
    assert listed(client, "?protection=geographical_indication") == ["Tỏi"]
    assert listed(client, "?right=MAU-QU-2") == ["Tỏi"]
    assert listed(client, "?producer=MAU-CT-1") == ["Nho"]
    assert listed(client, f"?old_commune__id__exact={commune.pk}") == ["Nho", "Táo", "Tỏi"]
    assert listed(client, "?old_commune__isnull=True") == []
    assert listed(client, "?commune__isnull=True") == ["Nho", "Táo", "Tỏi"]


def test_who_is_not_the_lowest_publisher_still_finds_what_waits_in_the_area(
    client, publisher, commune, province
):
    record = ProductFactory(name="Nho", state=State.REVIEW, point=at(*HERE))
    Proposal.objects.create(
        kind="remark",
        record=ProductFactory(published=True, point=at(*HERE)),
        base_version=1,
        channel="public",
        reason="Sai tên",
    )

    def waiting():
        page = client.get("/admin/").context
        (row,) = [one for one in page["work"] if one["key"] == "review"]
        for count in [*row["counts"], *row["wider"]]:
            assert listed(client, count["url"].removeprefix(LIST)) == [record.name]
        proposals = page["proposals"]
        for key, number in (("me", proposals["to_decide"]), ("area", proposals["in_area"])):
            queue = client.get("/admin/register/proposal/", {"waiting": key}).context["cl"]
            assert queue.queryset.count() == number
        return (row["count"], len(row["wider"])), (proposals["to_decide"], proposals["in_area"])

    assert waiting() == ((1, 0), (1, 1))
    client.force_login(publisher_of(province))
    assert waiting() == ((0, 1), (0, 1))
    assert "cả địa bàn:" in client.get("/admin/").content.decode()


def test_chosen_columns_stay_and_keep_the_filter(client, publisher):
    ProductFactory(name="Nho", point=at(*HERE))

    answer = client.post(
        LIST + "columns/", {"column": ["name", "sector", "password"], "query": "state=draft"}
    )

    assert answer.url == "../?state=draft"
    assert client.get(LIST).context["cl"].list_display == ["action_checkbox", "name", "sector"]


def test_an_empty_choice_of_columns_shows_the_first_ones_again(client, publisher):
    client.post(LIST + "columns/", {"column": []})

    assert "name" in client.get(LIST).context["cl"].list_display


@pytest.mark.parametrize(
    "query",
    ["author=abc", "author=999999", "stars=²", "stars=9", "lacks=x", "protection=x", "right=x"],
)
def test_an_unknown_value_of_a_filter_filters_nothing(client, publisher, query):
    ProductFactory(name="Nho", point=at(*HERE))

    assert listed(client, f"?{query}") == ["Nho"]


@pytest.mark.parametrize("address", ["export/csv/", "places.json"])
def test_a_query_string_that_is_no_list_is_not_found(client, publisher, address):
    assert client.get(f"{LIST}{address}?no_such=1").status_code == 404


# --- bulk acts -----------------------------------------------------------------------------


def act(client, name, records, **values):
    """Choose the act for the records; return the page that names what will happen."""
    chosen = {"action": name, "_selected_action": [one.pk for one in records], **values}
    return client.post(LIST, chosen)


def confirm(client, page, **values):
    next_transaction()
    confirmed = {"action": page.context["act"].name, "_selected_action": 0, "confirmed": "1"}
    confirmed["versions"] = page.context["versions"]
    return client.post(LIST, confirmed | values)


def states():
    return list(Product.objects.order_by("code").values_list("state", flat=True))


def test_the_page_before_a_bulk_act_changes_nothing(client, publisher):
    records = [ProductFactory(point=at(*HERE)) for _ in range(2)]

    page = act(client, "submit", records)

    assert [why for _record, why in page.context["rows"]] == ["", ""]
    assert states() == [State.DRAFT] * 2
    assert confirm(client, page).status_code == 302
    assert states() == [State.REVIEW] * 2


def test_a_bulk_act_that_one_record_refuses_changes_none(client, publisher):
    ready = ProductFactory(name="Nho", point=at(*HERE), state=State.REVIEW)
    hidden = ProducerFactory(name="HTX Kín")
    bad = ProductFactory(name="Táo", point=at(*HERE), state=State.REVIEW, producer=hidden)

    page = act(client, "publish", [ready, bad])
    refused = {record.name: why for record, why in page.context["rows"]}
    answer = confirm(client, page)

    assert refused["Nho"] == ""
    assert "HTX Kín" in refused["Táo"]
    assert answer.status_code == 200
    assert states() == [State.REVIEW] * 2


def test_a_record_changed_after_the_page_was_read_stops_the_act(client, publisher):
    record = ProductFactory(point=at(*HERE))
    page = act(client, "submit", [record])
    next_transaction()
    Product.objects.filter(pk=record.pk).update(name="Táo")

    answer = confirm(client, page)

    assert "Người khác vừa lưu" in answer.context["rows"][0][1]
    assert states() == [State.DRAFT]


def test_a_record_deleted_after_the_page_was_read_stops_the_act(client, publisher):
    records = [ProductFactory(point=at(*HERE)) for _ in range(2)]
    page = act(client, "submit", records)
    records[0].delete()

    confirm(client, page)

    assert states() == [State.DRAFT]


def test_a_withdrawal_of_many_needs_one_reason(client, publisher):
    records = [ProductFactory(point=at(*HERE), published=True) for _ in range(2)]
    page = act(client, "withdraw", records)

    assert confirm(client, page, reason=" ").status_code == 200
    assert states() == [State.PUBLISHED] * 2
    confirm(client, page, reason="Hết thời hạn")
    assert set(Product.objects.values_list("state", "state_reason")) == {
        (State.WITHDRAWN, "Hết thời hạn")
    }


def test_a_category_is_assigned_to_drafts_and_proposed_for_public_records(client, publisher):
    category = CategoryFactory()
    draft = ProductFactory(point=at(*HERE))
    public = ProductFactory(point=at(*HERE), published=True)
    page = act(client, "assign_category", [draft, public])
    assert page.context["proposed"] == {public.pk}

    confirm(client, page, category=category.pk)

    draft.refresh_from_db()
    public.refresh_from_db()
    assert (draft.category, public.category) == (category, None)
    assert Proposal.objects.get().fields["category"]["proposed"] == category.pk


def test_a_type_is_assigned_to_drafts_and_proposed_for_public_records(client, publisher):
    kind = ProductTypeFactory()
    draft = ProductFactory(point=at(*HERE))
    public = ProductFactory(point=at(*HERE), published=True)
    page = act(client, "assign_type", [draft, public])

    confirm(client, page, type=kind.pk)

    draft.refresh_from_db()
    public.refresh_from_db()
    assert (draft.type, draft.type_basis, public.type) == (kind, "stated", None)
    assert Proposal.objects.get().fields["type"]["proposed"] == kind.pk


def test_records_of_others_are_not_among_those_of_a_bulk_act(client, publisher):
    foreign = ProductFactory(point=at(*THERE))

    page = act(client, "submit", [foreign])

    assert page.status_code in (200, 302)
    assert states() == [State.DRAFT]


def test_forged_versions_are_refused(client, publisher):
    ProductFactory(point=at(*HERE))

    answer = client.post(
        LIST,
        {"action": "submit", "_selected_action": 0, "confirmed": "1", "versions": "forged"},
    )

    assert answer.status_code == 403
    assert states() == [State.DRAFT]


def test_the_message_after_a_bulk_act_links_to_its_undo(client, publisher):
    page = act(client, "submit", [ProductFactory(point=at(*HERE))])

    answer = client.get(confirm(client, page).url)

    assert re.search(r'href="/admin/undo/[0-9a-f-]{36}/"', answer.content.decode())


# --- what is needed to publish -------------------------------------------------------------


def test_what_is_missing_is_named_before_publishing(client, publisher, settings):
    settings.REQUIRED_TO_PUBLISH = {"ocop.product": ["category", "point", "producer"]}
    record = ProductFactory(point=at(*HERE), state=State.REVIEW)

    page = act(client, "publish", [record])

    ((_record, why),) = page.context["rows"]
    assert why == "Chưa công bố được, còn thiếu: chủ thể; nhóm sản phẩm."


# --- proposing a withdrawal ----------------------------------------------------------------


def test_an_editor_proposes_a_withdrawal_with_a_reason(client, commune):
    product = ProductFactory(point=at(*HERE), published=True)
    client.force_login(editor_of(commune))
    product.refresh_from_db()
    page = reverse("admin:ocop_product_move", args=[product.pk, "withdraw"])
    sent = {"version": product.version}

    refused = client.post(page, sent | {"reason": " "})
    client.post(page, sent | {"reason": "Chủ thể yêu cầu"})

    assert refused.status_code == 200
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.reason) == ("withdraw", "Chủ thể yêu cầu")
    product.refresh_from_db()
    assert product.state == State.PUBLISHED
