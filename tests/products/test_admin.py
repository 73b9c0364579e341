"""The Department's workspace: what an official meets."""

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from products.ocop.models import OcopRating, Product
from products.register.models import Position
from products.register.states import State
from products.rights.models import AreaUnit
from tests.factories import (
    SINCE_THE_CHANGE,
    UNTIL_THE_CHANGE,
    CategoryFactory,
    IpRightFactory,
    ProductFactory,
    RatingFactory,
    SourceFactory,
    UnitFactory,
    UserFactory,
    editor_of,
    publisher_of,
    square,
)
from tests.versions import version_of

pytestmark = pytest.mark.django_db

NO_RATINGS = {
    f"{part}-{count}_FORMS": "0" for part in ("ratings", "photos") for count in ("TOTAL", "INITIAL")
}


@pytest.fixture
def ground():
    """A province of two communes, then and now; the western one comes first."""
    province = UnitFactory(
        code=settings.PLACE.province_code,
        name="Ninh Thuận",
        validity=UNTIL_THE_CHANGE,
        area=square(108.9, 11.5, 0.2),
    )
    district = UnitFactory(code="587", parent=province, name="Ninh Phước")
    old = {"parent": district, "validity": UNTIL_THE_CHANGE}
    west = UnitFactory(code="22888", name="An Hải", area=square(108.9, 11.5), **old)
    east = UnitFactory(code="22891", name="Phước Hữu", area=square(109.0, 11.5), **old)
    today = UnitFactory(
        code="22870", name="Ninh Phước", validity=SINCE_THE_CHANGE, area=square(108.9, 11.5, 0.2)
    )
    return {"province": province, "district": district, "west": west, "east": east, "now": today}


@pytest.fixture
def chief(admin_client):
    return admin_client


def form(product, **changes):
    """What the browser would send for the product's page, with these changes."""
    values = {
        "name": product.name,
        "name_basis": product.name_basis,
        "source": product.source_id,
        "point_lat": product.point.y if product.point else "",
        "point_lng": product.point.x if product.point else "",
        "position": product.position,
        "declared_commune": product.declared_commune_id or "",
        "version": version_of(product),
        **NO_RATINGS,
    }
    return values | changes


def move(client, record, name, **values):
    """Confirm a transition of the record as it is stored now."""
    return client.post(move_page(record, name), {"version": version_of(record)} | values)


def change_page(record):
    return reverse(
        f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk]
    )


def move_page(record, name):
    return reverse(
        f"admin:{record._meta.app_label}_{record._meta.model_name}_move", args=[record.pk, name]
    )


def errors_of(response):
    return response.context["adminform"].form.errors


def test_a_typed_point_gives_district_and_commune_then_and_now(chief, ground):
    product = ProductFactory()

    chief.post(
        change_page(product),
        form(product, point_lat="11,55", point_lng="109.05", position=Position.GPS),
    )

    product.refresh_from_db()
    assert product.point.coords == (109.05, 11.55)
    assert product.old_commune == ground["east"]
    assert product.commune == ground["now"]
    assert product.district == ground["district"]


def test_a_point_outside_the_province_is_refused_with_its_distance(chief, ground):
    product = ProductFactory()

    response = chief.post(
        change_page(product),
        form(product, point_lat="12.0", point_lng="109.0", position=Position.MAP),
    )

    assert errors_of(response) == {
        "point": ["Điểm nằm ngoài tỉnh Ninh Thuận, cách ranh giới 33.184 m."]
    }
    assert Product.objects.get().point is None


def test_a_point_outside_the_declared_commune_is_refused(chief, ground):
    product = ProductFactory(declared_commune=ground["west"])

    response = chief.post(
        change_page(product),
        form(product, point_lat="11.55", point_lng="109.05", position=Position.MAP),
    )

    assert list(errors_of(response)) == ["point"]
    assert "ngoài xã An Hải" in errors_of(response)["point"][0]
    assert Product.objects.get().position == ""


def test_exchanged_numbers_are_told_apart(chief, ground):
    product = ProductFactory()

    response = chief.post(
        change_page(product),
        form(product, point_lat="109.05", point_lng="11.55", position=Position.MAP),
    )

    assert "đổi chỗ" in errors_of(response)["point"][0]


def test_what_was_typed_is_kept_when_it_is_refused(chief, ground):
    product = ProductFactory()

    response = chief.post(change_page(product), form(product, point_lat="hai", point_lng="109"))

    assert 'value="hai"' in response.content.decode()


