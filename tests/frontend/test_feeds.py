"""Feeds of what is newly rated, newly protected and expiring: Atom and JSON Feed alike."""

import datetime
import re
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from geodata.models import Change
from geodata.spans import day_span, span_of
from products.register.states import State
from tests.factories import IpRightFactory, ProductFactory, RatingFactory

pytestmark = pytest.mark.django_db

FEEDS = ["newly-rated", "newly-protected", "expiring"]
ATOM = "{http://www.w3.org/2005/Atom}"
DAY = "2026-11-23"


def day(text):
    return day_span(datetime.date.fromisoformat(text))


def json_of(client, name, prefix=""):
    response = client.get(f"{prefix}/feeds/{name}.json")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/feed+json"
    return response.json()


def atom_of(client, name, prefix=""):
    response = client.get(f"{prefix}/feeds/{name}.atom")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def titles(client, name, prefix=""):
    """The titles of the entries, which are the same in both formats."""
    in_json = [item["title"] for item in json_of(client, name, prefix)["items"]]
    atom = atom_of(client, name, prefix)
    assert [entry.findtext(f"{ATOM}title") for entry in atom.iter(f"{ATOM}entry")] == in_json
    return in_json


@pytest.fixture
def records(on_day):
    """Something for every feed, and what must be in none of them."""
    on_day(DAY)
    for decided, name, values in (
        ("2024-12-10", "Nho & <táo>", {"stars": 4}),
        ("2025-06-01", "Tỏi", {}),
        ("2023-12-10", "Măng tây", {}),
        ("2023-11-30", "Nha đam", {}),
        ("2020-01-01", "Hết hạn", {}),
        ("2025-01-01", "Thu hồi", {"revoked_on": datetime.date(2026, 1, 1)}),
        ("2025-01-01", "Tiềm năng", {"stars": None, "nominated_stars": 5}),
        ("2027-01-01", "Ngày mai", {}),
    ):
        product = ProductFactory(published=True, name=name)
        RatingFactory(product=product, decided=day(decided), **values)
    # Valid or not: unknown.
    RatingFactory(product__published=True, product__name="Chưa rõ", decided=span_of(2023))
    for state in (State.DRAFT, State.REVIEW, State.WITHDRAWN):
        for decided in ("2025-01-01", "2023-12-10"):
            product = ProductFactory(state=state, name="Bí mật")
            RatingFactory(product=product, decided=day(decided))
        IpRightFactory(state=state, name="Bí mật", granted=day("2025-01-01"))
    IpRightFactory(published=True, name="Mật nho", granted=day("2024-05-06"))
    geographical = "geographical_indication"
    IpRightFactory(published=True, name="Rượu", granted=span_of(2025), kind=geographical)
    IpRightFactory(published=True, name="Đã qua", granted=span_of(2008))
    IpRightFactory(published=True, name="Đang xin", stage="pending")
    IpRightFactory(published=True, name="Không rõ ngày", kind=geographical)


def test_newly_rated_are_valid_ratings_latest_first(client, records):
    assert titles(client, "newly-rated") == [
        "Tỏi – 3 sao",
        "Nho & <táo> – 4 sao",
        "Măng tây – 3 sao",
        "Nha đam – 3 sao",
    ]


def test_expiring_are_ratings_that_end_within_90_days_first_to_end_first(client, records, on_day):
    assert titles(client, "expiring") == [
        "Nha đam – Sắp hết hạn: 30/11/2026",
        "Măng tây – Sắp hết hạn: 10/12/2026",
    ]


def test_what_has_ended_leaves_the_feed_by_the_calendar_alone(client, records, on_day):
    before = client.get("/feeds/expiring.json")
    on_day("2026-12-01")

    response = client.get("/feeds/expiring.json", headers={"If-None-Match": before["ETag"]})

    assert [item["title"] for item in response.json()["items"]] == [
        "Măng tây – Sắp hết hạn: 10/12/2026"
    ]


def test_newly_protected_are_granted_rights_latest_first(client, records):
    assert titles(client, "newly-protected") == [
        "Rượu – chỉ dẫn địa lý",
        "Mật nho – nhãn hiệu chứng nhận",
    ]


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("name", FEEDS)
def test_no_feed_contains_what_is_not_public(client, records, name, prefix):
    for extension in ("atom", "json"):
        body = client.get(f"{prefix}/feeds/{name}.{extension}").content.decode()
        assert "Bí mật" not in body


