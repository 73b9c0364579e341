"""The Department's workspace: forms, lists, transitions, permissions and histories."""

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from geodata.coordinates import point_text
from products.ocop.models import OcopRating, Product
from products.register.models import Position, Proposal
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
    f"{part}-{count}_FORMS": "0"
    for part in ("ingredients", "ratings", "photos", "certificates")
    for count in ("TOTAL", "INITIAL")
}


@pytest.fixture
def units():
    """A province with two old communes (west has the lower code) and the commune of today."""
    province = UnitFactory(
        code=settings.PLACE.province_code,
        name="Minh Thuần",
        validity=UNTIL_THE_CHANGE,
        area=square(108.9, 11.5, 0.2),
    )
    district = UnitFactory(code="997", parent=province, name="Minh Phước")
    old = {"parent": district, "validity": UNTIL_THE_CHANGE}
    west = UnitFactory(code="82888", name="An Hậu", area=square(108.9, 11.5), **old)
    east = UnitFactory(code="82891", name="Phước Hiền", area=square(109.0, 11.5), **old)
    today = UnitFactory(
        code="82870", name="Minh Phước", validity=SINCE_THE_CHANGE, area=square(108.9, 11.5, 0.2)
    )
    return {"province": province, "district": district, "west": west, "east": east, "now": today}


def form(product, **changes):
    """Form data that a browser submits for the product's change page, with these changes."""
    values = {
        "name": product.name,
        "name_basis": product.name_basis,
        "source": product.source_id,
        "point": point_text(product.point) if product.point else "",
        "position": product.position,
        "declared_commune": product.declared_commune_id or "",
        "version": version_of(product),
        **NO_RATINGS,
    }
    return values | changes


def move(client, record, name, **values):
    """Confirm a transition of the stored version of the record."""
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


def test_entered_coordinates_assign_district_and_both_communes(admin_client, units):
    product = ProductFactory()

    admin_client.post(
        change_page(product),
        form(product, point="11,55 109.05", position=Position.GPS),
    )

    product.refresh_from_db()
    assert product.point.coords == (109.05, 11.55)
    assert product.old_commune == units["east"]
    assert product.commune == units["now"]
    assert product.district == units["district"]


def test_a_point_outside_the_province_is_rejected_with_its_distance(admin_client, units):
    product = ProductFactory()

    response = admin_client.post(
        change_page(product),
        form(product, point="12.0, 109.0", position=Position.MAP),
    )

    assert errors_of(response) == {
        "point": ["Điểm nằm ngoài tỉnh Minh Thuần, cách ranh giới 33.184 m."]
    }
    assert Product.objects.get().point is None


def test_a_point_outside_the_declared_commune_is_rejected(admin_client, units):
    product = ProductFactory(declared_commune=units["west"])

    response = admin_client.post(
        change_page(product),
        form(product, point="11.55, 109.05", position=Position.MAP),
    )

    assert list(errors_of(response)) == ["point"]
    assert "ngoài xã An Hậu" in errors_of(response)["point"][0]
    assert Product.objects.get().position == ""


def test_swapped_latitude_and_longitude_give_a_specific_error(admin_client, units):
    product = ProductFactory()

    response = admin_client.post(
        change_page(product),
        form(product, point="109.05, 11.55", position=Position.MAP),
    )

    assert "đổi chỗ" in errors_of(response)["point"][0]


def test_invalid_input_is_redisplayed_in_the_form(admin_client, units):
    product = ProductFactory()

    response = admin_client.post(change_page(product), form(product, point="hai, 109"))

    assert 'value="hai, 109"' in response.content.decode()


def test_a_product_without_coordinates_is_placed_in_its_declared_commune(admin_client, units):
    product = ProductFactory()

    admin_client.post(change_page(product), form(product, declared_commune=units["west"].pk))

    product.refresh_from_db()
    assert product.position == Position.COMMUNE
    assert product.point.within(units["west"].boundary.geometry)


def test_a_decision_date_may_be_a_month_and_a_year(admin_client, units):
    product = ProductFactory()
    rating = {
        "ratings-TOTAL_FORMS": "1",
        "ratings-INITIAL_FORMS": "0",
        "ratings-0-stars": "4",
        "ratings-0-decided": "12/2024",
        "ratings-0-source": SourceFactory().pk,
    }

    admin_client.post(change_page(product), form(product) | rating)

    decided = OcopRating.objects.get().decided
    assert (decided.lower.isoformat(), decided.upper.isoformat()) == ("2024-12-01", "2025-01-01")


