"""Optimistic locking: an edit based on an older version never overwrites a newer one."""

import datetime
import html
import json
import re

import pytest
from django.urls import reverse

from geodata.spans import day_span, span_of
from products.ocop.models import OcopRating, Product
from products.register.models import Proposal
from products.register.states import State
from products.rights.models import AreaUnit
from tests.factories import (
    CategoryFactory,
    IpRightFactory,
    ProductFactory,
    RatingFactory,
    SourceFactory,
    UnitFactory,
    at,
    publisher_of,
)
from tests.versions import next_transaction, version_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("self_publish")]

STALE = "Người khác vừa lưu hồ sơ này"


@pytest.fixture
def commune():
    return UnitFactory(name="An Hậu")


@pytest.fixture
def official(client, commune):
    client.force_login(publisher_of(commune))
    return client


def page(record, name="change", *more):
    return reverse(
        f"admin:{record._meta.app_label}_{record._meta.model_name}_{name}", args=[record.pk, *more]
    )


def form_data(client, record):
    """Form data that a browser submits from the record's change page."""
    response = client.get(page(record))
    forms = [response.context["adminform"].form]
    for formset in response.context.get("inline_admin_formsets", ()):
        forms += [formset.formset.management_form, *formset.formset.forms]
    values = {}
    for form in forms:
        for field in form:
            value = field.value()
            if hasattr(field.field, "fields"):
                parts = field.field.widget.decompress(value)
                names = field.field.widget.widgets_names
                values |= {
                    field.html_name + name: "" if part is None else part
                    for name, part in zip(names, parts, strict=True)
                }
            elif value is not None and value is not False:
                values[field.html_name] = value
    return values


def text_of(response):
    """The text of a page, without markup."""
    body = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(body).split())


# --- stale forms ---------------------------------------------------------------------------


def test_a_stale_form_does_not_restore_old_stars(official, commune):
    product = ProductFactory(declared_commune=commune, published=True)
    RatingFactory(product=product, stars=4)
    first, second = (form_data(official, product) for _ in range(2))
    next_transaction()
    official.post(page(product), first | {"ratings-0-stars": "5"})
    assert OcopRating.objects.get().stars == 5

    response = official.post(page(product), second | {"description": "Ngon"})

    (proposal,) = Proposal.objects.all()
    assert response.url == page(proposal)
    text = text_of(official.get(response.url))
    assert STALE in text
    assert proposal.changes == {"description": {"base": "", "proposed": "Ngon"}}
    assert (OcopRating.objects.get().stars, Product.objects.get().description) == (5, "")


def test_the_second_of_two_who_save_compares_three_columns_and_decides(official, commune):
    product = ProductFactory(declared_commune=commune, name="Nho", description="Xanh")
    rating = RatingFactory(product=product, stars=3)
    first, second = (form_data(official, product) for _ in range(2))
    next_transaction()
    official.post(page(product), first | {"name": "Táo", "ratings-0-stars": "4"})
    next_transaction()
    changes = {"name": "Nho đỏ", "description": "Ngọt", "ratings-0-stars": "5"}

    response = official.post(page(product), second | changes)

    compared = official.get(response.url)
    columns = {
        one.key: (one.base, one.now, one.proposed, one.conflict)
        for one in compared.context["differences"]
    }
    assert columns["name"] == ("Nho", "Táo", "Nho đỏ", True)
    assert columns["description"] == ("Xanh", "Xanh", "Ngọt", False)
    assert [word in text for word, text in zip(("3", "4", "5"), columns["part-0"], strict=False)]
    assert columns["part-0"][3]
    assert compared.context["accepted"] == ["description"]
    product.refresh_from_db()
    decision = {
        "revision": compared.context["proposal"].revision,
        "base_version": product.version,
        "accepted": ["description", "part-0"],
        "accept": "",
    }
    next_transaction()
    official.post(response.url, decision)

    product.refresh_from_db()
    rating.refresh_from_db()
    assert (product.name, product.description, rating.stars) == ("Táo", "Ngọt", 5)


