"""Which records are public features, and which rows of the apps below are shown in them.

The triggers of the change feed are written from these declarations. The properties themselves are
defined in products/*/collections.py; a test compares the two.
"""

from geodata.tracking import DependentFeatures, Features, ListChanges

from .states import published_sql


def record_features(collection, table):
    """Return the Features of a kind of record.

    collection: id of the collection. table: name of the records' table, or their model.
    """
    table = table if isinstance(table, str) else table._meta.db_table
    return Features(
        collection,
        table=table,
        key="code",
        public=published_sql(),
        # The trigger set_updated_at sets updated_at, to the start of the transaction, with every
        # change except those of derived text; a second change in the same transaction is visible
        # in the state only.
        watched_columns="row.state, row.updated_at",
    )


def source_changes(features):
    """Return the trigger of a source that lists the records that show its address."""
    return ListChanges(
        name=_trigger_name(features),
        dependents=[
            DependentFeatures(features, where="source_id = row.id", watched_columns="row.url")
        ],
    )


def _trigger_name(features):
    return f"list_changes_of_{features.collection.replace('-', '_')}"


def unit_changes(features):
    """Return the trigger of a unit that lists the records whose place it is."""
    return ListChanges(
        name=_trigger_name(features),
        dependents=[
            DependentFeatures(
                features,
                where="commune_id = row.id OR old_commune_id = row.id OR district_id = row.id",
                watched_columns="row.code, row.full_name",
            )
        ],
    )
