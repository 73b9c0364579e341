"""The workspace for sales points and craft villages."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from products.places.models import CraftVillage, SalesPoint

from .records import PLACE_FILTERS, LocatedAdmin


class DestinationAdmin(LocatedAdmin):
    """What the two kinds of places have in common."""

    autocomplete_fields = [*LocatedAdmin.autocomplete_fields, "producer", "position_source"]
    list_display_links = ["code", "name"]
    columns = ["visit", "district", "old_commune", "producer", "opening_hours", "updated_at"]
    VISITORS = (
        _("Đón khách"),
        {"fields": ["visit", "opening_hours", ("season_note", "price_note"), "last_seen"]},
    )
    SOURCES = (_("Nguồn"), {"fields": ["source", "position_source"]})


@admin.register(SalesPoint)
class SalesPointAdmin(DestinationAdmin):
    list_display = ["code", "name", "kind", "sells", "commune", "last_seen", "state"]
    list_filter = ["state", "kind", "sells", "visit", *PLACE_FILTERS]
    fieldsets = [
        (None, {"fields": ["name", "kind", "sells", "goods", "producer"]}),
        DestinationAdmin.VISITORS,
        DestinationAdmin.PLACE,
        DestinationAdmin.SOURCES,
        DestinationAdmin.RECORD,
    ]


@admin.register(CraftVillage)
class CraftVillageAdmin(DestinationAdmin):
    list_display = ["code", "name", "craft", "recognised", "commune", "last_seen", "state"]
    list_filter = ["state", "kind", "recognised", "visit", *PLACE_FILTERS]
    fieldsets = [
        (None, {"fields": ["name", "kind", "craft", "recognised", "producer"]}),
        DestinationAdmin.VISITORS,
        DestinationAdmin.PLACE,
        DestinationAdmin.SOURCES,
        DestinationAdmin.RECORD,
    ]
