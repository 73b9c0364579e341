"""Sessions: idle time, and the input of a form whose session ended while it was open."""

import datetime

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client
from django.utils import timezone

from districts.models import Role, Stewardship
from frontend.workspace import unsaved
from products.ocop.models import Product
from products.register.models import Producer
from products.register.states import State
from tests.factories import (
    TOTP_SECRET,
    ProductFactory,
    SourceFactory,
    UnitFactory,
    UserFactory,
    add_second_factor,
    editor_of,
)
from tests.second_factor import code_now
from tests.versions import version_of

pytestmark = pytest.mark.django_db

PASSWORD = "giàn-nho-đỏ-2026"
NOTHING_MORE = {
    f"{part}-{count}_FORMS": "0"
    for part in ("ratings", "photos", "ingredients", "certificates")
    for count in ("TOTAL", "INITIAL")
}


@pytest.fixture
def here():
    return UnitFactory(code="82858")


@pytest.fixture
def editor(here):
    user = editor_of(here)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def product(here):
    return ProductFactory(name="Nho", declared_commune=here)


def page_of(product):
    return f"/admin/ocop/product/{product.pk}/change/"


def values(product, **changed):
    return {
        "name": product.name,
        "name_basis": product.name_basis,
        "source": product.source_id,
        "declared_commune": product.declared_commune_id,
        "version": version_of(product),
        **NOTHING_MORE,
        **changed,
    }


def end_sessions():
    Session.objects.update(expire_date=timezone.now() - datetime.timedelta(seconds=1))


def sign_in_with(client, page, user, password=PASSWORD):
    """Submit the sign-in form of a response with all of its hidden fields."""
    form = page.context["form"]
    hidden = {"unsaved": form["unsaved"].value(), "next": page.context["redirect_field_value"]}
    return client.post(
        "/tai-khoan/login/", {"login": user.username, "password": password, **hidden}
    )


# --- idle time -----------------------------------------------------------------------------


def test_a_session_ends_after_the_idle_time_and_each_request_begins_it_again(client, editor):
    idle = datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    client.force_login(editor)
    session = client.session
    session["seen"] -= 3600
    session.save()
    Session.objects.update(expire_date=timezone.now() + idle / 2)

    response = client.get("/admin/")

    left = Session.objects.get().expire_date - timezone.now()
    assert abs(left - idle) < datetime.timedelta(minutes=1)
    assert response.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == settings.SESSION_COOKIE_AGE
    end_sessions()
    assert client.get("/admin/").status_code == 302


def test_a_request_soon_after_another_does_not_write_the_session(client, editor):
    client.force_login(editor)

    assert settings.SESSION_COOKIE_NAME not in client.get("/admin/").cookies


def test_public_pages_never_send_the_cookie_of_the_session(client, editor):
    client.force_login(editor)
    session = client.session
    session["seen"] = 0
    session.save()

    for path in ("/", "/bao-ho/", "/api/v1/collections/products/items"):
        assert settings.SESSION_COOKIE_NAME not in client.get(path).cookies


def test_signing_in_starts_the_idle_time(client, editor):
    client.post("/tai-khoan/login/", {"login": editor.username, "password": PASSWORD})

    left = Session.objects.get().expire_date - timezone.now()
    assert left.total_seconds() <= settings.SESSION_COOKIE_AGE


# --- input of an ended session -------------------------------------------------------------


def test_the_input_is_in_the_form_again_after_signing_in_and_nothing_is_written(
    client, editor, product
):
    client.force_login(editor)
    version = version_of(product)
    end_sessions()

    page = client.post(page_of(product), values(product, name="Nho xanh", note="gọi lại"))
    back = sign_in_with(client, page, editor)
    form = client.get(back.headers["Location"])

    assert page.status_code == 403
    assert "Phiên làm việc đã hết" in page.content.decode()
    assert back.headers["Location"] == page_of(product)
    assert form.status_code == 200
    body = form.content.decode()
    assert 'value="Nho xanh"' in body
    assert "gọi lại" in body
    assert str(unsaved.NOTICE) in body
    product.refresh_from_db()
    assert (product.name, version_of(product)) == ("Nho", version)

    saved = client.post(page_of(product), values(product, name="Nho xanh", version=version))
    assert saved.context is None, saved.context["adminform"].form.errors
    product.refresh_from_db()
    assert product.name == "Nho xanh"


