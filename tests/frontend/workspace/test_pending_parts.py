"""The form of a public record displays the parts that its editor has proposed, for correction."""

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from products.ocop.models import Photo
from products.register.models import Proposal, ProposalState
from tests.factories import (
    PhotoFactory,
    ProductFactory,
    RatingFactory,
    SourceFactory,
    UnitFactory,
    UserFactory,
    editor_of,
    publisher_of,
)
from tests.products.test_conflicts import form_data, page, text_of
from tests.versions import next_transaction

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def commune():
    return UnitFactory()


@pytest.fixture
def product(commune):
    product = ProductFactory(declared_commune=commune, published=True, name="Nho xanh")
    for year in (2018, 2021):
        RatingFactory(product=product, on=datetime.date(year, 5, 1), stars=3)
    PhotoFactory(product=product, alt="Ảnh cũ")
    next_transaction()
    return product


@pytest.fixture
def editor(client, commune):
    editor = editor_of(commune)
    client.force_login(editor)
    return editor


def jpeg(colour="green"):
    file = io.BytesIO()
    Image.new("RGB", (80, 60), colour).save(file, "JPEG")
    return SimpleUploadedFile("a.jpg", file.getvalue())


def opened(client, record):
    """What a browser submits of the form without a change; it never sends a stored file again."""
    values = form_data(client, record)
    return {name: value for name, value in values.items() if not name.endswith("-image")}


def saved(client, record, values):
    """The proposal after the form was submitted."""
    next_transaction()
    response = client.post(page(record), values)
    assert response.status_code == 302, response.context["error_links"]
    next_transaction()
    return Proposal.objects.order_by("pk").last()


@pytest.fixture
def proposal(client, editor, product):
    """The first rating changed, the second removed, one added, and a photo."""
    values = opened(client, product) | {
        "ratings-0-stars": "4",
        "ratings-1-DELETE": "on",
        "ratings-TOTAL_FORMS": "3",
        "ratings-2-stars": "5",
        "ratings-2-decided": "1/5/2025",
        "ratings-2-source": SourceFactory().pk,
        "new_photos": jpeg(),
        "photos_alt": "Giàn nho mới",
        "photos_credit": "Sở",
        "photos_licence": "CC BY 4.0",
    }
    return saved(client, product, values)


def kinds(proposal):
    return sorted((one["model"].split(".")[1], one["op"]) for one in proposal.parts)


def image_of(proposal):
    """The file of the photo that is proposed."""
    (image,) = (one["fields"]["image"] for one in proposal.parts if "image" in one["fields"])
    return image


ALL = [("OcopRating", "add"), ("OcopRating", "change"), ("OcopRating", "remove"), ("Photo", "add")]


def test_the_form_displays_the_proposed_parts_and_marks_them(client, product, proposal):
    assert kinds(proposal) == ALL

    response = client.get(page(product))

    ratings, photos, *_others = (one.formset for one in response.context["inline_admin_formsets"])
    assert [form["stars"].value() for form in ratings] == [4, 3, 5]
    assert [form["DELETE"].value() for form in ratings] == [None, True, None]
    assert [form["alt"].value() for form in photos] == ["Ảnh cũ", "Giàn nho mới"]
    text = text_of(response)
    for label in ("sửa", "bỏ", "thêm"):
        assert f"(đề xuất {label}, đang chờ duyệt)" in text
    assert "Đang chờ duyệt; bản hiện nay: 3 sao" in text
    name = image_of(proposal).replace(".jpg", "-640.jpg")
    assert reverse("admin:register_proposal_photo", args=[proposal.pk, name]) in (
        response.content.decode()
    )


def test_saving_unchanged_changes_nothing(client, product, proposal):
    again = saved(client, product, opened(client, product))

    assert (again.pk, again.changes, again.revision) == (proposal.pk, proposal.changes, 1)


