"""Every number of the statistics equals the length of its list and an independent SQL count."""

import csv
import datetime
import io
import json
import re
from collections import Counter
from html import unescape
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from frontend.charts import classes, shade_of
from frontend.statistics import CROSS_STATISTICS, STATISTICS
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

IDS = [statistic.id for statistic in STATISTICS]
CROSSED = [statistic.id for statistic in CROSS_STATISTICS]
DAY = "2026-11-23"


def document(client, id):
    """The JSON file of a statistic."""
    response = client.get(f"/thong-ke/{id}.json")
    assert response.status_code == 200
    return response.json()


def numbers(client, id):
    """Value → number, from the JSON file of a statistic."""
    return {row["value"]: row["count"] for row in document(client, id)["rows"]}


def matched(client, address):
    parts = urlsplit(address)
    response = client.get(f"{parts.path}?{parts.query}{'&' if parts.query else ''}limit=1")
    assert response.status_code == 200
    return response.json()["numberMatched"]


# --- the shipped data ----------------------------------------------------------------------


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("id", IDS)
def test_every_number_equals_the_number_matched_by_its_api_url(client, on_day, id):
    on_day(DAY)
    statistic = document(client, id)

    rows = statistic["rows"]
    assert [row["count"] for row in rows] == [matched(client, row["url"]) for row in rows]
    whole = matched(client, f"{statistic['collection']}/items")
    assert sum(row["count"] for row in rows) == statistic["total"] == whole


