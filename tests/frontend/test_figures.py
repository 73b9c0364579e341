"""Every number of the figures is the number of the list behind it, and counted by hand as well."""

import csv
import datetime
import io
import json
import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.html import escape

from frontend.statistics import FIGURES
from geodata.models import Revision
from geodata.spans import day_span, span, span_of
from products.register.states import State
from tests.factories import (
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    RatingFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db

IDS = [figure.id for figure in FIGURES]
DAY = "2026-11-23"


def figure(client, id):
    response = client.get(f"/thong-ke/{id}.json")
    assert response.status_code == 200
    return response.json()


def told(client, id):
    """Value → number, as the figure's file tells it."""
    return {row["value"]: row["count"] for row in figure(client, id)["rows"]}


def matched(client, address):
    parts = urlsplit(address)
    response = client.get(f"{parts.path}?{parts.query}{'&' if parts.query else ''}limit=1")
    assert response.status_code == 200
    return response.json()["numberMatched"]


# --- the shipped data ----------------------------------------------------------------------


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("id", IDS)
def test_each_number_is_that_of_its_address_in_the_api(client, on_day, id):
    on_day(DAY)
    document = figure(client, id)

    rows = document["rows"]
    assert [row["count"] for row in rows] == [matched(client, row["url"]) for row in rows]
    whole = matched(client, f"{document['collection']}/items")
    assert sum(row["count"] for row in rows) == document["total"] == whole


# Written by hand from the tables; of the shipped products each has one rating at most.
RATED = """
    ocop_product p LEFT JOIN ocop_ocoprating r
    ON r.product_id = p.id AND NOT (r.stars IS NULL AND r.nominated_stars IS NOT NULL)
"""
HOLDS = "lower(r.decided) + interval '36 months' >= date '2026-11-23'"
BY_HAND = {
    "districts": """
        SELECT u.code, (SELECT count(*) FROM ocop_product p
                        WHERE p.district_id = u.id AND p.state = 'published')
        FROM districts_unit u WHERE length(u.code) = 3
        UNION ALL
        SELECT NULL, count(*) FROM ocop_product
        WHERE district_id IS NULL AND state = 'published'
    """,
    "communes": """
        SELECT u.code, (SELECT count(*) FROM ocop_product p
                        WHERE p.commune_id = u.id AND p.state = 'published')
        FROM districts_unit u WHERE length(u.code) = 5 AND upper(u.validity) IS NULL
        UNION ALL
        SELECT NULL, count(*) FROM ocop_product
        WHERE commune_id IS NULL AND state = 'published'
    """,
    "groups": """
        SELECT c.code, (SELECT count(*) FROM ocop_product p
                        WHERE p.category_id = c.id AND p.state = 'published')
        FROM register_category c WHERE c.scheme = 'QD148'
    """,
    "stars": f"""
        SELECT s, (SELECT count(*) FROM {RATED} WHERE state = 'published' AND stars = s AND {HOLDS})
        FROM generate_series(3, 5) s
        UNION ALL
        SELECT NULL, count(*) FROM {RATED}
        WHERE state = 'published' AND (stars IS NOT NULL AND {HOLDS}) IS NOT TRUE
    """,
    "years": f"""
        SELECT CASE WHEN r.id IS NULL THEN NULL
               WHEN lower(decided) IS NULL THEN '../' || extract(year FROM upper(decided) - 1)
               ELSE extract(year FROM lower(decided))::text END, count(*)
        FROM {RATED} WHERE state = 'published' GROUP BY 1
    """,
    "sectors": """
        SELECT nullif(sector, ''), count(*) FROM ocop_product
        WHERE state = 'published' GROUP BY 1
    """,
    "producers": """
        SELECT nullif(kind, ''), count(*) FROM register_producer
        WHERE state = 'published' GROUP BY 1
    """,
    "right-kinds": """
        SELECT kind, count(*) FROM rights_ipright WHERE state = 'published' GROUP BY 1
    """,
    "right-statuses": """
        SELECT CASE WHEN stage <> 'registered' THEN stage
               WHEN kind = 'geographical_indication' THEN 'in_force'
               WHEN coalesce(expires, coalesce(upper(filed), upper(granted)) - 1
                    + interval '10 years') < date '2026-11-23' THEN 'renewal_unknown'
               ELSE 'unknown' END, count(*)
        FROM rights_ipright WHERE state = 'published' GROUP BY 1
    """,
}


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("id", BY_HAND)
def test_the_shipped_data_counted_by_hand(client, on_day, id):
    on_day(DAY)
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND[id])
        by_hand = dict(cursor.fetchall())

    assert told(client, id) == by_hand


@pytest.mark.usefixtures("shipped")
def test_the_hand_count_of_statuses_on_23_november_2026(client, on_day):
    on_day(DAY)

    assert told(client, "statuses") == {
        "valid": 11,
        "expiring": 0,
        "expired": 18,
        "unknown": 26,
        "none": 7,
        "revoked": 0,
    }


@pytest.mark.usefixtures("shipped")
def test_the_page_shows_what_the_files_tell_and_each_number_leads_to_its_list(client):
    body = client.get("/thong-ke/").content.decode()

    tables = re.findall(r"<table.*?</table>", body, re.DOTALL)
    assert len(tables) == len(IDS)
    for id, table in zip(IDS, tables, strict=True):
        document = figure(client, id)
        rows = re.findall(
            r'<td class="number">(?:<a href="([^"]+)">(\d+)</a>|<span class="none">0</span>)</td>',
            table,
        )
        expected = [*(row["count"] for row in document["rows"]), document["total"]]
        assert [int(number or 0) for _address, number in rows] == expected
        for (address, number), row in zip(rows, document["rows"], strict=False):
            # The map page where it has such a filter, else the very list of the API.
            items = urlsplit(row["url"])
            assert (
                not number
                or address.startswith("/?")
                or (address == escape(f"{items.path}?{items.query}"))
            )
    on_map = dict.fromkeys(re.findall(r'href="/\?([\w-]+)=', body))
    assert list(on_map) == ["huyen", "xa", "nhom", "sao", "trang-thai", "nganh"]