def test_a_declared_commune_without_a_point_puts_the_product_on_it(chief, ground):
    product = ProductFactory()

    chief.post(change_page(product), form(product, declared_commune=ground["west"].pk))

    product.refresh_from_db()
    assert product.position == Position.COMMUNE
    assert product.point.within(ground["west"].boundary.geometry)


def test_a_decision_is_entered_as_people_write_its_date(chief, ground):
    product = ProductFactory()
    rating = {
        "ratings-TOTAL_FORMS": "1",
        "ratings-INITIAL_FORMS": "0",
        "ratings-0-stars": "4",
        "ratings-0-decided": "12/2024",
        "ratings-0-source": SourceFactory().pk,
    }

    chief.post(change_page(product), form(product) | rating)

    decided = OcopRating.objects.get().decided
    assert (decided.lower.isoformat(), decided.upper.isoformat()) == ("2024-12-01", "2025-01-01")


def test_a_rule_of_the_database_is_told_in_the_form(chief, ground):
    product = ProductFactory()
    rating = {
        "ratings-TOTAL_FORMS": "1",
        "ratings-INITIAL_FORMS": "0",
        "ratings-0-stars": "5",
        "ratings-0-score": "75",
        "ratings-0-decided": "2024",
        "ratings-0-source": SourceFactory().pk,
    }

    response = chief.post(change_page(product), form(product) | rating)

    assert "5 sao từ 90 điểm" in response.content.decode()
    assert not OcopRating.objects.exists()


def test_saving_a_draft_does_not_publish_it(chief, ground):
    product = ProductFactory()

    chief.post(change_page(product), form(product, name="Táo xanh", state="published"))

    product.refresh_from_db()
    assert (product.name, product.state) == ("Táo xanh", State.DRAFT)


def test_a_new_product_gets_the_next_code(chief, ground):
    ProductFactory(code="NT-OCOP-069")

    chief.post(
        reverse("admin:ocop_product_add"),
        form(ProductFactory.build(source=None), name="Măng tây", source=SourceFactory().pk),
    )

    assert Product.objects.get(name="Măng tây").code == "NT-OCOP-070"


def test_a_record_goes_from_draft_to_public_and_back_with_a_reason(chief, ground):
    product = ProductFactory()
    move(chief, product, "submit")
    move(chief, product, "publish")
    product.refresh_from_db()
    assert product.state == State.PUBLISHED

    refused = move(chief, product, "withdraw", reason="  ")
    product.refresh_from_db()
    assert (refused.status_code, product.state) == (200, State.PUBLISHED)

    move(chief, product, "withdraw", reason="Cơ sở đã ngừng sản xuất")
    product.refresh_from_db()
    assert (product.state, product.state_reason) == (State.WITHDRAWN, "Cơ sở đã ngừng sản xuất")


def test_the_page_offers_only_the_moves_that_the_official_may_make(client, ground):
    product = ProductFactory(declared_commune=ground["west"], state=State.REVIEW)

    offered = {}
    for who, user in {
        "editor": editor_of(ground["west"]),
        "publisher": publisher_of(ground["west"]),
        "publisher of the other commune": publisher_of(ground["east"]),
    }.items():
        client.force_login(user)
        response = client.get(change_page(product))
        offered[who] = sorted(response.context["moves"]) if response.status_code == 200 else None

    assert offered == {
        "editor": [],
        "publisher": ["publish", "reject"],
        "publisher of the other commune": None,
    }


def test_a_move_that_is_not_allowed_is_forbidden(client, ground):
    product = ProductFactory(declared_commune=ground["west"], state=State.REVIEW)
    client.force_login(editor_of(ground["west"]))

    response = move(client, product, "publish")

    product.refresh_from_db()
    assert (response.status_code, product.state) == (403, State.REVIEW)


def test_an_editor_cannot_change_what_is_public(client, ground):
    product = ProductFactory(declared_commune=ground["west"], published=True, name="Táo")
    client.force_login(editor_of(ground["west"]))

    response = client.post(change_page(product), form(product, name="Nho"))

    product.refresh_from_db()
    assert (response.status_code, product.name) == (403, "Táo")


def test_lists_show_the_ground_of_the_official_only(client, ground):
    ProductFactory(declared_commune=ground["west"], name="Táo An Hải")
    ProductFactory(declared_commune=ground["east"], name="Nho Phước Hữu")
    ProductFactory(name="Không rõ nơi")
    client.force_login(editor_of(ground["west"]))

    response = client.get(reverse("admin:ocop_product_changelist"))

    names = [product.name for product in response.context["cl"].queryset]
    assert names == ["Táo An Hải"]


