"""Photos: conversion of uploads, storage of files, and permissions to view them."""

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

# EXIF tags of the GPS directory and of the orientation.
GPS, ORIENTATION = 0x8825, 0x0112
SECRET = b"GHI-CHU-BI-MAT"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def image_file(size=(2000, 1000), file_format="JPEG", mode="RGB", **saved):
    written = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 0).save(written, file_format, **saved)
    return SimpleUploadedFile(f"IMG.{file_format.lower()}", written.getvalue())


def camera_photo(size=(2000, 1000)):
    notes = Image.Exif()
    notes[ORIENTATION] = 6
    notes.get_ifd(GPS)[2] = (11.0, 34.0, 5.0)
    return image_file(size, exif=notes, comment=SECRET, xmp=SECRET)


def open_image(content):
    return Image.open(io.BytesIO(content))


# --- conversion ----------------------------------------------------------------------------


def test_a_photo_is_stored_upright_in_two_widths_without_metadata():
    sent = camera_photo()
    assert open_image(sent.read()).getexif().get_ifd(GPS) != {}
    assert sent.seek(0) == 0

    renditions = photos.prepare(sent)

    pictures = {width: file.read() for width, (file, _) in renditions.items()}
    assert {width: open_image(file).size for width, file in pictures.items()} == {
        1600: (1000, 2000),
        640: (640, 1280),
    }
    for file in pictures.values():
        assert open_image(file).format == "JPEG"
        assert dict(open_image(file).getexif()) == {}
        assert SECRET not in file
        assert b"Exif" not in file


@pytest.mark.parametrize(
    ("file_format", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("WEBP", "RGB"), ("JPEG", "CMYK")],
)
def test_every_supported_format_becomes_an_rgb_jpeg(file_format, mode):
    file, size = photos.prepare(image_file((300, 200), file_format, mode))[1600]

    result = open_image(file.read())
    assert (result.format, result.mode, result.size, size) == (
        "JPEG",
        "RGB",
        (300, 200),
        (300, 200),
    )


def profile(swapped=False):
    """The sRGB profile, or one with the red and green primaries swapped."""
    content = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if swapped:
        content = (
            content.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
        )
    return content


@pytest.mark.parametrize(
    ("file_format", "mode", "profile_bytes", "colour"),
    [
        ("JPEG", "RGB", profile(), (255, 0, 0)),
        ("JPEG", "RGB", profile(swapped=True), (0, 255, 0)),
        ("PNG", "RGBA", profile(swapped=True), (255, 255, 255)),
        ("PNG", "L", profile(swapped=True), (0, 0, 0)),
        ("JPEG", "RGB", b"not a profile", (255, 0, 0)),
    ],
    ids=["sRGB", "swapped primaries", "transparent", "greyscale", "invalid"],
)
def test_an_embedded_colour_profile_is_applied_and_removed(
    file_format, mode, profile_bytes, colour
):
    file, _ = photos.prepare(image_file((10, 10), file_format, mode, icc_profile=profile_bytes))[
        1600
    ]

    result = open_image(file.read())
    assert result.getpixel((5, 5)) == pytest.approx(colour, abs=3)
    assert "icc_profile" not in result.info


def test_transparent_pixels_become_white():
    file, _ = photos.prepare(image_file((10, 10), "PNG", "RGBA"))[1600]

    assert open_image(file.read()).getpixel((5, 5)) == (255, 255, 255)


ANIMATED = "Ảnh động không dùng được: hãy chọn một ảnh chụp."


def too_many(pixels, kind, maximum):
    return (
        f"Ảnh có {pixels} triệu điểm ảnh; {kind} có tối đa {maximum} triệu. Hãy thu nhỏ ảnh, hoặc"
        " lưu thành JPEG thường (không lũy tiến)."
    )


def animated(file_format, size=(20, 10)):
    frames = [Image.new("RGB", size, colour) for colour in ("red", "green")]
    written = io.BytesIO()
    frames[0].save(written, file_format, save_all=True, append_images=frames[1:])
    return SimpleUploadedFile("a", written.getvalue())


def with_stated_size(size, file_format, **saved):
    """A small image whose header states another size."""
    file = image_file((16, 16), file_format, **saved).read()
    if file_format == "PNG":
        header = b"IHDR" + struct.pack(">II", *size) + file[24:29]
        changed = file[:12] + header + struct.pack(">I", zlib.crc32(header)) + file[33:]
    else:
        frame = file.index(b"\xff\xc2" if saved.get("progressive") else b"\xff\xc0")
        changed = file[: frame + 5] + struct.pack(">HH", *reversed(size)) + file[frame + 9 :]
    return SimpleUploadedFile("a", changed)