def test_a_database_constraint_is_reported_in_the_form(admin_client, units):
    product = ProductFactory()
    rating = {
        "ratings-TOTAL_FORMS": "1",
        "ratings-INITIAL_FORMS": "0",
        "ratings-0-stars": "5",
        "ratings-0-score": "75",
        "ratings-0-decided": "2024",
        "ratings-0-source": SourceFactory().pk,
    }

    response = admin_client.post(change_page(product), form(product) | rating)

    assert "5 sao từ 90 điểm" in response.content.decode()
    assert not OcopRating.objects.exists()


def test_saving_a_draft_ignores_a_posted_state(admin_client, units):
    product = ProductFactory()

    admin_client.post(change_page(product), form(product, name="Táo xanh", state="published"))

    product.refresh_from_db()
    assert (product.name, product.state) == ("Táo xanh", State.DRAFT)


def test_a_new_product_gets_the_next_code(admin_client, units):
    ProductFactory(code="MAU-SP-069")

    admin_client.post(
        reverse("admin:ocop_product_add"),
        form(ProductFactory.build(source=None), name="Măng tây", source=SourceFactory().pk),
    )

    assert Product.objects.get(name="Măng tây").code == "MAU-SP-070"


def test_a_record_is_published_and_withdrawn_only_with_a_reason(admin_client, units):
    product = ProductFactory(declared_commune=units["west"])
    move(admin_client, product, "submit")
    move(admin_client, product, "publish")
    product.refresh_from_db()
    assert product.state == State.PUBLISHED

    refused = move(admin_client, product, "withdraw", reason="  ")
    product.refresh_from_db()
    assert (refused.status_code, product.state) == (200, State.PUBLISHED)

    move(admin_client, product, "withdraw", reason="Cơ sở đã ngừng sản xuất")
    product.refresh_from_db()
    assert (product.state, product.state_reason) == (State.WITHDRAWN, "Cơ sở đã ngừng sản xuất")


def test_the_change_page_offers_only_permitted_transitions(client, units):
    product = ProductFactory(declared_commune=units["west"], state=State.REVIEW)

    offered = {}
    for who, user in {
        "editor": editor_of(units["west"]),
        "publisher": publisher_of(units["west"]),
        "publisher of the other commune": publisher_of(units["east"]),
    }.items():
        client.force_login(user)
        response = client.get(change_page(product))
        offered[who] = sorted(response.context["moves"]) if response.status_code == 200 else None

    assert offered == {
        "editor": [],
        "publisher": ["publish", "reject"],
        "publisher of the other commune": None,
    }


def test_a_transition_without_permission_returns_403(client, units):
    product = ProductFactory(declared_commune=units["west"], state=State.REVIEW)
    client.force_login(editor_of(units["west"]))

    response = move(client, product, "publish")

    product.refresh_from_db()
    assert (response.status_code, product.state) == (403, State.REVIEW)


def test_an_editors_change_of_a_published_record_is_a_proposal(client, units):
    product = ProductFactory(declared_commune=units["west"], published=True, name="Táo")
    client.force_login(editor_of(units["west"]))

    response = client.post(change_page(product), form(product, name="Nho"))

    product.refresh_from_db()
    (proposal,) = Proposal.objects.all()
    assert (response.url, product.name) == (change_page(proposal), "Táo")
    assert proposal.fields == {"name": {"base": "Táo", "proposed": "Nho"}}


def test_lists_show_only_records_in_the_area_of_the_official(client, units):
    ProductFactory(declared_commune=units["west"], name="Táo An Hậu")
    ProductFactory(declared_commune=units["east"], name="Nho Phước Hiền")
    ProductFactory(name="Không rõ nơi")
    client.force_login(editor_of(units["west"]))

    response = client.get(reverse("admin:ocop_product_changelist"))

    names = [product.name for product in response.context["cl"].queryset]
    assert names == ["Táo An Hậu"]


