"""“Sản phẩm của tôi”: for producers, until when a rating holds, what to do, and sheets to print."""

import datetime

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontend.printing import BusyError, pdf, qr_code
from frontend.reminders import NOTICE_DAYS, rating_calendar
from geodata.page_cache import cached_page
from geodata.spans import today
from products.ocop.models import RATING_MONTHS, OcopStatus, Product

from .filter_form import FilterForm
from .recognition import SOURCES
from .records import LIST_RELATIONS, get_public_or_withdrawn, language_neutral_url, redirect_or_gone

# Products that a search shows.
MOST_FOUND = 30
# A sheet of labels: (left, top) in millimetres of each, three columns and eight rows of 70 × 37 mm.
LABELS = [(70 * column, 37 * row) for row in range(8) for column in range(3)]


class SearchForm(FilterForm):
    """The search for one's own product."""

    q = forms.CharField(
        label=gettext_lazy("Tên sản phẩm hoặc tên cơ sở"), required=False, max_length=200
    )


@cached_page(uses_query=True)
def search(request, revision):
    """Find a product by its name or that of its producer."""
    form = SearchForm(request.GET, label_suffix="")
    text = form.filters.get("q", "")
    found = []
    if text:
        matching = Product.objects.published().search(text).by_relevance(text)
        found = list(
            matching.with_rating_on(today()).select_related(*LIST_RELATIONS)[: MOST_FOUND + 1]
        )
    return render(
        request,
        "frontend/my_products.html",
        {
            "form": form,
            "text": text,
            "found": found[:MOST_FOUND],
            "is_cut": len(found) > MOST_FOUND,
            "most": MOST_FOUND,
        },
    )


def for_holder(view):
    """Decorate a view of a public product: 404 if it never was public, 410 if it is withdrawn.

    The view takes the request and the product, with its rating today.
    """

    @cached_page()
    def with_product(request, revision, code):
        products = Product.objects.with_rating_on(today()).select_related(*LIST_RELATIONS)
        product = get_public_or_withdrawn(products, code)
        return redirect_or_gone(request, product, product.slug) or view(request, product)

    return with_product


@for_holder
def my_product(request, product):
    """Until when the rating holds, what to renew, whom to ask; and the files."""
    ends = product.holds_at_least_to if _holds(product) else None
    return render(
        request,
        "frontend/my_product.html",
        {
            "product": product,
            "ends": ends,
            "is_exact": ends is not None and product.rated_to == ends,
            "days_left": ends and (ends - today()).days,
            "notice_day": ends and ends - datetime.timedelta(days=NOTICE_DAYS),
            "sources": SOURCES,
            "months": RATING_MONTHS,
            "labels": len(LABELS),
            "day": today(),
        },
    )


@for_holder
def calendar(request, product):
    """The end of the rating as an event with alarms; 404 if no rating is known to hold."""
    if not _holds(product):
        raise Http404(product.code)
    body = rating_calendar(product, language_neutral_url("short", product.code))
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    return _named(response, f"{product.code}-han-ocop.ics")


@for_holder
def poster(request, product):
    """An A4 sheet with the name, stars while they hold, producer, place, and QR code."""
    return _sheet(product, "poster", "ap-phich")


@for_holder
def labels(request, product):
    """A sheet of adhesive labels with the name, stars while they hold, and QR code."""
    return _sheet(product, "labels", "nhan")


def _holds(product):
    return product.ocop_status in (OcopStatus.VALID, OcopStatus.EXPIRING)


def _sheet(product, template, name):
    address = language_neutral_url("short", product.code)
    context = {
        "product": product,
        "address": address,
        "qr": qr_code(address).svg_data_uri(border=4, light="#fff", scale=4),
        "labels": LABELS,
    }
    try:
        body = pdf(f"frontend/print/{template}.html", context)
    except BusyError:
        return HttpResponse(
            _("Máy chủ đang in nhiều tờ khác. Hãy thử lại sau một phút."),
            content_type="text/plain; charset=utf-8",
            headers={"Retry-After": "60"},
            status=503,
        )
    response = HttpResponse(body, content_type="application/pdf")
    return _named(response, f"{product.code}-{name}.pdf")


def _named(response, name):
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    # Files are no pages for search engines.
    response["X-Robots-Tag"] = "noindex"
    return response
