"""The workspace for rights of industrial property and the products that they cover."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from geodata.spans import today
from products.ocop.models import ProtectedProduct
from products.rights.models import AreaUnit, GoodsType, IpRight

from .forms import RecordForm
from .records import LocatedAdmin, PartPermissions, RecordAdmin


class AreaUnitInline(PartPermissions, admin.TabularInline):
    model = AreaUnit
    extra = 0
    autocomplete_fields = ["unit"]


class GoodsTypeInline(PartPermissions, admin.TabularInline):
    model = GoodsType
    extra = 0


class ProtectedProductInline(PartPermissions, admin.TabularInline):
    model = ProtectedProduct
    extra = 0
    autocomplete_fields = ["product", "source"]


@admin.register(IpRight)
class IpRightAdmin(RecordAdmin):
    form = RecordForm
    list_display = ["code", "name", "kind", "number", "status", "owner", "state"]
    list_display_links = ["code", "name"]
    list_filter = ["state", "kind", "stage", "sector"]
    autocomplete_fields = ["source", "other_source"]
    inlines = [AreaUnitInline, GoodsTypeInline, ProtectedProductInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    ("kind", "stage"),
                    ("number", "decision"),
                    "owner",
                    ("filed", "granted", "expires"),
                    "status_note",
                    "goods",
                    ("sector", "sector_basis"),
                    "area_note",
                ]
            },
        ),
        (gettext_lazy("Nguồn"), {"fields": ["source", "other_source", "quote"]}),
        LocatedAdmin.RECORD,
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_status_on(today()).defer("area", "outline")

    @admin.display(description=gettext_lazy("hiệu lực"))
    def status(self, right):
        return IpRight.Status(right.status).label
