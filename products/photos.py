"""What becomes of a photo that an official uploads.

Whatever comes is decoded and written anew as JPEG: position, time and owner of a camera, and
anything that hides behind a picture, stay outside.

Memory is bounded: one picture at a time is decoded in a process, and none with more pixels than
MOST_PIXELS grants its format. tests/products/test_photos.py measures the largest of each.
"""

import io
import logging
import math
import struct
import threading
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from products.models.photos import file_name, small_name

from .models import SMALL_WIDTH, Photo

logger = logging.getLogger(__name__)

FORMATS = ("JPEG", "PNG", "WEBP")
# The camera of a phone writes 4 to 18 MB.
MOST_BYTES = 25_000_000
# A JPEG of one scan is decoded in rows and at a reduced scale, so that the largest of phones are
# accepted (64 megapixels). For one of several scans (progressive) the library stores all
# coefficients, up to 8 bytes a pixel; PNG takes 4, and WebP, with its two canvases, 16.
MOST_PIXELS = {
    "JPEG": 65_000_000,
    "progressive JPEG": 20_000_000,
    "PNG": 24_000_000,
    "WEBP": 10_000_000,
}
LARGE_WIDTH = 1600
# A picture may be this many times as high as it is wide at most, or it gets narrower.
MOST_HEIGHT = 2
# What Pillow raises for files that are broken or were made to break it.
BROKEN = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    OverflowError,
    struct.error,
)
_ORIENTATION = 0x0112

# Two large pictures at once would take twice the memory.
_decoding = threading.Lock()


def prepare(file):
    """The photo in two widths, each (file, (width, height)), as {width at most: …}.

    Raises ValidationError for what is no picture of FORMATS, moves, or is too large.
    """
    if file.size > MOST_BYTES:
        raise ValidationError(_("Ảnh lớn hơn %d MB.") % (MOST_BYTES / 1_000_000))
    with _decoding:
        try:
            upright = _decoded(file)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise ValidationError(_("Ảnh có quá nhiều điểm ảnh.")) from None
        except ValidationError:
            raise
        except BROKEN:
            raise ValidationError(_("Tệp không phải là ảnh JPEG, PNG hoặc WebP.")) from None
        upright = _in_common_colours(upright).convert("RGBA")
        # A new picture knows nothing of the old one's notes; what is transparent becomes white.
        plain = Image.new("RGB", upright.size, "white")
        plain.paste(upright, mask=upright)
        return {width: _written(plain, width) for width in (LARGE_WIDTH, SMALL_WIDTH)}


def _decoded(file):
    """The picture upright, at most about twice as large as it is needed, with its profile."""
    with Image.open(file, formats=FORMATS) as image:
        _require_decodable(file, image)
        orientation = image.getexif().get(_ORIENTATION, 1)
        width, height = image.size
        # The last four orientations lie on their side.
        scale = _scale(height, width) if orientation in (5, 6, 7, 8) else _scale(width, height)
        if scale < 1 and image.format in ("JPEG", "MPO"):
            image.draft(None, (math.ceil(width * scale), math.ceil(height * scale)))
            scale *= width / image.width
        small = _reduced(image, int(1 / scale))
        small.info["icc_profile"] = image.info.get("icc_profile")
    small.getexif()[_ORIENTATION] = orientation
    return ImageOps.exif_transpose(small)


def _require_decodable(file, image):
    """Refuse, from the header alone, a picture that moves or has too many pixels."""
    # A phone may put a second picture into a JPEG (MPO); the first one counts.
    if getattr(image, "is_animated", False) and image.format != "MPO":
        raise ValidationError(_("Ảnh động không dùng được: hãy chọn một ảnh chụp."))
    kind = "JPEG" if image.format == "MPO" else image.format
    if kind == "JPEG" and not _has_one_scan(file):
        kind = "progressive JPEG"
    if image.width * image.height > MOST_PIXELS[kind]:
        raise ValidationError(
            _(
                "Ảnh có %(pixels)d triệu điểm ảnh; %(kind)s có tối đa %(most)d triệu. Hãy thu nhỏ"
                " ảnh, hoặc lưu thành JPEG thường (không lũy tiến)."
            )
            % {
                "pixels": math.ceil(image.width * image.height / 1_000_000),
                "kind": kind,
                "most": MOST_PIXELS[kind] / 1_000_000,
            }
        )


