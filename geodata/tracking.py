"""What every public table has: a history, a part in the revision and in the list of changes.

All are triggers, so that update(), bulk operations and plain SQL are seen as well. TRUNCATE alone
is not: it empties tables for tests, and nothing of ours uses it on data that is public.
"""

import re
from dataclasses import dataclass

import pghistory
import pgtrigger
from django.contrib.gis.db.models import GeometryField
from pghistory.core import DeleteEvent, InsertEvent, UpdateEvent


def columns_differ(model, names):
    """Return the SQL condition "OLD and NEW differ in one of these fields" of a row trigger.

    A geometry is compared as bytes. `pg_dump` clears search_path, and without it PostgreSQL finds
    no single operator that compares geometries: pg_restore then leaves the trigger out
    ("operator is not unique: public.geometry = public.geometry").
    """
    comparisons = []
    for name in names:
        field = model._meta.get_field(name)
        cast = "::bytea" if isinstance(field, GeometryField) else ""
        old, new = (f'{row}."{field.column}"{cast}' for row in ("OLD", "NEW"))
        comparisons.append(f"{old} IS DISTINCT FROM {new}")
    return " OR ".join(comparisons)


class AnyColumnChange(pgtrigger.AnyChange):
    """The condition of every trigger of ours that waits for a change: see columns_differ()."""

    def resolve(self, model):
        names = self.fields or [field.name for field in model._meta.concrete_fields]
        return columns_differ(model, sorted(set(names) - set(self.exclude)))


class BumpRevision(pgtrigger.Trigger):
    """Count the data's revision up once for every transaction that changes a public table.

    It runs when the transaction commits, so revisions follow one another in the order in which
    changes become visible. (The largest id of a history table does not: a transaction that began
    earlier may commit later.) The lock on the one row of geodata_revision is then nearly the last
    that the transaction takes: only the check of a foreign key may still come after it, and meet
    a transaction that removes the row referred to. PostgreSQL ends one of such two.

    ignore: fields whose change is not one of the public data.
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    timing = pgtrigger.Deferred

    def __init__(self, *, ignore=(), **options):
        super().__init__(**options)
        self.ignore = set(ignore)

    def get_func(self, model):
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
    """Where the features of a collection stand in the database.

    collection: its id. table: of the rows that are its features. key: the column with their ids.
    public: the condition, in SQL, for a row to be public, as the collection's queryset has it.
    watched_columns: the SQL values that a feature shows of its row beside its id, and those that
        `public` tests; `row` is the row that changed.
    """

    collection: str
    table: str
    key: str
    public: str
    watched_columns: str

    def listing(self):
        """The statement that lists what a row of the table was and is, when it changed."""
        public = f"SELECT FROM {self.table} WHERE {self.key} = changed.id AND {self.public}"
        return (
            f"IF {_changed(f'row.{self.key}, {self.watched_columns}')} THEN"
            f" PERFORM geodata_list_change('{self.collection}', changed.id, EXISTS ({public}))"
            f" FROM (SELECT OLD.{self.key} UNION SELECT NEW.{self.key}) AS changed(id)"
            " WHERE changed.id IS NOT NULL; END IF;"
        )


@dataclass(frozen=True)
class DependentFeatures:
    """Features that say something of a row of another table.

    where: the condition, in SQL, for a row of the features' table to be such a feature.
    watched_columns: the SQL values that the feature shows; null while it shows nothing, so that a
        draft changes no feature.

    In both, `row` is the row that changed.
    """

    features: Features
    where: str
    watched_columns: str

    def listing(self):
        """The statement that lists them, when what they say is another than before."""
        features = self.features
        # By both versions of the row: what speaks of it no more has changed as well.
        where = re.sub(r"\brow\.(\w+)", r"ANY (ARRAY[OLD.\1, NEW.\1])", self.where)
        return (
            f"IF {_changed(self.watched_columns)} THEN"
            f" PERFORM geodata_list_change('{features.collection}', {features.key}, true)"
            f" FROM {features.table} WHERE {features.public} AND ({where}); END IF;"
        )


def _changed(watched_columns):
    """The condition for these values of `row` to be others than before."""
    before, after = (
        re.sub(r"\brow\.", f"{version}.", watched_columns) for version in ("OLD", "NEW")
    )
    return f"ROW({before}) IS DISTINCT FROM ROW({after})"


class ListChanges(pgtrigger.Trigger):
    """List what the change of a row is to the features that it is, or that say something of it.

    It runs when the transaction commits, after BumpRevision, whose lock makes the numbers of the
    list follow one another as the commits do. It sees what others have committed until then, so a
    feature that another transaction has just tied to the row is found; and all that its own has
    done, so each feature is listed once, with what the transaction came to.

    features: the collections whose features are these rows. dependents: features of other rows
        that show a value of these.
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    timing = pgtrigger.Deferred

    def __init__(self, *, features=(), dependents=(), name="list_changes"):
        # PostgreSQL fires triggers in the order of their names: this one after bump_revision.
        statements = [about.listing() for about in (*features, *dependents)]
        super().__init__(name=name, func="\n".join([*statements, "RETURN NULL;"]))


def tracked(*, exclude=(), ignore=(), features=(), dependents=(), revises=True):
    """Class decorator: keep every version of a row and let its changes count as new data.

    exclude: fields that the history must not hold, such as contacts and derived text.
    ignore: fields whose change alone is neither history nor new data; events do hold them.
    features, dependents: in which features a row shows; see ListChanges.
    revises: whether a change is one of the public data, and not only of a page.
    """

    def decorate(model):
        if revises:
            pgtrigger.register(BumpRevision(name="bump_revision", ignore=ignore))(model)
        if features or dependents:
            pgtrigger.register(ListChanges(features=features, dependents=dependents))(model)
        update = UpdateEvent(condition=AnyColumnChange(exclude=list(ignore)))
        return pghistory.track(InsertEvent(), update, DeleteEvent(), exclude=list(exclude))(model)

    return decorate
