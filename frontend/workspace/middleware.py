"""Middleware of the workspace: second factor of publishers, and the idle time of sessions."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from geodata.app_passwords import EDITING
from geodata.problems import problem

from .accounts import needs_second_factor

ADMIN = "/admin/"
ACCOUNT = "/tai-khoan/"
# Whoever may create app passwords could use them instead of the second factor.
APP_PASSWORDS = f"{ACCOUNT}mat-khau-ung-dung/"

# Key of the session: when the person last did something, in seconds.
SEEN = "seen"

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class SecondFactorMiddleware:
    """Sends publishers and superusers without a second factor to its page.

    From every address of the workspace and of app passwords; the editing API answers 403.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the redirect or 403, else the response of the view."""
        is_api = request.path.startswith(EDITING)
        if is_api or request.path.startswith((ADMIN, APP_PASSWORDS)):
            is_leaving = request.path == reverse("admin:logout")
            if (
                not is_leaving
                and request.user.is_authenticated
                and needs_second_factor(request.user)
            ):
                if is_api:
                    return problem(403, _("Cần bật xác thực hai lớp trước khi sửa dữ liệu."))
                return redirect("mfa_activate_totp")
        return self.get_response(request)


class IdleSessionMiddleware:
    """Ends a session SESSION_COOKIE_AGE after the last request to the workspace, not the first.

    Saving a session sends its cookie; public pages, which are the same for everyone, have none.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the session end later, stored at most once a minute."""
        if request.path.startswith((ADMIN, ACCOUNT, EDITING)) and request.user.is_authenticated:
            exactness = min(60, settings.SESSION_COOKIE_AGE // 10)
            if _now() - request.session.get(SEEN, 0) > exactness:
                request.session[SEEN] = _now()
        return self.get_response(request)


def _now():
    return int(timezone.now().timestamp())


@receiver(user_logged_in)
def note_sign_in(request: HttpRequest, **_more: Any) -> None:
    """Begin to count the idle time of a new session."""
    request.session[SEEN] = _now()
