"""Passwords of programs for the editing API: HTTP Basic, the only way without a second factor.

An app password consists of 24 random letters and digits (120 bits), so that a plain digest of it
cannot be reversed and is found by an index; a slow hash would take most of the time of each request
of a program. The person sees it once.
"""

import base64
import binascii
import hashlib
import ipaddress
import logging
import secrets
from datetime import timedelta
from typing import Any, NoReturn

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from .models import AppPassword
from .problems import TooManyRequests

# The only addresses that an app password opens.
EDITING = "/api/v1/editing/"

# Without letters and digits that are easily confused.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
LENGTH = 24

# How exactly the time of the last use is stored: not at each of many requests of a program.
EXACTNESS = timedelta(minutes=1)

logger = logging.getLogger(__name__)


class AppPasswordRefused(AuthenticationFailed):
    """401: no app password in use matches, or the connection is not encrypted."""

    default_detail = gettext_lazy("Sai tên đăng nhập hoặc mật khẩu ứng dụng.")


def make_app_password(user: User, name: str) -> tuple[AppPassword, str]:
    """Create an app password of the person; return its row and the password, which is not stored.

    name: the program that uses it. Raises ValidationError, by field.
    """
    letters = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
    row = AppPassword(user=user, name=name, digest=digest_of(letters))
    row.full_clean()
    row.save()
    # In groups, because some people type it.
    return row, "-".join(letters[start : start + 6] for start in range(0, LENGTH, 6))


def digest_of(password: str) -> str:
    """Return the digest under which an app password is stored; blanks and hyphens do not count."""
    letters = password.replace("-", "").replace(" ", "").lower()
    return hashlib.sha256(letters.encode()).hexdigest()


class AppPasswordAuthentication(BaseAuthentication):
    """REST framework's authentication by user name or e-mail and app password, below EDITING.

    Only over HTTPS, or from this machine where the site has no HTTPS. Failed attempts are limited
    by account and address, and logged.
    """

    def authenticate(self, request: Any) -> tuple[User, AppPassword] | None:
        """Return the person and the AppPassword; None without HTTP Basic or on other addresses.

        Raises AppPasswordRefused, or TooManyRequests after too many failed attempts.
        """
        if not _is_editing(request):
            return None
        scheme, _blank, encoded = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"basic":
            return None
        if not _is_private(request):
            raise AppPasswordRefused(_("Mật khẩu ứng dụng chỉ dùng được qua https."))
        login, password = _read(encoded)
        row = (
            AppPassword.objects.filter(digest=digest_of(password), revoked_at=None)
            .select_related("user")
            .first()
        )
        if row is None or not row.user.is_active or login.lower() not in _names(row.user):
            self._refuse(request, login)
        now = timezone.now()
        if row.last_used_at is None or row.last_used_at < now - EXACTNESS:
            AppPassword.objects.filter(pk=row.pk).update(last_used_at=now)
        return row.user, row

    def authenticate_header(self, request: Any) -> str | None:
        """Return the challenge of a 401; None elsewhere, where REST framework answers 403."""
        if _is_editing(request):
            return f'Basic realm="{EDITING}", charset="UTF-8"'
        return None

    def _refuse(self, request: Any, login: str) -> NoReturn:
        who = f"{name_for_log(login)}, address {get_adapter().get_client_ip(request)}"
        # A correct password is accepted even then: it cannot be guessed, and one program with an
        # old password must not lock out the others of an office.
        counted = ratelimit.consume(
            request,
            app="allauth.account",
            action="app_password",
            key=f"app-password:{login.lower()}",
            limit_get=True,
        )
        if not counted:
            logger.warning("Attempts with app passwords limited: %s", who)
            raise TooManyRequests(_("Quá nhiều lần thử sai. Hãy đợi vài phút rồi thử lại."))
        logger.warning("App password refused: %s", who)
        raise AppPasswordRefused


def account_of(login: str) -> User | None:
    """Return the account with that user name or e-mail address, in any case; None if unknown."""
    name = login.strip()
    if not name or "\0" in name:
        return None
    named = get_user_model().objects.filter(Q(username__iexact=name) | Q(email__iexact=name))
    return named.order_by("pk").first()


def name_for_log(login: str) -> str:
    """Return the user name of the account for the log, or "unknown account".

    Other texts are not logged: some people type their password into the field of the name.
    """
    account = account_of(login)
    return f"account {account.get_username()}" if account else "unknown account"


def _names(user):
    return {name.lower() for name in (user.get_username(), user.email) if name}


def _read(encoded):
    """Return user name and password of the header; empty texts if it is malformed."""
    try:
        login, _colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return login.strip(), password


def _is_editing(request: HttpRequest) -> bool:
    """Return whether the address is below EDITING, or EDITING without its last slash.

    QGIS begins at the address as people type it.
    """
    return f"{request.path}/".startswith(EDITING)


def _is_private(request: HttpRequest) -> bool:
    """Return whether nobody between the program and this server can read the request."""
    if request.is_secure() or settings.DEBUG:
        return True
    is_behind_a_proxy = "X-Forwarded-For" in request.headers
    if settings.HTTPS or is_behind_a_proxy:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
