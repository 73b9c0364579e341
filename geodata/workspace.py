"""Base classes of the Department's workspace: spans of days, labels, complete history."""

from collections.abc import Iterable, Iterator
from typing import Any

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
from django.db.models import ForeignKey, JSONField, Model, QuerySet, URLField
from django.db.models.expressions import DatabaseDefault
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
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
    """A read-only field, displayed by display.format_value() and not by str()."""

    def contents(self) -> str:
        """Return the value as HTML."""
        name, record = self.field["field"], self.form.instance
        try:
            field, _attribute, value = lookup_field(name, record, self.model_admin)
        except (AttributeError, ValueError, ObjectDoesNotExist):
            return self.empty_value_display
        if value is None or isinstance(value, DatabaseDefault):
            # A DatabaseDefault is filled in when a record is saved for the first time.
            return self.empty_value_display
        if isinstance(field, GeometryField | JSONField | RangeField):
            return linebreaksbr(format_value(field, value) or self.empty_value_display)
        return super().contents() or self.empty_value_display

    def get_admin_url(self, remote_field: Any, remote_obj: Any) -> str:
        """Return the link to a related row, with its label as the text."""
        return super().get_admin_url(remote_field, Labelled(remote_obj))


class Labelled:
    """Wraps a row so that str() returns its label."""

    def __init__(self, row):
        self.pk = row.pk
        self.label = label_of(row)

    def __str__(self):
        return self.label


# Django has no hook for the display of read-only fields; all pages, inlines included, instantiate
# this name. A test opens every page and fails if an update of Django changes that.
helpers.AdminReadonlyField = ReadableField


class LabelledAutocomplete(AutocompleteJsonView):
    """Suggestions of related rows, by label_of() instead of str()."""

    def get_queryset(self) -> QuerySet:
        """Return the rows, joined with those that their labels need."""
        return with_labels(super().get_queryset())

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        """Return one suggestion, its text being the label."""
        return super().serialize_result(obj, to_field_name) | {"text": label_of(obj)}


class WorkspaceSite(admin.AdminSite):
    """Django's admin site, with labels in suggestions of related rows."""

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:
        """Return suggestions for a field as JSON."""
        return LabelledAutocomplete.as_view(admin_site=self)(request)


# Inlines need them too; they do not inherit those of their ModelAdmin.
FORMFIELD_OVERRIDES = {
    DateRangeField: {"form_class": SpanField},
    URLField: {"assume_scheme": "https"},
    ForeignKey: {"form_class": LabelledChoiceField},
}


class TrackedAdmin(RefusalsInForms, admin.ModelAdmin):
    """ModelAdmin with spans of days in one line of text, and the history of the triggers."""

    formfield_overrides = FORMFIELD_OVERRIDES
    object_history_template = "admin/tracked_history.html"

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


# Columns that triggers compute; the history does not list their changes.
DERIVED = {"updated_at", "search_text", "version"}


def history_of(record: Model, models: Iterable[type[Model]]) -> Iterator[dict[str, Any]]:
    """Yield every event of a record and of its parts, newest first, for tracked_history.html.

    record: a model instance. models: its model, and those of its parts. Each event is a dict: at,
    label, what (name of the model), user, reason, and changes as (field, old, new) in text.
    """
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
    """Return (field, (old, new)) of each column that the event changed, values as JSON.

    An added or removed part of the record, such as a rating, is listed with all its values.
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
    """Return whether a value describes the part, and not only the record that it belongs to."""
    is_owner = field.name == getattr(field.model, "part_of", None)
    return value not in (None, "") and not field.primary_key and not is_owner


def _related_rows(changes):
    """Return {(model, key): row} of the rows that changed relations refer to; a query per model."""
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
        # Of a row that was deleted later only the key is known.
        value = related.get((field.related_model, value), value)
    return format_value(field, value)


class StaffReadable:
    """Mixin of a ModelAdmin that every staff user may view, because other forms refer to it."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return whether the user is staff."""
        return request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user is staff."""
        return request.user.is_staff
