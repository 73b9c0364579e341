"""Signing in: names, second factor, limits of attempts, what is logged, closed sign-up, mails."""

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from districts.models import Role, Stewardship
from tests.factories import TOTP_SECRET, UnitFactory, UserFactory, editor_of, publisher_of
from tests.second_factor import code_now
from tests.served import database_url

pytestmark = pytest.mark.django_db

User = get_user_model()

SIGN_IN = "/tai-khoan/login/"
PASSWORD = "giàn-nho-đỏ-2026"


def account(**values):
    """An official with PASSWORD and an address."""
    user = UserFactory(username="lan", email="lan@example.org", **values)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, login="lan", password=PASSWORD, **more):
    return client.post(SIGN_IN, {"login": login, "password": password, **more})


def signed_in(client):
    return client.get("/tai-khoan/").status_code == 200


def errors_of(response):
    return response.context["form"].non_field_errors()


# --- names and pages -----------------------------------------------------------------------


@pytest.mark.parametrize("login", ["lan", "LAN", "lan@example.org", "Lan@Example.org", " lan "])
def test_user_name_and_address_both_sign_in(client, login):
    account()

    response = sign_in(client, login)

    assert response.headers["Location"] == "/admin/"
    assert signed_in(client)


def test_the_workspace_redirects_to_the_sign_in_page_and_back(client):
    account()
    wanted = "/admin/ocop/product/"
    page = client.get(wanted, follow=True)

    address = page.redirect_chain[-1][0]
    assert address == f"{SIGN_IN}?next={quote(wanted, safe='')}"
    assert sign_in(client, next=wanted).headers["Location"] == wanted


def test_a_redirect_to_another_site_is_not_followed(client):
    account()

    assert sign_in(client, next="https://evil.example/").headers["Location"] == "/admin/"


def test_somebody_who_is_no_official_does_not_enter_the_workspace(client):
    client.force_login(UserFactory(is_staff=False))

    assert client.get("/admin/", follow=True).status_code == 403


def test_a_locked_account_does_not_sign_in(client):
    account(is_active=False)

    response = sign_in(client)

    assert response.headers["Location"] == "/tai-khoan/inactive/"
    assert not signed_in(client)


def test_signing_out_of_the_workspace_ends_the_session(client):
    client.force_login(account())

    client.post("/admin/logout/")

    assert not signed_in(client)


@pytest.mark.parametrize("path", ["signup/", "email/", "confirm-email/", "password/set/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signs_up_or_changes_the_address_of_the_department(client, path, method):
    client.force_login(account())
    values = {"username": "moi", "email": "moi@example.org", "action_add": "1"}
    values |= {"password1": PASSWORD, "password2": PASSWORD}

    response = getattr(client, method)(f"/tai-khoan/{path}", values)

    assert response.headers["Location"] == "/tai-khoan/"
    assert User.objects.count() == EmailAddress.objects.count() == 1


def test_no_page_of_accounts_contains_a_text_of_allauth_itself(client, mailoutbox):
    """allauth has no Vietnamese catalogue; its English texts are those of another one."""
    with (ALLAUTH / "locale/de/LC_MESSAGES/django.po").open("rb") as file:
        texts = {text for one in read_po(file) for text in forms(one.id)}
    english = {text for text in texts if len(text) > 8 and " " in text}
    assert len(english) > 100
    user = account()
    pages = [client.get(SIGN_IN), sign_in(client, password="sai")]
    pages += [client.get("/tai-khoan/password/reset/")]
    client.post("/tai-khoan/password/reset/", {"email": user.email})
    link = re.search(r"/tai-khoan/password/reset/key/\S+", mailoutbox[0].body)[0]
    choose = client.get(link, follow=True)
    pages += [choose, client.get("/tai-khoan/password/reset/done/")]
    wrong = {"password1": "a", "password2": "b"}
    pages += [client.post(choose.request["PATH_INFO"], wrong), client.get(f"{link[:-2]}/")]
    sign_in(client)
    named = ("account_overview", "account_change_password", "mfa_index", "mfa_activate_totp")
    pages += [client.get(reverse(name)) for name in (*named, "app_passwords", "account_logout")]
    pages += [client.post(reverse("mfa_activate_totp"), {"code": "1"})]
    secret = pages[-1].context["form"].secret
    pages += [client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)}, follow=True)]
    named = ("mfa_generate_recovery_codes", "mfa_deactivate_totp", "account_reauthenticate")
    pages += [client.get(reverse(name)) for name in (*named, "mfa_index", "mfa_reauthenticate")]
    client.logout()
    pages += [sign_in(client), client.get("/tai-khoan/2fa/authenticate/")]
    pages += [client.post("/tai-khoan/2fa/authenticate/", {"code": "1"})]

    texts = [page.content.decode() for page in pages if page.status_code == 200]
    texts += [mail.subject + mail.body for mail in mailoutbox]

    assert len(texts) > 20
    assert [found for text in texts for found in english if found in text] == []


