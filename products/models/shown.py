"""Which rows are public features, and where rows of the apps below show in them.

The list of changes is written by it; products/collections.py says what a feature holds, and a test
compares the two.
"""

from districts.models import Unit
from geodata.models import Source
from geodata.tracking import DependentFeatures, Features, ListChanges

PRODUCTS, PRODUCERS, PROTECTIONS = (
    Features(
        collection,
        table=table,
        key="code",
        # RecordQuerySet.published() in SQL.
        public="state = 'published'",
        # The trigger set_updated_at sets it with every change but those of derived text, to the
        # beginning of the transaction: a later change in the same one is told by its state alone.
        watched_columns="row.state, row.updated_at",
    )
    for collection, table in (
        ("products", "products_product"),
        ("producers", "products_producer"),
        ("protections", "products_ipright"),
    )
)


class RecordSource(Source):
    """A source as records know it."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            ListChanges(
                name="list_changes_of_records",
                dependents=[
                    DependentFeatures(
                        records, where="source_id = row.id", watched_columns="row.url"
                    )
                    for records in (PRODUCTS, PRODUCERS, PROTECTIONS)
                ],
            )
        ]


class RecordUnit(Unit):
    """A unit as records with a place know it."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            ListChanges(
                name="list_changes_of_records",
                dependents=[
                    DependentFeatures(
                        records,
                        where=(
                            "commune_id = row.id OR old_commune_id = row.id OR district_id = row.id"
                        ),
                        watched_columns="row.code, row.full_name",
                    )
                    for records in (PRODUCTS, PRODUCERS)
                ],
            )
        ]
