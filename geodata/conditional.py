"""Conditional requests (RFC 9110, section 13): entity tags, 304 and 412."""

import functools
import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.utils import get_app_template_dirs
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .problems import PreconditionFailed
from .revision import DataRevision, current_revision


def representation_etag(request: HttpRequest, revision: DataRevision, *more: object) -> str:
    """Return the strong tag, quotes included, of what this URL returns in the current language.

    revision: the DataRevision that the representation is made from; it contains the date in Viet
    Nam. more: whatever else the representation depends on; str() of each counts.
    """
    parts = [revision, request.get_full_path(), get_language(), settings.SITE_URL, *more]
    digest = hashlib.sha256(repr([str(part) for part in parts]).encode()).hexdigest()
    return f'"{digest[:24]}"'


# Settings with the contact of the operator.
CONTACT = tuple(f"CONTACT_{part}" for part in ("NAME", "ADDRESS", "PHONE", "EMAIL", "URL"))


@functools.cache
def frontend_fingerprint() -> str:
    """Return a text that changes with every release and with the settings that pages display.

    A release: of code, templates, static files, translations or libraries. Part of the tag of
    every HTML page, so that browsers do not keep those of an older release.
    """
    storage: Any = staticfiles_storage
    digest = hashlib.sha256(storage.manifest_hash.encode())
    for file in sorted(_files_of_pages()):
        if file.is_file():
            digest.update(file.read_bytes())
    shown = ("TILE_URL", "TILE_ATTRIBUTION", "LEAFLET_CONFIG", *CONTACT)
    digest.update(repr([getattr(settings, name) for name in shown]).encode())
    return digest.hexdigest()[:8]


def _files_of_pages():
    yield settings.BASE_DIR / "requirements.txt"
    for package in settings.BASE_DIR.glob("*/__init__.py"):
        yield from package.parent.rglob("*.py")
    yield settings.PLACE.folder / "place.toml"
    for folder in get_app_template_dirs("templates"):
        yield from folder.rglob("*")
    for folder in (*get_app_template_dirs("locale"), *map(Path, settings.LOCALE_PATHS)):
        for language, _name in settings.LANGUAGES:
            yield folder / language / "LC_MESSAGES" / "django.mo"


def conditional_response(
    request: HttpRequest, etag: str, last_modified: datetime | None = None
) -> HttpResponseBase | None:
    """Return 304, or raise PreconditionFailed (412), if a conditional header matches; else None.

    etag: strong tag of the representation, quotes included.
    last_modified: aware datetime that If-Unmodified-Since is compared with, in whole seconds; if it
    is None, that header fails. If-Modified-Since is ignored: two changes may fall into one second,
    and the tag also changes with a new release.
    """
    timestamp = None
    if last_modified is not None and "If-Unmodified-Since" in request.headers:
        timestamp = int(last_modified.timestamp())
    response = get_conditional_response(request, etag, timestamp)
    if response is not None and response.status_code == PreconditionFailed.status_code:
        raise PreconditionFailed(_("Dữ liệu đã khác với bản mà If-Match hay ngày ấy nêu."))
    return response


def respond(
    request: HttpRequest, etag: str, build: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Return 304 or 412 if a conditional header matches, else build(), with the tag as ETag.

    For views of plain Django; those of REST framework call conditional_response(), whose exception
    becomes a problem document. etag: strong tag, quotes included. build: () → HttpResponse.

    A redirect, 404 or 410 gets no tag, so that no later request is answered with 304 for it; `*`,
    which matches without a tag, is ignored.
    """
    is_any = request.headers.get("If-None-Match", "").strip() == "*"
    try:
        response = None if is_any else conditional_response(request, etag)
    except PreconditionFailed:
        response = HttpResponse(status=PreconditionFailed.status_code)
    response = response or build()
    if response.status_code in (200, 304, PreconditionFailed.status_code):
        response.headers.setdefault("ETag", etag)
    return response


def conditional_get(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """View decorator: 304 for browsers that have the page of this revision, day and release.

    view: takes the request, the DataRevision as `revision`, and what the URL contains.
    """

    @functools.wraps(view)
    def wrapped(request, **url_kwargs):
        revision = current_revision()
        etag = representation_etag(request, revision, frontend_fingerprint())
        response = respond(request, etag, lambda: view(request, revision=revision, **url_kwargs))
        # Browsers revalidate each time, so that an official sees at once what was published.
        response.headers["Cache-Control"] = "no-cache"
        return response

    return wrapped
