"""Error responses: a page, or problem details below /api/.

No handler queries the database, whose failure may be the cause.
"""

import sys

from django.shortcuts import render
from django.utils.translation import gettext as _

from geodata.middleware import DATABASE_DOWN, database_down
from geodata.problems import problem


def bad_request(request, exception=None):
    return _error(request, 400, _("Địa chỉ không hợp lệ"), _("Hãy kiểm tra lại địa chỉ đã nhập."))


def permission_denied(request, exception=None):
    return _error(request, 403, _("Không được phép"), _("Bạn không có quyền xem hay làm việc này."))


def page_not_found(request, exception=None):
    return _error(
        request,
        404,
        _("Không có trang này"),
        _("Địa chỉ có thể đã gõ sai, hoặc trang chưa được công bố."),
    )


def server_error(request):
    cause = sys.exc_info()[1]
    if isinstance(cause, DATABASE_DOWN):
        # The database failed before the view was called, for example in the session middleware.
        return database_down(request, cause)
    return _error(
        request,
        500,
        _("Trang gặp lỗi"),
        _("Lỗi ở phía chúng tôi và đã được ghi lại. Hãy thử lại sau ít phút."),
    )


def _error(request, status, title, text):
    if request.path.startswith("/api/"):
        return problem(status, text)
    context = {"status": status, "title": title, "text": text}
    return render(request, "frontend/error.html", context, status=status)
