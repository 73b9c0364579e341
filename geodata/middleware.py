"""What stands before every view: a database that is down is said plainly, bad bytes are refused."""

import logging
import re

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.translation import gettext as _

from .problems import problem

DATABASE_DOWN = (OperationalError, InterfaceError)

_TEXT = re.compile(r"^text/|json|xml\b|javascript")

logger = logging.getLogger(__name__)


class HeadMiddleware:
    """Answers HEAD without a body, as the server wants it, with the length that GET would have."""

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
    """No page asks for more of a device than where it is, and no frame within one for anything."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        return response


class TextGZipMiddleware(GZipMiddleware):
    """Compresses text; spreadsheets, databases and pictures are packed already."""

    def process_response(self, request, response):
        if _TEXT.search(response.headers.get("Content-Type", "")):
            return super().process_response(request, response)
        return response


class NoNulMiddleware:
    """Refuses addresses with a zero byte, which PostgreSQL cannot store or compare.

    The API tells which parameter it is; everywhere else 400 is enough.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "%00" in request.META.get("QUERY_STRING", "") and not request.path.startswith("/api/"):
            raise BadRequest("A zero byte in the address.")
        return self.get_response(request)


class DatabaseDownMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return database_down(request, exception) if isinstance(exception, DATABASE_DOWN) else None


def database_down(request, exception):
    """503 and when to come back; asks the database nothing."""
    logger.error("Database unavailable: %s", exception)
    if request.path.startswith("/api/"):
        detail = _("Cơ sở dữ liệu đang tạm nghỉ; dữ liệu vẫn nguyên vẹn, hãy thử lại sau.")
        response = problem(503, detail)
    else:
        response = render(request, "503.html", status=503)
    response.headers["Retry-After"] = "30"
    response.headers["Cache-Control"] = "no-store"
    return response
