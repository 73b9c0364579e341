"""Public pages that are the same for everyone, stored compressed for each state of the data."""

import functools
import gzip
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import re_accepts_gzip
from django.template.response import SimpleTemplateResponse
from django.utils.cache import patch_vary_headers

from .conditional import frontend_fingerprint, representation_etag, respond
from .revision import current_revision

PageView = Callable[..., HttpResponseBase]

# Seconds until a stored page is dropped; after the next revision or midnight it is not read again.
LIFETIME = 86_400


@dataclass(frozen=True)
class StoredPage:
    """A rendered page: its headers, and its body compressed by gzip."""

    headers: dict[str, str]
    compressed: bytes

    @classmethod
    def of(cls, response: HttpResponse) -> "StoredPage":
        """Return the page of a response; cookies are left out."""
        # Without the random padding of Django's middleware: the page contains no secret of a user
        # whose length could be guessed. Without a time: every process stores the same bytes.
        return cls(dict(response.headers), gzip.compress(response.content, mtime=0))

    def response(self, request: HttpRequest, etag: str) -> HttpResponse:
        """Return the page as a response, compressed if the client accepts that.

        etag: strong tag, quotes included; weak in a compressed response, as Django sends it.
        """
        if re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")):
            response = HttpResponse(self.compressed, headers=self.headers)
            response.headers["Content-Encoding"] = "gzip"
            response.headers["ETag"] = f"W/{etag}"
        else:
            response = HttpResponse(gzip.decompress(self.compressed), headers=self.headers)
        return response


def cached_page(
    *, uses_query: bool = False, state: Callable[..., Iterable[object]] = lambda **url_kwargs: ()
) -> Callable[[PageView], PageView]:
    """Return a view decorator: 304 for browsers that have the page, else the stored page.

    The view takes the request, the DataRevision as `revision`, and what the URL contains. Its
    request has no cookies, user or headers except Host; see public_request(). Only responses with
    status 200 are stored.

    uses_query: whether the page depends on the query string. If so, it is stored for the address
    without one only: anybody can invent query strings, which would displace other pages.
    state: called with what the URL contains, returns whatever the page displays that does not
    increase the revision; str() of each counts.
    """

    def decorate(view: PageView) -> PageView:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, **url_kwargs: Any) -> HttpResponseBase:
            revision = current_revision()
            displayed = [*state(**url_kwargs)]
            parts = [frontend_fingerprint(), *displayed]
            etag = representation_etag(request, revision, *parts)
            query = request.META.get("QUERY_STRING", "") if uses_query else ""

            def build() -> HttpResponseBase:
                public = public_request(request, query)
                key = representation_etag(public, revision, *parts)
                page = None if query else caches["pages"].get(key)
                if page is None:
                    response = view(public, revision=revision, **url_kwargs)
                    if isinstance(response, SimpleTemplateResponse):
                        response.render()
                    if not isinstance(response, HttpResponse) or response.status_code != 200:
                        return response
                    page = StoredPage.of(response)
                    # Unless the page may already display a later state, for example a photo that
                    # was just added: the state returns when the photo is deleted.
                    if not query and [*state(**url_kwargs)] == displayed:
                        caches["pages"].set(key, page, timeout=LIFETIME)
                return page.response(request, etag)

            response = respond(request, etag, build)
            # Browsers revalidate each time, so that an official sees at once what was published.
            response.headers["Cache-Control"] = "no-cache"
            patch_vary_headers(response, ["Accept-Encoding"])
            return response

        return wrapped

    return decorate


def public_request(request: HttpRequest, query: str) -> HttpRequest:
    """Return a request for the same path without anything of the user who sent it.

    A page that is rendered from it is the same for everyone. query: its query string.
    """
    environ = {
        name: value
        for name, value in request.META.items()
        # The CSRF middleware copies its cookie to CSRF_COOKIE.
        if name == "HTTP_HOST" or not name.startswith(("HTTP_", "CSRF_"))
    }
    public = WSGIRequest(environ | {"QUERY_STRING": query})
    public.user = AnonymousUser()
    public.resolver_match = request.resolver_match
    return public
