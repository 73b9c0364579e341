"""Accounts of officials: sign-in, second factor, the address that the Department has entered.

django-allauth does the work. Here are the rules of the Department: nobody signs up, attempts are
counted by account, and publishers and superusers need a second factor.
"""

import logging
from collections.abc import Iterable
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.models import AbstractBaseUser, AbstractUser
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from districts.models import Role, Stewardship
from geodata.app_passwords import account_of, name_for_log
from geodata.models import SecondFactorReset

logger = logging.getLogger(__name__)

User = get_user_model()

WRONG_PASSWORD = _("Tên đăng nhập, địa chỉ thư hoặc mật khẩu không đúng.")
WRONG_CODE = _("Mã không đúng, hoặc đã dùng rồi.")
TOO_MANY = _("Quá nhiều lần thử sai. Hãy đợi vài phút rồi thử lại.")


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter with the rules and the wording of the Department."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Tài khoản này đã bị khoá."),
        "email_password_mismatch": WRONG_PASSWORD,
        "username_password_mismatch": WRONG_PASSWORD,
        "invalid_login": WRONG_PASSWORD,
        "enter_current_password": _("Mật khẩu hiện nay không đúng."),
        "incorrect_password": _("Mật khẩu không đúng."),
        "incorrect_code": WRONG_CODE,
        "invalid_password_reset": _("Liên kết đặt lại mật khẩu không còn dùng được."),
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: the Department makes the accounts."""
        return False

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Return whether the password is required again, which it is not just after signing in."""
        records = get_authentication_records(self.request, self.request.user)
        newest = max((record["at"] for record in records), default=0)
        if timezone.now().timestamp() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **options)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of the mail: below SITE_URL, whatever the Host header contains."""
        uid, _hyphen, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return settings.SITE_URL + path

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> bool:
        """Send a mail; return False, after logging the reason, if the mail server refuses it."""
        site = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
        message = self.render_mail(template_prefix, email, {**site, **context})
        try:
            message.send()
        except (OSError, SMTPException) as error:
            logger.error("The mail %s could not be sent: %s", template_prefix, error)
            return False
        return True

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; raise ValidationError, and log, if there were too many."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self._log("Sign-in limited", request, credentials)
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Log a wrong password."""
        self._log("Sign-in failed", request, credentials)

    def _log(self, what, request, credentials):
        name = name_for_log(_login_of(credentials))
        logger.warning("%s: %s, address %s", what, name, self.get_client_ip(request))

    def _get_login_attempts_cache_key(self, request, **credentials):
        # One count for the user name and the e-mail address of an account, whatever the Host.
        login = _login_of(credentials).strip().lower()
        account = account_of(login)
        return f"account:{account.pk}" if account else f"unknown:{login}"


class SecondFactorAdapter(DefaultMFAAdapter):
    """allauth's adapter of the second factor with the wording of the Department."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "cannot_generate_recovery_codes": _("Hãy bật xác thực hai lớp trước khi tạo mã dự phòng."),
        "unverified_email": _("Địa chỉ thư của tài khoản trùng với người khác; hãy báo Sở."),
    }


def _login_of(credentials):
    return credentials.get("email") or credentials.get("username") or ""


@receiver(authentication_failed)
def log_wrong_code(request: HttpRequest, user: AbstractBaseUser, **_more: Any) -> None:
    """Log a wrong code of the second factor."""
    address = AccountAdapter().get_client_ip(request)
    logger.warning("Wrong code: account %s, address %s", user.get_username(), address)


@receiver(post_save, sender=User)
def store_verified_address(instance: AbstractUser, raw: bool = False, **_more: Any) -> None:
    """Make the account's e-mail address its only one in allauth, verified.

    The Department enters it, here or by `createsuperuser`; people do not change it themselves. An
    address of another account is left with that account.
    """
    if raw:
        return
    wanted = instance.email.lower()
    EmailAddress.objects.filter(user=instance).exclude(email=wanted).delete()
    taken = EmailAddress.objects.filter(email=wanted).exclude(user=instance)
    if not wanted or taken.exists():
        return
    state = {"verified": True, "primary": True}
    EmailAddress.objects.update_or_create(user=instance, email=wanted, defaults=state)


def needs_second_factor(user: AbstractBaseUser) -> bool:
    """Return whether the person may publish, or everything, and has no TOTP yet."""
    if user.is_superuser:
        return not has_second_factor(user)
    # One query, because each request to the workspace runs it.
    factors = Authenticator.objects.filter(user=OuterRef("user"), type=Authenticator.Type.TOTP)
    publishes = Stewardship.objects.filter(user=user, role__gte=Role.PUBLISHER)
    return publishes.filter(~Exists(factors)).exists()


def has_second_factor(user: AbstractBaseUser) -> bool:
    """Return whether the person has an authenticator app (TOTP)."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def reset_second_factor(user: AbstractUser, *, by: AbstractUser, reason: str) -> bool:
    """Remove the second factor and recovery codes of a person, who then sets them up again.

    All sessions of the person end: one on a lost telephone could set up a factor of its own. The
    reset is recorded in SecondFactorReset. Returns whether the mail to the person was sent. Raises
    ValidationError, by field, without a reason.
    """
    row = SecondFactorReset(user=user, by=by, reason=reason.strip())
    row.full_clean()
    with transaction.atomic():
        row.save()
        Authenticator.objects.filter(user=user).delete()
        end_sessions(user)
    return send_to_person("account/email/second_factor_reset", user, {"by": by, "reason": reason})


def end_sessions(user: AbstractBaseUser) -> None:
    """Delete all sessions of a person. A new password ends them by itself: see Django."""
    # The user is in the encoded data; there are a few sessions for each official.
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()


def send_password_link(user: AbstractUser) -> bool:
    """Send the mail with which a new person chooses a password; return whether it was sent."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    days = settings.PASSWORD_RESET_TIMEOUT // 86_400
    link = AccountAdapter().get_reset_password_from_key_url(key)
    return send_to_person("account/email/new_account", user, {"link": link, "days": days})


def send_to_person(template: str, user: AbstractUser, values: dict[str, Any]) -> bool:
    """Send a mail to the address of the account; return whether there is one and it was sent."""
    if not user.email:
        return False
    return AccountAdapter().send_mail(template, user.email, {"user": user, **values})


def second_factors(users: Iterable[AbstractBaseUser]) -> set[int]:
    """Return the ids of those of the users who have an authenticator app."""
    found = Authenticator.objects.filter(user__in=users, type=Authenticator.Type.TOTP)
    return set(found.values_list("user_id", flat=True))