# Independent queries; every shipped product has at most one rating.
RATED = """
    ocop_product p LEFT JOIN ocop_ocoprating r
    ON r.product_id = p.id AND NOT (r.stars IS NULL AND r.nominated_stars IS NOT NULL)
"""
HOLDS = "lower(r.decided) + interval '36 months' >= date '2026-11-23'"
SQL_COUNTS = {
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
               WHEN expires >= date '2026-11-23' THEN 'in_force'
               WHEN coalesce(expires, coalesce(upper(filed), upper(granted)) - 1
                    + interval '10 years') < date '2026-11-23' THEN 'renewal_unknown'
               ELSE 'unknown' END, count(*)
        FROM rights_ipright WHERE state = 'published' GROUP BY 1
    """,
}


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("id", SQL_COUNTS)
def test_the_numbers_equal_independent_sql_counts(client, on_day, id):
    on_day(DAY)
    with connection.cursor() as cursor:
        cursor.execute(SQL_COUNTS[id])
        expected = dict(cursor.fetchall())

    assert numbers(client, id) == expected


@pytest.mark.usefixtures("shipped")
def test_the_status_counts_of_23_november_2026(client, on_day):
    on_day(DAY)

    assert numbers(client, "statuses") == {
        "valid": 11,
        "expiring": 0,
        "expired": 19,
        "unknown": 27,
        "none": 7,
        "revoked": 0,
    }


def section(body, id):
    """The section of the page with this statistic."""
    return re.search(
        rf'<section class="statistic" aria-labelledby="{id}">.*?</section>', body, re.S
    )[0]


def linked_numbers(html):
    """[(address, number)] of the links whose text is a number."""
    return re.findall(r'<a [^>]*?href="([^"]+)"[^>]*>(?:<span>[^<]+</span> <strong>)?(\d+)<', html)


@pytest.mark.usefixtures("shipped")
def test_the_page_shows_the_numbers_of_the_files_and_links_each_to_its_list(client, on_day):
    on_day(DAY)
    body = client.get("/thong-ke/").content.decode()

    for id in IDS:
        statistic = document(client, id)
        found = linked_numbers(section(body, id))
        if id != "term-ends":
            assert [int(number) for _address, number in found] == [
                *(row["count"] for row in statistic["rows"] if row["count"]),
                statistic["total"],
            ]
        items = {urlsplit(row["url"]).query: row["count"] for row in statistic["rows"]}
        for address, number in found[:-1]:
            # The map page if it has such a filter, else the list of the API.
            if not address.startswith("/?"):
                assert items[unescape(urlsplit(address).query)] == int(number)
    on_map = dict.fromkeys(re.findall(r'href="/\?([\w-]+)=', body))
    assert list(on_map) == ["trang-thai", "huyen", "nhom", "xa", "sao", "nganh"]
    # Values without any feature are folded.
    assert "Thuận Nam" in re.search("<details.*?</details>", section(body, "districts"), re.S)[0]


@pytest.mark.usefixtures("shipped")
def test_the_headlines_are_the_numbers_of_their_lists(client, on_day):
    on_day(DAY)
    body = client.get("/thong-ke/").content.decode()
    headlines = re.search('<ul class="headlines">.*?</ul>', body, re.S)[0]

    found = re.findall(r'(?:href="([^"]+)"|<p)><strong>(\d+)<', headlines)
    assert [int(number) for _address, number in found] == [
        document(client, "statuses")["total"],
        numbers(client, "statuses")["valid"],
        0,
        numbers(client, "statuses")["unknown"],
        document(client, "producers")["total"],
        numbers(client, "right-statuses")["in_force"],
    ]
    # A number of 0 opens no list; the last list has as many rights as its number.
    assert [address for address, number in found if number == "0"] == [""]
    rights = client.get(found[-1][0]).content.decode()
    assert rights.count('class="register-name"') == int(found[-1][1])


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("id", CROSSED)
def test_a_table_of_two_properties_adds_up_to_both(client, on_day, id):
    on_day(DAY)
    down, across = id.split("-")
    statistic = document(client, id)

    rows = statistic["rows"]
    assert [row["count"] for row in rows] == [matched(client, row["url"]) for row in rows]
    for name, property in ((down, "value"), (across, "ocop_status")):
        sums = Counter()
        for row in rows:
            sums[row[property]] += row["count"]
        assert sums == numbers(client, name)
    # On the page each number is once in its row, once at the end of it, and once in the totals.
    cells = linked_numbers(section(client.get("/thong-ke/").content.decode(), id))
    assert sum(int(number) for _address, number in cells) == 4 * statistic["total"]


# --- edge cases ----------------------------------------------------------------------------


def test_only_public_records_are_counted(client):
    for state in State:
        reason = {"state_reason": "đóng cửa"} if state == State.WITHDRAWN else {}
        ProductFactory(state=state, sector="crops", **reason)
        ProducerFactory(state=state, kind="household", **reason)
        IpRightFactory(state=state, **reason)

    assert [document(client, id)["total"] for id in IDS] == [1] * len(IDS)


SPANS = {
    "2023": [span_of(2023), day_span(datetime.date(2023, 12, 31)), span_of(2023, 5)],
    # Thirty-six months later this day does not exist.
    "2024": [day_span(datetime.date(2024, 2, 29))],
    "2022/2023": [span(datetime.date(2022, 12, 31), datetime.date(2023, 1, 2))],
    "../2023": [span(None, datetime.date(2024, 1, 1))],
    "../2022": [span(None, datetime.date(2022, 10, 1))],
    "2023/..": [span(datetime.date(2023, 1, 1), None)],
    "../..": [span(None, None)],
}


def test_a_rating_is_counted_in_a_year_only_if_its_decision_is_known_to_be_in_it(client, on_day):
    on_day(DAY)
    for spans in SPANS.values():
        for decided in spans:
            RatingFactory(decided=decided, product__published=True)
    RatingFactory(stars=None, nominated_stars=5, product__published=True)
    ProductFactory(published=True)

    statistic = document(client, "years")

    expected = {value: len(spans) for value, spans in SPANS.items()}
    assert {row["value"]: row["count"] for row in statistic["rows"]} == {**expected, None: 2}
    for row in statistic["rows"]:
        assert matched(client, row["url"]) == row["count"]
    names = {row["value"]: row["name"] for row in statistic["rows"]}
    assert names["2023"] == "2023"
    assert names["../2022"] == "chưa rõ năm, muộn nhất 2022"
    assert names["../.."] == "chưa rõ năm"


ENDS = {
    "2026-09": [day_span(datetime.date(2023, 9, 1)), span_of(2023, 9)],
    # Thirty-six months later this day does not exist.
    "2027-02": [day_span(datetime.date(2024, 2, 29))],
    "2026-09/2026-10": [span(datetime.date(2023, 9, 30), datetime.date(2023, 10, 2))],
    "2026-01/2026-12": [span_of(2023)],
    "2025-12/2026-01": [span(datetime.date(2022, 12, 31), datetime.date(2023, 1, 2))],
    "../2026-12": [span(None, datetime.date(2024, 1, 1))],
    "2026-01/..": [span(datetime.date(2023, 1, 1), None)],
    "../..": [span(None, None)],
}


def test_a_rating_ends_in_a_month_only_if_its_decision_is_known_to_be_in_one(client, on_day):
    on_day(DAY)
    for spans in ENDS.values():
        for decided in spans:
            RatingFactory(decided=decided, product__published=True)
    # Revoked: it does not end by the calendar.
    day = datetime.date(2025, 1, 1)
    RatingFactory(decided=span_of(2024, 5), product__published=True, revoked_on=day)
    ProductFactory(published=True)

    statistic = document(client, "term-ends")

    expected = {value: len(spans) for value, spans in ENDS.items()}
    found = {row["value"]: row["count"] for row in statistic["rows"]}
    assert found == {**expected, None: 1, "revoked": 1}
    for row in statistic["rows"]:
        assert (row["value"], matched(client, row["url"])) == (row["value"], row["count"])
    # The months of a year are listed if one of them is known; all of it belongs to its last year.
    body = section(client.get("/thong-ke/").content.decode(), "term-ends")
    years = re.findall(r"<h3>(\S+)(?: rõ năm)? <small>(\d+) xếp", body)
    assert years == [("2026", "6"), ("2027", "1"), ("chưa", "2")]
    assert re.findall(r"<span>(tháng \d+)</span> <strong>(\d)<", body) == [
        ("tháng 9", "2"),
        ("tháng 2", "1"),
    ]


def test_unknown_units_and_missing_values_have_rows_at_the_end(client):
    other = UnitFactory(code="999", name="Nơi khác")
    ProductFactory(published=True, declared_district=other)
    ProductFactory(published=True)

    rows = document(client, "districts")["rows"]

    assert [(row["value"], row["name"], row["count"]) for row in rows] == [
        ("999", "999", 1),
        (None, "chưa rõ huyện", 1),
    ]


def test_the_page_states_that_there_are_no_data(client):
    body = client.get("/thong-ke/").content.decode()

    assert body.count("Chưa có gì được công bố.") == len(IDS) + len(CROSSED)
    assert "<table" not in body


# --- charts --------------------------------------------------------------------------------


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("id", [*IDS, *CROSSED])
def test_a_chart_is_readable_on_its_own(client, on_day, id):
    on_day(DAY)
    response = client.get(f"/thong-ke/{id}.svg")

    root = ElementTree.fromstring(response.content)
    words = " ".join(one.text for one in root.iter("{http://www.w3.org/2000/svg}text"))
    statistic = document(client, id)
    assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert root.find("{http://www.w3.org/2000/svg}title").text == statistic["title"]
    for text in ("23/11/2026", str(settings.SITE_NAME), f"#{id}", "CC\N{NO-BREAK SPACE}BY"):
        assert text in words
    # Every number of the table that is not 0.
    shown = Counter(re.findall(r"\b\d+\b", words))
    if id in IDS:
        counts = [row["count"] for row in statistic["rows"] if row["count"]]
        if id == "term-ends":
            counts = [row["count"] for row in statistic["rows"] if row["value"] and row["count"]]
        assert Counter(map(str, counts)) <= shown
    else:
        totals = Counter()
        for row in statistic["rows"]:
            totals[row["value"]] += row["count"]
        assert sum(totals.values()) > 0
        assert Counter(str(total) for total in totals.values() if total) <= shown
    # Nothing is loaded, and no style that the policy of the site would block.
    body = response.content.decode()
    assert not re.search("<style|<image|style=|xlink|url\\(", body)
    # Inside of the picture.
    width, height = float(root.get("width")), float(root.get("height"))
    for box in root.iter("{http://www.w3.org/2000/svg}rect"):
        if box.get("x"):
            assert float(box.get("x")) + float(box.get("width")) <= width
            assert float(box.get("y")) + float(box.get("height")) <= height


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], []),
        ([0, 0], []),
        ([0, 7], [[7, 7]]),
        ([1, 13, 13, 23], [[1, 12], [13, 22], [23, 23]]),
        # Quantiles, of which two begin with the same number.
        ([1, 1, 1, 1, 1, 2, 3, 4, 5, 60], [[1, 2], [3, 4], [5, 60]]),
    ],
)
def test_the_ranges_of_the_map_follow_each_other(counts, expected):
    assert classes(counts) == expected
    shades = [shade_of(count, expected) for count in sorted(set(counts))]
    assert shades == sorted(shades)
    assert not expected or shades[-1] == 5


# --- files ---------------------------------------------------------------------------------


def test_the_csv_can_be_opened_by_spreadsheets_and_parsers(client, on_day):
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


def test_names_that_look_like_formulas_are_neutralised(client):
    province = UnitFactory(code="99")
    UnitFactory(code="996", kind="=1+1", name="Minh Hải", parent=province)
    ProductFactory(published=True)

    text = client.get("/thong-ke/districts.csv").content.decode()

    assert ",996,'=1+1 Minh Hải,0," in text


@pytest.mark.parametrize(
    "address", ["/thong-ke/xa.csv", "/thong-ke/xa.json", "/thong-ke/xa.svg", "/thong-ke/xa"]
)
def test_an_unknown_statistic_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_every_statistic_has_data_set_metadata_with_its_files(client):
    body = client.get("/thong-ke/").content.decode()

    (json_ld,) = re.findall('<script type="application/ld.json">(.*?)</script>', body)
    data_sets = {data["url"]: data for data in json.loads(json_ld)["@graph"]}
    assert list(data_sets) == [f"{settings.SITE_URL}/thong-ke/#{id}" for id in IDS]
    for id, data in zip(IDS, data_sets.values(), strict=True):
        assert f'id="{id}">{data["name"]}</h2>' in body
        for file in data["distribution"]:
            response = client.get(file["contentUrl"].removeprefix(settings.SITE_URL))
            assert response["Content-Type"].startswith(file["encodingFormat"])


# --- conditional requests ------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/thong-ke/", *(f"/thong-ke/stars.{form}" for form in ("csv", "json", "svg"))]
)
def test_a_page_is_resent_only_if_data_day_or_language_have_changed(client, on_day, address):
    on_day(DAY)
    first = client.get(address)

    def again(**headers):
        return client.get(address, headers={"If-None-Match": first["ETag"], **headers})

    assert first["Cache-Control"] == "no-cache"
    assert (again().status_code, again().content) == (304, b"")
    # The policy of the 304 replaces that of the cached page.
    assert again()["Content-Security-Policy"] == first["Content-Security-Policy"]
    assert client.get(f"/en{address}", headers={"If-None-Match": first["ETag"]}).status_code == 200
    on_day("2026-11-24")
    assert again().status_code == 200
    on_day(DAY)
    Revision.objects.create(pk=1, number=2, changed_at=timezone.now())
    assert again().status_code == 200
