"""Image files of photos; those of unpublished products are for officials who may edit them."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from geodata.conditional import respond
from products.ocop.models import SMALL_WIDTH, Photo, Product

# File name of a photo in one of its two widths; no other file of the folder has a URL.
PHOTO = rf"(?P<name>[0-9a-f]{{32}})(?P<small>-{SMALL_WIDTH})?\.jpg"


def photo(request, name, small=None):
    """The file of a photo, if its product is public or the user may edit it; else 404."""
    found = get_object_or_404(Photo.objects.select_related("product"), image=f"{name}.jpg")
    is_public = found.product.is_public
    # For public photos the session is not read.
    if not (is_public or _may_edit(request.user, found.product)):
        raise Http404("Not public.")
    # Every uploaded image gets a new name, so that the name identifies the content.
    tag = f'"{name}{small or ""}"'
    response = respond(request, tag, lambda: _file(found, small))
    # Unpublished photos are not cached; caches drop withdrawn ones within five minutes.
    response.headers["Cache-Control"] = "public, max-age=300" if is_public else "private, no-store"
    return response


def _file(photo, small):
    try:
        file = photo.image.storage.open(photo.small_name if small else photo.image.name)
    except FileNotFoundError:
        # For example after the database was restored without the photos.
        raise Http404("No file.") from None
    return FileResponse(file, content_type="image/jpeg")


def _may_edit(user, product):
    product_query = Product.objects.filter(pk=product.pk)
    return user.is_staff and product_query.editable_by(user).exists()
