"""What every page of the Department's workspace has: spans of days, labels, a full history."""

import pghistory.models
from django.apps import apps
from django.contrib import admin
from django.contrib.admin import helpers
from django.contrib.admin.utils import lookup_field
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import get_user_model
from django.contrib.gis.db.models import GeometryField
from django.contrib.postgres.fields import DateRangeField, RangeField
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import ForeignKey, JSONField, URLField
from django.db.models.expressions import DatabaseDefault
from django.template.defaultfilters import linebreaksbr
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .display import format_value, label_of, with_labels
from .forms import LabelledChoiceField, SpanField
from .refusals import RefusalsInForms

EVENT_LABELS = {
    "insert": gettext_lazy("tạo"),
    "update": gettext_lazy("sửa"),
    "delete": gettext_lazy("xoá"),
}


class ReadableField(helpers.AdminReadonlyField):
    """A field that cannot be edited, as people read it and not as Python writes it."""

    def contents(self):
        name, record = self.field["field"], self.form.instance
        try:
            field, _attribute, value = lookup_field(name, record, self.model_admin)
        except (AttributeError, ValueError, ObjectDoesNotExist):
            return self.empty_value_display
        if value is None or isinstance(value, DatabaseDefault):
            # The latter is what the database fills in when a record is saved for the first time.
            return self.empty_value_display
        if isinstance(field, GeometryField | JSONField | RangeField):
            return linebreaksbr(format_value(field, value) or self.empty_value_display)
        return super().contents() or self.empty_value_display

    def get_admin_url(self, remote_field, remote_obj):
        return super().get_admin_url(remote_field, Labelled(remote_obj))


class Labelled:
    """A row that str() writes by its label."""

    def __init__(self, row):
        self.pk = row.pk
        self.label = label_of(row)

    def __str__(self):
        return self.label


# Django has no hook for what its read-only fields display; all pages, inlines included, make them
# of this name. A test opens every page and fails when an update of Django changes that.
helpers.AdminReadonlyField = ReadableField


class LabelledAutocomplete(AutocompleteJsonView):
    """The answers of a field that suggests rows: their labels instead of their names."""

    def get_queryset(self):
        return with_labels(super().get_queryset())

    def serialize_result(self, obj, to_field_name):
        return super().serialize_result(obj, to_field_name) | {"text": label_of(obj)}


class WorkspaceSite(admin.AdminSite):
    """Django's admin site with labels in the fields that suggest rows."""

    def autocomplete_view(self, request):
        return LabelledAutocomplete.as_view(admin_site=self)(request)


# For inlines as well, which do not inherit them.
FORMFIELD_OVERRIDES = {
    DateRangeField: {"form_class": SpanField},
    URLField: {"assume_scheme": "https"},
    ForeignKey: {"form_class": LabelledChoiceField},
}


class TrackedAdmin(RefusalsInForms, admin.ModelAdmin):
    """Spans of days in one line of text; the history as the database's triggers saw it."""

    formfield_overrides = FORMFIELD_OVERRIDES
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
DERIVED = {"updated_at", "search_text", "version"}


def history_of(record, models):
    """Every event of the record and of its rows in these models, newest first, in words."""
    labels = [model._meta.label for model in models]
    events = pghistory.models.Events.objects.references(record).filter(pgh_obj_model__in=labels)
    events = list(events.order_by("-pgh_created_at", "-pgh_id"))
    users = get_user_model().objects.in_bulk(
        {(event.pgh_context or {}).get("user") for event in events} - {None}
    )
    changes = [_changes(event, type(record)) for event in events]
    related = _related_rows(change for of_event in changes for change in of_event)
    for event, of_event in zip(events, changes, strict=True):
        context = event.pgh_context or {}
        if event.pgh_label == "update" and not of_event:
            continue
        yield {
            "at": event.pgh_created_at,
            "label": EVENT_LABELS.get(event.pgh_label, event.pgh_label),
            "what": apps.get_model(event.pgh_obj_model)._meta.verbose_name,
            "user": users.get(context.get("user")),
            "reason": context.get("reason", ""),
            "changes": [
                (field.verbose_name, *(_readable(field, value, related) for value in values))
                for field, values in of_event
            ],
        }


def _changes(event, record_model):
    """(field, (old, new)) of each column that the event changed, values as JSON has them.

    A part of the record that is added or removed, such as a rating, is described by its values.
    """
    model = apps.get_model(event.pgh_obj_model)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    fields |= {field.name: field for field in model._meta.concrete_fields}
    diff = event.pgh_diff or {}
    if event.pgh_label == "delete" or (event.pgh_label == "insert" and model is not record_model):
        stated = {
            name: value for name, value in event.pgh_data.items() if _is_stated(fields[name], value)
        }
        added = event.pgh_label == "insert"
        diff = {name: (None, value) if added else (value, None) for name, value in stated.items()}
    return [(fields[name], values) for name, values in diff.items() if name not in DERIVED]


def _is_stated(field, value):
    """Whether a value describes the part, and not only which record it belongs to."""
    is_owner = field.name == getattr(field.model, "part_of", None)
    return value not in (None, "") and not field.primary_key and not is_owner


def _related_rows(changes):
    """{(model, key): row} of the rows that changed relations refer to, one query a model."""
    keys = {}
    for field, values in changes:
        if field.is_relation:
            keys.setdefault(field.related_model, set()).update(values)
    return {
        (model, key): row
        for model, wanted in keys.items()
        for key, row in with_labels(model._default_manager.all()).in_bulk(wanted - {None}).items()
    }


def _readable(field, value, related):
    if field.is_relation:
        # A row that has been deleted since has only its key.
        value = related.get((field.related_model, value), value)
    return format_value(field, value)


class StaffReadable:
    """Every official may look these up, as the forms of other records must."""

    def has_module_permission(self, request):
        return request.user.is_staff

    def has_view_permission(self, request, obj=None):
        return request.user.is_staff
