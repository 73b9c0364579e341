"""The page of a person: made by a superuser, with areas, address, lock and second factor."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import InternalError, transaction
from django.test import Client
from django.urls import reverse

from districts.models import Role, Stewardship
from geodata.models import SecondFactorReset
from tests.factories import (
    AppPasswordFactory,
    SecondFactorResetFactory,
    UnitFactory,
    UserFactory,
    editor_of,
    publisher_of,
)

pytestmark = pytest.mark.django_db

User = get_user_model()
ADD = "/admin/auth/user/add/"


@pytest.fixture
def here():
    return UnitFactory(code="82858", name="Vĩnh Hậu")


def change(person):
    return reverse("admin:auth_user_change", args=[person.pk])


def form(person=None, areas=(), **values):
    """What a browser submits for the page of a person; areas: (unit, role) to add."""
    stored = list(person.stewardships.all()) if person else []
    submitted = {
        "full_name": person.get_full_name() if person else "Nguyễn Thị Lan",
        "username": person.username if person else "lan",
        "email": (person and person.email) or "lan@example.org",
        "is_active": "on",
        "stewardships-TOTAL_FORMS": len(stored) + len(areas),
        "stewardships-INITIAL_FORMS": len(stored),
    }
    rows = [(one.unit, one.role, one.pk) for one in stored] + [(*area, "") for area in areas]
    for number, (unit, role, pk) in enumerate(rows):
        prefix = f"stewardships-{number}"
        submitted |= {f"{prefix}-unit": unit.pk, f"{prefix}-role": role, f"{prefix}-id": pk}
        submitted[f"{prefix}-user"] = person.pk if person else ""
    if person and person.is_superuser:
        submitted["is_superuser"] = "on"
    return {name: value for name, value in (submitted | values).items() if value is not None}


def errors_of(response):
    return dict(response.context["adminform"].form.errors)


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """`with commit():` runs what waits for the commit at the end of the body."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_a_new_person_gets_areas_a_verified_address_and_a_link_to_choose_a_password(
    admin_client, client, here, commit, mailoutbox, settings
):
    other = UnitFactory(code="82860")
    with commit():
        admin_client.post(ADD, form(areas=[(here, Role.EDITOR), (other, Role.PUBLISHER)]))

    person = User.objects.get(username="lan")
    assert (person.get_full_name(), person.is_staff, person.is_superuser, person.is_active) == (
        "Nguyễn Thị Lan",
        True,
        False,
        True,
    )
    assert not person.has_usable_password()
    areas = set(person.stewardships.values_list("unit", "role"))
    assert areas == {(here.pk, Role.EDITOR), (other.pk, Role.PUBLISHER)}
    (address,) = EmailAddress.objects.filter(user=person)
    assert (address.email, address.verified) == ("lan@example.org", True)

    (mail,) = mailoutbox
    assert mail.to == ["lan@example.org"]
    link = re.search(r"\S+/password/reset/key/\S+", mail.body)[0]
    page = client.get(link.removeprefix(settings.SITE_URL), follow=True)
    password = "giàn-nho-đỏ-2026"
    client.post(page.request["PATH_INFO"], {"password1": password, "password2": password})
    response = client.post("/tai-khoan/login/", {"login": "lan", "password": password})
    assert response.headers["Location"] == "/admin/"


def test_a_person_that_is_refused_gets_no_mail(admin_client, here, commit, mailoutbox):
    with commit():
        response = admin_client.post(ADD, form(areas=[(here, Role.EDITOR), (here, Role.PUBLISHER)]))

    formset = response.context["inline_admin_formsets"][0].formset
    assert "Cán bộ này đã có quyền trên địa bàn này." in str(formset.errors)
    assert not User.objects.filter(username="lan").exists()
    assert mailoutbox == []


def test_an_area_twice_is_refused_in_words_when_the_first_is_stored(admin_client, here):
    person = editor_of(here)

    response = admin_client.post(change(person), form(person, areas=[(here, Role.PUBLISHER)]))

    formset = response.context["inline_admin_formsets"][0].formset
    assert "Cán bộ này đã có quyền trên địa bàn này." in str(formset.errors)
    assert person.stewardships.get().role == Role.EDITOR


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_down_does_not_lose_the_person(admin_client, here, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    admin_client.post(ADD, form())

    assert User.objects.filter(username="lan").exists()
    page = admin_client.get("/admin/auth/user/").content.decode()
    assert "Không gửi được thư đến lan@example.org" in page


def test_a_changed_address_is_the_only_verified_one(admin_client):
    person = UserFactory(email="cu@example.org")

    admin_client.post(change(person), form(person, full_name="Lan", email="Moi@Example.org"))

    (address,) = EmailAddress.objects.filter(user=person)
    assert (address.email, address.verified, address.primary) == ("moi@example.org", True, True)
    person.refresh_from_db()
    assert person.email == "moi@example.org"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "LAN@example.org"),
        ("email", "binh@example.org"),
        ("email", ""),
        ("username", "LAN"),
        ("username", "lan@example.org"),
        ("full_name", ""),
        ("full_name", "Lan \u202e"),
    ],
)
def test_what_another_account_has_or_nobody_can_read_is_refused_at_its_field(
    admin_client, field, value
):
    UserFactory(username="lan", email="lan@example.org")
    UserFactory(username="binh@example.org")
    person = UserFactory(username="hoa", email="hoa@example.org", first_name="Hoa")

    response = admin_client.post(change(person), form(person, **{field: value}))

    assert list(errors_of(response)) == [field]


