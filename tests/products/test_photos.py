"""Photos: what an official uploads, what is kept of it, and who sees it."""

import io
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from PIL import Image, ImageCms

from geodata.models import Change
from geodata.revision import current_revision
from products import photos
from products.models import Photo, Product, State
from tests.factories import (
    PhotoFactory,
    ProductFactory,
    SourceFactory,
    UnitFactory,
    UserFactory,
    editor_of,
    square,
)

pytestmark = pytest.mark.django_db

# Where GPS stands among a camera's notes, and which way up the picture is.
GPS, ORIENTATION = 0x8825, 0x0112
SECRET = b"GHI-CHU-BI-MAT"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(size=(2000, 1000), form="JPEG", mode="RGB", **saved):
    written = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 0).save(written, form, **saved)
    return SimpleUploadedFile(f"IMG.{form.lower()}", written.getvalue())


def from_a_camera(size=(2000, 1000)):
    notes = Image.Exif()
    notes[ORIENTATION] = 6
    notes.get_ifd(GPS)[2] = (11.0, 34.0, 5.0)
    return picture(size, exif=notes, comment=SECRET, xmp=SECRET)


def opened(content):
    return Image.open(io.BytesIO(content))


# --- what is kept --------------------------------------------------------------------------


def test_a_photo_is_kept_upright_in_two_widths_without_the_notes_of_the_camera():
    sent = from_a_camera()
    assert opened(sent.read()).getexif().get_ifd(GPS) != {}
    assert sent.seek(0) == 0

    kept = photos.prepare(sent)

    pictures = {width: file.read() for width, (file, _) in kept.items()}
    assert {width: opened(file).size for width, file in pictures.items()} == {
        1600: (1000, 2000),
        640: (640, 1280),
    }
    for file in pictures.values():
        assert opened(file).format == "JPEG"
        assert dict(opened(file).getexif()) == {}
        assert SECRET not in file
        assert b"Exif" not in file


@pytest.mark.parametrize(
    ("form", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("WEBP", "RGB"), ("JPEG", "CMYK")],
)
def test_every_form_of_picture_becomes_a_plain_one(form, mode):
    file, size = photos.prepare(picture((300, 200), form, mode))[1600]

    kept = opened(file.read())
    assert (kept.format, kept.mode, kept.size, size) == ("JPEG", "RGB", (300, 200), (300, 200))


def profile(swapped=False):
    """That of sRGB, or of a camera that calls green what others call red."""
    told = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if swapped:
        told = told.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    return told


@pytest.mark.parametrize(
    ("form", "mode", "told", "colour"),
    [
        ("JPEG", "RGB", profile(), (255, 0, 0)),
        ("JPEG", "RGB", profile(swapped=True), (0, 255, 0)),
        ("PNG", "RGBA", profile(swapped=True), (255, 255, 255)),
        ("PNG", "L", profile(swapped=True), (0, 0, 0)),
        ("JPEG", "RGB", b"not a profile", (255, 0, 0)),
    ],
    ids=["common", "of a camera", "transparent", "of another kind", "none"],
)
def test_colours_are_those_that_the_camera_meant(form, mode, told, colour):
    file, _ = photos.prepare(picture((10, 10), form, mode, icc_profile=told))[1600]

    kept = opened(file.read())
    assert kept.getpixel((5, 5)) == pytest.approx(colour, abs=3)
    assert "icc_profile" not in kept.info


def test_what_is_transparent_becomes_white():
    file, _ = photos.prepare(picture((10, 10), "PNG", "RGBA"))[1600]

    assert opened(file.read()).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (lambda: picture(form="GIF"), "Tệp không phải là ảnh JPEG, PNG hoặc WebP."),
        (
            lambda: SimpleUploadedFile("a.jpg", b"<svg onload='alert(1)'/>"),
            "Tệp không phải là ảnh JPEG, PNG hoặc WebP.",
        ),
        (
            lambda: SimpleUploadedFile("a.jpg", picture().read()[:2000]),
            "Tệp không phải là ảnh JPEG, PNG hoặc WebP.",
        ),
        (lambda: picture((8000, 7000), "PNG", "1"), "Ảnh có quá nhiều điểm ảnh."),
        (lambda: picture((30000, 30000), "PNG", "1"), "Ảnh có quá nhiều điểm ảnh."),
        (lambda: SimpleUploadedFile("a.jpg", bytes(12_000_001)), "Ảnh lớn hơn 12 MB."),
    ],
    ids=["gif", "svg", "cut off", "large", "huge", "heavy"],
)
def test_what_is_no_photo_is_refused(file, reason):
    with pytest.raises(ValidationError) as refusal:
        photos.prepare(file())

    assert refusal.value.messages == [reason]


