"""The version of a record, for optimistic locking.

The number covers the record and its parts: rows of other tables that are edited with it, such as
the ratings of a product. Triggers increase it, once per transaction, also for update(), bulk
operations and plain SQL.
"""

import pgtrigger
from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from .tracking import columns_differ

# Fields of Versioned; their change alone is neither an event of the history nor new public data.
VERSION_FIELDS = ["version", "version_transaction"]


class Versioned(models.Model):
    """A record with a version; its model has the trigger RaiseVersion."""

    version = models.PositiveIntegerField(_("phiên bản"), default=1, db_default=1, editable=False)
    version_transaction = models.UUIDField(
        null=True, editable=False, help_text="The transaction that raised the version last."
    )

    class Meta:
        abstract = True


class RaiseVersion(pgtrigger.Trigger):
    """Increase the version of a row when it changes; every other change of it is undone.

    derived: names of fields that triggers and bulk updates compute from others; their change does
    not count.

    The row stores which transaction increased its version last. A trigger of a part (see
    RaiseVersionOfRecord) sets that column to the current transaction, which counts as a change.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Update

    def __init__(self, *, derived, name="set_version"):
        super().__init__(name=name)
        self.derived = {*derived, *VERSION_FIELDS}

    def get_func(self, model: type[models.Model]) -> str:
        """Return the body of the trigger function."""
        names = [f.name for f in model._meta.concrete_fields if f.name not in self.derived]
        return f"""
            IF OLD.version_transaction IS DISTINCT FROM geodata_transaction() AND (
                NEW.version_transaction IS NOT DISTINCT FROM geodata_transaction()
                OR {columns_differ(model, names)}
            ) THEN
                NEW.version = OLD.version + 1;
                NEW.version_transaction = geodata_transaction();
            ELSE
                NEW.version = OLD.version;
                NEW.version_transaction = OLD.version_transaction;
            END IF;
            RETURN NEW;
        """


class RaiseVersionOfRecord(pgtrigger.Trigger):
    """Increase the version of the record that a changed row is, or was, a part of.

    table: name of the record's table. column: of the part's table, with the id of the record; or
    instead, where: SQL condition for the records over OLD and NEW of the changed row.
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def __init__(self, *, table, column=None, where=None, name="raise_version_of_record"):
        where = where or f"id IN (OLD.{column}, NEW.{column})"
        super().__init__(
            name=name,
            func=f"""
                IF TG_OP <> 'UPDATE' OR OLD IS DISTINCT FROM NEW THEN
                    UPDATE {table} SET version_transaction = geodata_transaction()
                        WHERE {where};
                END IF;
                RETURN NULL;
            """,
        )