@pytest.mark.parametrize("button", ["_save", "_continue", "_addanother"])
def test_a_record_saved_outside_the_area_of_the_official_answers_once_and_with_the_list(
    client, ground, button
):
    product = ProductFactory(declared_commune=ground["west"], name="Táo")
    client.force_login(editor_of(ground["west"]))
    outside = {"declared_commune": ground["east"].pk, button: "1"}

    changed = client.post(change_page(product), form(product, **outside), follow=True)
    added = client.post(
        reverse("admin:ocop_product_add"),
        form(product, name="Nho", **outside),
        follow=True,
    )

    for response, name in ((changed, "Táo"), (added, "Nho")):
        assert [str(message) for message in response.context["messages"]] == [
            f"“{name}” đã lưu, nhưng nằm ngoài địa bàn của bạn: từ nay cán bộ địa bàn đó sửa."
        ]
        assert response.redirect_chain == [(reverse("admin:ocop_product_changelist"), 302)]
        assert response.status_code == 200
        assert Product.objects.get(name=name).old_commune == ground["east"]


@pytest.mark.parametrize("state", State)
def test_only_a_public_record_links_to_its_page(chief, client, ground, state):
    product = ProductFactory(state=State.PUBLISHED, published_at=timezone.now())
    Product.objects.update(state=state, state_reason="Ngừng")

    page = chief.get(change_page(product)).content.decode()

    assert ("viewsitelink" in page) == (client.get(product.get_absolute_url()).status_code == 200)
    assert ("viewsitelink" in page) == (state == State.PUBLISHED)


def test_a_form_that_was_opened_before_another_save_writes_nothing_over_it(chief, ground):
    product = ProductFactory(name="Tao")
    opened = chief.get(change_page(product)).context["adminform"].form.initial["version"]
    chief.post(change_page(product), form(product, name="Táo", version=opened))

    response = chief.post(change_page(product), form(product, name="Nho", version=opened))

    assert "Người khác vừa lưu hồ sơ này" in str(response.context["adminform"].form.errors)
    assert Product.objects.get().name == "Táo"


def test_a_point_that_was_placed_asks_how_while_the_form_says_commune(chief, ground):
    product = ProductFactory(declared_commune=ground["west"])
    chief.post(change_page(product), form(product))
    product.refresh_from_db()
    assert product.position == Position.COMMUNE

    response = chief.post(change_page(product), form(product, point_lat="11.51"))

    assert errors_of(response) == {
        "position": ["Điểm đã được đặt riêng: hãy chọn cách lấy toạ độ."]
    }


def test_the_point_of_a_commune_does_not_become_a_measured_one(chief, ground):
    product = ProductFactory(declared_commune=ground["west"])
    chief.post(change_page(product), form(product))
    product.refresh_from_db()

    response = chief.post(change_page(product), form(product, position=Position.GPS))

    assert errors_of(response) == {"point": ["Đây vẫn là điểm đại diện của xã; hãy đặt điểm thật."]}


def test_a_steward_says_where_a_record_belongs(client, ground):
    client.force_login(editor_of(ground["west"]))

    response = client.post(
        reverse("admin:ocop_product_add"),
        form(ProductFactory.build(source=None), name="Măng tây", source=SourceFactory().pk),
    )

    assert "hồ sơ thuộc về địa bàn nào" in str(response.context["adminform"].form.errors)
    assert not Product.objects.exists()


def test_a_steward_of_a_province_adds_a_record_without_a_place(client, ground):
    client.force_login(editor_of(ground["province"]))

    response = client.post(
        reverse("admin:ocop_product_add"),
        form(ProductFactory.build(source=None), name="Măng tây", source=SourceFactory().pk),
    )

    assert response.status_code == 302
    assert client.get(change_page(Product.objects.get(name="Măng tây"))).status_code == 200


def test_only_who_looks_after_the_province_adds_a_right(client, ground):
    address = reverse("admin:rights_ipright_add")
    client.force_login(publisher_of(ground["west"]))
    assert client.get(address).status_code == 403
    client.force_login(editor_of(ground["province"]))
    assert client.get(address).status_code == 200