@pytest.mark.parametrize("name", FEEDS)
@pytest.mark.parametrize("prefix", ["", "/en"])
@override_settings(SITE_URL="https://ocop.example.org")
def test_feeds_have_the_members_that_their_formats_require(client, records, name, prefix):
    site = "https://ocop.example.org"
    feed = json_of(client, name, prefix)

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["feed_url"] == f"{site}{prefix}/feeds/{name}.json"
    assert feed["language"] == (prefix.strip("/") or "vi")
    assert feed["items"]
    for item in feed["items"]:
        assert item["id"].startswith("tag:ocop.example.org,2026:")
        assert item["url"].startswith(f"{site}{prefix}/")
        assert item["content_text"]
        assert datetime.datetime.fromisoformat(item["date_modified"]).tzinfo

    atom = atom_of(client, name, prefix)
    assert atom.tag == f"{ATOM}feed"
    assert atom.findtext(f"{ATOM}id") == f"{site}{prefix}/feeds/{name}.atom"
    assert atom.find(f"{ATOM}link[@rel='self']").get("href") == atom.findtext(f"{ATOM}id")
    assert atom.findtext(f"{ATOM}title") == feed["title"]
    assert atom.findtext(f"{ATOM}author/{ATOM}name")
    entries = atom.findall(f"{ATOM}entry")
    updated = [datetime.datetime.fromisoformat(one.findtext(f"{ATOM}updated")) for one in entries]
    assert datetime.datetime.fromisoformat(atom.findtext(f"{ATOM}updated")) == max(updated)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert ids == [item["id"] for item in feed["items"]]
    assert len(set(ids)) == len(ids)
    links = [entry.find(f"{ATOM}link[@rel='alternate']").get("href") for entry in entries]
    assert links == [item["url"] for item in feed["items"]]


def test_the_text_of_an_entry_is_escaped_once(client, records):
    (in_json,) = [
        item["content_text"]
        for item in json_of(client, "newly-rated")["items"]
        if "táo" in item["title"]
    ]
    summaries = [one.text for one in atom_of(client, "newly-rated").iter(f"{ATOM}summary")]

    assert in_json.startswith("Nho & <táo>, ")
    assert in_json.endswith("Còn hiệu lực đến 10/12/2027. Ngày quyết định: 10/12/2024.")
    # As HTML, which Atom declares it to be.
    assert any(text.startswith("Nho &amp; &lt;táo&gt;, ") for text in summaries)


def test_a_change_of_a_product_changes_the_time_of_its_entry_and_not_its_id(
    client, on_day, clear_caches
):
    on_day(DAY)
    rating = RatingFactory(product__published=True, decided=day("2024-12-10"))
    (before,) = json_of(client, "newly-rated")["items"]
    rating.product.name = "Tên khác"
    rating.product.save()
    rating.decided = day("2024-12-11")
    rating.save()
    # The changes until here are listed before the next, which is of a part of the product.
    json_of(client, "newly-rated")
    Change.objects.create(
        revision=1,
        collection="products",
        feature_id=rating.product.code,
        op="update",
        at=timezone.make_aware(datetime.datetime(2030, 5, 4, 18)),
    )
    clear_caches()

    (after,) = json_of(client, "newly-rated", "/en")["items"]

    assert after["id"] == before["id"]
    assert after["title"] != before["title"]
    assert after["date_modified"] == "2030-05-04T18:00:00+07:00"


def test_an_expiring_rating_is_new_on_the_day_on_which_it_began_to_expire(client, on_day):
    # Later than the clock of the database, with which the change of the product is recorded.
    on_day("2030-05-01")
    RatingFactory(product__published=True, decided=day("2027-06-01"))

    (item,) = json_of(client, "expiring")["items"]

    # 90 days before 1 June 2030.
    assert item["date_modified"] == "2030-03-03T00:00:00+07:00"


def test_an_empty_feed_is_valid_and_as_old_as_the_data(client):
    for name in FEEDS:
        assert json_of(client, name)["items"] == []
        atom = atom_of(client, name)
        assert datetime.datetime.fromisoformat(atom.findtext(f"{ATOM}updated"))


@pytest.mark.parametrize("address", ["/feeds/x.atom", "/feeds/expiring.rss", "/feeds/"])
def test_other_feeds_do_not_exist(client, address):
    assert client.get(address).status_code == 404


def test_a_feed_is_read_again_only_after_a_change(client, records):
    for name in FEEDS:
        for extension in ("atom", "json"):
            address = f"/feeds/{name}.{extension}"
            response = client.get(address)
            again = client.get(address, headers={"If-None-Match": response["ETag"]})
            assert again.status_code == 304
            assert not response.has_header("Last-Modified")
            assert not response.cookies


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_pages_name_the_feeds_in_their_language(client, prefix):
    pattern = r'<link rel="alternate" href="([^"]+)" type="([^"]+)" title="[^"]+">'
    for page in ("/", "/bao-ho/", "/du-lieu-mo/"):
        found = re.findall(pattern, client.get(prefix + page).content.decode())
        assert found == [
            (f"{prefix}/feeds/{name}.{extension}", f"application/{media_type}+{suffix}")
            for name in FEEDS
            for extension, media_type, suffix in (("atom", "atom", "xml"), ("json", "feed", "json"))
        ]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_has_as_many_queries_for_three_entries_as_for_one(client, on_day, name, count):
    on_day(DAY)
    for _ in range(count):
        RatingFactory(product__published=True, decided=day("2023-12-10"))
        IpRightFactory(published=True, granted=day("2024-01-01"))

    with CaptureQueriesContext(connection) as queries:
        assert len(json_of(client, name)["items"]) == count

    # The revision, and the entries.
    assert len(queries) == 2