ALLAUTH = Path(allauth.__file__).parent


def forms(text):
    """The one text of a message, or its singular and plural."""
    return [text] if isinstance(text, str) else list(text)


# --- second factor -------------------------------------------------------------------------


@pytest.fixture
def here():
    return UnitFactory(code="82858")


PROTECTED = [
    "/admin/",
    "/admin/ocop/product/add/",
    "/admin/login/",
    "/tai-khoan/mat-khau-ung-dung/",
]


@pytest.mark.parametrize("path", PROTECTED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_publisher_without_second_factor_is_sent_to_enrolment(client, here, path, method):
    client.force_login(publisher_of(here, second_factor=False))

    response = getattr(client, method)(path, {"name": "QGIS"})

    assert response.headers["Location"] == "/tai-khoan/2fa/totp/activate/"


@pytest.mark.parametrize("path", PROTECTED)
def test_so_is_a_superuser(client, path):
    client.force_login(UserFactory(is_superuser=True, second_factor=False))

    assert client.get(path).headers["Location"] == "/tai-khoan/2fa/totp/activate/"


def test_the_editing_api_refuses_them_in_words(client, here):
    client.force_login(publisher_of(here, second_factor=False))

    path = "/api/v1/editing/collections/products/items/THU-1"
    response = client.patch(path, "{}", content_type="application/json")

    assert response.status_code == 403
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == "Cần bật xác thực hai lớp trước khi sửa dữ liệu."


def test_whoever_becomes_a_publisher_is_sent_there_in_the_same_session(client, here):
    user = editor_of(here)
    client.force_login(user)
    assert client.get("/admin/").status_code == 200

    Stewardship.objects.filter(user=user).update(role=Role.PUBLISHER)

    assert client.get("/admin/").headers["Location"] == "/tai-khoan/2fa/totp/activate/"


def test_they_may_sign_out(client, here):
    client.force_login(publisher_of(here, second_factor=False))

    client.post("/admin/logout/")

    assert not signed_in(client)


def test_enrolment_opens_the_workspace_and_gives_recovery_codes(client, here, mailoutbox):
    user = account(is_superuser=True, second_factor=False)
    sign_in(client)
    secret = client.get("/tai-khoan/2fa/totp/activate/").context["form"].secret

    response = client.post("/tai-khoan/2fa/totp/activate/", {"code": code_now(secret)}, follow=True)

    assert len(re.findall(r"<code>\d{8}</code>", response.content.decode())) == 10
    assert client.get("/admin/").status_code == 200
    assert Authenticator.objects.filter(user=user).count() == 2


def test_a_wrong_code_does_not_enrol(client):
    user = account(is_superuser=True, second_factor=False)
    sign_in(client)
    client.get("/tai-khoan/2fa/totp/activate/")

    response = client.post("/tai-khoan/2fa/totp/activate/", {"code": "000000"})

    assert response.context["form"].errors == {"code": ["Mã không đúng, hoặc đã dùng rồi."]}
    assert not Authenticator.objects.filter(user=user).exists()


def test_signing_in_needs_the_code_after_the_password(client):
    account(is_superuser=True)

    response = sign_in(client)
    between = client.get("/admin/")
    client.post(response.headers["Location"], {"code": code_now(TOTP_SECRET)})

    assert response.headers["Location"].startswith("/tai-khoan/2fa/authenticate/")
    assert between.headers["Location"].startswith("/admin/login/")
    assert client.get("/admin/").status_code == 200


def test_a_code_is_used_once(client):
    account(is_superuser=True)
    used = code_now(TOTP_SECRET)
    for browser in (client, Client()):
        sign_in(browser)
        browser.post("/tai-khoan/2fa/authenticate/", {"code": used})

    assert signed_in(client)
    assert not signed_in(browser)


# --- limits --------------------------------------------------------------------------------


def test_five_wrong_passwords_close_the_account_for_every_name_and_address(client):
    account()
    names = ["lan", "Lan", "lan@example.org", "LAN@example.org", "lan"]
    for number, name in enumerate(names):
        response = client.post(
            SIGN_IN, {"login": name, "password": "sai"}, REMOTE_ADDR=f"192.0.2.{number}"
        )
        assert errors_of(response) == ["Tên đăng nhập, địa chỉ thư hoặc mật khẩu không đúng."]

    response = client.post(SIGN_IN, {"login": "lan", "password": PASSWORD}, REMOTE_ADDR="192.0.2.9")

    assert errors_of(response) == ["Quá nhiều lần thử sai. Hãy đợi vài phút rồi thử lại."]
    assert not signed_in(client)


def test_one_address_tries_only_so_many_accounts(client):
    account()
    for number in range(20):
        assert "không đúng" in errors_of(sign_in(client, f"nguoi-{number}"))[0]

    assert "Quá nhiều" in errors_of(sign_in(client))[0]
    other = client.post(SIGN_IN, {"login": "lan", "password": PASSWORD}, REMOTE_ADDR="192.0.2.1")
    assert other.status_code == 302


def test_signing_in_correctly_is_not_counted(client):
    account()
    for _ in range(7):
        assert sign_in(client).status_code == 302
        client.logout()


def test_wrong_codes_are_limited_too(client):
    account(is_superuser=True)
    sign_in(client)
    for _ in range(5):
        client.post("/tai-khoan/2fa/authenticate/", {"code": "000000"})

    response = client.post("/tai-khoan/2fa/authenticate/", {"code": code_now(TOTP_SECRET)})

    assert "Quá nhiều" in response.context["form"].errors["code"][0]
    assert not signed_in(client)


OTHER_PROCESS = """
import json, django
django.setup()
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
response = Client().post("/tai-khoan/login/", {"login": "lan", "password": "giàn-nho-đỏ-2026"})
errors = response.context["form"].non_field_errors() if response.context else []
print(json.dumps([response.status_code, errors]))
"""


@pytest.mark.django_db(transaction=True)
def test_attempts_are_counted_across_processes(client):
    """In one process only, two would give twice as many attempts."""
    account()
    for _ in range(5):
        sign_in(client, password="sai")

    other = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "ocopmap.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    status, errors = json.loads(other.stdout)
    assert (status, errors) == (200, ["Quá nhiều lần thử sai. Hãy đợi vài phút rồi thử lại."])


# --- the log -------------------------------------------------------------------------------


@pytest.fixture
def lines(caplog):
    """`lines()` returns what accounts have logged so far."""
    caplog.set_level(logging.WARNING)
    return lambda: [
        (record.name, record.getMessage())
        for record in caplog.records
        if record.name == "frontend.workspace.accounts"
    ]


def test_failed_and_limited_attempts_are_logged_with_account_and_address(client, lines):
    account()
    for _ in range(6):
        sign_in(client, "lan@example.org", password="bí mật của Lan")

    name = "frontend.workspace.accounts"
    failed = (name, "Sign-in failed: account lan, address 127.0.0.1")
    assert lines() == [failed] * 5 + [(name, "Sign-in limited: account lan, address 127.0.0.1")]


def test_a_password_typed_as_the_name_is_not_logged(client, lines, caplog):
    account()
    sign_in(client, login=PASSWORD, password="sai")

    assert [text for _name, text in lines()] == [
        "Sign-in failed: unknown account, address 127.0.0.1"
    ]
    assert PASSWORD not in caplog.text


def test_a_wrong_code_is_logged(client, lines):
    account(is_superuser=True)
    sign_in(client)
    client.post("/tai-khoan/2fa/authenticate/", {"code": "000000"})

    assert [text for _name, text in lines()] == ["Wrong code: account lan, address 127.0.0.1"]


# --- reset by mail -------------------------------------------------------------------------


def test_the_link_of_the_mail_is_below_the_address_of_the_site_and_sets_a_password(
    client, mailoutbox
):
    account()
    client.post("/tai-khoan/password/reset/", {"email": "Lan@example.org"}, HTTP_HOST="localhost")

    (mail,) = mailoutbox
    link = re.search(r"\S+/password/reset/key/\S+", mail.body)[0]
    assert link.startswith(f"{settings.SITE_URL}/tai-khoan/")
    assert (mail.to, mail.from_email) == (["lan@example.org"], settings.DEFAULT_FROM_EMAIL)
    page = client.get(link.removeprefix(settings.SITE_URL), follow=True)
    new = "ruộng-muối-Cà-Ná"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert sign_in(client, password=new).status_code == 302


def test_an_unknown_address_gets_no_mail_and_the_same_answer(client, mailoutbox):
    account()
    answers = [
        client.post("/tai-khoan/password/reset/", {"email": email}).headers["Location"]
        for email in ("lan@example.org", "ai@example.org")
    ]

    assert len(set(answers)) == 1
    assert [mail.to for mail in mailoutbox] == [["lan@example.org"]]


def test_a_mail_server_that_is_down_is_logged_and_no_error_of_the_page(client, settings, lines):
    account()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    response = client.post("/tai-khoan/password/reset/", {"email": "lan@example.org"})

    assert response.headers["Location"] == "/tai-khoan/password/reset/done/"
    assert "could not be sent" in lines()[0][1]


def test_an_account_of_the_command_line_has_a_verified_address():
    User.objects.create_superuser("chu", "Chu@example.org", "x")

    (address,) = EmailAddress.objects.all()
    assert (address.email, address.verified, address.primary) == ("chu@example.org", True, True)
