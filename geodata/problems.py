"""Errors of the API as RFC 9457 problem details, in the language of the request."""

import http
import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.negotiation import DefaultContentNegotiation

TYPE = "application/problem+json"


class ParameterError(ValueError):
    """An invalid query parameter.

    parameter: its name. message: a sentence for the user.
    """

    def __init__(self, parameter, message):
        super().__init__(message)
        self.parameter = parameter


class BadParameters(exceptions.APIException):
    """400 with all invalid parameters.

    errors: a list of ParameterError.
    """

    status_code = 400

    def __init__(self, errors):
        super().__init__(_("Yêu cầu có tham số không dùng được."))
        self.errors = errors


class SingleRendererNegotiation(DefaultContentNegotiation):
    """Always selects the first renderer, whatever the Accept header: these views have only one."""

    def select_renderer(
        self, request: Any, renderers: Any, format_suffix: str | None = None
    ) -> tuple[Any, str]:
        """Return the first renderer and its media type."""
        return renderers[0], renderers[0].media_type


class Gone(exceptions.APIException):
    """410: the feature was public and has been withdrawn; the detail is the reason."""

    status_code = 410


class BadBody(exceptions.APIException):
    """400 with everything that is wrong with the body of a request.

    errors: a list of ParameterError; their parameters are names of members of the body.
    """

    status_code = 400

    def __init__(self, errors):
        super().__init__(" ".join(str(error) for error in errors))
        self.errors = errors


class Conflict(exceptions.APIException):
    """409: the present state of the data does not allow the request; the detail states why."""

    status_code = 409


class Forbidden(exceptions.PermissionDenied):
    """403 with a detail of its own: why just this is not allowed."""


class TooDeep(exceptions.ParseError):
    """400: the body is nested too deeply to be parsed."""


class PreconditionFailed(exceptions.APIException):
    """If-Match or If-Unmodified-Since failed (412)."""

    status_code = 412


class TooLarge(exceptions.APIException):
    """413: the body is longer than this endpoint accepts."""

    status_code = 413


class TooManyRequests(exceptions.APIException):
    """429: too many attempts; the detail states what to do."""

    status_code = 429


# Details of exceptions that REST framework raises itself, whose own are English.
_DETAILS = {
    exceptions.ParseError: gettext_lazy("Nội dung gửi lên không phải là JSON đọc được."),
    exceptions.AuthenticationFailed: gettext_lazy("Không nhận ra người đăng nhập."),
    exceptions.NotAuthenticated: gettext_lazy("Cần đăng nhập để làm việc này."),
    exceptions.PermissionDenied: gettext_lazy(
        "Không được phép: tài khoản này không có quyền làm việc đó, hoặc thiếu mã CSRF."
    ),
    exceptions.MethodNotAllowed: gettext_lazy(
        "Địa chỉ này không nhận phương thức đó; Allow nêu những phương thức dùng được."
    ),
    exceptions.UnsupportedMediaType: gettext_lazy(
        "Nội dung gửi lên không ở dạng mà địa chỉ này nhận."
    ),
}


def problem(
    status: int,
    detail: object = "",
    errors: Iterable[ParameterError] = (),
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """Return a problem document.

    status: HTTP status. detail: a sentence for the user; the first member, because programs such
    as QGIS show the text of the document. errors: ParameterErrors. headers: further headers of the
    response.
    """
    body = {
        "detail": str(detail),
        "title": http.HTTPStatus(status).phrase,
        "status": status,
        "type": "about:blank",
    }
    if errors:
        body["errors"] = [{"parameter": error.parameter, "detail": str(error)} for error in errors]
    return HttpResponse(
        json.dumps(body, ensure_ascii=False), content_type=TYPE, status=status, headers=headers
    )


def reason_phrase(sentence: str) -> str:
    """Return a sentence without diacritics, at most 150 characters, for a status line of HTTP.

    A status line is ASCII. QGIS shows it when a write is refused, and does not show the document.
    """
    letters = unicodedata.normalize("NFD", sentence.translate(_WITHOUT_MARKS))
    plain = letters.encode("ascii", "ignore").decode()
    # Nothing of a client's text may end the line.
    return re.sub(r"[^ -~]+", " ", plain)[:150]


_WITHOUT_MARKS = str.maketrans("đĐ“”‘’–—", "dD\"\"''--")


def exception_handler(exception: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """REST framework's EXCEPTION_HANDLER: return a problem document for an APIException.

    Http404 and PermissionDenied of Django are treated like those of REST framework. Returns None
    for other exceptions, which Django logs and answers with 500.
    """
    if isinstance(exception, RecursionError):
        exception = TooDeep(_("Nội dung lồng nhau quá sâu."))
    elif isinstance(exception, Http404):
        exception = exceptions.NotFound(*exception.args)
    elif isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    if not isinstance(exception, exceptions.APIException):
        return None
    headers = {}
    if auth_header := getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    detail = _DETAILS.get(type(exception)) or _as_text(exception.detail)
    return problem(exception.status_code, detail, getattr(exception, "errors", ()), headers)


def _as_text(detail):
    """Return the details of REST framework, which may be nested by field, as sentences."""
    if isinstance(detail, dict):
        return " ".join(f"{name}: {_as_text(value)}" for name, value in detail.items())
    if isinstance(detail, list):
        return " ".join(_as_text(item) for item in detail)
    return str(detail)


@csrf_exempt
def not_found(request: HttpRequest) -> HttpResponse:
    """View of every URL under the API that does not exist: 404."""
    return problem(404, _("Không có địa chỉ này."))