def in_scans_of_one_component(size):
    """A baseline JPEG whose first scan contains one of three components."""
    file = with_stated_size(size, "JPEG").read()
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    return SimpleUploadedFile("a.jpg", file[: file.index(b"\xff\xda")] + scan)


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (lambda: image_file(file_format="GIF"), "Tệp không phải là ảnh JPEG, PNG hoặc WebP."),
        (
            lambda: SimpleUploadedFile("a.jpg", b"<svg onload='alert(1)'/>"),
            "Tệp không phải là ảnh JPEG, PNG hoặc WebP.",
        ),
        (
            lambda: SimpleUploadedFile("a.jpg", image_file().read()[:2000]),
            "Tệp không phải là ảnh JPEG, PNG hoặc WebP.",
        ),
        (lambda: with_stated_size((6001, 4000), "PNG"), too_many(25, "PNG", 24)),
        (lambda: image_file((4000, 2501), "WEBP"), too_many(11, "WEBP", 10)),
        (lambda: with_stated_size((9000, 7223), "JPEG"), too_many(66, "JPEG", 65)),
        (
            lambda: with_stated_size((5000, 4001), "JPEG", progressive=True),
            too_many(21, "progressive JPEG", 20),
        ),
        (lambda: in_scans_of_one_component((4000, 5001)), too_many(21, "progressive JPEG", 20)),
        (lambda: with_stated_size((30000, 30000), "PNG"), "Ảnh có quá nhiều điểm ảnh."),
        (lambda: animated("WEBP"), ANIMATED),
        (lambda: animated("PNG"), ANIMATED),
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
def test_an_unusable_file_is_rejected_with_the_reason(file, reason):
    with pytest.raises(ValidationError) as refusal:
        photos.prepare(file())

    assert refusal.value.messages == [reason]


