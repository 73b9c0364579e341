"""The workspace for producers, and for the categories and types of products."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from districts.models import Role
from products.register.models import Category, Producer, ProductType, looks_after_a_province

from .records import PLACE_FILTERS, LocatedAdmin
from .tracked import StaffReadable, TrackedAdmin


@admin.register(Producer)
class ProducerAdmin(LocatedAdmin):
    list_display = ["code", "name", "kind", "commune", "position", "state"]
    list_display_links = ["code", "name"]
    columns = ["district", "old_commune", "website", "published_at", "updated_at"]
    list_filter = ["state", "kind", *PLACE_FILTERS]
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


@admin.register(ProductType)
class ProductTypeAdmin(StaffReadable, TrackedAdmin):
    """Every official may read the list; what publishers of the province write is public at once."""

    list_display = ["name", "name_en", "synonyms_vi", "synonyms_en", "group", "code"]
    list_filter = ["group"]
    list_select_related = ["group"]
    search_fields = ["name", "name_en", "synonyms_vi", "synonyms_en", "code"]
    fields = ["code", ("name", "name_en"), "synonyms_vi", "synonyms_en", "group", "symbol"]

    def get_readonly_fields(self, request, obj=None):
        # Files and addresses contain the code.
        return ["code"] if obj else []

    def has_add_permission(self, request):
        return looks_after_a_province(request.user, Role.PUBLISHER)

    def has_change_permission(self, request, obj=None):
        return looks_after_a_province(request.user, Role.PUBLISHER)

    def has_delete_permission(self, request, obj=None):
        return looks_after_a_province(request.user, Role.PUBLISHER)
