"""What becomes of a photo that an official uploads.

Whatever comes is decoded and written anew as JPEG: position, time and owner of a camera, and
anything that hides behind a picture, stay outside.
"""

import io

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from .models import SMALL_WIDTH

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 12_000_000
# Decoded, such a picture takes 150 MB.
MOST_PIXELS = 50_000_000
LARGE_WIDTH = 1600


def prepare(file):
    """The photo in two widths, each (file, (width, height)), as {width at most: …}.

    Raises ValidationError for what is no picture of FORMATS, or is too large.
    """
    if file.size > MOST_BYTES:
        raise ValidationError(_("Ảnh lớn hơn %d MB.") % (MOST_BYTES / 1_000_000))
    try:
        with Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            upright = _in_common_colours(ImageOps.exif_transpose(image)).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(_("Ảnh có quá nhiều điểm ảnh.")) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise ValidationError(_("Tệp không phải là ảnh JPEG, PNG hoặc WebP.")) from None
    # A new picture knows nothing of the old one's notes; what is transparent becomes white.
    plain = Image.new("RGB", upright.size, "white")
    plain.paste(upright, mask=upright)
    return {width: _written(plain, width) for width in (LARGE_WIDTH, SMALL_WIDTH)}


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
    smaller.thumbnail((width, picture.height), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    smaller.save(written, "JPEG", quality=82, optimize=True, progressive=True)
    return ContentFile(written.getvalue()), smaller.size


def keep(photo, prepared):
    """Give the photo its files; the row is saved by whoever asked."""
    (large, (photo.width, photo.height)), (small, _size) = (
        prepared[width] for width in (LARGE_WIDTH, SMALL_WIDTH)
    )
    photo.image.save("", large, save=False)
    photo.image.storage.save(photo.small_name, small)
