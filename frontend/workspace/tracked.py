"""Base classes of ModelAdmins: spans of days, labels, complete history."""

from typing import Any

from django.contrib import admin
from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model, URLField
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from districts.models import is_steward
from geodata.forms import LabelledChoiceField, SpanField

from .history import history_of
from .refusals import RefusalsInForms

# Inlines need them too; they do not inherit those of their ModelAdmin.
FORMFIELD_OVERRIDES = {
    DateRangeField: {"form_class": SpanField},
    URLField: {"assume_scheme": "https"},
    ForeignKey: {"form_class": LabelledChoiceField},
}


class TrackedAdmin(RefusalsInForms, admin.ModelAdmin):
    """ModelAdmin with spans of days in one line of text, and the history of the triggers."""

    formfield_overrides = FORMFIELD_OVERRIDES
    # Models whose rows belong to the record, beside those of its inlines.
    history_models: tuple[type[Model], ...] = ()
    object_history_template = "workspace/history.html"

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Return the page with the history of a record and its inline rows."""
        record = self.get_object(request, object_id)
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        # Rows edited on the record's own page belong to it; other rows that refer to it do not.
        inlines = (inline.model for inline in self.inlines)
        models = [self.model, *inlines, *self.history_models]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Lịch sử: %s") % record,
            "opts": self.opts,
            "object": record,
            "events": list(history_of(record, models)),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)


def by_steward(request: HttpRequest) -> bool:
    """Return is_steward() of the user; one page needs it many times, the query runs once."""
    if not hasattr(request, "by_steward"):
        request.by_steward = is_steward(request.user)
    return request.by_steward


class StewardReadable:
    """Mixin of a ModelAdmin that every steward may view; its QuerySet decides which rows."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return whether the user is a steward."""
        return by_steward(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user is a steward."""
        return by_steward(request)


class StaffReadable:
    """Mixin of a ModelAdmin that every staff user may view, because other forms refer to it."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return whether the user is staff."""
        return request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user is staff."""
        return request.user.is_staff
