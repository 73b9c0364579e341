"""The page of a product, its short URL, and the QR code for its label."""

from django.db.models import F, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe

from frontend import labels, structured_data
from frontend.printing import qr_code
from geodata.mapview import map_data
from geodata.page_cache import cached_page
from geodata.spans import today
from products.ocop.models import RATING_MONTHS, Photo, Product, ProtectedProduct
from products.places.models import SalesPoint

from .places import buy_and_visit
from .records import (
    LIST_RELATIONS,
    UNIT_RELATIONS,
    district_outlines_url,
    get_public_or_withdrawn,
    language_neutral_url,
    map_point,
    public_rights,
    redirect_or_gone,
)
from .share_images import is_drawn, share_image_url

# Nearby products that a page lists.
NEIGHBOURS = 5


def photo_rows(code, slug):
    """The photos of a product, whose changes do not increase the revision."""
    return Photo.objects.filter(product__code=code).order_by("pk").values_list()


@cached_page(state=photo_rows)
def product(request, revision, code, slug):
    """A product: producer, place, ratings, rights, and the source of each statement."""
    record = get_public_or_withdrawn(products_for_page(), code)
    return redirect_or_gone(request, record, slug) or render_product(request, record)


def products_for_page():
    """Return the QuerySet of products with what their pages show."""
    return (
        Product.objects.with_rating_on(today())
        .with_season_on(today())
        .annotate(rating_pk=F("rating__pk"))
        .select_related(*UNIT_RELATIONS, "declared_commune", "category", "type", "source")
        .select_related("producer__commune__parent", "producer__old_commune")
        .select_related("producer__district", "producer__source")
    )


def render_product(request, record, *, preview=False):
    """Return the page of a product of products_for_page().

    preview: whether it is shown to an official before it is public, without what others link to.
    """
    # Pending applications are left out: they protect nothing yet.
    stated = list(
        public_rights()
        .registered()
        .filter(protected_products__product=record)
        .prefetch_related(
            Prefetch(
                "protected_products",
                ProtectedProduct.objects.filter(product=record).select_related("source"),
                to_attr="statements",
            )
        )
    )
    # Of the same goods; whether the product may use them is not known.
    related = public_rights().on_goods_of(record.type_id)
    photos = list(record.photos.select_related("source"))
    ratings = list(
        record.ratings.with_term().select_related("source", "decision").order_by("-decided")
    )
    return render(
        request,
        "frontend/product.html",
        {
            "product": record,
            "preview": preview,
            "photos": photos,
            "hero": photos[0] if photos else None,
            "seasons": record.seasons().select_related("source").prefetch_related("units"),
            "ratings": ratings,
            "heading": next(
                (labels.rating_heading(r, record) for r in ratings if r.pk == record.rating_pk), ""
            ),
            "rating_months": RATING_MONTHS,
            "certificates": record.certificates.select_related("source"),
            "producer_certificates": certificates_of(record.public_producer),
            "stated_rights": stated,
            "goods_rights": [right for right in related if right not in stated],
            "neighbours": _neighbours(record),
            "nearest_shop": SalesPoint.objects.nearest_shop(record, record.public_producer),
            **buy_and_visit(record, record.public_producer),
            "short_url": language_neutral_url("short", record.code),
            "qr": mark_safe(_qr(record).svg_inline(omitsize=True, border=2, light="#fff")),
            "day": today(),
            "map": map_data(),
            "points": [map_point(record)] if record.point else [],
            "districts_url": district_outlines_url(),
            "share_image": share_image_url(record) if not preview and is_drawn(record) else None,
            "structured": None if preview else structured_data.product(record, stated, photos),
        },
    )


def certificates_of(producer):
    """Return the quality certificates of a producer with their sources; [] without one."""
    return producer.certificates.select_related("source") if producer else []


def short(request, code):
    """Redirect from the short URL on labels, which does not contain the product's name."""
    record = get_public_or_withdrawn(Product.objects.all(), code)
    # A withdrawn product answers 410 here: a redirect would disclose its current name.
    return redirect_or_gone(request, record, record.slug) or redirect(record)


def qr(request, code):
    """The QR code of the short URL as an SVG file."""
    record = get_object_or_404(Product.objects.published(), code=code)
    response = HttpResponse(content_type="image/svg+xml")
    _qr(record).save(response, kind="svg", scale=10, light="#fff", title=record.name)
    response["Content-Disposition"] = f'attachment; filename="{record.code}-qr.svg"'
    return response


def _qr(product):
    return qr_code(language_neutral_url("short", product.code))


def _neighbours(product):
    if product.point is None:
        return []
    others = Product.objects.published().exclude(pk=product.pk)
    return (
        others.nearest_to(product.point, limit=NEIGHBOURS)
        .with_rating_on(today())
        .select_related(*LIST_RELATIONS)
    )