def _has_one_scan(file):
    """Whether the first scan of a JPEG has all components, so that rows are decoded one by one.

    libjpeg decides by the same bytes. False where they are not found.
    """
    position = file.tell()
    try:
        file.seek(2)
        frame = components = None
        while byte := file.read(1):
            if byte != b"\xff":
                continue
            while (marker := file.read(1)) == b"\xff":
                pass
            if not marker or marker == b"\x00" or b"\xd0" <= marker <= b"\xd8" or marker == b"\x01":
                continue
            (length,) = struct.unpack(">H", file.read(2))
            if marker == b"\xda":
                # Huffman-coded, not progressive: SOF0 and SOF1.
                return frame in (0xC0, 0xC1) and file.read(1)[0] == components
            content = file.read(length - 2)
            if 0xC0 <= marker[0] <= 0xCF and marker not in (b"\xc4", b"\xc8", b"\xcc"):
                frame, components = marker[0], content[5]
        return False
    except (IndexError, struct.error):
        return False
    finally:
        file.seek(position)


def _scale(width, height):
    """By which factor, at most 1, a picture of that size fits into the larger of the two files."""
    return min(1, LARGE_WIDTH / width, LARGE_WIDTH * MOST_HEIGHT / height)


def _reduced(image, factor):
    """The picture in 1/factor of its size, in a mode that all further steps understand.

    In bands, so that no second picture of the full size is made.
    """
    rows = factor * max(1, 256 // factor)
    size = math.ceil(image.width / factor), math.ceil(image.height / factor)
    reduced = None
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        band = _in_plain_mode(band).reduce(factor)
        reduced = reduced or Image.new(band.mode, size)
        reduced.paste(band, (0, top // factor))
    return reduced


def _in_plain_mode(image):
    """The picture in L, RGB, CMYK or, where it may be transparent or has a palette, in RGBA."""
    if image.mode.startswith("I"):
        # 16 bits of grey: a plain conversion would cut what is above 255.
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode == "1":
        image = image.convert("L")
    if image.mode in ("L", "RGB", "CMYK") and "transparency" not in image.info:
        return image
    return image.convert("RGBA")


def _in_common_colours(image):
    """The picture in sRGB, which is what a browser takes one without a profile for.

    Many phones photograph in wider colours; their profile goes with the camera's notes, and then
    a red grape would be a dull one.
    """
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, io.BytesIO(profile), srgb, outputMode=mode)
    except ImageCms.PyCMSError:
        # No profile, or that of another kind of picture: its numbers are all there is.
        return image


def _written(picture, width):
    smaller = picture.copy()
    smaller.thumbnail((width, width * MOST_HEIGHT), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    smaller.save(written, "JPEG", quality=82, optimize=True, progressive=True)
    return ContentFile(written.getvalue()), smaller.size


# --- files ---------------------------------------------------------------------------------

# Names of photos that keep() has written files for inside discard_unsaved().
_kept = ContextVar("kept", default=None)


def keep(photo, prepared):
    """Give the photo its files; the caller saves the row.

    Raises ValidationError, and leaves nothing, where the server cannot write them.
    """
    (large, size), (small, _size) = (prepared[width] for width in (LARGE_WIDTH, SMALL_WIDTH))
    storage, name = photo.image.storage, file_name()
    try:
        storage.save(small_name(name), small)
        storage.save(name, large)
    except OSError:
        # As where the disk is full: the officials see it, and so does whoever reads the log.
        logger.exception("A photo cannot be written.")
        _delete(storage, name)
        raise ValidationError(
            _("Máy chủ không ghi được ảnh, có thể vì đĩa đã đầy. Hãy báo người quản trị.")
        ) from None
    if _kept.get() is not None:
        _kept.get().append((storage, name))
    photo.image = name
    photo.width, photo.height = size


@contextmanager
def discard_unsaved():
    """Delete at the end the files that keep() wrote inside for photos that were not saved.

    It encloses the transaction: then a form that is refused, an error after the files were
    written and a rollback all leave no file. What counts is which rows there are.
    """
    written = []
    token = _kept.set(written)
    try:
        yield
    finally:
        _kept.reset(token)
        if written:
            names = [name for _, name in written]
            saved = set(Photo.objects.filter(image__in=names).values_list("image", flat=True))
            for storage, name in written:
                if name not in saved:
                    _delete(storage, name)


def _delete(storage, name):
    for file in (name, small_name(name)):
        storage.delete(file)
