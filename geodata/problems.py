"""Errors of the API as RFC 9457 problem details, in the reader's language."""

import http
import json

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.negotiation import DefaultContentNegotiation

TYPE = "application/problem+json"


class ParameterError(ValueError):
    """A query parameter that cannot be used; the message says why."""

    def __init__(self, parameter, message):
        super().__init__(message)
        self.parameter = parameter


class BadParameters(exceptions.APIException):
    """One or more ParameterErrors, all told at once."""

    status_code = 400

    def __init__(self, errors):
        super().__init__(_("Yêu cầu có tham số không dùng được."))
        self.errors = errors


class SingleRendererNegotiation(DefaultContentNegotiation):
    """Answers in the one form there is: a stranger's Accept header is no reason to refuse."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class Gone(exceptions.APIException):
    """What was public and is so no more; the detail is the reason."""

    status_code = 410


class TooDeep(exceptions.ParseError):
    """A body with more brackets in brackets than Python follows."""


class PreconditionFailed(exceptions.APIException):
    """What the reader holds is no longer what there is, and nothing else was wanted."""

    status_code = 412


class TooLarge(exceptions.APIException):
    """A body that is longer than the address takes."""

    status_code = 413


# What REST framework says in English of its own exceptions; those of ours have their own words.
_SENTENCES = {
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


def problem(status, detail="", errors=(), headers=None):
    """The response that says what is wrong."""
    body = {
        "type": "about:blank",
        "title": http.HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail),
    }
    if errors:
        body["errors"] = [{"parameter": error.parameter, "detail": str(error)} for error in errors]
    return HttpResponse(
        json.dumps(body, ensure_ascii=False), content_type=TYPE, status=status, headers=headers
    )


def exception_handler(exception, context):
    """REST framework's hook. What is not the reader's mistake is left to Django and its log."""
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
    detail = _SENTENCES.get(type(exception)) or _first(exception.detail)
    return problem(exception.status_code, detail, getattr(exception, "errors", ()), headers)


def _first(detail):
    """REST framework nests details by field; a reader wants sentences."""
    if isinstance(detail, dict):
        return " ".join(f"{name}: {_first(value)}" for name, value in detail.items())
    if isinstance(detail, list):
        return " ".join(_first(item) for item in detail)
    return str(detail)


@csrf_exempt
def not_found(request):
    """The answer at every address under the API that is none."""
    return problem(404, _("Không có địa chỉ này."))
