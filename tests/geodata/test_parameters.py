"""An unknown, repeated, empty or invalid parameter is a 400 that states which and why."""

import base64
import json

import pytest

from geodata.ogc import parameters
from geodata.ogc.paging import decode_cursor, encode_cursor
from tests.factories import ProductFactory, UnitFactory, square

pytestmark = pytest.mark.django_db


def wrong(response):
    """The parameters that a problem names."""
    assert response.status_code == 400, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["title"]) == (400, "Bad Request")
    assert all(error["detail"] for error in body["errors"])
    return [error["parameter"] for error in body["errors"]]


# --- limit ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["0", "-1", "abc", "1.5", "+1", "1e3", "%201", "１", "0x10", "-" + "9" * 19, "00"]
)
def test_a_limit_that_is_not_a_positive_integer_is_refused(items, text):
    assert wrong(items("communes", f"limit={text}")) == ["limit"]


@pytest.mark.parametrize(
    ("text", "returned"),
    [("1", 1), ("002", 2), ("3", 3), ("4", 3), ("9" * 19, 3), ("1" + "0" * 5000, 3)],
)
def test_a_page_has_at_most_the_requested_number_of_features(items, text, returned):
    for code in ("82738", "82741", "82744"):
        UnitFactory(code=code)

    answer = items("communes", f"limit={text}").json()

    assert (answer["numberMatched"], answer["numberReturned"]) == (3, returned)
    assert len(answer["features"]) == returned


def test_a_page_has_100_features_by_default_and_10000_at_most(items, monkeypatch):
    """Larger values are cut, not refused: /req/core/fc-limit-response-1."""
    assert (parameters.DEFAULT_LIMIT, parameters.MAX_LIMIT) == (100, 10_000)
    assert parameters.limit("10001") == 10_000
    assert parameters.limit("1" + "0" * 18) == 10_000

    for number in range(101):
        UnitFactory(code=f"{10000 + number}")

    assert items("communes").json()["numberReturned"] == 100


# --- unknown, repeated, empty --------------------------------------------------------------


@pytest.mark.parametrize(
    ("collection", "query", "names"),
    [
        ("communes", "colour=red", ["colour"]),
        ("communes", "LIMIT=1", ["LIMIT"]),
        ("communes", "=1", [""]),
        ("communes", "limit=1&limit=2", ["limit"]),
        ("communes", "code=82738&code=82741", ["code"]),
        ("communes", "limit=", ["limit"]),
        ("communes", "code=", ["code"]),
        ("communes", "code=%20", ["code"]),
        ("communes", "bbox", ["bbox"]),
        ("communes", "f=xml", ["f"]),
        # REST framework would take this one for itself.
        ("communes", "format=xml", ["format"]),
        ("communes", "format=json", ["format"]),
        ("communes", "f=geojson", ["f"]),
        # Products have no such property, though communes have.
        ("products", "parent_code=58", ["parent_code"]),
        ("products", "rated_from=2024", ["rated_from"]),
        ("products", "updated_at=2024-01-01", ["updated_at"]),
        ("producers", "products=nhieu", ["products"]),
        ("producers", "products=99999999999999999999", ["products"]),
        ("communes", "area_km2=1e999", ["area_km2"]),
        ("communes", "q=nho", ["q"]),
        ("products", "geometry=outline", ["geometry"]),
        ("communes", "geometry=exact", ["geometry"]),
        ("products", "q=%20", ["q"]),
        ("products", "stars=2", ["stars"]),
        ("products", "stars=6", ["stars"]),
        ("products", "stars=abc", ["stars"]),
        ("products", "stars=NaN", ["stars"]),
        ("products", "stars=3.5", ["stars"]),
        ("products", "stars=1e999999", ["stars"]),
        ("products", "sector=mining", ["sector"]),
        ("products", "ocop_status=great", ["ocop_status"]),
        ("products", "position=guess", ["position"]),
        ("producers", "kind=club", ["kind"]),
        ("protections", "kind=club", ["kind"]),
        ("protections", "status=maybe", ["status"]),
        # What is no property of a public feature is no parameter either.
        ("products", "state=draft", ["state"]),
        ("products", "note=x", ["note"]),
        ("products", "producer__phone=1", ["producer__phone"]),
        ("products", "search_text__contains=x", ["search_text__contains"]),
    ],
)
def test_an_invalid_parameter_is_named(items, collection, query, names):
    ProductFactory(published=True)

    assert wrong(items(collection, query)) == names


@pytest.mark.parametrize(
    ("collection", "name"),
    [
        ("communes", "code"),
        ("communes", "bbox"),
        ("communes", "datetime"),
        ("communes", "limit"),
        ("communes", "cursor"),
        ("communes", "f"),
        ("products", "q"),
        ("products", "commune_code"),
        ("products", "sector"),
        ("products", "stars"),
    ],
)
@pytest.mark.parametrize("text", ["%00", "a%00b"])
def test_a_nul_byte_is_refused_wherever_it_comes(items, collection, name, text):
    assert wrong(items(collection, f"{name}={text}")) == [name]


@pytest.mark.parametrize("query", ["%00=1", "co%00de=1"])
def test_a_nul_byte_in_a_name_is_refused(items, query):
    assert len(wrong(items("communes", query))) == 1


def test_all_invalid_parameters_are_reported_at_once(items):
    response = items("products", "limit=0&bbox=1,2,3&datetime=x&stars=9&colour=red&q=a&q=b&sector=")

    assert sorted(wrong(response)) == [
        "bbox",
        "colour",
        "datetime",
        "limit",
        "q",
        "sector",
        "stars",
    ]


