"""What the pages of records share: whose page an address is, and which others it names."""

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from geodata.spans import today
from products.rights.models import IpRight

# Grounds that a record can be named with, without their polygons.
PLACES = ("commune", "commune__parent", "old_commune", "district", "district__parent")
# What a product in a list names beside itself.
LISTED = ("category", "producer", "commune", "old_commune", "district")


def find(queryset, code):
    """The record that the world may know of: it is public, or was."""
    return get_object_or_404(queryset.published() | queryset.once_public(), code=code)


def elsewhere(request, record, slug):
    """The answer where the address is not the record's page, else None.

    What was withdrawn says so; the code decides, so a wrong name leads on.
    """
    if not record.is_public:
        return render(request, "frontend/gone.html", {"record": record}, status=410)
    if slug != record.slug:
        return moved(record)
    return None


def moved(thing):
    """The way to the page of a thing whose name, which its address ends with, is another by now.

    For good, but no browser may keep it: a name that is changed back would lead from each of two
    addresses to the other.
    """
    response = redirect(thing, permanent=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


def rights():
    """The public rights with what they are worth today, by name."""
    # An area may have thousands of vertices; the map asks for them when it draws them.
    return (
        IpRight.objects.published()
        .with_status_on(today())
        .defer("area", "outline")
        .order_by("name")
    )


def drawn(rights):
    """Those with an area to draw; a right that is only applied for never has one."""
    return rights.filter(stage=IpRight.Stage.REGISTERED, area__isnull=False)


def listed(products):
    """The public ones as a list shows them."""
    return (
        products.published()
        .with_rating_on(today())
        .with_protections()
        .select_related(*LISTED)
        .order_by("name", "code")
    )


def marker(product):
    """What a small map draws of a product with a point, ready for JSON."""
    return {
        "lng": product.point.x,
        "lat": product.point.y,
        "group": product.category.code if product.category else "",
        "inexact": not product.is_exact,
        "name": product.name,
    }


def items(collection):
    return reverse("ogc:items", args=[collection])


def address_for_all(name, *args):
    """The full address of what is the same in every language: what labels and pictures carry."""
    return settings.SITE_URL + reverse(f"one:{name}", args=args)
