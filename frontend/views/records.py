"""What the pages of records share: finding the record, redirects, and lists of related records."""

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from frontend.drawings import pictogram_id
from geodata.spans import today
from products.ocop.models import Photo, Product
from products.rights.models import IpRight

# Administrative units of a record, for select_related(); boundaries are in another table.
UNIT_RELATIONS = ("commune", "commune__parent", "old_commune", "district", "district__parent")
# What a product in a list shows beside its own columns.
LIST_RELATIONS = ("category", "type", "producer", "commune__parent", "old_commune", "district")


def get_public_or_withdrawn(queryset, code):
    """Return the record with this code if it is public or was; else raise Http404."""
    return get_object_or_404(queryset.published() | queryset.once_public(), code=code)


def redirect_or_gone(request, record, slug):
    """Return 410 for a withdrawn record, 301 for an outdated slug; else None.

    slug: as requested. Only the code identifies the record.
    """
    if not record.is_public:
        return render(request, "frontend/gone.html", {"record": record}, status=410)
    if slug != record.slug:
        return redirect_to_current_slug(record)
    return None


def redirect_to_current_slug(thing):
    """Return a permanent redirect to the page of a record or unit whose name has changed.

    Browsers must revalidate it: if the name is changed back, two cached permanent redirects would
    point to each other.
    """
    response = redirect(thing, permanent=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


def public_rights():
    """Public rights with their status today, and since when their owner is dissolved, by name."""
    # An area may have thousands of vertices; the map requests them separately.
    return (
        IpRight.objects.published()
        .with_status_on(today())
        .with_owner_dissolved(today())
        .defer("area", "outline")
        .order_by("name")
    )


def with_area(rights):
    """Rights that have an area, which a constraint permits for registered rights only."""
    return rights.filter(area__isnull=False)


def for_list(products):
    """Public products with what a list shows of them, in the order of lists."""
    return (
        products.published()
        .with_rating_on(today())
        .with_protections()
        .select_related(*LIST_RELATIONS)
        .prefetch_related("photos")
        .by_prominence()
    )


def card_photo_rows(**url_kwargs):
    """The photos of cards, whose changes do not increase the revision, for cached_page()."""
    return Photo.objects.order_by("pk").values_list("pk", "product", "image", "order")


def card_photos():
    """{code: path of the small file of the first photo} of public products that have photos."""
    photos = Photo.objects.filter(product__in=Product.objects.published()).order_by("-order", "-pk")
    return {photo.product.code: photo.small_url for photo in photos.select_related("product")}


def map_point(product):
    """A product with a point as the small map of a page draws it, ready for JSON.

    product: with the annotations of ProductQuerySet.with_rating_on().
    """
    return {
        "lng": product.point.x,
        "lat": product.point.y,
        "group": product.category.code if product.category else "",
        "pictogram": pictogram_id(product.type, product.category),
        "status": product.ocop_status,
        "inexact": not product.is_exact,
        "name": product.name,
    }


def items_url(collection):
    """The path of the features of a collection in the API."""
    return reverse("ogc:items", args=[collection])


def all_items_url(collection):
    """The path by which the map and the trip load a whole collection: one response serves both."""
    sorting = "&sortby=name" if collection == "products" else ""
    return f"{items_url(collection)}?limit=10000{sorting}"


def district_outlines_url():
    """The path of the outlines of all districts, for small maps."""
    return items_url("districts") + "?geometry=outline"


def language_neutral_url(name, *args):
    """The full URL of a route that is the same in every language, as printed on labels."""
    return settings.SITE_URL + reverse(f"neutral:{name}", args=args)
