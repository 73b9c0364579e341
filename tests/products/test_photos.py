"""Photos: what an official uploads, what is kept of it, and who sees it."""

import datetime
import io
import re
import resource
import struct
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from PIL import Image, ImageCms

from geodata.models import Change
from geodata.revision import current_revision
from products.ocop import photos
from products.ocop.models import Photo, Product
from products.register.states import State
from tests.factories import (
    PhotoFactory,
    ProductFactory,
    RatingFactory,
    SourceFactory,
    UnitFactory,
    UserFactory,
    editor_of,
    square,
)
from tests.versions import version_of

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


MOVING = "Ảnh động không dùng được: hãy chọn một ảnh chụp."


def too_many(pixels, kind, most):
    return (
        f"Ảnh có {pixels} triệu điểm ảnh; {kind} có tối đa {most} triệu. Hãy thu nhỏ ảnh, hoặc lưu"
        " thành JPEG thường (không lũy tiến)."
    )


def moving(form, size=(20, 10)):
    frames = [Image.new("RGB", size, colour) for colour in ("red", "green")]
    written = io.BytesIO()
    frames[0].save(written, form, save_all=True, append_images=frames[1:])
    return SimpleUploadedFile("a", written.getvalue())


def claiming(size, form, **saved):
    """A tiny picture whose header claims another size."""
    file = picture((16, 16), form, **saved).read()
    if form == "PNG":
        header = b"IHDR" + struct.pack(">II", *size) + file[24:29]
        changed = file[:12] + header + struct.pack(">I", zlib.crc32(header)) + file[33:]
    else:
        frame = file.index(b"\xff\xc2" if saved.get("progressive") else b"\xff\xc0")
        changed = file[: frame + 5] + struct.pack(">HH", *reversed(size)) + file[frame + 9 :]
    return SimpleUploadedFile("a", changed)


def in_scans_of_one_component(size):
    """A JPEG that is not progressive, but whose first scan has one component of three."""
    file = claiming(size, "JPEG").read()
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    return SimpleUploadedFile("a.jpg", file[: file.index(b"\xff\xda")] + scan)


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
        (lambda: claiming((6001, 4000), "PNG"), too_many(25, "PNG", 24)),
        (lambda: picture((4000, 2501), "WEBP"), too_many(11, "WEBP", 10)),
        (lambda: claiming((9000, 7223), "JPEG"), too_many(66, "JPEG", 65)),
        (
            lambda: claiming((5000, 4001), "JPEG", progressive=True),
            too_many(21, "progressive JPEG", 20),
        ),
        (lambda: in_scans_of_one_component((4000, 5001)), too_many(21, "progressive JPEG", 20)),
        (lambda: claiming((30000, 30000), "PNG"), "Ảnh có quá nhiều điểm ảnh."),
        (lambda: moving("WEBP"), MOVING),
        (lambda: moving("PNG"), MOVING),
        (lambda: SimpleUploadedFile("a.jpg", bytes(25_000_001)), "Ảnh lớn hơn 25 MB."),
    ],
    ids=[
        "gif",
        "svg",
        "cut off",
        "large png",
        "large webp",
        "large jpeg",
        "large progressive jpeg",
        "large jpeg of several scans",
        "huge",
        "animated webp",
        "animated png",
        "heavy",
    ],
)
def test_what_is_no_photo_is_refused(file, reason):
    with pytest.raises(ValidationError) as refusal:
        photos.prepare(file())

    assert refusal.value.messages == [reason]


# Each prepares a picture from a file in a process of its own, as a worker of the server does.
MEASURE = """
import os, sys
import django
from django.core.files import File
django.setup()
from products.ocop import photos

def peak():
    # Of this program alone: ru_maxrss would count what its parent had before it started this one.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024

photos.prepare(File(open(sys.argv[1], "rb")))
before = peak()
photos.prepare(File(open(sys.argv[2], "rb")))
print(peak() - before, peak())
"""
# Megabytes that the largest picture may take, on top of what a worker has.
MOST_MEGABYTES = 200


