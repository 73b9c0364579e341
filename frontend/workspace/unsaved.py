"""The input of a form whose session has ended.

The sign-in page contains it, signed; then the new session does. Nothing is written from it: the
page of the form displays it, and the person saves it.
"""

from contextlib import suppress

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

# Bytes of the posted fields; the form of a product with its ratings has about 5,000.
LARGEST = 200_000
# Seconds that the sign-in page may stay open with the input.
LIFETIME = 7 * 86_400

_SALT = "frontend.workspace.unsaved"
_KEY = "unsaved"

NOTICE = _(
    "Phiên làm việc đã hết trước khi lưu. Nội dung bạn nhập còn nguyên bên dưới nhưng chưa được"
    " lưu: hãy xem lại rồi lưu. Tệp và ảnh phải chọn lại."
)


def pack(request: HttpRequest) -> str:
    """Return the posted fields, signed, for a hidden field; "" if they are longer than LARGEST.

    Files and passwords are left out.
    """
    fields = request.POST.copy()
    for name in list(fields):
        if name == "csrfmiddlewaretoken" or "password" in name.lower():
            del fields[name]
    encoded = fields.urlencode()
    if len(encoded) > LARGEST:
        return ""
    return signing.dumps([request.get_full_path(), encoded], salt=_SALT, compress=True)


def store(request: HttpRequest, packed: str) -> None:
    """Store the input from the sign-in page in the session, if pack() has signed it."""
    with suppress(signing.BadSignature):
        request.session[_KEY] = signing.loads(packed, salt=_SALT, max_age=LIFETIME)


def take(request: HttpRequest) -> QueryDict | None:
    """Return the stored input of this address, once, if the page is being opened; else None."""
    stored = request.session.get(_KEY)
    if request.method != "GET" or not stored or stored[0] != request.get_full_path():
        return None
    del request.session[_KEY]
    return QueryDict(stored[1])


def notice() -> ValidationError:
    """Return the sentence that the form displays above the input, as an error of the whole form."""
    return ValidationError(NOTICE, code="unsaved")