def test_the_page_has_no_permissions_groups_or_password(admin_client, here):
    person = editor_of(here)
    inputs = admin_client.get(change(person)).context["adminform"].form.fields

    assert set(inputs) == {"full_name", "username", "email", "is_active", "is_superuser"}
    registered = {model._meta.label for model in admin.site._registry}
    assert registered & {"auth.Group", "account.EmailAddress", "mfa.Authenticator"} == set()


def test_the_page_shows_sign_in_second_factor_and_programs(admin_client, here):
    person = publisher_of(here, second_factor=False)
    AppPasswordFactory(user=person, name="QGIS ở văn phòng")
    SecondFactorResetFactory(user=person, reason="Mất điện thoại")

    page = admin_client.get(change(person)).content.decode()
    listed = admin_client.get("/admin/auth/user/").content.decode()

    for text in ("chưa bật, bắt buộc", "QGIS ở văn phòng", "Mất điện thoại"):
        assert text in page
    assert "xã Vĩnh Hậu: duyệt công bố" in listed
    assert "chưa bật, bắt buộc" in listed


def test_the_number_of_queries_of_the_list_is_constant(
    admin_client, here, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(30) as found:
            admin_client.get("/admin/auth/user/")
        return len(found)

    editor_of(here)
    baseline = queries()
    for _ in range(5):
        editor_of(here)

    assert queries() == baseline


@pytest.mark.parametrize("lost", ["is_active", "is_superuser"])
def test_the_last_superuser_stays(admin_client, admin_user, lost):
    UserFactory(is_superuser=True, is_active=False)
    admin_user.email, admin_user.first_name = "a@example.org", "A"
    admin_user.save()

    response = admin_client.post(change(admin_user), form(admin_user, **{lost: None}))

    assert "Phải còn ít nhất một người quản trị" in str(errors_of(response))
    assert User.objects.filter(is_active=True, is_superuser=True).count() == 1


def test_people_are_not_deleted(admin_client, here):
    person = editor_of(here)

    assert (
        admin_client.post(f"/admin/auth/user/{person.pk}/delete/", {"post": "yes"}).status_code
        == 403
    )
    response = admin_client.post(
        "/admin/auth/user/", {"action": "delete_selected", "_selected_action": person.pk}
    )
    assert response.status_code in (302, 200)
    assert User.objects.filter(pk=person.pk).exists()


def test_a_publisher_cannot_raise_anybody(client, here):
    person = publisher_of(here)
    client.force_login(person)

    response = client.post(change(person), form(person, is_superuser="on", full_name="A"))

    assert response.status_code == 403
    assert not User.objects.get(pk=person.pk).is_superuser


# --- reset of the second factor ------------------------------------------------------------


def reset(client, person, **values):
    return client.post(reverse("admin:auth_user_reset", args=[person.pk]), values)


def test_a_superuser_resets_a_second_factor_with_a_reason(
    admin_client, admin_user, here, mailoutbox
):
    person = publisher_of(here)
    person.email = "lan@example.org"
    person.save()

    reset(admin_client, person, reason=" Mất điện thoại ")

    assert not Authenticator.objects.filter(user=person).exists()
    (row,) = SecondFactorReset.objects.all()
    assert (row.user, row.by, row.reason) == (person, admin_user, "Mất điện thoại")
    (mail,) = mailoutbox
    assert mail.to == ["lan@example.org"]
    assert "Mất điện thoại" in mail.body


def test_a_reset_ends_all_sessions_of_the_person_and_no_others(admin_client, here):
    person, other = publisher_of(here), publisher_of(here)
    lost, at_work, of_other = Client(), Client(), Client()
    for client, user in ((lost, person), (at_work, person), (of_other, other)):
        client.force_login(user)

    reset(admin_client, person, reason="Mất điện thoại")

    for client in (lost, at_work):
        assert client.get("/admin/").headers["Location"].startswith("/admin/login/")
    for client in (of_other, admin_client):
        assert client.get("/admin/").status_code == 200


def test_a_new_password_ends_all_sessions_of_the_person(client, here):
    person = publisher_of(here)
    client.force_login(person)

    person.set_password("một mật khẩu khác hẳn")
    person.save()

    assert client.get("/admin/").headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("reason", ["", " \n", "Mất \u202e"])
def test_a_reset_without_a_readable_reason_changes_nothing(admin_client, here, reason):
    person = publisher_of(here)

    response = reset(admin_client, person, reason=reason)

    assert response.context["form"].errors
    assert Authenticator.objects.filter(user=person).exists()
    assert not SecondFactorReset.objects.exists()


def test_nobody_resets_the_own_second_factor_there(admin_client, admin_user):
    assert reset(admin_client, admin_user, reason="Đổi điện thoại").status_code == 403
    assert Authenticator.objects.filter(user=admin_user).exists()


def test_a_publisher_resets_nobody(client, here):
    person = publisher_of(here)
    client.force_login(publisher_of(here))

    assert reset(client, person, reason="Mất điện thoại").status_code == 403
    assert Authenticator.objects.filter(user=person).exists()


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_record_of_a_reset_is_never_changed(act):
    row = SecondFactorResetFactory()
    rows = SecondFactorReset.objects.filter(pk=row.pk)

    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        rows.update(reason="khác") if act == "update" else rows._raw_delete("default")


def test_stewardships_are_listed_on_the_page_of_the_person_only():
    assert Stewardship not in admin.site._registry