# --- the workspace -------------------------------------------------------------------------


def sent_with(product, **photo):
    values = {"alt": "Giàn nho", "credit": "A", "licence": "CC BY 4.0", "order": "1"}
    values |= {"source": SourceFactory().pk, "product": product.pk} | photo
    return {
        "name": product.name,
        "name_basis": product.name_basis,
        "source": product.source_id,
        "ratings-TOTAL_FORMS": "0",
        "ratings-INITIAL_FORMS": "0",
        "photos-TOTAL_FORMS": "1",
        "photos-INITIAL_FORMS": "0",
        **{f"photos-0-{name}": value for name, value in values.items()},
    }


def change_page(product):
    return reverse("admin:products_product_change", args=[product.pk])


def files(folder):
    return sorted(file.name for file in folder.rglob("*"))


def test_an_official_adds_a_photo(admin_client, tmp_path):
    product = ProductFactory()

    answer = admin_client.post(change_page(product), sent_with(product, image=from_a_camera()))

    photo = Photo.objects.get()
    assert answer.status_code == 302
    assert (photo.product, photo.width, photo.height) == (product, 1000, 2000)
    assert re.fullmatch(r"[0-9a-f]{32}\.jpg", photo.image.name)
    assert files(tmp_path) == sorted([photo.image.name, photo.small_name])
    labels = Photo.pgh_event_model.objects.values_list("pgh_label", "alt")
    assert list(labels) == [("insert", "Giàn nho")]


def test_the_words_of_a_photo_are_changed_without_sending_it_again(admin_client, tmp_path):
    product = ProductFactory()
    admin_client.post(change_page(product), sent_with(product, image=picture()))
    photo, before = Photo.objects.get(), files(tmp_path)

    again = sent_with(product, alt="Nho chín", id=photo.pk) | {"photos-INITIAL_FORMS": "1"}
    admin_client.post(change_page(product), again)

    after = Photo.objects.get()
    assert (after.alt, after.image.name, files(tmp_path)) == ("Nho chín", photo.image.name, before)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"alt": ""}, "alt"),
        ({"licence": " "}, "licence"),
        ({"image": picture(form="GIF")}, "image"),
    ],
    ids=["alt", "licence", "image"],
)
def test_a_photo_that_lacks_something_is_refused_and_leaves_no_file(
    admin_client, tmp_path, wrong, field
):
    product = ProductFactory()

    answer = admin_client.post(
        change_page(product),
        sent_with(product, image=picture())
        | {f"photos-0-{name}": value for name, value in wrong.items()},
    )

    formset = answer.context["inline_admin_formsets"][1].formset
    assert list(formset.errors[0]) == [field]
    assert (Photo.objects.count(), files(tmp_path)) == (0, [])


# --- who sees it ---------------------------------------------------------------------------


def stored(product):
    photo = Photo(product=product, alt="Giàn nho", alt_en="Vines", credit="Lê B", licence="CC0")
    photo.source = SourceFactory(title="Báo A")
    photos.keep(photo, photos.prepare(picture((800, 600))))
    photo.save()
    return photo


def test_a_page_shows_photos_in_order_with_author_licence_and_source(client):
    product = ProductFactory(published=True)
    second = PhotoFactory(product=product, order=2)
    first = stored(product)
    PhotoFactory(product__published=True, alt="Của sản phẩm khác")

    body = client.get(product.get_absolute_url()).content.decode()

    assert re.findall(r'<img src="(/anh/[^"]+)"', body) == [
        f"/anh/{photo.image.name}" for photo in (first, second)
    ]
    assert f'srcset="/anh/{first.small_name} 640w, /anh/{first.image.name} 800w"' in body
    assert 'width="800" height="600" alt="Giàn nho"' in body
    assert "Ảnh: Lê B, CC0." in re.sub("<[^>]*>", "", body)
    assert ">Báo A</a>" in body
    assert "khác" not in body.partition("<footer")[0].partition('class="photos"')[2]


