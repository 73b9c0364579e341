"""App passwords: made and revoked by the person, only for the editing API, limited and logged."""

import base64
import logging

import pytest
from django.utils import timezone

from geodata.app_passwords import make_app_password
from geodata.models import AppPassword
from tests.factories import (
    AppPasswordFactory,
    ProductFactory,
    UnitFactory,
    UserFactory,
    editor_of,
    publisher_of,
)

pytestmark = pytest.mark.django_db

PAGE = "/tai-khoan/mat-khau-ung-dung/"


@pytest.fixture
def here():
    return UnitFactory(code="82858")


@pytest.fixture
def product(here):
    return ProductFactory(declared_commune=here)


@pytest.fixture
def editor(here):
    return editor_of(here)


def basic(login, password):
    encoded = base64.b64encode(f"{login}:{password}".encode()).decode()
    return {"Authorization": f"Basic {encoded}"}


def open_place(client, product, headers, **environ):
    path = f"/api/v1/editing/collections/products/items/{product.code}"
    return client.get(path, headers=headers, **environ)


def detail(response):
    return response.json()["detail"]


# --- the page ------------------------------------------------------------------------------


def sign_in(client, user):
    """Sign in now, so that the page does not ask for the password again."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": timezone.now().timestamp()}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def test_a_person_makes_one_which_is_shown_once_and_stored_as_a_digest(client, editor, product):
    sign_in(client, editor)

    made = client.post(PAGE, {"name": "QGIS"})
    again = client.get(PAGE)

    password = made.context["password"]
    row = AppPassword.objects.get()
    assert (row.user, row.name) == (editor, "QGIS")
    assert password in made.content.decode()
    assert password not in again.content.decode()
    assert password.replace("-", "") not in str(AppPassword.objects.values().get())
    assert open_place(client, product, basic(editor.username, password)).status_code == 200


def test_making_one_asks_for_the_password_some_time_after_signing_in(client, editor):
    editor.set_password("giàn-nho-đỏ")
    editor.save()
    client.force_login(editor)

    asked = client.post(PAGE, {"name": "QGIS"})
    made = client.post(asked.headers["Location"], {"password": "giàn-nho-đỏ"})

    assert asked.headers["Location"].startswith("/tai-khoan/reauthenticate/")
    assert made.context["password"]
    assert AppPassword.objects.count() == 1


@pytest.mark.parametrize("name", ["", " ", "QGIS \u202e"])
def test_one_without_a_readable_name_is_refused(client, editor, name):
    sign_in(client, editor)

    response = client.post(PAGE, {"name": name})

    assert list(response.context["form"].errors) == ["name"]
    assert not AppPassword.objects.exists()


def test_a_revoked_one_opens_nothing_and_stays_in_the_list(client, editor, product):
    row, password = make_app_password(editor, "QGIS")
    client.force_login(editor)

    client.post(f"{PAGE}{row.pk}/thu-hoi/")
    client.logout()

    assert open_place(client, product, basic(editor.username, password)).status_code == 401
    row.refresh_from_db()
    assert row.revoked_at


def test_nobody_revokes_that_of_another(client, editor):
    row = AppPasswordFactory(user=UserFactory())
    client.force_login(editor)

    assert client.post(f"{PAGE}{row.pk}/thu-hoi/").status_code == 404
    assert AppPassword.objects.get().revoked_at is None


# --- the API -------------------------------------------------------------------------------


def test_a_publisher_edits_without_the_second_factor_of_a_browser(client, here, product):
    publisher = publisher_of(here)
    _row, password = make_app_password(publisher, "QGIS")

    response = client.patch(
        f"/api/v1/editing/collections/products/items/{product.code}",
        '{"type": "Feature", "properties": {"address": "Thôn 1"}}',
        content_type="application/json",
        headers=basic(publisher.username, password),
    )

    assert response.status_code == 200
    product.refresh_from_db()
    assert product.address == "Thôn 1"


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_landing_page_answers_with_and_without_its_last_slash(client, editor, slash):
    _row, password = make_app_password(editor, "QGIS")

    response = client.get(f"/api/v1/editing{slash}", headers=basic(editor.username, password))

    assert response.status_code == 200


@pytest.mark.parametrize("written", [str.upper, lambda text: text.replace("-", " ")])
def test_the_password_may_be_typed_in_capitals_or_with_blanks(client, editor, product, written):
    _row, password = make_app_password(editor, "QGIS")

    response = open_place(client, product, basic(editor.username, written(password)))

    assert response.status_code == 200


def test_the_address_is_accepted_as_the_name(client, editor, product):
    editor.email = "lan@example.org"
    editor.save()
    _row, password = make_app_password(editor, "QGIS")

    assert open_place(client, product, basic("Lan@example.org", password)).status_code == 200


def wrong(editor, password):
    """Credentials that are refused, by what is wrong with them."""
    return {
        "another name": basic("ai-do", password),
        "no name": basic("", password),
        "another password": basic(editor.username, password[:-1] + "?"),
        "a zero byte": basic("\0", "\0"),
        "no password": basic(editor.username, ""),
        "not base64": {"Authorization": "Basic ???"},
        "not text": {"Authorization": "Basic /w=="},
        "nothing": {"Authorization": "Basic"},
    }


@pytest.mark.parametrize("what", wrong(UserFactory.build(), "x"))
def test_other_credentials_are_refused_in_words(client, editor, product, what):
    _row, password = make_app_password(editor, "QGIS")

    response = open_place(client, product, wrong(editor, password)[what])

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Basic ")
    assert detail(response) == "Sai tên đăng nhập hoặc mật khẩu ứng dụng."


def test_the_password_of_the_account_is_none(client, editor, product):
    editor.set_password("giàn-nho-đỏ")
    editor.save()

    assert open_place(client, product, basic(editor.username, "giàn-nho-đỏ")).status_code == 401


def test_a_locked_person_is_refused(client, editor, product):
    _row, password = make_app_password(editor, "QGIS")
    editor.is_active = False
    editor.save()

    assert open_place(client, product, basic(editor.username, password)).status_code == 401


def test_without_credentials_the_program_is_asked_for_them(client, product):
    response = open_place(client, product, {})

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("path", ["/admin/", "/admin/ocop/product/", "/tai-khoan/"])
def test_it_opens_no_page(client, editor, path):
    _row, password = make_app_password(editor, "QGIS")

    assert client.get(path, headers=basic(editor.username, password)).status_code == 302


def test_only_encrypted_connections_are_accepted(client, editor, product, settings):
    _row, password = make_app_password(editor, "QGIS")
    headers = basic(editor.username, password)

    def status(**environ):
        return open_place(client, product, headers, **environ).status_code

    assert status() == 200  # from this machine
    assert status(REMOTE_ADDR="192.0.2.1") == 401
    assert status(HTTP_X_FORWARDED_FOR="192.0.2.1") == 401  # through a proxy of this machine
    assert status(REMOTE_ADDR="192.0.2.1", **{"wsgi.url_scheme": "https"}) == 200
    settings.HTTPS = True
    # Not a challenge, to which a program would answer with the password.
    assert status() == 403


def test_the_last_use_is_stored(client, editor, product):
    row, password = make_app_password(editor, "QGIS")
    before = timezone.now()

    open_place(client, product, basic(editor.username, password))

    row.refresh_from_db()
    assert row.last_used_at >= before


def test_failed_attempts_are_limited_by_account_and_logged_without_the_password(
    client, editor, product, caplog
):
    caplog.set_level(logging.WARNING)
    _row, password = make_app_password(editor, "QGIS")
    for number in range(10):
        address = f"127.0.0.{number + 1}"
        wrong = basic(editor.username, "sai-mat-khau")
        assert open_place(client, product, wrong, REMOTE_ADDR=address).status_code == 401

    limited = open_place(client, product, wrong)
    right = open_place(client, product, basic(editor.username, password))

    assert (limited.status_code, right.status_code) == (429, 200)
    assert detail(limited) == "Quá nhiều lần thử sai. Hãy đợi vài phút rồi thử lại."
    found = [one.getMessage() for one in caplog.records if one.name == "geodata.app_passwords"]
    assert found[0] == f"App password refused: account {editor.username}, address 127.0.0.1"
    assert found[-1].startswith(f"Attempts with app passwords limited: account {editor.username}")
    assert "sai-mat-khau" not in caplog.text


def test_failed_attempts_are_limited_by_address(client, editor, product):
    for number in range(20):
        assert open_place(client, product, basic(f"ai-{number}", "sai")).status_code == 401

    assert open_place(client, product, basic("ai", "sai")).status_code == 429
