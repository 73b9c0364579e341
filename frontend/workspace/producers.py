"""The workspace for producers, and for the categories, types and seasons of products."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from districts.models import Role
from frontend import labels
from products.register.models import (
    Category,
    Producer,
    ProducerCertificate,
    ProductType,
    Season,
    SeasonUnit,
    looks_after_a_province,
)

from .records import CERTIFICATE_FIELDS, PLACE_FILTERS, LocatedAdmin, PartPermissions
from .refusals import RefusalFormSet
from .tracked import FORMFIELD_OVERRIDES, StaffReadable, TrackedAdmin


class CertificateInline(PartPermissions, admin.TabularInline):
    model = ProducerCertificate
    fields = CERTIFICATE_FIELDS
    extra = 0
    autocomplete_fields = ["source"]


@admin.register(Producer)
class ProducerAdmin(LocatedAdmin):
    list_display = ["code", "name", "kind", "commune", "position", "state"]
    list_display_links = ["code", "name"]
    columns = ["district", "old_commune", "website", "published_at", "updated_at"]
    list_filter = ["state", "kind", *PLACE_FILTERS]
    inlines = [CertificateInline]
    fieldsets = [
        (None, {"fields": ["name", ("kind", "kind_basis"), "activity", "website"]}),
        (
            gettext_lazy("Liên hệ kinh doanh"),
            {"fields": [("phone", "email"), "contact_consent_on"]},
        ),
        LocatedAdmin.PLACE,
        (gettext_lazy("Nguồn"), {"fields": ["source"]}),
        LocatedAdmin.RECORD,
    ]


@admin.register(Category)
class CategoryAdmin(TrackedAdmin):
    list_display = ["name", "code", "scheme"]
    list_filter = ["scheme"]
    autocomplete_fields = ["source"]


class WrittenByTheProvince(StaffReadable):
    """Every official may read; what publishers of the province write is public at once."""

    def has_add_permission(self, request, obj=None):
        return looks_after_a_province(request.user, Role.PUBLISHER)

    def has_change_permission(self, request, obj=None):
        return looks_after_a_province(request.user, Role.PUBLISHER)

    def has_delete_permission(self, request, obj=None):
        return looks_after_a_province(request.user, Role.PUBLISHER)


@admin.register(ProductType)
class ProductTypeAdmin(WrittenByTheProvince, TrackedAdmin):
    list_display = ["name", "name_en", "synonyms_vi", "synonyms_en", "group", "code"]
    list_filter = ["group"]
    list_select_related = ["group"]
    search_fields = ["name", "name_en", "synonyms_vi", "synonyms_en", "code"]
    fields = ["code", ("name", "name_en"), "synonyms_vi", "synonyms_en", "group", "symbol"]

    def get_readonly_fields(self, request, obj=None):
        # Files and addresses contain the code.
        return ["code"] if obj else []


class SeasonUnitInline(WrittenByTheProvince, admin.TabularInline):
    model = SeasonUnit
    formset = RefusalFormSet
    formfield_overrides = FORMFIELD_OVERRIDES
    extra = 0
    autocomplete_fields = ["unit"]


@admin.register(Season)
class SeasonAdmin(WrittenByTheProvince, TrackedAdmin):
    list_display = ["type", "variety", "months", "all_year", "statement", "place", "code"]
    list_display_links = ["type", "statement"]
    list_filter = ["all_year", "type"]
    list_select_related = ["type"]
    search_fields = ["type__name", "type__name_en", "variety", "statement", "place", "code"]
    autocomplete_fields = ["type", "source"]
    inlines = [SeasonUnitInline]
    fields = [
        "type",
        "variety",
        ("from_month", "to_month"),
        "all_year",
        "statement",
        "place",
        "source",
    ]

    @admin.display(description=gettext_lazy("tháng"))
    def months(self, season):
        return labels.season_months(season) if season.months else ""