@pytest.mark.parametrize(
    ("field", "value", "index", "name", "stored"),
    [
        ("ratings-0-stars", "5", 0, "stars", 5),
        ("ratings-2-stars", "4", 2, "stars", 4),
        ("ratings-2-decided", "2/5/2025", 2, "decided", ["2025-05-02", "2025-05-03"]),
        ("photos-1-alt", "Giàn nho khác", 3, "alt", "Giàn nho khác"),
    ],
)
def test_one_proposed_part_is_corrected(
    client, product, proposal, field, value, index, name, stored
):
    (old,) = (one for one in proposal.parts if (one["op"], one["model"]) == target(field))
    expected = [
        one if one != old else {**one, "fields": {**one["fields"], name: stored}}
        for one in proposal.parts
    ]

    again = saved(client, product, opened(client, product) | {field: value})

    assert again.pk == proposal.pk
    assert again.parts == expected


def target(field):
    """The operation that a field of the form corrects, by its kind and model."""
    model = "ocop.Photo" if field.startswith("photos") else "ocop.OcopRating"
    return "change" if field.startswith("ratings-0") else "add", model


@pytest.mark.parametrize(
    ("field", "gone"),
    [
        ("ratings-2-DELETE", ("OcopRating", "add")),
        ("photos-1-DELETE", ("Photo", "add")),
        ("ratings-0-stars", ("OcopRating", "change")),
        ("ratings-1-DELETE", ("OcopRating", "remove")),
    ],
)
def test_one_proposed_part_is_taken_out(
    client, product, proposal, media, django_capture_on_commit_callbacks, field, gone
):
    values = opened(client, product)
    if field == "ratings-0-stars":
        values[field] = "3"
    elif field == "ratings-1-DELETE":
        del values[field]
    else:
        values[field] = "on"

    with django_capture_on_commit_callbacks(execute=True):
        again = saved(client, product, values)

    assert (again.pk, kinds(again)) == (proposal.pk, [one for one in ALL if one != gone])
    assert (media / image_of(proposal)).exists() == (gone[0] != "Photo")


def test_a_proposed_rating_overlapping_another_is_refused_at_its_field(client, product, proposal):
    values = opened(client, product) | {"ratings-2-decided": "1/5/2018"}

    response = client.post(page(product), values)

    assert response.status_code == 200
    ratings = response.context["inline_admin_formsets"][0].formset
    assert [list(form.errors) for form in ratings] == [[], [], ["decided"]]
    assert "(đề xuất thêm, đang chờ duyệt)" in text_of(response)
    proposal.refresh_from_db()
    assert kinds(proposal) == ALL


def test_two_windows_of_one_editor_lose_nothing(client, editor, product):
    """The second one does not take out what the first one has proposed since it was opened."""
    first, second = opened(client, product), opened(client, product)
    saved(client, product, first | {"name": "Nho đỏ", "ratings-0-stars": "4"})

    proposal = saved(client, product, second | {"description": "Ngọt", "ratings-1-stars": "5"})

    assert {name: one["proposed"] for name, one in proposal.fields.items()} == {
        "name": "Nho đỏ",
        "description": "Ngọt",
    }
    assert [one["fields"] for one in proposal.parts] == [{"stars": 4}, {"stars": 5}]


def test_a_field_that_has_its_public_value_again_is_not_proposed(client, editor, product):
    saved(client, product, opened(client, product) | {"name": "Nho đỏ", "description": "Ngọt"})

    proposal = saved(client, product, opened(client, product) | {"name": "Nho xanh"})

    assert list(proposal.fields) == ["description"]


def test_a_conflict_stays_one_when_its_author_saves_again(client, editor, product, commune):
    saved(client, product, opened(client, product) | {"name": "Nho đỏ"})
    type(product).objects.filter(pk=product.pk).update(name="Nho tím")
    next_transaction()

    proposal = saved(client, product, opened(client, product) | {"description": "Ngọt"})

    assert proposal.fields["name"] == {"base": "Nho xanh", "proposed": "Nho đỏ"}