@pytest.mark.parametrize(
    ("size", "form", "mode", "saved"),
    [
        ((9248, 6944), "JPEG", "RGB", {}),
        ((8192, 6144), "JPEG", "CMYK", {}),
        ((5000, 4000), "JPEG", "RGB", {"progressive": True, "subsampling": 0}),
        ((5000, 4000), "JPEG", "CMYK", {"progressive": True}),
        ((6000, 4000), "PNG", "RGBA", {}),
        ((6000, 4000), "PNG", "P", {}),
        ((6000, 4000), "PNG", "I;16", {}),
        ((4000, 2500), "WEBP", "RGB", {}),
        ((4000, 2500), "WEBP", "RGBA", {"lossless": True, "method": 0}),
    ],
    ids=lambda value: str(value).replace(" ", ""),
)
def test_the_largest_picture_of_each_format_takes_little_memory(tmp_path, size, form, mode, saved):
    files = tmp_path / "tiny", tmp_path / "large"
    files[0].write_bytes(picture((10, 10)).read())
    files[1].write_bytes(picture(size, form, mode, **saved).read())

    command = [sys.executable, "-c", MEASURE, *map(str, files)]
    output = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, check=True)

    taken, whole = (float(number) for number in output.stdout.split())
    assert taken < MOST_MEGABYTES, whole


def test_one_picture_is_decoded_at_a_time(monkeypatch):
    at_once, most = 0, []

    def count(file, decoded=photos._decoded):
        nonlocal at_once
        at_once += 1
        most.append(at_once)
        try:
            return decoded(file)
        finally:
            at_once -= 1

    monkeypatch.setattr(photos, "_decoded", count)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(photos.prepare, [picture((1500, 1500)) for _ in range(8)]))

    assert most == [1] * 8


@pytest.mark.parametrize(
    ("size", "large", "small"),
    [
        ((9248, 6944), (1600, 1201), (640, 481)),
        ((16000, 800), (1600, 80), (640, 32)),
        ((700, 9000), (249, 3200), (100, 1280)),
        ((1601, 1000), (1600, 999), (640, 400)),
    ],
)
def test_a_large_picture_keeps_its_shape(size, large, small):
    sizes = {width: size for width, (_, size) in photos.prepare(picture(size, "JPEG", "L")).items()}

    assert sizes == {1600: large, 640: small}


