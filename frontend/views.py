"""The public pages. What is shown is decided by the QuerySets, how, by the templates."""

import sys

from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from geodata.mapview import map_data
from geodata.middleware import DATABASE_DOWN, database_down
from geodata.problems import problem
from geodata.spans import today
from products.models import IpRight, Producer, Product, State

# Grounds that a product can be named with, without their polygons.
PLACES = ("commune", "commune__parent", "old_commune", "district", "district__parent")


def product(request, code, slug):
    """A product: who, where, what it is rated, what protects it, and the source of each."""
    record = _record(
        Product.objects.with_rating_on(today())
        .annotate(rating_pk=F("rating__pk"))
        .select_related(*PLACES, "producer", "category", "source"),
        code,
    )
    if record.state != State.PUBLISHED:
        return _gone(request, record)
    if slug != record.slug:
        return redirect(record, permanent=True)
    # A right that is only applied for protects nothing yet, whatever it names.
    naming = _rights().filter(protected_products__product=record, stage=IpRight.Stage.REGISTERED)
    covering = _drawn(_rights()).filter(area__covers=record.point) if record.point else []
    named = list(naming)
    return render(
        request,
        "frontend/product.html",
        {
            "product": record,
            "ratings": record.ratings.select_related("source").order_by("-decided"),
            "named": named,
            "covering": [right for right in covering if right not in named],
            "map": map_data(),
            "place": _marker(record),
            "districts_url": _items("districts") + "?geometry=outline",
        },
    )


def producer(request, code, slug):
    """A producer and its products."""
    record = _record(Producer.objects.select_related(*PLACES, "source"), code)
    if record.state != State.PUBLISHED:
        return _gone(request, record)
    if slug != record.slug:
        return redirect(record, permanent=True)
    return render(
        request,
        "frontend/producer.html",
        {"producer": record, "products": _listed(record.products.all())},
    )


def protections(request):
    """The register of protected names and other rights."""
    kinds = list(IpRight.Kind)
    rights = sorted(_rights(), key=lambda right: kinds.index(right.kind))
    return render(request, "frontend/protections.html", {"rights": rights})


def protection(request, code, slug):
    """A right, its area, and the products that a source says it covers."""
    record = _record(
        IpRight.objects.with_status_on(today())
        .defer("area", "outline")
        .select_related("source", "other_source"),
        code,
    )
    if record.state != State.PUBLISHED:
        return _gone(request, record)
    if slug != record.slug:
        return redirect(record, permanent=True)
    has_area = _drawn(IpRight.objects.filter(pk=record.pk)).exists()
    return render(
        request,
        "frontend/protection.html",
        {
            "right": record,
            "units": record.area_units.select_related("parent"),
            "products": _listed(record.products.all()),
            "map": map_data() if has_area else None,
            "area_url": reverse("ogc:item", args=["protections", record.code]),
            "districts_url": _items("districts") + "?geometry=outline",
        },
    )


def short(request, code):
    """The address on a label; it stays when the product's name changes."""
    return redirect(_record(Product.objects.all(), code))


def _items(collection):
    return reverse("ogc:items", args=[collection])


def _record(queryset, code):
    """The record that the world may know of: it is public, or was."""
    return get_object_or_404(queryset.published() | queryset.once_public(), code=code)


def _gone(request, record):
    return render(request, "frontend/gone.html", {"record": record}, status=410)


def _rights():
    # An area may have thousands of vertices; the map asks for them when it draws them.
    return (
        IpRight.objects.published()
        .with_status_on(today())
        .defer("area", "outline")
        .order_by("name")
    )


def _drawn(rights):
    """Those with an area to draw; a right that is only applied for never has one."""
    return rights.filter(stage=IpRight.Stage.REGISTERED, area__isnull=False)


def _listed(products):
    return (
        products.published()
        .with_rating_on(today())
        .with_protections()
        .select_related("category", "producer", "commune", "old_commune", "district")
        .order_by("name", "code")
    )


def _marker(product):
    """What the small map of a page draws, ready for JSON; None without a point."""
    if product.point is None:
        return None
    return {
        "lng": product.point.x,
        "lat": product.point.y,
        "group": product.category.code if product.category else "",
        "inexact": product.position == "commune",
        "name": product.name,
    }


# --- errors --------------------------------------------------------------------------------
# None of these asks the database, which may be the very thing that is down.


def bad_request(request, exception=None):
    return _error(request, 400, _("Địa chỉ không hợp lệ"), _("Hãy kiểm tra lại địa chỉ đã nhập."))


def permission_denied(request, exception=None):
    return _error(request, 403, _("Không được phép"), _("Bạn không có quyền xem hay làm việc này."))


def page_not_found(request, exception=None):
    return _error(
        request,
        404,
        _("Không có trang này"),
        _("Địa chỉ có thể đã gõ sai, hoặc trang chưa được công bố."),
    )


def server_error(request):
    cause = sys.exc_info()[1]
    if isinstance(cause, DATABASE_DOWN):
        # It went down where no view was reached, as when a session was looked up.
        return database_down(request, cause)
    return _error(
        request,
        500,
        _("Trang gặp lỗi"),
        _("Lỗi ở phía chúng tôi và đã được ghi lại. Hãy thử lại sau ít phút."),
    )


def _error(request, status, title, text):
    if request.path.startswith("/api/"):
        return problem(status, text)
    context = {"status": status, "title": title, "text": text}
    return render(request, "frontend/error.html", context, status=status)
