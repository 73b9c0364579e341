"""The files of photos; those of drafts are for the officials who may edit them."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from geodata.conditional import respond
from products.ocop.models import SMALL_WIDTH, Photo, Product

# A photo's file in one of its two widths; nothing else in the folder has an address.
PHOTO = rf"(?P<name>[0-9a-f]{{32}})(?P<small>-{SMALL_WIDTH})?\.jpg"


def photo(request, name, small=None):
    """One file of a photo that there is, for whoever may see its product."""
    found = get_object_or_404(Photo.objects.select_related("product"), image=f"{name}.jpg")
    is_public = found.product.is_public
    # Readers of public photos are not asked who they are.
    if not (is_public or _may_edit(request.user, found.product)):
        raise Http404("Not public.")
    # Its name is new with every picture, so that it says which one a browser has.
    tag = f'"{name}{small or ""}"'
    response = respond(request, tag, lambda: _file(found, small))
    # A draft's stays with who may see it; of a public one that is taken back copies end soon.
    response.headers["Cache-Control"] = "public, max-age=300" if is_public else "private, no-store"
    return response


def _file(photo, small):
    try:
        file = photo.image.storage.open(photo.small_name if small else photo.image.name)
    except FileNotFoundError:
        # As where the database came back without its photos.
        raise Http404("No file.") from None
    return FileResponse(file, content_type="image/jpeg")


def _may_edit(user, product):
    mine = Product.objects.filter(pk=product.pk)
    return user.is_staff and mine.editable_by(user).exists()
