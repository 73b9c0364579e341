"""The real server accepts URLs as long as documented, and refuses longer ones."""

import http.client
import re
from urllib.parse import quote

import pytest

from tests.served import database_url, serve

pytestmark = pytest.mark.django_db(transaction=True)


def answer(server, path):
    """(status, body) of that address."""
    url_with = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        url_with.request("GET", path)
        response = url_with.getresponse()
        return response.status, response.read()
    finally:
        url_with.close()


def test_urls_may_be_as_long_as_documented(client, tmp_path):
    description = client.get("/api/v1/openapi.json").json()["info"]["description"]
    (most,) = re.findall(r"dài nhất ([0-9.]+) ký tự", description)
    most = int(most.replace(".", ""))
    # Vietnamese letters take up to nine characters each.
    letter = quote("ế")
    assert len(letter) == 9
    begin = "/api/v1/collections/products/items?filter=" + quote("name='")
    end = quote("'")
    letters = letter * ((most - len(begin) - len(end)) // len(letter))
    rest = "x" * (most - len(begin) - len(end) - len(letters))
    path = begin + letters + rest + end
    assert len(path) == most

    with serve(tmp_path, DATABASE_URL=database_url()) as server:
        status, body = answer(server, path)
        assert (status, b'"numberMatched": 0' in body) == (200, True)
        assert answer(server, path + "&" * 10_000)[0] == 414