def test_the_input_is_shown_once(client, editor, product):
    page = client.post(page_of(product), values(product, name="Nho xanh"))
    sign_in_with(client, page, editor)
    client.get(page_of(product))

    assert "Nho xanh" not in client.get(page_of(product)).content.decode()


def test_a_new_record_is_not_lost_either(client, editor, here):
    source = SourceFactory()
    path = "/admin/register/producer/add/"
    submitted = {"name": "HTX Mới", "source": source.pk, "declared_commune": here.pk}

    page = client.post(path, submitted)
    back = sign_in_with(client, page, editor)

    assert 'value="HTX Mới"' in client.get(back.headers["Location"]).content.decode()
    assert not Producer.objects.exists()


def test_the_reason_of_a_transition_is_not_lost(client, editor, here, product):
    Stewardship.objects.filter(user=editor).update(role=Role.PUBLISHER)
    add_second_factor(editor)
    Product.objects.filter(pk=product.pk).update(state=State.REVIEW)
    version = version_of(product)
    path = f"/admin/ocop/product/{product.pk}/move/reject/?version={version}"

    page = client.post(path, {"reason": "Thiếu ảnh chụp", "version": version})
    step = sign_in_with(client, page, editor)
    back = client.post(step.headers["Location"], {"code": code_now(TOTP_SECRET)})
    form = client.get(back.headers["Location"])

    assert back.headers["Location"] == path
    assert "Thiếu ảnh chụp</textarea>" in form.content.decode()
    assert Product.objects.get().state == State.REVIEW


def test_the_second_factor_between_does_not_lose_it(client, here, product):
    user = UserFactory(is_superuser=True)
    user.set_password(PASSWORD)
    user.save()

    page = client.post(page_of(product), values(product, name="Nho xanh"))
    step = sign_in_with(client, page, user)
    back = client.post(step.headers["Location"], {"code": code_now(TOTP_SECRET)})

    assert 'value="Nho xanh"' in client.get(back.headers["Location"]).content.decode()


def test_a_wrong_password_does_not_lose_it(client, editor, product):
    page = client.post(page_of(product), values(product, name="Nho xanh"))
    again = sign_in_with(client, page, editor, password="sai")
    sign_in_with(client, again, editor)

    assert 'value="Nho xanh"' in client.get(page_of(product)).content.decode()


def test_a_record_of_another_area_is_not_shown_with_it(client, editor):
    elsewhere = ProductFactory(declared_commune=UnitFactory(code="82860"))
    page = client.post(page_of(elsewhere), values(elsewhere, name="Nho xanh"))
    back = sign_in_with(client, page, editor)

    assert client.get(back.headers["Location"]).status_code == 302
    assert Product.objects.get(pk=elsewhere.pk).name == elsewhere.name


def test_passwords_and_tokens_are_not_stored(client, editor, product):
    page = client.post(
        page_of(product),
        values(product, password="bí-mật", new_Password1="bí-mật", csrfmiddlewaretoken="x" * 64),
    )
    sign_in_with(client, page, editor)

    _path, fields = client.session["unsaved"]
    assert "name=Nho" in fields
    assert "assword" not in fields
    assert "csrf" not in fields


def test_input_that_is_too_long_is_refused_in_words(client, editor, product):
    page = client.post(page_of(product), values(product, note="x" * unsaved.LARGEST))
    sign_in_with(client, page, editor)

    assert "quá dài" in page.content.decode()
    assert "unsaved" not in client.session


@pytest.mark.parametrize(
    "packed",
    [
        "sửa tay",
        signing.dumps(["/admin/ocop/product/1/change/", "name=Giả"], salt="another"),
        "",
    ],
)
def test_input_that_this_site_has_not_signed_is_ignored(client, editor, packed):
    values = {"login": editor.username, "password": PASSWORD, "unsaved": packed}

    assert client.post("/tai-khoan/login/", values).status_code == 302
    assert "unsaved" not in client.session


def test_a_post_without_the_token_of_the_site_is_refused_as_before(editor, product):
    client = Client(enforce_csrf_checks=True)

    response = client.post(page_of(product), values(product, name="Nho xanh"))

    assert response.status_code == 403
    assert "Nho xanh" not in response.content.decode()
    assert "form" not in (response.context or {})


def test_only_the_sign_in_page_with_input_is_shown_to_strangers(client, product):
    assert client.get(page_of(product)).status_code == 302
    assert client.post(page_of(product)).status_code == 302
    assert not Session.objects.exists()
