"""A database that is down is said plainly: 503, not a stack trace."""

import logging

from django.db import InterfaceError, OperationalError
from django.shortcuts import render
from django.utils.translation import gettext as _

from .problems import problem

logger = logging.getLogger(__name__)


class DatabaseDownMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        logger.error("Database unavailable: %s", exception)
        headers = {"Retry-After": "30", "Cache-Control": "no-store"}
        if request.path.startswith("/api/"):
            detail = _("Cơ sở dữ liệu đang tạm nghỉ; dữ liệu vẫn nguyên vẹn, hãy thử lại sau.")
            return problem(503, detail, headers=headers)
        response = render(request, "503.html", status=503)
        for name, value in headers.items():
            response[name] = value
        return response
