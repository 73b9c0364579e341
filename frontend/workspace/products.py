"""The workspace for products, their ratings and photos."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontend.views.product import products_for_page, render_product
from geodata.spans import format_span, today
from products.ocop import photos
from products.ocop.models import (
    Ingredient,
    OcopRating,
    OcopStatus,
    Photo,
    Product,
    ProductCertificate,
    Stars,
)
from products.ocop.warnings import warnings_of
from products.register import proposals, workflow
from products.register.models import Basis, Producer, SeasonState
from products.rights.models import IpRight

from .forms import version_in
from .product_forms import (
    PhotoForm,
    ProductForm,
    RatingFormSet,
    RatingPageForm,
    ReplacingForm,
    proposed_photo_url,
)
from .records import (
    CERTIFICATE_FIELDS,
    PLACE_FILTERS,
    LocatedAdmin,
    PartPermissions,
    WorkflowAdmin,
)
from .templatetags.workspace import workspace_url

# Of the filter by producer; with more, the search finds them.
MOST_PRODUCERS = 300

RATING_FIELDS = [
    ("stars", "nominated_stars", "score"),
    "decision",
    ("decided", "revoked_on"),
    "replace",
    "decision_text",
    "issuer",
    "source",
]


class StatusFilter(admin.SimpleListFilter):
    """The OCOP status of today, as on the public site."""

    title = gettext_lazy("tình trạng OCOP")
    parameter_name = "ocop_status"

    def lookups(self, request, model_admin):
        return OcopStatus.choices

    def queryset(self, request, queryset):
        if self.value() not in OcopStatus.values:
            return queryset
        return queryset.with_status(self.value(), today())


class SeasonFilter(admin.SimpleListFilter):
    """The season of today, as on the public site."""

    title = gettext_lazy("mùa vụ")
    parameter_name = "season"

    def lookups(self, request, model_admin):
        return SeasonState.choices

    def queryset(self, request, queryset):
        if self.value() not in SeasonState.values:
            return queryset
        return queryset.in_season_state(self.value(), today())


class StarsFilter(admin.SimpleListFilter):
    """The stars that hold today."""

    title = gettext_lazy("số sao còn hiệu lực")
    parameter_name = "stars"

    def lookups(self, request, model_admin):
        return Stars.choices

    def queryset(self, request, queryset):
        is_known = self.value() in map(str, Stars.values)
        return queryset.filter(stars=int(self.value())) if is_known else queryset


class ProtectionFilter(admin.SimpleListFilter):
    """Public registered rights that cover the product or are on goods of its type."""

    title = gettext_lazy("bảo hộ")
    parameter_name = "protection"

    def lookups(self, request, model_admin):
        return [
            ("yes", gettext_lazy("Được bảo hộ")),
            ("no", gettext_lazy("Không được bảo hộ")),
            ("goods", gettext_lazy("Loại hàng có quyền bảo hộ")),
            *IpRight.Kind.choices,
        ]

    def queryset(self, request, queryset):
        if self.value() in IpRight.Kind.values:
            return queryset.under_kind_of_right(self.value())
        if self.value() == "goods":
            return queryset.of_protected_goods()
        protected = Product.objects.protected().values("pk")
        if self.value() == "yes":
            return queryset.filter(pk__in=protected)
        return queryset.exclude(pk__in=protected) if self.value() == "no" else queryset


class RightAreaFilter(admin.SimpleListFilter):
    """Products in the area of a public registered right."""

    title = gettext_lazy("trong vùng bảo hộ")
    parameter_name = "right"

    def lookups(self, request, model_admin):
        rights = IpRight.objects.published().registered().filter(area__isnull=False)
        return list(rights.order_by("name", "code").values_list("code", "name"))

    def queryset(self, request, queryset):
        if self.value() not in dict(self.lookup_choices):
            return queryset
        return queryset.in_area_of(IpRight.objects.only("pk").get(code=self.value()))


class ProducerFilter(admin.SimpleListFilter):
    """The producer, published or not; the search finds published ones only."""

    title = gettext_lazy("chủ thể")
    parameter_name = "producer"

    def lookups(self, request, model_admin):
        own = Product.objects.editable_by(request.user).exclude(producer=None)
        producers = Producer.objects.filter(pk__in=own.values("producer")).order_by("name", "code")
        return list(producers.values_list("code", "name")[:MOST_PRODUCERS])

    def queryset(self, request, queryset):
        return queryset.filter(producer__code=self.value()) if self.value() else queryset


class RatingInline(PartPermissions, admin.StackedInline):
    model = OcopRating
    form = ReplacingForm
    formset = RatingFormSet
    fields = RATING_FIELDS
    extra = 0
    autocomplete_fields = ["decision", "source"]

    def get_extra(self, request, obj=None, **kwargs):
        # A new product has usually been rated.
        return 0 if obj else 1


class PhotoInline(PartPermissions, admin.StackedInline):
    model = Photo
    form = PhotoForm
    fields = [
        "thumbnail",
        "image",
        ("alt", "alt_en"),
        ("credit", "licence"),
        ("source", "order"),
    ]
    extra = 0
    autocomplete_fields = ["source"]
    readonly_fields = ["thumbnail"]

    @admin.display(description=gettext_lazy("ảnh nhỏ"))
    def thumbnail(self, photo):
        url = proposed_photo_url(photo, small=True) or (photo.pk and photo.small_url)
        if not url:
            return "–"
        return format_html('<img class="thumbnail" src="{}" alt="{}">', url, photo.alt)


class IngredientInline(PartPermissions, admin.TabularInline):
    model = Ingredient
    fields = ["type"]
    extra = 0
    autocomplete_fields = ["type"]
    verbose_name_plural = gettext_lazy("làm từ")


class CertificateInline(PartPermissions, admin.TabularInline):
    model = ProductCertificate
    fields = CERTIFICATE_FIELDS
    extra = 0
    autocomplete_fields = ["source"]


@admin.register(Product)
class ProductAdmin(LocatedAdmin):
    list_display = ["code", "name", "producer", "commune", "ocop_status", "state"]
    list_display_links = ["code", "name"]
    columns = [
        *("position", "category", "type", "sector", "district", "old_commune"),
        *("published_at", "updated_at"),
    ]
    list_filter = [
        "state",
        StatusFilter,
        StarsFilter,
        "category",
        ("type", admin.RelatedOnlyFieldListFilter),
        "sector",
        SeasonFilter,
        ProtectionFilter,
        RightAreaFilter,
        ProducerFilter,
        *PLACE_FILTERS,
    ]
    list_select_related = ["producer", "commune"]
    autocomplete_fields = [*LocatedAdmin.autocomplete_fields, "producer", "type"]
    form = ProductForm
    inlines = [RatingInline, PhotoInline, IngredientInline, CertificateInline]
    readonly_fields = [*LocatedAdmin.readonly_fields, "covering_rights"]
    fieldsets = [
        (
            gettext_lazy("Sản phẩm"),
            {"fields": [("name", "name_en"), ("type", "category", "sector"), "description"]},
        ),
        (
            gettext_lazy("Chủ thể"),
            {"fields": ["producer", ("new_producer", "new_producer_kind")]},
        ),
        LocatedAdmin.PLACE,
        (
            gettext_lazy("Thêm ảnh"),
            {"fields": ["new_photos", "photos_alt", ("photos_credit", "photos_licence")]},
        ),
        (
            gettext_lazy("Mã vạch, truy xuất và quyền sở hữu công nghiệp"),
            {"fields": [("gtin", "trace_url"), "covering_rights"], "classes": ["collapse"]},
        ),
        (
            gettext_lazy("Nguồn và cách biết"),
            {
                "fields": [
                    "source",
                    "quote",
                    ("name_basis", "original_name"),
                    "producer_basis",
                    ("type_basis", "category_basis", "sector_basis"),
                ],
                "classes": ["collapse"],
                "description": gettext_lazy("Để trống: theo hồ sơ."),
            },
        ),
        LocatedAdmin.RECORD,
    ]

    def get_inlines(self, request, obj):
        # Photos of a new product are added by the field new_photos, several at once.
        return [one for one in self.inlines if obj or one is not PhotoInline]

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        view = self.admin_site.admin_view(self.preview_view)
        return [path("<path:object_id>/preview/", view, name=name), *super().get_urls()]

    def preview_view(self, request, object_id):
        """The page of a product as it would be public, with the values that the user proposes."""
        record = self.get_object(request, object_id)
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        record = products_for_page().get(pk=record.pk)
        if proposal := proposals.shown_change(record, request.user):
            for field, value in proposals.shown_values(proposal).items():
                setattr(record, field, value)
        return render_product(request, record, preview=True)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        preview = {"preview_url": reverse("admin:ocop_product_preview", args=[object_id])}
        return super().change_view(
            request, object_id, form_url, {**preview, **(extra_context or {})}
        )

    def warnings_of(self, record):
        return warnings_of(record)

    def write(self, request, form, save, delete):
        """Create a new producer and new photos together with the product."""
        if values := form.producer_to_create():
            try:
                producer = workflow.change(Producer(), values, by=request.user, base_version=None)
            except ValidationError as error:
                raise ValidationError({"new_producer": error.messages}) from None
            form.cleaned_data |= {"producer": producer, "producer_basis": Basis.STATED}
        super().write(request, form, [*save, *form.photos_to_add()], delete)

    @admin.display(description=gettext_lazy("quyền bao gồm sản phẩm này"))
    def covering_rights(self, product):
        # Drafts have pages for stewards of a whole province only.
        rights = product.rights.published().order_by("name") if product.pk else []
        return format_html_join(
            ", ", '<a href="{}">{}</a>', ((workspace_url(right), right) for right in rights)
        )

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
        request.outcome = proposals.submit(
            form.record,
            {},
            by=request.user,
            base_version=form.cleaned_data["version"],
            save=[form.instance],
            delete=form.replaces,
        )

    def delete_model(self, request, rating):
        version = version_in(request.GET)
        proposals.submit(rating.product, {}, by=request.user, base_version=version, delete=[rating])

    @admin.display(description=gettext_lazy("quyết định"), ordering="decision__number")
    def decision_name(self, rating):
        return rating.decision_name

    @admin.display(description=gettext_lazy("thu hồi ngày"))
    def revocation_day(self, rating):
        return rating.revocation_day

    @admin.display(description=gettext_lazy("ngày quyết định"))
    def decided_text(self, rating):
        return format_span(rating.decided)
