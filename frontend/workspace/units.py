"""The workspace for units and boundaries."""

from django.contrib import admin
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from districts.models import Boundary, Level, Succession, Unit
from districts.signals import units_changed
from geodata.spans import format_span
from products.register.importing.boundaries import may_load

from .refusals import RefusalFormSet
from .tracked import FORMFIELD_OVERRIDES, StaffReadable, TrackedAdmin


class SuccessionInline(admin.TabularInline):
    model = Succession
    fk_name = "successor"
    autocomplete_fields = ["predecessor", "source"]
    formfield_overrides = FORMFIELD_OVERRIDES
    formset = RefusalFormSet
    extra = 0
    verbose_name_plural = _("lập từ")


@admin.register(Unit)
class UnitAdmin(StaffReadable, TrackedAdmin):
    list_display = ["full_name", "code", "level", "parent", "existence", "measured_area"]
    list_filter = ["level", "kind"]
    list_select_related = ["parent", "boundary"]
    search_fields = ["name", "code", "public_id", "name_en"]
    autocomplete_fields = ["parent", "source"]
    readonly_fields = ["public_id"]
    inlines = [SuccessionInline]
    history_models = (Boundary,)
    change_list_template = "workspace/unit_list.html"

    def get_queryset(self, request):
        # The list shows the measured area; the geometry has a hundred thousand vertices.
        return super().get_queryset(request).defer("boundary__geometry", "boundary__outline")

    def changelist_view(self, request, extra_context=None):
        context = {"may_load_boundaries": may_load(request.user), **(extra_context or {})}
        return super().changelist_view(request, context)

    def view_on_site(self, unit):
        # A province has no page: the whole site covers it.
        return None if unit.level == Level.PROVINCE else unit.get_absolute_url()

    @admin.display(description=_("tồn tại"))
    def existence(self, unit):
        return format_span(unit.validity)

    @admin.display(description=_("diện tích (km²)"))
    def measured_area(self, unit):
        try:
            return f"{unit.boundary.area_km2:.2f}"
        except Boundary.DoesNotExist:
            return "–"

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        with transaction.atomic():
            units_changed.send(type(self))
