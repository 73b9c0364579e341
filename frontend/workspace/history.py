"""The history of a record and its parts, from the events that triggers store."""

from collections.abc import Iterable, Iterator
from typing import Any

import pghistory.models
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Model
from django.utils.translation import gettext_lazy

from geodata.display import format_value, with_labels
from products.register.history import key_of

EVENT_LABELS = {
    "insert": gettext_lazy("tạo"),
    "update": gettext_lazy("sửa"),
    "delete": gettext_lazy("xoá"),
}


# Columns that are computed, the size of an image too; the history does not list their changes.
DERIVED = {"updated_at", "search_text", "version", "width", "height"}


def history_of(record: Model, models: Iterable[type[Model]]) -> Iterator[dict[str, Any]]:
    """Yield every event of a record and of its parts, newest first, for history.html.

    record: a model instance. models: its model, and those of its parts. Each event is a dict: key
    (of its Version), at, label, what (name of the model), user, reason, and changes as (field, old,
    new) in text.
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
            "key": key_of(event),
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
