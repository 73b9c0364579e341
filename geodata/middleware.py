"""Middleware: HEAD, compression, permissions, zero bytes, and 503 while the database is down."""

import logging
import re

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.translation import gettext as _

from .problems import problem

DATABASE_DOWN = (OperationalError, InterfaceError)

_TEXT = re.compile(r"^text/|json|xml\b|javascript")

logger = logging.getLogger(__name__)


class HeadMiddleware:
    """Removes the body of responses to HEAD; Content-Length is that of GET where it is known."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "HEAD" and not response.streaming:
            length = response.headers.get("Content-Length", str(len(response.content)))
            response.content = b""
            response.headers["Content-Length"] = length
        elif request.method == "HEAD":
            response.streaming_content = ()
        return response


class PermissionsPolicyMiddleware:
    """Adds the header Permissions-Policy of the settings to every response."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        return response


class TextGZipMiddleware(GZipMiddleware):
    """Compresses text only; spreadsheets, databases and images are compressed already."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress the response if its Content-Type is that of text."""
        if _TEXT.search(response.headers.get("Content-Type", "")):
            return super().process_response(request, response)
        return response


class NoNulMiddleware:
    """Answers 400 to query strings with a zero byte, which PostgreSQL cannot store or compare.

    Except under /api/, whose views report the parameter.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "%00" in request.META.get("QUERY_STRING", "") and not request.path.startswith("/api/"):
            raise BadRequest("A zero byte in the address.")
        return self.get_response(request)


class DatabaseDownMiddleware:
    """Answers 503 if a view fails because the database cannot be reached."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return database_down() for an exception of DATABASE_DOWN."""
        return database_down(request, exception) if isinstance(exception, DATABASE_DOWN) else None


def database_down(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return 503 with Retry-After, as problem details under /api/, else as a page; no queries.

    exception: one of DATABASE_DOWN, for the log.
    """
    logger.error("Database unavailable: %s", exception)
    if request.path.startswith("/api/"):
        detail = _("Cơ sở dữ liệu đang tạm nghỉ; dữ liệu vẫn nguyên vẹn, hãy thử lại sau.")
        response = problem(503, detail)
    else:
        response = render(request, "503.html", status=503)
    response.headers["Retry-After"] = "30"
    response.headers["Cache-Control"] = "no-store"
    return response