def test_the_history_of_a_source_or_unit_tells_nothing_of_the_drafts_that_name_it(client, ground):
    draft = ProductFactory(declared_commune=ground["west"], note="Ghi chú nội bộ")
    client.force_login(UserFactory())

    for record in (draft.source, ground["west"]):
        name = f"admin:{record._meta.app_label}_{record._meta.model_name}_history"
        response = client.get(reverse(name, args=[record.pk]))
        assert response.status_code == 200
        assert "Ghi chú nội bộ" not in response.content.decode()


def test_the_history_of_a_record_is_for_those_who_may_see_it(client, ground):
    product = ProductFactory(declared_commune=ground["west"])
    category = CategoryFactory()
    client.force_login(UserFactory())

    for record in (product, category):
        name = f"admin:{record._meta.app_label}_{record._meta.model_name}_history"
        assert client.get(reverse(name, args=[record.pk])).status_code in (302, 403)


def test_a_zero_byte_in_a_search_is_refused(chief):
    page = reverse("admin:ocop_product_changelist")

    assert chief.get(f"{page}?q=%00").status_code == 400
    assert chief.get(f"{page}?state__exact=%00").status_code == 400


def test_staff_without_a_stewardship_enter_no_records(client, ground):
    client.force_login(UserFactory())

    assert client.get(reverse("admin:ocop_product_changelist")).status_code == 403


def test_what_was_public_is_withdrawn_not_deleted(chief, ground):
    product = ProductFactory(published=True)

    response = chief.post(reverse("admin:ocop_product_delete", args=[product.pk]), {"post": "yes"})

    assert response.status_code == 403
    assert Product.objects.filter(pk=product.pk).exists()


def test_the_list_is_searched_without_diacritics_and_by_code(chief, ground):
    ProductFactory(name="Mật nho", code="NT-OCOP-005")
    ProductFactory(name="Tỏi", code="NT-OCOP-006")

    def found(text):
        response = chief.get(reverse("admin:ocop_product_changelist"), {"q": text})
        return [product.name for product in response.context["cl"].queryset]

    assert found("mat nho") == ["Mật nho"]
    assert found("nt-ocop-006") == ["Tỏi"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_products_asks_as_often_for_three_rows_as_for_one(
    chief, ground, rows, django_assert_num_queries
):
    for _ in range(rows):
        RatingFactory(product=ProductFactory(declared_commune=ground["west"]))
    page = reverse("admin:ocop_product_changelist")
    chief.get(page)

    with django_assert_num_queries(7):
        chief.get(page)


def test_the_history_says_who_changed_what_and_why(chief, admin_user, ground):
    product = ProductFactory(name="Tao", state=State.REVIEW)
    chief.post(change_page(product), form(product, name="Táo"))
    move(chief, product, "reject", reason="Thiếu nguồn")

    page = chief.get(reverse("admin:ocop_product_history", args=[product.pk]))

    told = [
        (event["label"], event["user"], event["reason"], event["changes"])
        for event in page.context["events"]
        if event["user"]
    ]
    assert told == [
        (
            "sửa",
            admin_user,
            "Thiếu nguồn",
            [("trạng thái", "chờ duyệt", "bản nháp"), ("lý do", "", "Thiếu nguồn")],
        ),
        ("sửa", admin_user, "", [("tên", "Tao", "Táo")]),
    ]


def test_the_area_of_a_right_follows_from_its_communes(chief, ground):
    right = IpRightFactory(source=SourceFactory())
    chief.post(
        change_page(right),
        {
            "name": right.name,
            "kind": right.kind,
            "stage": right.stage,
            "source": right.source_id,
            "version": version_of(right),
            "area_parts-TOTAL_FORMS": "2",
            "area_parts-INITIAL_FORMS": "0",
            "area_parts-0-unit": ground["west"].pk,
            "area_parts-1-unit": ground["east"].pk,
            "protected_products-TOTAL_FORMS": "0",
            "protected_products-INITIAL_FORMS": "0",
        },
    )

    right.refresh_from_db()
    assert AreaUnit.objects.filter(right=right).count() == 2
    assert right.area.equals(
        ground["west"].boundary.geometry.union(ground["east"].boundary.geometry)
    )


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda m: m._meta.label)
def test_every_list_and_every_form_opens(chief, model, ground):
    ProductFactory(declared_commune=ground["west"])
    RatingFactory()
    IpRightFactory()
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"

    assert chief.get(reverse(f"{name}_changelist")).status_code == 200
    for record in model.objects.all()[:1]:
        assert chief.get(reverse(f"{name}_change", args=[record.pk])).status_code == 200