@pytest.mark.parametrize("button", ["_save", "_continue", "_addanother"])
def test_a_record_outside_the_area_is_not_saved(client, units, button):
    product = ProductFactory(declared_commune=units["west"], name="Táo")
    client.force_login(editor_of(units["west"]))
    outside = {"declared_commune": units["east"].pk, button: "1"}

    changed = client.post(change_page(product), form(product, **outside))
    added = client.post(
        reverse("admin:ocop_product_add"), form(product, name="Nho", version="", **outside)
    )

    for response in (changed, added):
        (error,) = response.context["adminform"].form.non_field_errors()
        assert "địa bàn của cán bộ khác" in error
    (stored,) = Product.objects.all()
    assert (stored.name, stored.old_commune) == ("Táo", units["west"])


@pytest.mark.parametrize("state", State)
def test_only_a_published_record_links_to_its_public_page(admin_client, client, units, state):
    product = ProductFactory(state=State.PUBLISHED, published_at=timezone.now())
    Product.objects.update(state=state, state_reason="Ngừng")

    page = admin_client.get(change_page(product)).content.decode()

    assert ("viewsitelink" in page) == (client.get(product.get_absolute_url()).status_code == 200)
    assert ("viewsitelink" in page) == (state == State.PUBLISHED)


def test_a_stale_form_does_not_overwrite_a_later_save(admin_client, units):
    product = ProductFactory(name="Tao")
    opened_version = (
        admin_client.get(change_page(product)).context["adminform"].form.initial["version"]
    )
    admin_client.post(change_page(product), form(product, name="Táo", version=opened_version))

    response = admin_client.post(
        change_page(product), form(product, name="Nho", version=opened_version)
    )

    assert "Người khác vừa lưu hồ sơ này" in str(response.context["adminform"].form.errors)
    assert Product.objects.get().name == "Táo"


def test_a_changed_point_requires_another_position_than_commune(admin_client, units):
    product = ProductFactory(declared_commune=units["west"])
    admin_client.post(change_page(product), form(product))
    product.refresh_from_db()
    assert product.position == Position.COMMUNE

    response = admin_client.post(change_page(product), form(product, point="11.51, 108.95"))

    assert errors_of(response) == {
        "position": ["Điểm đã được đặt riêng: hãy chọn cách lấy toạ độ."]
    }


def test_a_commune_point_cannot_be_declared_as_measured(admin_client, units):
    product = ProductFactory(declared_commune=units["west"])
    admin_client.post(change_page(product), form(product))
    product.refresh_from_db()

    response = admin_client.post(change_page(product), form(product, position=Position.GPS))

    assert errors_of(response) == {"point": ["Đây vẫn là điểm đại diện của xã; hãy đặt điểm thật."]}


def test_a_commune_steward_must_give_a_record_a_place(client, units):
    client.force_login(editor_of(units["west"]))

    response = client.post(
        reverse("admin:ocop_product_add"),
        form(ProductFactory.build(source=None), name="Măng tây", source=SourceFactory().pk),
    )

    assert "hồ sơ thuộc về địa bàn nào" in str(response.context["adminform"].form.errors)
    assert not Product.objects.exists()


def test_a_steward_of_a_province_adds_a_record_without_a_place(client, units):
    client.force_login(editor_of(units["province"]))

    response = client.post(
        reverse("admin:ocop_product_add"),
        form(ProductFactory.build(source=None), name="Măng tây", source=SourceFactory().pk),
    )

    assert response.status_code == 302
    assert client.get(change_page(Product.objects.get(name="Măng tây"))).status_code == 200


def test_only_province_stewards_add_rights(client, units):
    address = reverse("admin:rights_ipright_add")
    client.force_login(publisher_of(units["west"]))
    assert client.get(address).status_code == 403
    client.force_login(editor_of(units["province"]))
    assert client.get(address).status_code == 200


def test_the_history_of_a_source_or_unit_does_not_reveal_drafts_that_reference_it(client, units):
    draft = ProductFactory(declared_commune=units["west"], note="Ghi chú nội bộ")
    client.force_login(UserFactory())

    for record in (draft.source, units["west"]):
        name = f"admin:{record._meta.app_label}_{record._meta.model_name}_history"
        response = client.get(reverse(name, args=[record.pk]))
        assert response.status_code == 200
        assert "Ghi chú nội bộ" not in response.content.decode()