def test_a_problem_is_in_the_requested_language(items):
    detail = items("communes", "limit=0").json()["errors"][0]["detail"]

    assert detail == "Cần một số nguyên từ 1 trở lên."


@pytest.mark.parametrize("query", ["f=json", "", "&", "code=82738&"])
def test_harmless_requests_are_accepted(items, query):
    UnitFactory(code="82738")

    assert items("communes", query).json()["numberReturned"] == 1


# --- cursor --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "!!!",
        "%C3%A1%C3%A1%C3%A1%C3%A1",
        # A zero byte, half a surrogate pair, no UTF-8.
        "AAAA",
        "7aCA",
        "____",
        "%20",
        "=",
    ],
)
def test_a_cursor_that_was_never_issued_is_refused(items, text):
    UnitFactory(code="82738")

    assert wrong(items("communes", f"cursor={text}")) == ["cursor"]


@pytest.mark.parametrize("key", ["0", "é", "z'\"; --", "[" * 1500, "{}", "%"])
def test_a_forged_cursor_does_no_harm(items, key):
    UnitFactory(code="82738")

    response = items("communes", f"cursor={encode_cursor([key])}")

    assert response.status_code == 200
    assert response.json()["numberMatched"] == 1


@pytest.mark.parametrize(
    "values",
    [
        [],
        [1],
        [None],
        ["82738", "82738"],
        [["82738"]],
        {"key": "82738"},
        "82738",
        ["\ud800"],
        ["a\x00b"],
        [float("nan")],
        ["x" * 5000],
    ],
    ids=str,
)
def test_a_cursor_that_does_not_fit_the_order_is_refused(items, values):
    UnitFactory(code="82738")
    text = json.dumps(values).encode()

    cursor = base64.urlsafe_b64encode(text).decode().rstrip("=")

    assert wrong(items("communes", f"cursor={cursor}")) == ["cursor"]


@pytest.mark.parametrize(
    ("order", "values"),
    [
        ("stars", '[Infinity, "A"]'),
        ("stars", '[-Infinity, "A"]'),
        ("stars", '[NaN, "A"]'),
        ("stars", '[1e999, "A"]'),
        ("stars", f'[{10**30}, "A"]'),
        ("stars", '[3.5, "A"]'),
        ("stars", '[true, "A"]'),
        # More digits than Python reads.
        ("stars", f'[{"9" * 5000}, "A"]'),
        ("updated_at", '["2024-02-29", "A"]'),
        ("updated_at", '["2024-02-29T00:00:00", "A"]'),
        ("updated_at", '[20250630, "A"]'),
        ("rated_from", '["2025-02-30", "A"]'),
        ("rated_from", '["2024-02-29T00:00:00+07:00", "A"]'),
    ],
)
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_cursor_with_a_value_that_its_property_cannot_have_is_refused(items, sign, order, values):
    ProductFactory(published=True)
    cursor = base64.urlsafe_b64encode(values.encode()).decode().rstrip("=")

    assert wrong(items("products", f"sortby={sign}{order}&cursor={cursor}")) == ["cursor"]


@pytest.mark.parametrize("number", [f"{10**400}", "1e999", "NaN", "true", '"x"'])
def test_a_cursor_with_no_number_for_an_area_is_refused(items, number):
    UnitFactory(code="82738")
    cursor = base64.urlsafe_b64encode(f'[{number}, "A"]'.encode()).decode().rstrip("=")

    assert wrong(items("communes", f"sortby=area_km2&cursor={cursor}")) == ["cursor"]


def test_a_cursor_of_a_thousand_brackets_is_refused(items):
    cursor = base64.urlsafe_b64encode(b"[" * 2900).decode().rstrip("=")

    assert wrong(items("communes", f"cursor={cursor}")) == ["cursor"]


@pytest.mark.parametrize("values", [["82738"], ["é", None, 3, "MAU-SP-001"], [2.5, "x"]])
def test_a_cursor_decodes_to_what_was_encoded(values):
    assert decode_cursor(encode_cursor(values)) == values


# --- filters -------------------------------------------------------------------------------


def test_units_are_filtered_by_their_properties(items):
    province = UnitFactory(code="99")
    district = UnitFactory(code="992", parent=province, kind="thành phố")
    UnitFactory(code="994", parent=province)
    UnitFactory(code="82738", parent=district, kind="phường")
    UnitFactory(code="82810")

    def found(collection, query):
        return [feature["id"] for feature in items(collection, query).json()["features"]]

    assert found("districts", "kind=th%C3%A0nh%20ph%E1%BB%91") == ["992"]
    assert found("districts", "code=994") == ["994"]
    assert found("communes", "parent_code=992") == ["82738"]
    assert found("communes", "parent_code=992&kind=x%C3%A3") == []
    assert found("communes", "code=82810") == ["82810"]
    assert found("communes", "code=2281") == []
    assert found("communes", "code=82810'%20OR%201=1--") == []


def test_the_outline_is_returned_on_request(items):
    unit = UnitFactory(code="82738", area=square(109, 11.5))
    unit.boundary.outline = square(109, 11.5, 0.05)
    unit.boundary.save()

    def corner(query):
        (feature,) = items("communes", query).json()["features"]
        return max(feature["geometry"]["coordinates"][0][0])

    assert corner("") == [109.1, 11.6]
    assert corner("geometry=outline") == [109.05, 11.55]


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Z", "%2B07:00", "%2B18:06", "-23:59"])
def test_a_date_time_may_have_any_offset(items, zone):
    assert items("products", f"updated_at=2024-02-29T00:00:00{zone}").status_code == 200
