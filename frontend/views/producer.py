"""The directory of producers, and the page of one."""

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontend import labels, structured_data
from geodata.mapview import map_data
from geodata.page_cache import cached_page
from products.register.models import Producer, is_published

from .filter_form import FilterForm
from .places import buy_and_visit
from .records import (
    UNIT_RELATIONS,
    card_photo_rows,
    district_outlines_url,
    for_list,
    get_public_or_withdrawn,
    items_url,
    map_point,
    public_rights,
    redirect_or_gone,
)
from .share_images import share_image_url

PER_PAGE = 100
# Two people, in a box of 24.
SYMBOL = (
    "M8 4a3.6 3.6 0 1 1 0 7.2A3.6 3.6 0 0 1 8 4zm-6.5 16c0-4 2.9-7 6.5-7s6.5 3 6.5 7z"
    "M16.4 5.6a2.9 2.9 0 1 1 0 5.8 2.9 2.9 0 0 1 0-5.8zM16.2 20c0-2.4-.7-4.6-2-6.2"
    ".7-.4 1.4-.6 2.2-.6 3.4 0 6.1 2.8 6.1 6.8z"
)


class DirectoryForm(FilterForm):
    """The filters of the directory: search text, one kind, one present commune."""

    q = forms.CharField(label=gettext_lazy("Tìm"), required=False, max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Loại"), required=False)
    commune = forms.ChoiceField(label=gettext_lazy("Xã, phường"), required=False)

    # As on the map.
    URL_NAMES = {"kind": "loai", "commune": "xa"}
    COLUMNS = {"kind": "kind", "commune": "commune__code"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        public = Producer.objects.published()
        located = public.filter(commune__isnull=False).select_related("commune")
        communes = {
            one.commune.code: labels.unit_label(one.commune)
            for one in located.order_by("commune__name", "commune__code")
        }
        for name, titles in (("kind", dict(Producer.Kind.choices)), ("commune", communes)):
            column = self.COLUMNS[name]
            counts = dict(public.order_by().values_list(column).annotate(Count("pk")))
            self.offer(name, titles, counts)

    def matching(self):
        """Public producers that match all filters, the best match first, else by name."""
        matching = Producer.objects.published().order_by("name", "code")
        if text := self.filters.get("q"):
            matching = matching.search(text).by_relevance(text)
        chosen = {
            column: self.filters[name]
            for name, column in self.COLUMNS.items()
            if name in self.filters
        }
        return matching.filter(**chosen)


@cached_page(uses_query=True)
def producers(request, revision):
    """The directory of producers, PER_PAGE on a page; `trang` is the number of the page."""
    form = DirectoryForm(request.GET, label_suffix="")
    matching = form.matching().select_related(*UNIT_RELATIONS)
    counted = matching.annotate(product_count=Count("products", filter=is_published("products__")))
    page = Paginator(counted, PER_PAGE).get_page(request.GET.get("trang"))
    points = [_point(one) for one in page if one.point]
    title = _("Danh bạ chủ thể")
    return render(
        request,
        "frontend/producers.html",
        {
            "title": title,
            "form": form,
            "page": page,
            "count": page.paginator.count,
            "total": Producer.objects.published().count(),
            "is_filtered": bool(form.filters),
            "symbol": SYMBOL,
            "points": points,
            "some_inexact": any(point["inexact"] for point in points),
            "unlocated": len(page) - len(points),
            "items_url": items_url("producers"),
            "map": map_data(),
            "districts_url": district_outlines_url(),
            "structured": structured_data.listing("producers", title, list(page)),
        },
    )


def _point(producer):
    """A producer with a point as the small map of a page draws it, ready for JSON."""
    return {
        "lng": producer.point.x,
        "lat": producer.point.y,
        "symbol": SYMBOL,
        "inexact": not producer.is_exact,
        "name": producer.name,
    }


@cached_page(state=card_photo_rows)
def producer(request, revision, code, slug):
    """A producer, its products and the rights that a source states cover them."""
    record = get_public_or_withdrawn(
        Producer.objects.select_related(*UNIT_RELATIONS, "source"), code
    )
    if response := redirect_or_gone(request, record, slug):
        return response
    products = list(for_list(record.products.all()))
    points = [map_point(product) for product in products if product.point]
    rights = public_rights().registered().filter(products__in=products).distinct()
    return render(
        request,
        "frontend/producer.html",
        {
            "producer": record,
            "products": products,
            "rights": rights,
            "certificates": record.certificates.select_related("source"),
            **buy_and_visit(record, record),
            "map": map_data(),
            "points": points,
            "some_inexact": any(point["inexact"] for point in points),
            "districts_url": district_outlines_url(),
            "share_image": share_image_url(record) if points else None,
            "structured": structured_data.producer(record),
        },
    )