def test_the_history_of_a_record_requires_permission_to_view_it(client, units):
    product = ProductFactory(declared_commune=units["west"])
    category = CategoryFactory()
    client.force_login(UserFactory())

    for record in (product, category):
        name = f"admin:{record._meta.app_label}_{record._meta.model_name}_history"
        assert client.get(reverse(name, args=[record.pk])).status_code in (302, 403)


def test_a_null_byte_in_a_search_returns_400(admin_client):
    page = reverse("admin:ocop_product_changelist")

    assert admin_client.get(f"{page}?q=%00").status_code == 400
    assert admin_client.get(f"{page}?state__exact=%00").status_code == 400


def test_staff_without_a_stewardship_cannot_open_the_product_list(client, units):
    client.force_login(UserFactory())

    assert client.get(reverse("admin:ocop_product_changelist")).status_code == 403


def test_a_published_record_cannot_be_deleted(admin_client, units):
    product = ProductFactory(published=True)

    response = admin_client.post(
        reverse("admin:ocop_product_delete", args=[product.pk]), {"post": "yes"}
    )

    assert response.status_code == 403
    assert Product.objects.filter(pk=product.pk).exists()


def test_the_list_is_searched_without_diacritics_and_by_code(admin_client, units):
    ProductFactory(name="Mật nho", code="MAU-SP-005")
    ProductFactory(name="Tỏi", code="MAU-SP-006")

    def found(text):
        response = admin_client.get(reverse("admin:ocop_product_changelist"), {"q": text})
        return [product.name for product in response.context["cl"].queryset]

    assert found("mat nho") == ["Mật nho"]
    assert found("mau-sp-006") == ["Tỏi"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_of_the_product_list_is_constant(
    admin_client, units, rows, django_assert_num_queries
):
    for _ in range(rows):
        RatingFactory(product=ProductFactory(declared_commune=units["west"]))
    page = reverse("admin:ocop_product_changelist")
    admin_client.get(page)

    with django_assert_num_queries(16):
        admin_client.get(page)


def test_the_history_shows_user_reason_and_changed_values(admin_client, admin_user, units):
    product = ProductFactory(name="Tao", state=State.REVIEW)
    admin_client.post(change_page(product), form(product, name="Táo"))
    move(admin_client, product, "reject", reason="Thiếu nguồn")

    page = admin_client.get(reverse("admin:ocop_product_history", args=[product.pk]))

    shown = [
        (row["user"], row["reason"], row["act"], event["label"], event["changes"])
        for row in page.context["rows"]
        for event in row["events"]
        if row["user"]
    ]
    assert shown == [
        (
            admin_user,
            "Thiếu nguồn",
            "Trả lại",
            "sửa",
            [("trạng thái", "chờ duyệt", "bản nháp"), ("lý do", "", "Thiếu nguồn")],
        ),
        (admin_user, "", "biểu mẫu", "sửa", [("tên", "Tao", "Táo")]),
    ]


def test_the_area_of_a_right_is_the_union_of_its_communes(admin_client, units):
    right = IpRightFactory(source=SourceFactory())
    admin_client.post(
        change_page(right),
        {
            "name": right.name,
            "kind": right.kind,
            "stage": right.stage,
            "source": right.source_id,
            "version": version_of(right),
            "area_parts-TOTAL_FORMS": "2",
            "area_parts-INITIAL_FORMS": "0",
            "area_parts-0-unit": units["west"].pk,
            "area_parts-1-unit": units["east"].pk,
            "goods_parts-TOTAL_FORMS": "0",
            "goods_parts-INITIAL_FORMS": "0",
            "protected_products-TOTAL_FORMS": "0",
            "protected_products-INITIAL_FORMS": "0",
        },
    )

    right.refresh_from_db()
    assert AreaUnit.objects.filter(right=right).count() == 2
    assert right.area.equals(units["west"].boundary.geometry.union(units["east"].boundary.geometry))


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda m: m._meta.label)
def test_every_list_and_every_form_opens(admin_client, model, units):
    ProductFactory(declared_commune=units["west"])
    RatingFactory()
    IpRightFactory()
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"

    assert admin_client.get(reverse(f"{name}_changelist")).status_code == 200
    for record in model.objects.all()[:1]:
        assert admin_client.get(reverse(f"{name}_change", args=[record.pk])).status_code == 200