def test_a_reduced_picture_is_the_whole_picture():
    """Bands and draft modes leave no row out: red above, green below, blue at the left edge."""
    drawn = Image.new("RGB", (5003, 3001), "red")
    drawn.paste("green", (0, 1500, 5003, 3001))
    drawn.paste("blue", (0, 0, 500, 3001))
    for form, mode in (("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "P"), ("PNG", "RGBA")):
        written = io.BytesIO()
        drawn.convert(mode).save(written, form)

        file, size = photos.prepare(SimpleUploadedFile("a", written.getvalue()))[1600]

        kept = opened(file.read())
        assert size == (1600, 960)
        for place, colour in {
            (800, 5): (254, 0, 0),
            (800, 470): (254, 0, 0),
            (800, 490): (0, 128, 0),
            (800, 955): (0, 128, 0),
            (1595, 955): (0, 128, 0),
            (5, 955): (0, 0, 254),
            (150, 480): (0, 0, 254),
            (170, 5): (254, 0, 0),
        }.items():
            assert kept.getpixel(place) == pytest.approx(colour, abs=6), (form, mode, place)


def test_the_first_picture_of_a_phone_with_two_is_kept():
    red, green = (Image.new("RGB", (40, 20), colour) for colour in ("red", "green"))
    written = io.BytesIO()
    red.save(written, "MPO", save_all=True, append_images=[green])

    file, size = photos.prepare(SimpleUploadedFile("a.jpg", written.getvalue()))[1600]

    assert (size, opened(file.read()).getpixel((5, 5))) == ((40, 20), (254, 0, 0))


def test_sixteen_bits_of_grey_keep_their_brightness():
    written = io.BytesIO()
    Image.new("I;16", (20, 10), 128 * 256).save(written, "PNG")

    file, _ = photos.prepare(SimpleUploadedFile("a.png", written.getvalue()))[1600]

    assert opened(file.read()).getpixel((5, 5)) == pytest.approx((128, 128, 128), abs=2)


# --- the workspace -------------------------------------------------------------------------


def sent_with(product, **photo):
    values = {"alt": "Giàn nho", "credit": "A", "licence": "CC BY 4.0", "order": "1"}
    values |= {"source": SourceFactory().pk, "product": product.pk} | photo
    return {
        "name": product.name,
        "name_basis": product.name_basis,
        "source": product.source_id,
        "version": version_of(product),
        "ratings-TOTAL_FORMS": "0",
        "ratings-INITIAL_FORMS": "0",
        "photos-TOTAL_FORMS": "1",
        "photos-INITIAL_FORMS": "0",
        **{f"photos-0-{name}": value for name, value in values.items()},
    }


def change_page(product):
    return reverse("admin:ocop_product_change", args=[product.pk])


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


def rating(**values):
    first = {f"ratings-0-{name}": value for name, value in values.items()}
    source = {"ratings-0-source": SourceFactory().pk}
    return {"ratings-TOTAL_FORMS": "1", **source, **first}


@pytest.mark.parametrize(
    "wrong",
    [
        lambda product: {"name": " "},
        lambda product: {"gtin": "1"},
        lambda product: rating(stars="5", score="75", decided="2024"),
        lambda product: {"photos-TOTAL_FORMS": "2", "photos-1-alt": "Giàn nho"},
        # Only the database sees that this one overlaps the rating that there is.
        lambda product: rating(stars="4", decided="2023"),
    ],
    ids=["a field", "a rule of the record", "a rule of a rating", "another photo", "an overlap"],
)
def test_a_form_that_is_refused_elsewhere_leaves_no_file(admin_client, tmp_path, wrong):
    product = RatingFactory(on=datetime.date(2023, 5, 6)).product
    written = []
    admin_client.raise_request_exception = False
    sent = sent_with(product, image=picture()) | wrong(product)

    with pytest.MonkeyPatch.context() as patch:
        save = FileSystemStorage.save
        patch.setattr(
            FileSystemStorage,
            "save",
            lambda *arguments, **named: written.append(save(*arguments, **named)) or written[-1],
        )
        answer = admin_client.post(change_page(product), sent)

    assert answer.status_code != 302
    # They had been written, which tells whether the disk has room for them.
    assert written
    assert (Photo.objects.count(), files(tmp_path)) == (0, [])


@pytest.mark.parametrize("share", [0, 0.5], ids=["for the first file", "for the second file"])
def test_a_full_disk_is_told_at_the_field_and_leaves_no_file(admin_client, tmp_path, share):
    """The limit of a process on the size of a file is what the kernel offers without a disk."""
    product = ProductFactory()
    file = picture()
    small, large = (len(one.read()) for one, _ in reversed(photos.prepare(file).values()))
    assert small < large
    file.seek(0)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (int(small + share * (large - small)) - 1, before[1]))
    try:
        answer = admin_client.post(change_page(product), sent_with(product, image=file))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    formset = answer.context["inline_admin_formsets"][1].formset
    assert formset.errors == [
        {"image": ["Máy chủ không ghi được ảnh, có thể vì đĩa đã đầy. Hãy báo người quản trị."]}
    ]
    assert (Photo.objects.count(), files(tmp_path)) == (0, [])


def photo_of(product):
    photo = Photo(product=product, alt="Giàn nho", credit="Lê B", licence="CC0")
    photo.source = SourceFactory()
    photos.store_files(photo, photos.prepare(picture((80, 60))))
    photo.save()
    return photo


@pytest.mark.django_db(transaction=True)
def test_files_stay_only_with_rows_that_were_committed(tmp_path):
    product = ProductFactory()

    class Failed(Exception):
        pass

    def fail_in_a_savepoint():
        with suppress(Failed), transaction.atomic():
            photo_of(product)
            raise Failed

    with suppress(Failed), photos.discard_unsaved(), transaction.atomic():
        photo_of(product)
        raise Failed
    with photos.discard_unsaved(), transaction.atomic():
        fail_in_a_savepoint()
        kept = photo_of(product)

    assert list(Photo.objects.all()) == [kept]
    assert files(tmp_path) == sorted([kept.image.name, kept.small_name])


# --- who sees it ---------------------------------------------------------------------------


def stored(product):
    photo = Photo(product=product, alt="Giàn nho", alt_en="Vines", credit="Lê B", licence="CC0")
    photo.source = SourceFactory(title="Báo A")
    photos.store_files(photo, photos.prepare(picture((800, 600))))
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