# Prepares each image in a separate process, as a server worker does.
MEASURE = """
import os, sys
import django
from django.core.files import File
django.setup()
from products.ocop import photos

def peak():
    # VmHWM is of this process alone; ru_maxrss would include memory of the parent before exec.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024

tiny, *large = sys.argv[1:]
photos.prepare(File(open(tiny, "rb")))
for path in large:
    child = os.fork()
    if not child:
        before = peak()
        photos.prepare(File(open(path, "rb")))
        print(peak() - before, flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""
# Additional memory that decoding the largest image may take.
MAX_MEGABYTES = 200
LARGEST = [
    ((9248, 6944), "JPEG", "RGB", {}),
    ((8192, 6144), "JPEG", "CMYK", {}),
    ((5000, 4000), "JPEG", "RGB", {"progressive": True, "subsampling": 0}),
    ((5000, 4000), "JPEG", "CMYK", {"progressive": True}),
    ((6000, 4000), "PNG", "RGBA", {}),
    ((6000, 4000), "PNG", "P", {}),
    ((6000, 4000), "PNG", "I;16", {}),
    ((4000, 2500), "WEBP", "RGB", {}),
    ((4000, 2500), "WEBP", "RGBA", {"lossless": True, "method": 0}),
]


def test_decoding_the_largest_image_of_each_format_stays_below_the_memory_limit(tmp_path):
    (tmp_path / "tiny").write_bytes(image_file((10, 10)).read())
    for number, (size, file_format, mode, saved) in enumerate(LARGEST):
        image = image_file(size, file_format, mode, **saved)
        (tmp_path / str(number)).write_bytes(image.read())

    files = [tmp_path / "tiny", *(tmp_path / str(number) for number in range(len(LARGEST)))]
    command = [sys.executable, "-c", MEASURE, *map(str, files)]
    output = subprocess.run(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, check=True)

    taken = zip(LARGEST, map(float, output.stdout.split()), strict=True)
    assert [case for case in taken if case[1] >= MAX_MEGABYTES] == []


def test_images_are_decoded_one_at_a_time(monkeypatch):
    running, observed = 0, []

    def count(file, decoded=photos._decoded):
        nonlocal running
        running += 1
        observed.append(running)
        try:
            return decoded(file)
        finally:
            running -= 1

    monkeypatch.setattr(photos, "_decoded", count)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(photos.prepare, [image_file((1500, 1500)) for _ in range(8)]))

    assert observed == [1] * 8


@pytest.mark.parametrize(
    ("size", "large", "small"),
    [
        ((9248, 6944), (1600, 1201), (640, 481)),
        ((16000, 800), (1600, 80), (640, 32)),
        ((700, 9000), (249, 3200), (100, 1280)),
        ((1601, 1000), (1600, 999), (640, 400)),
    ],
)
def test_a_large_image_keeps_its_aspect_ratio(size, large, small):
    sizes = {
        width: size for width, (_, size) in photos.prepare(image_file(size, "JPEG", "L")).items()
    }

    assert sizes == {1600: large, 640: small}


def test_a_reduced_image_shows_the_whole_original():
    """Reduction in bands skips no row: red above, green below, blue at the left edge."""
    drawn = Image.new("RGB", (5003, 3001), "red")
    drawn.paste("green", (0, 1500, 5003, 3001))
    drawn.paste("blue", (0, 0, 500, 3001))
    for file_format, mode in (("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "P"), ("PNG", "RGBA")):
        written = io.BytesIO()
        drawn.convert(mode).save(written, file_format)

        file, size = photos.prepare(SimpleUploadedFile("a", written.getvalue()))[1600]

        result = open_image(file.read())
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
            assert result.getpixel(place) == pytest.approx(colour, abs=6), (
                file_format,
                mode,
                place,
            )


def test_the_first_image_of_an_mpo_file_is_used():
    red, green = (Image.new("RGB", (40, 20), colour) for colour in ("red", "green"))
    written = io.BytesIO()
    red.save(written, "MPO", save_all=True, append_images=[green])

    file, size = photos.prepare(SimpleUploadedFile("a.jpg", written.getvalue()))[1600]

    assert (size, open_image(file.read()).getpixel((5, 5))) == ((40, 20), (254, 0, 0))


def test_a_16_bit_greyscale_image_keeps_its_brightness():
    written = io.BytesIO()
    Image.new("I;16", (20, 10), 128 * 256).save(written, "PNG")

    file, _ = photos.prepare(SimpleUploadedFile("a.png", written.getvalue()))[1600]

    assert open_image(file.read()).getpixel((5, 5)) == pytest.approx((128, 128, 128), abs=2)


# --- the workspace -------------------------------------------------------------------------


def sent_with(product, **photo):
    values = {"alt": "Giàn nho", "credit": "A", "licence": "CC BY 4.0", "order": "1"}
    values |= {"source": SourceFactory().pk, "product": product.pk} | photo
    return {
        "name": product.name,
        "name_basis": product.name_basis,
        "source": product.source_id,
        "version": version_of(product),
        "ingredients-TOTAL_FORMS": "0",
        "ingredients-INITIAL_FORMS": "0",
        "certificates-TOTAL_FORMS": "0",
        "certificates-INITIAL_FORMS": "0",
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

    response = admin_client.post(change_page(product), sent_with(product, image=camera_photo()))

    photo = Photo.objects.get()
    assert response.status_code == 302
    assert (photo.product, photo.width, photo.height) == (product, 1000, 2000)
    assert re.fullmatch(r"[0-9a-f]{32}\.jpg", photo.image.name)
    assert files(tmp_path) == sorted([photo.image.name, photo.small_name])
    labels = Photo.pgh_event_model.objects.values_list("pgh_label", "alt")
    assert list(labels) == [("insert", "Giàn nho")]


def test_the_texts_of_a_photo_are_changed_without_uploading_it_again(admin_client, tmp_path):
    product = ProductFactory()
    admin_client.post(change_page(product), sent_with(product, image=image_file()))
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
        ({"image": image_file(file_format="GIF")}, "image"),
    ],
    ids=["alt", "licence", "image"],
)
def test_an_incomplete_photo_is_rejected_and_leaves_no_file(admin_client, tmp_path, wrong, field):
    product = ProductFactory()

    response = admin_client.post(
        change_page(product),
        sent_with(product, image=image_file())
        | {f"photos-0-{name}": value for name, value in wrong.items()},
    )

    formset = response.context["inline_admin_formsets"][1].formset
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
        # Only the database detects that this rating overlaps the existing one.
        lambda product: rating(stars="4", decided="2023"),
    ],
    ids=["a field", "a rule of the record", "a rule of a rating", "another photo", "an overlap"],
)
def test_a_form_rejected_for_another_field_leaves_no_file(admin_client, tmp_path, wrong):
    product = RatingFactory(on=datetime.date(2023, 5, 6)).product
    written = []
    admin_client.raise_request_exception = False
    sent = sent_with(product, image=image_file()) | wrong(product)

    with pytest.MonkeyPatch.context() as patch:
        save = FileSystemStorage.save
        patch.setattr(
            FileSystemStorage,
            "save",
            lambda *arguments, **named: written.append(save(*arguments, **named)) or written[-1],
        )
        response = admin_client.post(change_page(product), sent)

    assert response.status_code != 302
    # The files had been written before the file_format was rejected.
    assert written
    assert (Photo.objects.count(), files(tmp_path)) == (0, [])


@pytest.mark.parametrize("share", [0, 0.5], ids=["for the first file", "for the second file"])
def test_a_full_disk_is_reported_at_the_field_and_leaves_no_file(admin_client, tmp_path, share):
    """RLIMIT_FSIZE simulates a full disk: writing beyond it fails."""
    product = ProductFactory()
    file = image_file()
    small, large = (len(one.read()) for one, _ in reversed(photos.prepare(file).values()))
    assert small < large
    file.seek(0)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (int(small + share * (large - small)) - 1, before[1]))
    try:
        response = admin_client.post(change_page(product), sent_with(product, image=file))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    formset = response.context["inline_admin_formsets"][1].formset
    assert formset.errors == [
        {"image": ["Máy chủ không ghi được ảnh, có thể vì đĩa đã đầy. Hãy báo người quản trị."]}
    ]
    assert (Photo.objects.count(), files(tmp_path)) == (0, [])


def photo_of(product):
    photo = Photo(product=product, alt="Giàn nho", credit="Lê B", licence="CC0")
    photo.source = SourceFactory()
    photos.store_files(photo, photos.prepare(image_file((80, 60))))
    photo.save()
    return photo


@pytest.mark.django_db(transaction=True)
def test_files_remain_only_for_committed_rows(tmp_path):
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
        committed = photo_of(product)

    assert list(Photo.objects.all()) == [committed]
    assert files(tmp_path) == sorted([committed.image.name, committed.small_name])


# --- display and permissions ---------------------------------------------------------------


def stored(product):
    photo = Photo(product=product, alt="Giàn nho", alt_en="Vines", credit="Lê B", licence="CC0")
    photo.source = SourceFactory(title="Báo A")
    photos.store_files(photo, photos.prepare(image_file((800, 600))))
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


def test_a_page_without_photos_has_no_photo_element(client):
    product = ProductFactory(published=True)

    assert 'class="photo' not in client.get(product.get_absolute_url()).content.decode()


def test_alternative_texts_are_english_where_available(client):
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
def test_photo_files_of_a_published_product_are_public(client, small):
    photo = stored(ProductFactory(published=True))

    response = client.get(photo.small_url if small else photo.image.url)

    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=300"
    assert open_image(response.getvalue()).size == ((640, 480) if small else (800, 600))


@pytest.mark.usefixtures("self_publish")
@pytest.mark.parametrize("taken", ["photo deleted", "image replaced", "product withdrawn"])
def test_a_removed_photo_returns_404_even_with_if_none_match(client, admin_client, taken):
    photo = stored(ProductFactory(published=True))
    addresses = [photo.image.url, photo.small_url]

    def again():
        for address in addresses:
            etag = f'"{address.rpartition("/")[2].removesuffix(".jpg")}"'
            yield client.get(address, headers={"If-None-Match": etag}).status_code

    assert list(again()) == [304, 304]
    if taken == "product withdrawn":
        Product.objects.update(state=State.WITHDRAWN, state_reason="Chủ thể yêu cầu")
    else:
        change = {"DELETE": "on"} if taken == "photo deleted" else {"image": image_file()}
        sent = sent_with(photo.product, id=photo.pk, source=photo.source_id, **change)
        admin_client.post(change_page(photo.product), sent | {"photos-INITIAL_FORMS": "1"})

    assert list(again()) == [404, 404]


@pytest.mark.parametrize("state", [State.DRAFT, State.WITHDRAWN])
def test_photo_files_of_an_unpublished_product_require_edit_permission(client, state):
    commune = UnitFactory(area=square(109, 11.5))
    photo = stored(ProductFactory(state=state, declared_commune=commune))
    users = {
        "nobody": None,
        "staff": UserFactory(),
        "editor of another commune": editor_of(UnitFactory()),
        "editor": editor_of(commune),
    }

    seen = {}
    for name, user in users.items():
        client.logout()
        if user:
            client.force_login(user)
        response = client.get(photo.image.url)
        if response.streaming:
            # Reading the content closes the file.
            response.getvalue()
        seen[name] = (response.status_code, response.get("Cache-Control"))

    assert seen == {
        "nobody": (404, None),
        "staff": (404, None),
        "editor of another commune": (404, None),
        "editor": (200, "private, no-store"),
    }


@pytest.mark.parametrize(
    "name", ["0" * 32 + ".jpg", "..%2Fsecret-key", "secret.txt", "0" * 32 + "-1600.jpg"]
)
def test_no_other_file_in_the_folder_is_served(client, tmp_path, name):
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / ("0" * 32 + ".jpg")).write_text("x")

    assert client.get(f"/anh/{name}").status_code == 404


def test_a_photo_without_its_file_returns_404(client):
    photo = PhotoFactory(product__published=True)

    assert client.get(photo.image.url).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_photo_does_not_change_the_revision_or_the_change_feed():
    product = ProductFactory(published=True)
    source = SourceFactory()
    before, listed = current_revision().number, Change.objects.count()

    PhotoFactory(product=product, source=source).delete()

    assert (current_revision().number, Change.objects.count()) == (before, listed)