def test_lines_of_a_text_do_not_become_a_proposal(client, editor, product):
    """Imports end lines with one character, browsers with two."""
    type(product).objects.filter(pk=product.pk).update(description="Một\nHai")
    next_transaction()
    values = opened(client, product) | {"description": "Một\r\nHai", "name": "Nho đỏ"}

    assert list(saved(client, product, values).fields) == ["name"]


def test_the_page_of_a_rating_displays_what_is_proposed_for_it(client, product, proposal):
    rating = product.ratings.order_by("pk").first()
    values = opened(client, rating)
    assert values["stars"] == 4

    again = saved(client, rating, values | {"score": "75"})

    assert kinds(again) == ALL
    assert again.parts[0]["fields"] == {"stars": 4, "score": "75.00"}


def test_the_form_of_a_draft_displays_the_draft_and_not_the_entry_that_came_second(
    client, editor, commune
):
    draft = ProductFactory(declared_commune=commune, name="Nho")
    next_transaction()
    first, second = opened(client, draft), opened(client, draft)
    client.post(page(draft), first | {"name": "Nho đỏ"})
    saved(client, draft, second | {"name": "Nho tím"})

    response = client.get(page(draft))

    assert response.context["adminform"].form["name"].value() == "Nho đỏ"
    assert "Biểu mẫu là bản hiện nay" in text_of(response)


# --- photos --------------------------------------------------------------------------------


def test_a_proposed_photo_is_for_those_who_see_the_proposal(client, product, proposal, commune):
    image = image_of(proposal)
    names = (image, image.replace(".jpg", "-640.jpg"))
    urls = [reverse("admin:register_proposal_photo", args=[proposal.pk, name]) for name in names]
    elsewhere = publisher_of(UnitFactory())

    for user, status in (
        (proposal.author, 200),
        (publisher_of(commune), 200),
        (elsewhere, 404),
        (UserFactory(), 403),
        (None, 302),
    ):
        client.logout()
        if user:
            client.force_login(user)
        for url in urls:
            response = client.get(url)
            assert response.status_code == status, (user, url)
            if status == 200:
                assert b"".join(response).startswith(b"\xff\xd8")
                assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
                assert response["Content-Type"] == "image/jpeg"
    client.logout()
    assert client.get(f"/anh/{image}").status_code == 404


def test_a_proposal_serves_no_file_but_its_own(client, product, proposal, media):
    (media / "other.jpg").write_bytes(b"")
    url = reverse("admin:register_proposal_photo", args=[proposal.pk, "other.jpg"])
    assert client.get(url).status_code == 404


def test_review_displays_photos_to_be_added_and_removed(client, product, proposal, commune):
    saved(client, product, opened(client, product) | {"photos-0-DELETE": "on"})
    proposal.refresh_from_db()
    client.force_login(publisher_of(commune))

    text = client.get(page(proposal)).content.decode()

    stored = Photo.objects.get().image.name
    for name in (stored, image_of(proposal)):
        assert (
            f'src="{reverse("admin:register_proposal_photo", args=[proposal.pk, name])}'.replace(
                ".jpg", "-640.jpg"
            )
            in text
        )
        assert name not in text_of(client.get(page(proposal)))


def test_a_new_file_for_a_stored_photo_waits_with_the_proposal(
    client, editor, product, commune, media, django_capture_on_commit_callbacks
):
    before = Photo.objects.get().image.name
    proposal = saved(client, product, opened(client, product) | {"photos-0-image": jpeg("red")})
    new = proposal.parts[0]["fields"]["image"]
    assert (media / new).exists()

    client.force_login(publisher_of(commune))
    refusal = {"revision": 1, "base_version": product.version, "answer": "Mờ", "reject": ""}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page(proposal), refusal)

    proposal.refresh_from_db()
    assert (proposal.state, Photo.objects.get().image.name) == (ProposalState.REJECTED, before)
    assert not (media / new).exists()


def test_the_history_of_a_photo_names_no_columns(client, editor, product):
    text = text_of(client.get(page(product, "history")))

    assert "ảnh cho thấy gì : ∅ → Ảnh cũ" in text
    assert "width" not in text
