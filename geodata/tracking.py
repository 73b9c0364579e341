"""Triggers of every public table: history, revision of the data, and change feed.

Triggers see update(), bulk operations and plain SQL as well. They do not see TRUNCATE, which only
empties tables for tests.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.contrib.gis.db.models import GeometryField
from django.db.models import Model
from pghistory.core import DeleteEvent, InsertEvent, UpdateEvent

AnyModel = TypeVar("AnyModel", bound=Model)


def columns_differ(model: type[Model], names: Iterable[str]) -> str:
    """Return the SQL condition "OLD and NEW differ in one of these fields", for a row trigger.

    names: of concrete fields of the model.

    A geometry is compared as bytes. `pg_dump` clears search_path, and without it PostgreSQL finds
    no single operator that compares geometries: pg_restore then leaves the trigger out
    ("operator is not unique: public.geometry = public.geometry").
    """
    comparisons = []
    for name in names:
        field: Any = model._meta.get_field(name)
        cast = "::bytea" if isinstance(field, GeometryField) else ""
        old, new = (f'{row}."{field.column}"{cast}' for row in ("OLD", "NEW"))
        comparisons.append(f"{old} IS DISTINCT FROM {new}")
    return " OR ".join(comparisons)


class AnyColumnChange(pgtrigger.AnyChange):
    """Trigger condition: any column has changed; compared as in columns_differ()."""

    def resolve(self, model: type[Model]) -> str:
        """Return the condition as SQL."""
        names = self.fields or [field.name for field in model._meta.concrete_fields]
        return columns_differ(model, sorted(set(names) - set(self.exclude or ())))


class BumpRevision(pgtrigger.Trigger):
    """Increase the revision of the data once for every transaction that changes a public table.

    The trigger is deferred to the commit, so that revisions are in the order in which changes
    become visible. (The largest id of a history table is not: a transaction that began earlier may
    commit later.) The lock on the single row of geodata_revision is nearly the last lock of the
    transaction: only the check of a foreign key may follow, and deadlock with a transaction that
    deletes the row referred to. PostgreSQL then aborts one of the two.

    ignore: names of fields whose change alone does not change public data.
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    timing = pgtrigger.Deferred

    def __init__(self, *, ignore=(), **options):
        super().__init__(**options)
        self.ignore = set(ignore)

    def get_func(self, model: type[Model]) -> str:
        """Return the body of the trigger function."""
        if not self.ignore:
            return self.COUNT
        names = [f.name for f in model._meta.concrete_fields if f.name not in self.ignore]
        return (
            f"IF TG_OP = 'UPDATE' AND NOT ({columns_differ(model, names)}) THEN"
            f" RETURN NULL; END IF;\n{self.COUNT}"
        )

    COUNT = """
        IF current_setting('geodata.revised_by', true) IS DISTINCT FROM txid_current()::text THEN
            INSERT INTO geodata_revision (id, number, changed_at) VALUES (1, 1, clock_timestamp())
                ON CONFLICT (id) DO UPDATE
                SET number = geodata_revision.number + 1, changed_at = clock_timestamp();
            PERFORM set_config('geodata.revised_by', txid_current()::text, true);
        END IF;
        RETURN NULL;
    """


@dataclass(frozen=True)
class Features:
    """The table whose rows are the features of a collection, for the triggers of the change feed.

    collection: its id. table: name of the table. key: the column with the public ids.
    public: SQL condition for a row to be public, equivalent to the collection's queryset.
    watched_columns: SQL values, with commas between, that a feature contains besides its id, and
        those that `public` tests; `row` is the changed row.
    """

    collection: str
    table: str
    key: str
    public: str
    watched_columns: str

    def listing(self) -> str:
        """Return the PL/pgSQL statements for a changed row that is or was a feature.

        It is written again after every change: a second change in a transaction may leave the
        watched columns as they are.
        """
        public = f"SELECT FROM {self.table} WHERE {self.key} = changed.id AND {self.public}"
        versions = (
            f" FROM (SELECT OLD.{self.key} UNION SELECT NEW.{self.key}) AS changed(id)"
            " WHERE changed.id IS NOT NULL;"
        )
        return (
            f"PERFORM geodata_mark_stale('{self.collection}', changed.id){versions}"
            f" IF {_changed(f'row.{self.key}, {self.watched_columns}')} THEN"
            f" PERFORM geodata_list_change('{self.collection}', changed.id, EXISTS ({public}))"
            f"{versions} END IF;"
        )


