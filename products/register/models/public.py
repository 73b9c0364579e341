"""The decorator that makes a kind of record public data."""

import pgtrigger

from districts.models import Unit
from geodata.models import Source
from geodata.tracking import Features, tracked
from geodata.versions import VERSION_FIELDS
from products.register.change_feed import record_features, source_changes, unit_changes

from .located import Located, located_triggers
from .records import record_triggers


def public_record(features, *, searched, exclude=(), derived=(), dependents=()):
    """Class decorator for a subclass of Record: history, version, search text and change feed.

    features: id of the collection whose features the records are, or its Features where other
    declarations need them as well; the model has them as `features`.
    searched: SQL expressions over NEW, the most important first, whose values are searched; see
    record_triggers(). For records with a place the names of its units are added.
    exclude: fields that the history must not contain, such as contacts.
    derived: fields computed from others, whose change does not raise the version.
    dependents: features of other collections that show a value of these records.
    """

    def decorate(model):
        own = features if isinstance(features, Features) else record_features(features, model)
        model.features = own
        if issubclass(model, Located):
            triggers = located_triggers(searched=searched)
            _watch(model, Unit, unit_changes(own))
        else:
            triggers = record_triggers(searched=searched, derived=derived)
        _watch(model, Source, source_changes(own))
        pgtrigger.register(*triggers)(model)
        return tracked(
            exclude=["slug", "search_text", "written_text", "version_transaction", *exclude],
            ignore=VERSION_FIELDS,
            features=[own],
            dependents=dependents,
        )(model)

    return decorate


def _watch(model, other, trigger):
    """Add a trigger to the table of another model, through a proxy in the model's application."""
    meta = type("Meta", (), {"proxy": True, "default_permissions": (), "triggers": [trigger]})
    attributes = {
        "__module__": model.__module__,
        "__doc__": f"{other.__name__} as the change feed of {model.__name__} watches it.",
        "Meta": meta,
    }
    type(other)(f"{model.__name__}{other.__name__}", (other,), attributes)
