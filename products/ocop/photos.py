"""Prepares and stores the photos that officials upload.

Every upload is decoded and encoded again as JPEG, which removes position, time and owner of the
camera and any data appended to the image.

Memory is bounded: a process decodes one image at a time, and none with more pixels than
MAX_PIXELS allows for its format. tests/products/test_photos.py measures the largest of each.
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

from .models import SMALL_WIDTH, Photo
from .models.photos import file_name, is_proposed, small_name

logger = logging.getLogger(__name__)

FORMATS = ("JPEG", "PNG", "WEBP")
# The cameras of phones write 4 to 18 MB.
MAX_BYTES = 25_000_000
# A JPEG of one scan is decoded in rows and at a reduced scale, so that the largest of phones are
# accepted (64 megapixels). For one of several scans (progressive) the library stores all
# coefficients, up to 8 bytes a pixel; PNG takes 4, and WebP, with its two canvases, 16.
MAX_PIXELS = {
    "JPEG": 65_000_000,
    "progressive JPEG": 20_000_000,
    "PNG": 24_000_000,
    "WEBP": 10_000_000,
}
LARGE_WIDTH = 1600
# The largest ratio of height to width at full width; higher images are made narrower.
MAX_ASPECT = 2
# Exceptions of Pillow for files that are broken or malicious.
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

# Two large images at once would take twice the memory.
_decoding = threading.Lock()


def prepare(file):
    """Return the photo in two widths: {maximal width: (file, (width, height))}, in pixels.

    file: an uploaded file. Raises ValidationError if it is not an image in one of FORMATS, is
    animated, or is larger than MAX_BYTES or MAX_PIXELS.
    """
    if file.size > MAX_BYTES:
        raise ValidationError(_("Ảnh lớn hơn %d MB.") % (MAX_BYTES / 1_000_000))
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
        # A new image has none of the metadata; transparent pixels become white.
        plain = Image.new("RGB", upright.size, "white")
        plain.paste(upright, mask=upright)
        return {width: _encoded(plain, width) for width in (LARGE_WIDTH, SMALL_WIDTH)}


def _decoded(file):
    """The image upright, at most about twice as large as needed, with its colour profile."""
    with Image.open(file, formats=FORMATS) as image:
        _require_decodable(file, image)
        orientation = image.getexif().get(_ORIENTATION, 1)
        width, height = image.size
        # The last four orientations are rotated by 90°.
        scale = _scale(height, width) if orientation in (5, 6, 7, 8) else _scale(width, height)
        if scale < 1 and image.format in ("JPEG", "MPO"):
            image.draft(None, (math.ceil(width * scale), math.ceil(height * scale)))
            scale *= width / image.width
        small = _reduced(image, int(1 / scale))
        small.info["icc_profile"] = image.info.get("icc_profile")
    small.getexif()[_ORIENTATION] = orientation
    return ImageOps.exif_transpose(small)


def _require_decodable(file, image):
    """Raise ValidationError, from the header alone, if animated or of too many pixels."""
    # Some phones store a second image in a JPEG (MPO); the first one is used.
    if getattr(image, "is_animated", False) and image.format != "MPO":
        raise ValidationError(_("Ảnh động không dùng được: hãy chọn một ảnh chụp."))
    kind = "JPEG" if image.format == "MPO" else image.format
    if kind == "JPEG" and not _has_one_scan(file):
        kind = "progressive JPEG"
    if image.width * image.height > MAX_PIXELS[kind]:
        raise ValidationError(
            _(
                "Ảnh có %(pixels)d triệu điểm ảnh; %(kind)s có tối đa %(most)d triệu. Hãy thu nhỏ"
                " ảnh, hoặc lưu thành JPEG thường (không lũy tiến)."
            )
            % {
                "pixels": math.ceil(image.width * image.height / 1_000_000),
                "kind": kind,
                "most": MAX_PIXELS[kind] / 1_000_000,
            }
        )


def _has_one_scan(file):
    """Whether the first scan of a JPEG has all components, so that it is decoded row by row.

    libjpeg decides by the same bytes. False if they are not found.
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
    """The factor, at most 1, by which an image of that size fits into the larger file."""
    return min(1, LARGE_WIDTH / width, LARGE_WIDTH * MAX_ASPECT / height)


def _reduced(image, factor):
    """The image in 1/factor of its size, in a mode that all further steps support.

    In bands, so that no second image of the full size is allocated.
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
    """The image in L, RGB or CMYK; in RGBA if it may be transparent or has a palette."""
    if image.mode.startswith("I"):
        # 16 bits of grey: a plain conversion would clip values above 255.
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode == "1":
        image = image.convert("L")
    if image.mode in ("L", "RGB", "CMYK") and "transparency" not in image.info:
        return image
    return image.convert("RGBA")


def _in_common_colours(image):
    """The image in sRGB, which browsers assume for images without a profile.

    Many phones use a wider colour space; the profile is removed with the metadata, and without a
    conversion the colours would be dull.
    """
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, io.BytesIO(profile), srgb, outputMode=mode)
    except ImageCms.PyCMSError:
        # The profile is broken or does not fit: the values are used as they are.
        return image


def _encoded(picture, width):
    smaller = picture.copy()
    smaller.thumbnail((width, width * MAX_ASPECT), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    smaller.save(written, "JPEG", quality=82, optimize=True, progressive=True)
    return ContentFile(written.getvalue()), smaller.size


# --- files ---------------------------------------------------------------------------------

# (storage, name) of the files that store_files() has written inside discard_unsaved().
_written_files = ContextVar("written_files", default=None)


def store_files(photo, prepared):
    """Write the files of prepare() and set the photo's fields; the caller saves the row.

    Raises ValidationError, and leaves no file, if the server cannot write them.
    """
    (large, size), (small, _size) = (prepared[width] for width in (LARGE_WIDTH, SMALL_WIDTH))
    storage, name = photo.image.storage, file_name()
    try:
        storage.save(small_name(name), small)
        storage.save(name, large)
    except OSError:
        # For example a full disk: reported to the official and in the log.
        logger.exception("A photo cannot be written.")
        _delete(storage, name)
        raise ValidationError(
            _("Máy chủ không ghi được ảnh, có thể vì đĩa đã đầy. Hãy báo người quản trị.")
        ) from None
    if _written_files.get() is not None:
        _written_files.get().append((storage, name))
    photo.image = name
    photo.width, photo.height = size


@contextmanager
def discard_unsaved():
    """Delete at the end the files that store_files() wrote inside for photos without a row.

    It must enclose the transaction: then a refused form, an error after writing and a rollback
    leave no file.
    """
    written = []
    token = _written_files.set(written)
    try:
        yield
    finally:
        _written_files.reset(token)
        if written:
            names = [name for _, name in written]
            saved = set(Photo.objects.filter(image__in=names).values_list("image", flat=True))
            saved |= {name for name in names if is_proposed(name)}
            for storage, name in written:
                if name not in saved:
                    _delete(storage, name)


def _delete(storage, name):
    for file in (name, small_name(name)):
        storage.delete(file)