@dataclass(frozen=True)
class DependentFeatures:
    """Features that contain values of a row of another table.

    features: the table of the features. where: SQL condition for a row of that table to contain
        values of the changed row.
    watched_columns: SQL values, with commas between, that the feature contains; null while it
        contains none, so that a draft changes no feature.

    In both, `row` is the changed row.
    """

    features: Features
    where: str
    watched_columns: str

    def listing(self) -> str:
        """Return the PL/pgSQL statement for the features if the watched values changed."""
        features = self.features
        # By both versions of the row: a feature that no longer contains it has changed as well.
        where = re.sub(r"\brow\.(\w+)", r"ANY (ARRAY[OLD.\1, NEW.\1])", self.where)
        return (
            f"IF {_changed(self.watched_columns)} THEN"
            f" PERFORM geodata_mark_stale('{features.collection}', {features.key}),"
            f" geodata_list_change('{features.collection}', {features.key}, true)"
            f" FROM {features.table} WHERE {features.public} AND ({where}); END IF;"
        )


def _changed(watched_columns):
    """Return the SQL condition that these values of `row` differ between OLD and NEW."""
    before, after = (
        re.sub(r"\brow\.", f"{version}.", watched_columns) for version in ("OLD", "NEW")
    )
    return f"ROW({before}) IS DISTINCT FROM ROW({after})"


class ListChanges(pgtrigger.Trigger):
    """Append a change-feed entry for every feature affected by this row, and mark it as stale.

    See models.StaleFeature for what follows from the mark.

    The trigger is deferred to the commit and runs after BumpRevision, whose lock makes the numbers
    of the entries follow the order of the commits. It sees what others have committed until then,
    so a feature that another transaction has just connected to the row is found; and everything
    that its own transaction has done, so each feature has one entry, with the final result.

    features: Features whose rows are those of the model. dependents: DependentFeatures that contain
        values of the model.
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    timing = pgtrigger.Deferred

    def __init__(self, *, features=(), dependents=(), name="list_changes"):
        # PostgreSQL fires triggers in the order of their names: this one after bump_revision.
        statements = [affected.listing() for affected in (*features, *dependents)]
        super().__init__(name=name, func="\n".join([*statements, "RETURN NULL;"]))


def tracked(
    *,
    exclude: Iterable[str] = (),
    ignore: Iterable[str] = (),
    features: Iterable[Features] = (),
    dependents: Iterable[DependentFeatures] = (),
    revises: bool = True,
) -> Callable[[type[AnyModel]], type[AnyModel]]:
    """Return a class decorator that adds history, revision and change-feed triggers to a model.

    exclude: names of fields that the history must not contain, such as contacts and derived text.
    ignore: names of fields whose change alone neither adds to the history nor changes the revision;
        events do contain them.
    features, dependents: the features that contain values of a row; see ListChanges.
    revises: whether a change increases the revision of the public data.
    """

    def decorate(model):
        if revises:
            pgtrigger.register(BumpRevision(name="bump_revision", ignore=ignore))(model)
        if features or dependents:
            pgtrigger.register(ListChanges(features=features, dependents=dependents))(model)
        update = UpdateEvent(condition=AnyColumnChange(exclude=list(ignore)))
        return pghistory.track(InsertEvent(), update, DeleteEvent(), exclude=list(exclude))(model)

    return decorate
