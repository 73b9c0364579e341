"""Two officials at one record: nobody overwrites what the other has saved and has not seen."""

import datetime
import html
import json
import re

import pytest
from django.urls import reverse

from geodata.spans import day_span, span_of
from products.ocop.models import OcopRating, Product
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

pytestmark = pytest.mark.django_db

STALE = "Người khác vừa lưu hồ sơ này"


@pytest.fixture
def commune():
    return UnitFactory(name="An Hải")


@pytest.fixture
def official(client, commune):
    client.force_login(publisher_of(commune))
    return client


def page(record, name="change", *more):
    return reverse(
        f"admin:{record._meta.app_label}_{record._meta.model_name}_{name}", args=[record.pk, *more]
    )


def opened(client, record):
    """The fields of the record's page as a browser would send them back."""
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
    """The words of a page, without its tags."""
    body = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(body).split())


# --- the stars that came back --------------------------------------------------------------


def test_a_stale_form_does_not_bring_old_stars_back(official, commune):
    product = ProductFactory(declared_commune=commune, published=True)
    RatingFactory(product=product, stars=4)
    first, second = (opened(official, product) for _ in range(2))
    next_transaction()
    official.post(page(product), first | {"ratings-0-stars": "5"})
    assert OcopRating.objects.get().stars == 5

    response = official.post(page(product), second | {"description": "Ngon"})

    said = text_of(response)
    assert "Hãy sửa các lỗi nêu dưới đây." in said
    assert (response.status_code, STALE in said) == (200, True)
    assert "can-bo-" in said
    assert 'name="description"' in response.content.decode()
    assert "Ngon" in response.content.decode()
    assert (OcopRating.objects.get().stars, Product.objects.get().description) == (5, "")


def test_a_form_opened_after_the_other_save_is_saved(official, commune):
    product = ProductFactory(declared_commune=commune, published=True)
    RatingFactory(product=product, stars=4)
    official.post(page(product), opened(official, product) | {"ratings-0-stars": "5"})
    next_transaction()

    official.post(page(product), opened(official, product) | {"description": "Ngon"})

    assert (OcopRating.objects.get().stars, Product.objects.get().description) == (5, "Ngon")


@pytest.mark.parametrize("version", ["", None, "x", "-1", "999"])
def test_a_form_without_a_version_or_with_no_real_one_is_refused(official, commune, version):
    product = ProductFactory(declared_commune=commune, name="Nho")
    sent = opened(official, product) | {"name": "Táo", "version": version}
    if version is None:
        del sent["version"]

    response = official.post(page(product), sent)

    assert response.context["adminform"].form.errors
    assert Product.objects.get().name == "Nho"


def test_a_deleted_rating_is_said_to_whoever_has_the_form_open(official, commune):
    product = ProductFactory(declared_commune=commune)
    rating = RatingFactory(product=product)
    stale = opened(official, product)
    next_transaction()
    rating.delete()

    response = official.post(page(product), stale | {"description": "Ngon"})
    assert STALE in text_of(response)

    official.post(page(product), opened(official, product) | {"description": "Ngon"})
    assert Product.objects.get().description == "Ngon"


def test_the_page_of_a_rating_carries_the_version_of_its_product(official, commune):
    product = ProductFactory(declared_commune=commune)
    rating, other = (
        RatingFactory(product=product, on=datetime.date(year, 1, 1)) for year in (2020, 2024)
    )
    stale = opened(official, rating)
    next_transaction()
    OcopRating.objects.filter(pk=other.pk).update(stars=5)

    response = official.post(page(rating), stale | {"stars": "4"})
    assert STALE in text_of(response)
    assert OcopRating.objects.get(pk=rating.pk).stars == 3

    official.post(page(rating), opened(official, rating) | {"stars": "4"})
    assert OcopRating.objects.get(pk=rating.pk).stars == 4


@pytest.mark.django_db(transaction=True)
def test_an_etag_from_before_a_rating_changed_on_its_own_page_is_a_412(client):
    commune = UnitFactory()
    product = ProductFactory(declared_commune=commune, point=at(109, 11.5))
    rating = RatingFactory(product=product)
    client.force_login(publisher_of(commune))
    place = reverse("editing:product-place", args=[product.code])
    before = client.get(place)["ETag"]

    def patch(tag):
        body = {"type": "Feature", "geometry": None, "properties": {"address": tag}}
        body["geometry"] = {"type": "Point", "coordinates": [109, 11.5]}
        headers = {"If-Match": tag}
        return client.patch(place, json.dumps(body), "application/geo+json", headers=headers)

    assert client.post(page(rating), opened(client, rating) | {"stars": "4"}).status_code == 302
    refused = patch(before)
    assert (refused.status_code, refused["Content-Type"]) == (412, "application/problem+json")
    assert STALE in refused.json()["detail"]
    product.refresh_from_db()
    assert product.address == ""

    now = client.get(place)["ETag"]
    assert before == f'"{int(now.strip(chr(34))) - 1}"'
    assert patch(f"W/{now}").status_code == 412
    answer = patch(f'"0", {now}')
    assert (answer.status_code, answer["ETag"]) == (200, f'"{version_of(product)}"')
    assert patch("*").status_code == 200


