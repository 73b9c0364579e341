"""Conditional requests: which header gives 304, 412 or the whole response."""

import datetime

import pytest
from django.http import HttpResponse

from geodata.conditional import conditional_get, conditional_response, representation_etag, respond
from geodata.problems import PreconditionFailed
from geodata.revision import DataRevision

TAG, OTHER = '"abc"', '"xyz"'
CHANGED = datetime.datetime(2026, 11, 22, 17, 0, 0, 999_999, tzinfo=datetime.UTC)
BEFORE, THEN = "Sun, 22 Nov 2026 16:59:59 GMT", "Sun, 22 Nov 2026 17:00:00 GMT"


def revision(number=1):
    return DataRevision(number, CHANGED, datetime.date(2026, 11, 23))


@pytest.mark.parametrize(
    "headers", [{"If-None-Match": TAG}, {"If-None-Match": f"W/{TAG}, {OTHER}"}]
)
def test_a_matching_tag_is_a_304(rf, headers):
    assert conditional_response(rf.get("/", headers=headers), TAG, CHANGED).status_code == 304


@pytest.mark.parametrize("headers", [{"If-Match": OTHER}, {"If-Unmodified-Since": BEFORE}])
def test_a_failed_precondition_is_a_412(rf, headers):
    request = rf.get("/", headers=headers)

    with pytest.raises(PreconditionFailed):
        conditional_response(request, TAG, CHANGED)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"If-None-Match": OTHER},
        {"If-Match": TAG},
        {"If-Unmodified-Since": THEN},
        # The tag alone decides about 304.
        {"If-Modified-Since": THEN},
    ],
)
def test_anything_else_is_the_whole_response(rf, headers):
    assert conditional_response(rf.get("/", headers=headers), TAG, CHANGED) is None


@pytest.mark.parametrize(
    ("headers", "status", "body"),
    [
        ({}, 200, b"page"),
        ({"If-None-Match": TAG}, 304, b""),
        ({"If-Match": OTHER}, 412, b""),
        # The time of the last change is unknown.
        ({"If-Unmodified-Since": THEN}, 412, b""),
    ],
)
def test_a_view_of_plain_django_returns_412_without_an_exception(rf, headers, status, body):
    response = respond(rf.get("/", headers=headers), TAG, lambda: HttpResponse("page"))

    assert (response.status_code, response.content, response["ETag"]) == (status, body, TAG)


def test_a_tag_covers_url_language_revision_and_whatever_else_is_named(rf, settings):
    one = rf.get("/a")
    tags = [
        representation_etag(one, revision()),
        representation_etag(rf.get("/a?q=1"), revision()),
        representation_etag(one, revision(2)),
        representation_etag(one, revision(), "html"),
    ]
    settings.SITE_URL = "https://example.org"
    tags.append(representation_etag(one, revision()))

    assert len(set(tags)) == len(tags)
    assert tags[-1] == representation_etag(one, revision())
    assert all(tag.startswith('"') and tag.endswith('"') for tag in tags)


def test_a_page_that_the_browser_has_is_not_built_again(rf, monkeypatch):
    monkeypatch.setattr("geodata.conditional.current_revision", revision)
    built = []

    @conditional_get
    def page(request, revision, code):
        built.append((revision.number, code))
        return HttpResponse("page")

    first = page(rf.get("/a"), code="MAU-1")
    second = page(rf.get("/a", headers={"If-None-Match": first["ETag"]}), code="MAU-1")
    third = page(rf.get("/a", headers={"If-Match": OTHER}), code="MAU-1")

    assert [first.status_code, second.status_code, third.status_code] == [200, 304, 412]
    assert {response["Cache-Control"] for response in (first, second, third)} == {"no-cache"}
    assert built == [(1, "MAU-1")]
