"""Requests that the OpenAPI document allows get the described response; all others get 400.

Schemathesis generates requests for every path with every parameter, the same ones in every run:
they depend on the names of the tests.
"""

import json
import re

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.factories import (
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    RatingFactory,
    UnitFactory,
    at,
    square,
)
from tests.rows import prepared

MADE_UP = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

# What a schema cannot state of a value: bounds that depend on bbox-crs, which end comes first, that
# a name occurs once, how long a month is, which text is a cursor or a filter, which number
# of a change there has been.
BEYOND_SCHEMAS = {"bbox", "datetime", "sortby", "cursor", "filter", "since"}
BEYOND_SCHEMAS |= {"rated_from", "rated_to", "expires"}
BEYOND_SCHEMAS |= {"valid_from", "valid_to", "updated_at"}

pytestmark = pytest.mark.django_db


@prepared
def rows():
    """Of each collection a feature with geometry and one without."""
    for code in ("996", "82846"):
        UnitFactory(code=code, area=square(109, 11.5))
    UnitFactory(code="992")
    UnitFactory(code="82738")
    producer = ProducerFactory(published=True, point=at(109, 11.5))
    product = ProductFactory(published=True, producer=producer, point=at(109, 11.5))
    RatingFactory(product=product)
    ProductFactory(published=True)
    IpRightFactory(published=True, area=square(109, 11.5))
    IpRightFactory(published=True)


def read_and_closed(application):
    """The same application, whose responses are read to their end and closed, as a server does."""

    def answer(environ, start_response):
        response = application(environ, start_response)
        try:
            return [b"".join(response)]
        finally:
            response.close()

    return answer


@pytest.fixture
def schema(rows):
    # As Django's own client does: a request must not end the connection of the test.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    application = read_and_closed(get_wsgi_application())
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def generated_cases(schema, mode, *, examples=5, **headers):
    """Send generated requests to every path; yield each with its response."""
    found = []
    headers = {"Accept-Encoding": "identity"} | headers
    for operation in (result.ok() for result in schema.get_all_operations()):
        if mode == GenerationMode.NEGATIVE and not list(operation.query):
            continue  # nothing to say that is wrong: every header is allowed

        @settings(MADE_UP, max_examples=examples)
        @given(case=operation.as_strategy(generation_mode=mode))
        def run(case):
            found.append((case, case.call(headers=headers)))

        run()
    return found


def is_beyond_schemas(case, response):
    """Whether every error of a 400 is one that no schema can express."""
    if response.status_code != 400:
        return False
    refused = {error["parameter"] for error in response.json()["errors"]}
    return all(
        name in BEYOND_SCHEMAS
        or is_no_text(str(case.query[name]))
        or is_too_long_a_number(str(case.query[name]))
        for name in refused
    )


def is_no_text(value):
    """Zero bytes, and what is white space to Python alone."""
    return "\x00" in value or not value.strip()


def is_too_long_a_number(value):
    """More than 18 digits: refused, but the document states no bounds of integers yet."""
    return re.fullmatch(r"[+-]?[0-9]{19,}", value) is not None


def test_a_valid_request_gets_a_response_as_described(schema):
    statuses = set()
    for case, response in generated_cases(schema, GenerationMode.POSITIVE):
        statuses.add(response.status_code)
        beyond = is_beyond_schemas(case, response)
        case.validate_response(
            response, excluded_checks=[positive_data_acceptance] if beyond else []
        )
    assert statuses == {200, 304, 400, 404}


def test_an_invalid_request_is_refused_as_described(schema):
    statuses = set()
    for case, response in generated_cases(schema, GenerationMode.NEGATIVE):
        statuses.add(response.status_code)
        case.validate_response(response)
    assert {400} <= statuses <= {200, 304, 400, 404, 405}


def test_an_unacceptable_media_type_is_refused_as_described(schema):
    for case, response in generated_cases(
        schema, GenerationMode.POSITIVE, examples=1, Accept="image/png"
    ):
        case.validate_response(response, excluded_checks=[positive_data_acceptance])
        described = case.operation.definition.raw["responses"]
        if "406" in described and "f" not in (case.query or {}) and response.status_code == 200:
            pytest.fail(case.as_curl_command())


def test_a_limit_above_the_maximum_is_cut(schema, client):
    """Part 1, /req/core/fc-limit-response-1; the document states the maximum all the same."""
    for collection in ("products", "communes"):
        path = f"/collections/{collection}/items"
        (limit,) = (
            parameter["schema"]
            for parameter in schema.raw_schema["paths"][path]["get"]["parameters"]
            if parameter["name"] == "limit"
        )
        assert limit["minimum"] == 1
        answer = client.get(f"/api/v1{path}?limit={limit['maximum'] + 1}")
        assert answer.status_code == 200
        assert json.loads(answer.content)["numberReturned"] == 2


def test_head_has_the_headers_of_the_described_response(schema, client):
    for path in schema.raw_schema["paths"]:
        address = f"/api/v1{path}"
        head, whole = client.head(address), client.get(address)
        assert (head.status_code, head.getvalue()) == (whole.status_code, b"")
        assert head["Content-Type"] == whole["Content-Type"]
        whole.getvalue()