# --- confirmations -------------------------------------------------------------------------


def test_publishing_publishes_what_was_on_the_screen(official, commune):
    product = ProductFactory(declared_commune=commune, state=State.REVIEW, name="Nho")
    read = version_of(product)
    next_transaction()
    Product.objects.update(name="Nho giả")

    asked = official.get(page(product, "move", "publish") + f"?version={read}", follow=True)
    assert "Hồ sơ đã đổi từ khi bạn mở" in text_of(asked)
    assert asked.redirect_chain == [(page(product), 302)]
    refused = official.post(page(product, "move", "publish"), {"version": read}, follow=True)
    assert STALE in text_of(refused)
    refused = official.post(page(product, "move", "publish"), follow=True)
    assert "Thiếu số phiên bản" in text_of(refused)
    assert Product.objects.get().state == State.REVIEW

    link = re.search(
        r'href="([^"]*/move/publish/[^"]*)"', official.get(page(product)).content.decode()
    )
    form = official.get(link[1]).context["form"]
    official.post(link[1], {"version": form["version"].value()})
    assert Product.objects.get().state == State.PUBLISHED


def test_deleting_deletes_what_was_on_the_screen(official, commune):
    product = ProductFactory(declared_commune=commune)
    confirmation = official.get(page(product, "delete"))
    assert confirmation["Location"].endswith(f"?version={version_of(product)}")
    next_transaction()
    RatingFactory(product=product)

    refused = official.post(confirmation["Location"], {"post": "yes"}, follow=True)
    assert STALE in text_of(refused)
    refused = official.post(page(product, "delete"), {"post": "yes"}, follow=True)
    assert "Thiếu số phiên bản" in text_of(refused)
    assert Product.objects.exists()

    official.post(official.get(page(product, "delete"))["Location"], {"post": "yes"})
    assert not Product.objects.exists()


def test_a_rating_is_deleted_as_a_part_of_its_product(official, commune):
    rating = RatingFactory(product__declared_commune=commune)
    confirmation = official.get(page(rating, "delete"))["Location"]
    next_transaction()
    Product.objects.update(description="x")

    refused = official.post(confirmation, {"post": "yes"}, follow=True)
    assert STALE in text_of(refused)
    official.post(official.get(page(rating, "delete"))["Location"], {"post": "yes"})

    assert not OcopRating.objects.exists()


def test_lists_do_not_delete_what_nobody_has_looked_at(official, commune):
    product = ProductFactory(declared_commune=commune)
    changelist = reverse("admin:ocop_product_changelist")

    official.post(changelist, {"action": "delete_selected", "_selected_action": [product.pk]})

    assert Product.objects.exists()


# --- constraints as sentences --------------------------------------------------------------


def with_ratings(values, *ratings):
    """The fields of a product's page with new ratings after those that it shows."""
    there = int(values["ratings-INITIAL_FORMS"])
    sent = values | {"ratings-TOTAL_FORMS": there + len(ratings)}
    for number, rating in enumerate(ratings, there):
        rating = {"stars": "4", "source": SourceFactory().pk} | rating
        sent |= {f"ratings-{number}-{name}": value for name, value in rating.items()}
    return sent


def rating_errors(response):
    (ratings,) = (
        formset.formset
        for formset in response.context["inline_admin_formsets"]
        if formset.formset.prefix == "ratings"
    )
    return [dict(errors) for errors in ratings.errors]


def test_a_rating_that_overlaps_a_decision_is_refused_at_its_field(official, commune):
    product = ProductFactory(declared_commune=commune)
    RatingFactory(product=product, on=datetime.date(2024, 12, 10), stars=3)
    sent = with_ratings(opened(official, product), {"decided": "2024", "decision": "đợt 2"})

    response = official.post(page(product), sent | {"description": "Ngon"})

    assert response.status_code == 200
    none, (errors) = rating_errors(response)
    assert (none, list(errors)) == ({}, ["decided"])
    assert "3 sao (10/12/2024)" in errors["decided"][0]
    assert "đợt 2" in response.content.decode()
    assert OcopRating.objects.count() == 1