# --- what could go wrong -------------------------------------------------------------------


def test_nothing_is_counted_that_is_not_public(client):
    for state in State:
        reason = {"state_reason": "đóng cửa"} if state == State.WITHDRAWN else {}
        ProductFactory(state=state, sector="crops", **reason)
        ProducerFactory(state=state, kind="household", **reason)
        IpRightFactory(state=state, **reason)

    assert [figure(client, id)["total"] for id in IDS] == [1] * len(IDS)


SPANS = {
    "2023": [span_of(2023), day_span(datetime.date(2023, 12, 31)), span_of(2023, 5)],
    # Thirty-six months later there is no such day.
    "2024": [day_span(datetime.date(2024, 2, 29))],
    "2022/2023": [span(datetime.date(2022, 12, 31), datetime.date(2023, 1, 2))],
    "../2023": [span(None, datetime.date(2024, 1, 1))],
    "../2022": [span(None, datetime.date(2022, 10, 1))],
    "2023/..": [span(datetime.date(2023, 1, 1), None)],
    "../..": [span(None, None)],
}


def test_a_rating_has_a_year_only_where_its_day_is_known_to_lie_in_it(client, on_day):
    on_day(DAY)
    for spans in SPANS.values():
        for decided in spans:
            RatingFactory(decided=decided, product__published=True)
    RatingFactory(stars=None, nominated_stars=5, product__published=True)
    ProductFactory(published=True)

    document = figure(client, "years")

    expected = {value: len(spans) for value, spans in SPANS.items()}
    assert {row["value"]: row["count"] for row in document["rows"]} == {**expected, None: 2}
    for row in document["rows"]:
        assert matched(client, row["url"]) == row["count"]
    names = {row["value"]: row["name"] for row in document["rows"]}
    assert names["2023"] == "2023"
    assert names["../2022"] == "chưa rõ năm, muộn nhất 2022"
    assert names["../.."] == "chưa rõ năm"


def test_what_has_no_value_is_told_last_and_a_value_of_elsewhere_too(client):
    elsewhere = UnitFactory(code="999", name="Nơi khác")
    ProductFactory(published=True, declared_district=elsewhere)
    ProductFactory(published=True)

    rows = figure(client, "districts")["rows"]

    assert [(row["value"], row["name"], row["count"]) for row in rows] == [
        ("999", "999", 1),
        (None, "chưa rõ huyện", 1),
    ]


def test_without_data_the_page_says_so(client):
    body = client.get("/thong-ke/").content.decode()

    assert body.count("Chưa có gì được công bố.") == len(IDS)
    assert "<table" not in body


# --- files ---------------------------------------------------------------------------------


def test_a_csv_opens_in_excel_and_in_a_program(client, on_day):
    on_day(DAY)
    ProductFactory(published=True)

    response = client.get("/thong-ke/statuses.csv")

    text = response.content.decode()
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="statuses.csv"'
    assert text.startswith("\ufeffdate,value,name,count,url\r\n")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[5][:4] == [DAY, "none", "Chưa được xếp hạng", "1"]
    assert matched(client, rows[5][4]) == 1


def test_a_name_does_not_become_a_formula(client):
    province = UnitFactory(code="58")
    UnitFactory(code="586", kind="=1+1", name="Ninh Hải", parent=province)
    ProductFactory(published=True)

    text = client.get("/thong-ke/districts.csv").content.decode()

    assert ",586,'=1+1 Ninh Hải,0," in text


@pytest.mark.parametrize("address", ["/thong-ke/xa.csv", "/thong-ke/xa.json", "/thong-ke/xa"])
def test_a_figure_that_there_is_not_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_search_engines_are_told_of_each_figure_and_its_files(client):
    body = client.get("/thong-ke/").content.decode()

    (document,) = re.findall('<script type="application/ld.json">(.*?)</script>', body)
    told = {data["url"]: data for data in json.loads(document)["@graph"]}
    assert list(told) == [f"{settings.SITE_URL}/thong-ke/#{id}" for id in IDS]
    for id, data in zip(IDS, told.values(), strict=True):
        assert f'id="{id}">{data["name"]}</h2>' in body
        for file in data["distribution"]:
            response = client.get(file["contentUrl"].removeprefix(settings.SITE_URL))
            assert response["Content-Type"].startswith(file["encodingFormat"])


# --- what a browser keeps ------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/thong-ke/", "/thong-ke/stars.csv", "/thong-ke/stars.json"])
def test_a_page_is_sent_again_only_when_data_day_or_language_have_changed(client, on_day, address):
    on_day(DAY)
    first = client.get(address)

    def again(**headers):
        return client.get(address, headers={"If-None-Match": first["ETag"], **headers})

    assert first["Cache-Control"] == "no-cache"
    assert (again().status_code, again().content) == (304, b"")
    # With a policy of its own it would forbid the scripts of the page that the browser has.
    assert "Content-Security-Policy" not in again()
    assert client.get(f"/en{address}", headers={"If-None-Match": first["ETag"]}).status_code == 200
    on_day("2026-11-24")
    assert again().status_code == 200
    on_day(DAY)
    Revision.objects.create(pk=1, number=2, changed_at=timezone.now())
    assert again().status_code == 200