def test_a_page_without_photos_has_no_place_for_them(client):
    product = ProductFactory(published=True)

    assert 'class="photo' not in client.get(product.get_absolute_url()).content.decode()


def test_words_are_read_in_english_where_there_are_some(client):
    product = ProductFactory(published=True)
    stored(product)
    PhotoFactory(product=product, order=2, alt="Only this")

    with translation.override("en"):
        body = client.get(
            product.get_absolute_url(), headers={"Accept-Language": "en"}
        ).content.decode()

    assert re.findall(r'height="\d+"(?: loading="lazy")? alt="([^"]*)"', body) == [
        "Vines",
        "Only this",
    ]


@pytest.mark.parametrize("small", [False, True])
def test_the_files_of_a_public_product_are_pictures_for_everybody(client, small):
    photo = stored(ProductFactory(published=True))

    answer = client.get(photo.small_url if small else photo.image.url)

    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, max-age=300"
    assert opened(answer.getvalue()).size == ((640, 480) if small else (800, 600))


@pytest.mark.parametrize("taken", ["photo deleted", "picture replaced", "product withdrawn"])
def test_a_photo_that_was_taken_back_has_no_address_any_more(client, admin_client, taken):
    photo = stored(ProductFactory(published=True))
    addresses = [photo.image.url, photo.small_url]

    def again():
        for address in addresses:
            kept = f'"{address.rpartition("/")[2].removesuffix(".jpg")}"'
            yield client.get(address, headers={"If-None-Match": kept}).status_code

    assert list(again()) == [304, 304]
    if taken == "product withdrawn":
        Product.objects.update(state=State.WITHDRAWN, state_reason="Chủ thể yêu cầu")
    else:
        change = {"DELETE": "on"} if taken == "photo deleted" else {"image": picture()}
        sent = sent_with(photo.product, id=photo.pk, source=photo.source_id, **change)
        admin_client.post(change_page(photo.product), sent | {"photos-INITIAL_FORMS": "1"})

    assert list(again()) == [404, 404]


@pytest.mark.parametrize("state", [State.DRAFT, State.WITHDRAWN])
def test_the_files_of_other_products_are_for_those_who_may_edit_them(client, state):
    commune = UnitFactory(area=square(109, 11.5))
    photo = stored(ProductFactory(state=state, declared_commune=commune))
    readers = {
        "nobody": None,
        "staff": UserFactory(),
        "editor of another commune": editor_of(UnitFactory()),
        "editor": editor_of(commune),
    }

    seen = {}
    for name, user in readers.items():
        client.logout()
        if user:
            client.force_login(user)
        answer = client.get(photo.image.url)
        if answer.streaming:
            # The file is closed when it has been read.
            answer.getvalue()
        seen[name] = (answer.status_code, answer.get("Cache-Control"))

    assert seen == {
        "nobody": (404, None),
        "staff": (404, None),
        "editor of another commune": (404, None),
        "editor": (200, "private, no-store"),
    }


@pytest.mark.parametrize(
    "name", ["0" * 32 + ".jpg", "..%2Fsecret-key", "secret.txt", "0" * 32 + "-1600.jpg"]
)
def test_nothing_else_in_the_folder_has_an_address(client, tmp_path, name):
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / ("0" * 32 + ".jpg")).write_text("x")

    assert client.get(f"/anh/{name}").status_code == 404


def test_a_photo_that_lost_its_file_is_not_there(client):
    photo = PhotoFactory(product__published=True)

    assert client.get(photo.image.url).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_photo_is_no_change_of_the_open_data():
    product = ProductFactory(published=True)
    source = SourceFactory()
    before, listed = current_revision().number, Change.objects.count()

    PhotoFactory(product=product, source=source).delete()

    assert (current_revision().number, Change.objects.count()) == (before, listed)
