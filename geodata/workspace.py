"""What every page of the Department's workspace has: spans of days and a full history."""

import pghistory.models
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import PermissionDenied
from django.db.models import URLField
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .forms import SpanField

EVENT_LABELS = {
    "insert": gettext_lazy("tạo"),
    "update": gettext_lazy("sửa"),
    "delete": gettext_lazy("xoá"),
}


class TrackedAdmin(admin.ModelAdmin):
    """Spans of days in one line of text; the history as the database's triggers saw it."""

    formfield_overrides = {
        DateRangeField: {"form_class": SpanField},
        URLField: {"assume_scheme": "https"},
    }
    object_history_template = "admin/tracked_history.html"

    def history_view(self, request, object_id, extra_context=None):
        record = self.get_object(request, object_id)
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        # Rows edited on the record's own page belong to it; others that merely point at it do not.
        models = [self.model, *(inline.model for inline in self.inlines)]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Lịch sử: %s") % record,
            "opts": self.opts,
            "object": record,
            "events": list(history_of(record, models)),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)


# Columns that triggers fill while a row is saved are no news.
DERIVED = {"updated_at", "search_text"}


def history_of(record, models):
    """Every event of the record and of its rows in these models, newest first, in words."""
    labels = [model._meta.label for model in models]
    events = pghistory.models.Events.objects.references(record).filter(pgh_obj_model__in=labels)
    events = list(events.order_by("-pgh_created_at", "-pgh_id"))
    users = get_user_model().objects.in_bulk(
        {(event.pgh_context or {}).get("user") for event in events} - {None}
    )
    for event in events:
        context = event.pgh_context or {}
        model = apps.get_model(event.pgh_obj_model)
        diff = event.pgh_diff or {}
        changes = [
            _change(model._meta.get_field(name), *values)
            for name, values in diff.items()
            if name not in DERIVED
        ]
        if event.pgh_label == "update" and not changes:
            continue
        yield {
            "at": event.pgh_created_at,
            "label": EVENT_LABELS.get(event.pgh_label, event.pgh_label),
            "what": model._meta.verbose_name,
            "user": users.get(context.get("user")),
            "reason": context.get("reason", ""),
            "changes": changes,
        }


def _change(field, old, new):
    """(name, old, new) of a changed field, as people read it: names for numbers of rows."""
    return field.verbose_name, _shown(field, old), _shown(field, new)


def _shown(field, value):
    if value in (None, ""):
        return ""
    if field.is_relation:
        related = field.related_model._default_manager.filter(pk=value).first()
        return str(related or value)
    return str(dict(field.flatchoices).get(value, value))


class StaffReadable:
    """Every official may look these up, as the forms of other records must."""

    def has_module_permission(self, request):
        return request.user.is_staff

    def has_view_permission(self, request, obj=None):
        return request.user.is_staff