def test_a_form_opened_after_the_other_save_is_saved(official, commune):
    product = ProductFactory(declared_commune=commune, published=True)
    RatingFactory(product=product, stars=4)
    official.post(page(product), form_data(official, product) | {"ratings-0-stars": "5"})
    next_transaction()

    official.post(page(product), form_data(official, product) | {"description": "Ngon"})

    assert (OcopRating.objects.get().stars, Product.objects.get().description) == (5, "Ngon")


@pytest.mark.parametrize("version", ["", None, "x", "-1", "999"])
def test_a_form_with_a_missing_or_invalid_version_is_rejected(official, commune, version):
    product = ProductFactory(declared_commune=commune, name="Nho")
    submitted = form_data(official, product) | {"name": "Táo", "version": version}
    if version is None:
        del submitted["version"]

    response = official.post(page(product), submitted)

    assert response.context["adminform"].form.errors
    assert Product.objects.get().name == "Nho"


def test_an_open_form_is_stale_after_a_rating_is_deleted(official, commune):
    product = ProductFactory(declared_commune=commune)
    rating = RatingFactory(product=product)
    stale = form_data(official, product)
    next_transaction()
    rating.delete()

    response = official.post(page(product), stale | {"description": "Ngon"})
    assert STALE in text_of(response)

    official.post(page(product), form_data(official, product) | {"description": "Ngon"})
    assert Product.objects.get().description == "Ngon"


def test_the_form_of_a_rating_contains_the_version_of_its_product(official, commune):
    product = ProductFactory(declared_commune=commune)
    rating, other = (
        RatingFactory(product=product, on=datetime.date(year, 1, 1)) for year in (2020, 2024)
    )
    stale = form_data(official, rating)
    next_transaction()
    OcopRating.objects.filter(pk=other.pk).update(stars=5)

    response = official.post(page(rating), stale | {"stars": "4"})
    assert STALE in text_of(response)
    assert OcopRating.objects.get(pk=rating.pk).stars == 3

    official.post(page(rating), form_data(official, rating) | {"stars": "4"})
    assert OcopRating.objects.get(pk=rating.pk).stars == 4


@pytest.mark.django_db(transaction=True)
def test_an_etag_older_than_a_rating_change_returns_412(client):
    commune = UnitFactory()
    product = ProductFactory(declared_commune=commune, point=at(109, 11.5))
    rating = RatingFactory(product=product)
    client.force_login(publisher_of(commune))
    place = reverse("editing:item", args=["products", product.code])
    before = client.get(place)["ETag"]

    def patch(tag):
        body = {"type": "Feature", "geometry": None, "properties": {"address": tag}}
        body["geometry"] = {"type": "Point", "coordinates": [109, 11.5]}
        headers = {"If-Match": tag}
        return client.patch(place, json.dumps(body), "application/geo+json", headers=headers)

    assert client.post(page(rating), form_data(client, rating) | {"stars": "4"}).status_code == 302
    rejected = patch(before)
    assert (rejected.status_code, rejected["Content-Type"]) == (412, "application/problem+json")
    assert STALE in rejected.json()["detail"]
    product.refresh_from_db()
    assert product.address == ""

    now = client.get(place)["ETag"]
    assert before == f'"{int(now.strip(chr(34))) - 1}"'
    assert patch(f"W/{now}").status_code == 412
    response = patch(f'"0", {now}')
    assert (response.status_code, response["ETag"]) == (200, f'"{version_of(product)}"')
    assert patch("*").status_code == 200


# --- confirmations -------------------------------------------------------------------------


def test_publishing_requires_the_displayed_version(official, commune):
    product = ProductFactory(declared_commune=commune, state=State.REVIEW, name="Nho")
    read = version_of(product)
    next_transaction()
    Product.objects.update(name="Nho giả")

    confirmation = official.get(page(product, "move", "publish") + f"?version={read}", follow=True)
    assert "Hồ sơ đã đổi từ khi bạn mở" in text_of(confirmation)
    assert confirmation.redirect_chain == [(page(product), 302)]
    rejected = official.post(page(product, "move", "publish"), {"version": read}, follow=True)
    assert STALE in text_of(rejected)
    rejected = official.post(page(product, "move", "publish"), follow=True)
    assert "Thiếu số phiên bản" in text_of(rejected)
    assert Product.objects.get().state == State.REVIEW

    link = re.search(
        r'href="([^"]*/move/publish/[^"]*)"', official.get(page(product)).content.decode()
    )
    form = official.get(link[1]).context["form"]
    official.post(link[1], {"version": form["version"].value()})
    assert Product.objects.get().state == State.PUBLISHED


