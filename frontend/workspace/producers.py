"""The workspace for producers and product categories."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from products.register.models import Category, Producer

from .records import PLACE_FILTERS, LocatedAdmin
from .tracked import TrackedAdmin


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