def test_a_decision_is_offered_to_replace_the_span_of_the_press(official, commune):
    product = ProductFactory(declared_commune=commune)
    RatingFactory(product=product, decided=span_of(2024), stars=3, decision="Báo")
    sent = with_ratings(opened(official, product), {"decided": "10/12/2024"})

    offered = official.post(page(product), sent)
    assert list(rating_errors(offered)[1]) == ["decided", "replace"]
    assert re.search(r'<input type="checkbox" name="ratings-1-replace"', offered.content.decode())
    assert OcopRating.objects.get().decision == "Báo"

    official.post(page(product), sent | {"ratings-1-replace": "on"})

    rating = OcopRating.objects.get()
    assert (rating.stars, rating.decided) == (4, day_span(datetime.date(2024, 12, 10)))
    history = text_of(official.get(page(product, "history")))
    assert "xoá xếp hạng OCOP số sao : 3 sao → ∅ ngày quyết định : 2024 → ∅" in history
    assert "tạo xếp hạng OCOP số sao : ∅ → 4 sao ngày quyết định : ∅ → 10/12/2024" in history


def test_a_decision_replaces_the_span_of_the_press_on_its_own_page(official, commune):
    product = ProductFactory(declared_commune=commune)
    RatingFactory(product=product, decided=span_of(2024))
    rating = RatingFactory(product=product, on=datetime.date(2023, 12, 10))
    sent = opened(official, rating) | {"decided": "10/12/2024"}

    offered = official.post(page(rating), sent)
    assert list(offered.context["adminform"].form.errors) == ["decided", "replace"]
    official.post(page(rating), sent | {"replace": "on"})

    assert OcopRating.objects.get().decided == day_span(datetime.date(2024, 12, 10))


def test_ratings_of_one_form_are_compared_as_they_will_be(official, commune):
    product = ProductFactory(declared_commune=commune)
    RatingFactory(product=product, on=datetime.date(2023, 5, 1))
    moved = opened(official, product) | {"ratings-0-decided": "2/5/2022"}

    official.post(page(product), with_ratings(moved, {"decided": "1/5/2023"}))
    assert OcopRating.objects.count() == 2

    twice = with_ratings(opened(official, product), *[{"decided": "1/1/2020"}] * 2)
    response = official.post(page(product), twice)
    assert [list(errors) for errors in rating_errors(response)] == [[], [], ["decided"], []]
    assert OcopRating.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"gtin": "123"}, "gtin"),
        ({"gtin": "8930000000002"}, "gtin"),
        ({"sector": "crops"}, "sector"),
        ({"name": " "}, "name"),
        ({"name_en": "Grape\u202e"}, "name_en"),
    ],
)
def test_a_constraint_is_a_sentence_at_its_field(official, commune, change, field):
    ProductFactory(gtin="8930000000002")
    product = ProductFactory(declared_commune=UnitFactory(parent=commune), name="Nho")
    Product.objects.filter(pk=product.pk).update(declared_commune=commune)
    Product.objects.filter(pk=product.pk).assign_units()

    response = official.post(page(product), opened(official, product) | change)

    errors = response.context["adminform"].form.errors
    assert list(errors) == [field]
    assert "_" not in str(errors[field].as_text())


def test_a_unit_named_twice_is_refused_at_its_field(admin_client):
    right = IpRightFactory()
    unit = UnitFactory()
    sent = opened(admin_client, right) | {"area_parts-TOTAL_FORMS": "2"}
    sent |= {f"area_parts-{number}-unit": unit.pk for number in (0, 1)}

    response = admin_client.post(page(right), sent)

    (parts, _products) = (f.formset for f in response.context["inline_admin_formsets"])
    assert [dict(errors) for errors in parts.errors] == [
        {},
        {"unit": ["Đơn vị này đã có trong khu vực."]},
    ]
    AreaUnit.objects.create(right=right, unit=unit)
    sent = opened(admin_client, right) | {"area_parts-TOTAL_FORMS": "2"}
    response = admin_client.post(page(right), sent | {"area_parts-1-unit": unit.pk})
    (parts, _products) = (f.formset for f in response.context["inline_admin_formsets"])
    assert parts.errors[1] == {"unit": ["Đơn vị này đã có trong khu vực."]}


@pytest.mark.django_db(transaction=True)
def test_what_only_the_database_refuses_is_said_in_the_form(admin_client, monkeypatch):
    """A source that is deleted between the validation and the commit."""
    category, gone = CategoryFactory(), SourceFactory()
    sent = opened(admin_client, category) | {"source": gone.pk}
    validate = type(category).full_clean

    def validated_and_then(self, *arguments, **options):
        validate(self, *arguments, **options)
        type(gone).objects.filter(pk=gone.pk).delete()

    monkeypatch.setattr(type(category), "full_clean", validated_and_then)

    response = admin_client.post(page(category), sent)

    said = text_of(response)
    assert ("vừa bị xoá" in said, "thành công" in said) == (True, False)
    category.refresh_from_db()
    assert category.source_id != gone.pk