def test_deleting_requires_the_displayed_version(official, commune):
    product = ProductFactory(declared_commune=commune)
    confirmation = official.get(page(product, "delete"))
    assert confirmation["Location"].endswith(f"?version={version_of(product)}")
    next_transaction()
    RatingFactory(product=product)

    rejected = official.post(confirmation["Location"], {"post": "yes"}, follow=True)
    assert STALE in text_of(rejected)
    rejected = official.post(page(product, "delete"), {"post": "yes"}, follow=True)
    assert "Thiếu số phiên bản" in text_of(rejected)
    assert Product.objects.exists()

    official.post(official.get(page(product, "delete"))["Location"], {"post": "yes"})
    assert not Product.objects.exists()


def test_deleting_a_rating_requires_the_version_of_its_product(official, commune):
    rating = RatingFactory(product__declared_commune=commune)
    confirmation = official.get(page(rating, "delete"))["Location"]
    next_transaction()
    Product.objects.update(description="x")

    rejected = official.post(confirmation, {"post": "yes"}, follow=True)
    assert STALE in text_of(rejected)
    official.post(official.get(page(rating, "delete"))["Location"], {"post": "yes"})

    assert not OcopRating.objects.exists()


def test_lists_have_no_bulk_delete(official, commune):
    product = ProductFactory(declared_commune=commune)
    changelist = reverse("admin:ocop_product_changelist")

    official.post(changelist, {"action": "delete_selected", "_selected_action": [product.pk]})

    assert Product.objects.exists()


# --- constraints as sentences --------------------------------------------------------------


def with_ratings(values, *ratings):
    """Form data of a product with new ratings after its existing ones."""
    existing = int(values["ratings-INITIAL_FORMS"])
    submitted = values | {"ratings-TOTAL_FORMS": existing + len(ratings)}
    for number, rating in enumerate(ratings, existing):
        rating = {"stars": "4", "source": SourceFactory().pk} | rating
        submitted |= {f"ratings-{number}-{name}": value for name, value in rating.items()}
    return submitted


def rating_errors(response):
    (ratings,) = (
        formset.formset
        for formset in response.context["inline_admin_formsets"]
        if formset.formset.prefix == "ratings"
    )
    return [dict(errors) for errors in ratings.errors]


def test_an_overlapping_rating_is_rejected_at_its_date_field(official, commune):
    product = ProductFactory(declared_commune=commune)
    RatingFactory(product=product, on=datetime.date(2024, 12, 10), stars=3)
    submitted = with_ratings(
        form_data(official, product), {"decided": "2024", "decision_text": "đợt 2"}
    )

    response = official.post(page(product), submitted | {"description": "Ngon"})

    assert response.status_code == 200
    none, (errors) = rating_errors(response)
    assert (none, list(errors)) == ({}, ["decided"])
    assert "3 sao (10/12/2024)" in errors["decided"][0]
    assert "đợt 2" in response.content.decode()
    assert OcopRating.objects.count() == 1


def test_a_dated_decision_may_replace_an_approximate_one(official, commune):
    product = ProductFactory(declared_commune=commune)
    RatingFactory(product=product, decided=span_of(2024), stars=3, decision_text="Báo")
    submitted = with_ratings(form_data(official, product), {"decided": "10/12/2024"})

    offered = official.post(page(product), submitted)
    assert list(rating_errors(offered)[1]) == ["decided", "replace"]
    assert re.search(r'<input type="checkbox" name="ratings-1-replace"', offered.content.decode())
    assert OcopRating.objects.get().decision_text == "Báo"

    official.post(page(product), submitted | {"ratings-1-replace": "on"})

    rating = OcopRating.objects.get()
    assert (rating.stars, rating.decided) == (4, day_span(datetime.date(2024, 12, 10)))
    history = text_of(official.get(page(product, "history")))
    assert "xoá xếp hạng OCOP số sao : 3 sao → ∅ ngày quyết định : 2024 → ∅" in history
    assert "tạo xếp hạng OCOP số sao : ∅ → 4 sao ngày quyết định : ∅ → 10/12/2024" in history


