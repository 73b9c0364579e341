"""The workspace for products, their ratings and photos."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geodata.spans import format_span, today
from products.ocop import photos
from products.ocop.models import OcopRating, OcopStatus, Photo, Product
from products.register import workflow

from .product_forms import PhotoForm, RatingFormSet, RatingPageForm, ReplacingForm
from .records import (
    DISTRICT_FILTER,
    LocatedAdmin,
    PartPermissions,
    WorkflowAdmin,
    version_in,
)

RATING_FIELDS = [
    ("stars", "nominated_stars", "score"),
    "decision",
    ("decided", "revoked_on"),
    "replace",
    "decision_text",
    "issuer",
    "source",
]


class RatingInline(PartPermissions, admin.StackedInline):
    model = OcopRating
    form = ReplacingForm
    formset = RatingFormSet
    fields = RATING_FIELDS
    extra = 0
    autocomplete_fields = ["decision", "source"]


class PhotoInline(PartPermissions, admin.StackedInline):
    model = Photo
    form = PhotoForm
    fields = ["image", ("alt", "alt_en"), ("credit", "licence"), "source", "order"]
    extra = 0
    autocomplete_fields = ["source"]


@admin.register(Product)
class ProductAdmin(LocatedAdmin):
    list_display = ["code", "name", "producer", "commune", "ocop_status", "position", "state"]
    list_display_links = ["code", "name"]
    list_filter = ["state", "category", "sector", "position", DISTRICT_FILTER]
    list_select_related = ["producer", "commune"]
    autocomplete_fields = [*LocatedAdmin.autocomplete_fields, "producer"]
    inlines = [RatingInline, PhotoInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("name", "name_basis"),
                    "name_en",
                    ("producer", "producer_basis"),
                    ("category", "category_basis"),
                    ("sector", "sector_basis"),
                    "description",
                    ("gtin", "trace_url"),
                ]
            },
        ),
        LocatedAdmin.PLACE,
        (gettext_lazy("Nguồn"), {"fields": ["source", "quote"]}),
        LocatedAdmin.RECORD,
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_rating_on(today())

    def changeform_view(self, *args, **kwargs):
        # Around the transaction: deletes the files of photos that are not saved.
        with photos.discard_unsaved():
            return super().changeform_view(*args, **kwargs)

    @admin.display(description=gettext_lazy("OCOP"), ordering="ocop_status")
    def ocop_status(self, product):
        label = OcopStatus(product.ocop_status).label
        if not product.stars:
            return label
        return _("%(stars)d sao, %(status)s") % {"stars": product.stars, "status": label}


@admin.register(OcopRating)
class OcopRatingAdmin(WorkflowAdmin):
    form = RatingPageForm
    fields = ["product", *RATING_FIELDS, "version"]
    list_display = [
        "product",
        "stars",
        "nominated_stars",
        "decided_text",
        "decision_name",
        "revocation_day",
    ]
    list_filter = ["stars"]
    list_select_related = ["product", "decision"]
    search_fields = ["product__search_text", "decision__number", "decision_text"]
    autocomplete_fields = ["decision", "source"]
    readonly_fields = ["product"]

    def has_add_permission(self, request):
        # A rating is added on the page of its product.
        return False

    def get_queryset(self, request):
        editable = Product.objects.editable_by(request.user)
        return super().get_queryset(request).filter(product__in=editable)

    def record_of(self, rating):
        return rating.product if rating else None

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def write(self, request, form, save, delete):
        """Write the rating as a part of its product, and delete those that it replaces."""
        workflow.change(
            form.record,
            {},
            by=request.user,
            base_version=form.cleaned_data["version"],
            save=[form.instance],
            delete=form.replaces,
        )

    def delete_model(self, request, rating):
        version = version_in(request.GET)
        workflow.change(rating.product, {}, by=request.user, base_version=version, delete=[rating])

    @admin.display(description=gettext_lazy("quyết định"), ordering="decision__number")
    def decision_name(self, rating):
        return rating.decision_name

    @admin.display(description=gettext_lazy("thu hồi ngày"))
    def revocation_day(self, rating):
        return rating.revocation_day

    @admin.display(description=gettext_lazy("ngày quyết định"))
    def decided_text(self, rating):
        return format_span(rating.decided)