def test_a_dated_decision_may_replace_an_approximate_one_on_the_rating_page(official, commune):
    product = ProductFactory(declared_commune=commune)
    RatingFactory(product=product, decided=span_of(2024))
    rating = RatingFactory(product=product, on=datetime.date(2023, 12, 10))
    submitted = form_data(official, rating) | {"decided": "10/12/2024"}

    offered = official.post(page(rating), submitted)
    assert list(offered.context["adminform"].form.errors) == ["decided", "replace"]
    official.post(page(rating), submitted | {"replace": "on"})

    assert OcopRating.objects.get().decided == day_span(datetime.date(2024, 12, 10))


def test_ratings_of_one_form_are_compared_by_their_new_values(official, commune):
    product = ProductFactory(declared_commune=commune)
    RatingFactory(product=product, on=datetime.date(2023, 5, 1))
    moved = form_data(official, product) | {"ratings-0-decided": "2/5/2022"}

    official.post(page(product), with_ratings(moved, {"decided": "1/5/2023"}))
    assert OcopRating.objects.count() == 2

    twice = with_ratings(form_data(official, product), *[{"decided": "1/1/2020"}] * 2)
    response = official.post(page(product), twice)
    assert [list(errors) for errors in rating_errors(response)] == [[], [], ["decided"], []]
    assert OcopRating.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"gtin": "123"}, "gtin"),
        ({"gtin": "8930000000002"}, "gtin"),
        ({"name": " "}, "name"),
        ({"name_en": "Grape\u202e"}, "name_en"),
    ],
)
def test_a_constraint_violation_is_a_sentence_at_its_field(official, commune, change, field):
    ProductFactory(gtin="8930000000002")
    product = ProductFactory(declared_commune=UnitFactory(parent=commune), name="Nho")
    Product.objects.filter(pk=product.pk).update(declared_commune=commune)
    Product.objects.filter(pk=product.pk).assign_units()

    response = official.post(page(product), form_data(official, product) | change)

    errors = response.context["adminform"].form.errors
    assert list(errors) == [field]
    assert "_" not in str(errors[field].as_text())


def test_a_duplicate_unit_is_rejected_at_its_field(admin_client):
    right = IpRightFactory()
    unit = UnitFactory()
    submitted = form_data(admin_client, right) | {"area_parts-TOTAL_FORMS": "2"}
    submitted |= {f"area_parts-{number}-unit": unit.pk for number in (0, 1)}

    response = admin_client.post(page(right), submitted)

    (parts, *_others) = (f.formset for f in response.context["inline_admin_formsets"])
    assert [dict(errors) for errors in parts.errors] == [
        {},
        {"unit": ["Đơn vị này đã có trong khu vực."]},
    ]
    AreaUnit.objects.create(right=right, unit=unit)
    submitted = form_data(admin_client, right) | {"area_parts-TOTAL_FORMS": "2"}
    response = admin_client.post(page(right), submitted | {"area_parts-1-unit": unit.pk})
    (parts, *_others) = (f.formset for f in response.context["inline_admin_formsets"])
    assert parts.errors[1] == {"unit": ["Đơn vị này đã có trong khu vực."]}


@pytest.mark.django_db(transaction=True)
def test_an_error_raised_only_by_the_database_is_shown_in_the_form(admin_client, monkeypatch):
    """The source is deleted between validation and commit."""
    category, gone = CategoryFactory(), SourceFactory()
    submitted = form_data(admin_client, category) | {"source": gone.pk}
    validate = type(category).full_clean

    def validated_and_then(self, *arguments, **options):
        validate(self, *arguments, **options)
        type(gone).objects.filter(pk=gone.pk).delete()

    monkeypatch.setattr(type(category), "full_clean", validated_and_then)

    response = admin_client.post(page(category), submitted)

    text = text_of(response)
    assert ("vừa bị xoá" in text, "thành công" in text) == (True, False)
    category.refresh_from_db()
    assert category.source_id != gone.pk
