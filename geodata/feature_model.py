"""The table with the public features of a collection: its model.

A row is one feature in one period of days in which none of its values change, with its finished
JSON text; feature_tables.py has the data flow.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.db.models import (
    BigIntegerField,
    BooleanField,
    DateField,
    DateTimeField,
    Field,
    FloatField,
    GeneratedField,
    Index,
    Q,
    TextField,
)

from .property_types import ScalarKind, property_type

# Names of columns; those of the properties are their own.
FEATURE_ID, GEOMETRY, OUTLINE = "feature_id", "geometry", "outline"

_COLUMN_TYPES = {
    ScalarKind.BOOLEAN: BooleanField,
    ScalarKind.DATE: DateField,
    ScalarKind.TIMESTAMP: DateTimeField,
}


class FeatureQuerySet(models.QuerySet):
    """QuerySet of the features of a collection."""

    def on(self, day: Any) -> "FeatureQuerySet":
        """Return the features as they are on that date, one row of each."""
        return self.filter(first_day__lte=day, until_day__gt=day)


class Feature(models.Model):
    """A public feature from first_day, inclusive, to until_day, exclusive.

    Written by functions of the database only. feature_json: its GeoJSON in CRS84 with all
    properties. written_with: fingerprint of the definition and the site that the text was written
    with; null if unknown.
    """

    pk = models.CompositePrimaryKey(FEATURE_ID, "first_day")
    feature_id = models.TextField()
    first_day = models.DateField()
    until_day = models.DateField()
    feature_json = models.TextField(null=True)
    written_with = models.TextField(null=True)

    objects = FeatureQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ()

    def __str__(self):
        return f"{self.feature_id} ({self.first_day} – {self.until_day})"


def feature_model(
    name: str,
    *,
    app_label: str,
    fields: Mapping[str, Field],
    geometries: Mapping[str, Any],
    indexed: Iterable[str],
) -> type[Feature]:
    """Return a new concrete model of Feature.

    name: of the class and, in lower case, of the table. app_label: of the application that gets the
    migration. fields: column → model field of its values, which may all be null. geometries: column
    → geometry field. indexed: columns that features are often filtered or sorted by; each index
    continues with the id, by which pages are sorted last.
    """
    columns: dict[str, Field] = {column: _column(field) for column, field in fields.items()}
    for column, field in geometries.items():
        columns[column] = type(field)(srid=field.srid, null=True, spatial_index=False)
    prefix = name.lower().removesuffix("feature")[:12]
    table = f"{app_label}_{name.lower()}"
    meta = type(
        "Meta",
        (Feature.Meta,),
        {
            "abstract": False,
            "app_label": app_label,
            "indexes": [
                # With the day: most rows at a place may be of periods to come.
                GistIndex(fields=[GEOMETRY, "first_day"], name=f"{prefix}_place"),
                # Features without geometry match every box; to find none in the index above takes
                # longer than all others.
                Index(fields=[FEATURE_ID], condition=Q(geometry=None), name=f"{prefix}_unlocated"),
                *(
                    Index(fields=[column, FEATURE_ID], name=f"{prefix}_{column[:16]}")
                    for column in indexed
                ),
            ],
        },
    )
    attributes = {
        "__module__": f"{__name__}",
        "__doc__": f"The table {table}; see Feature.",
        "Meta": meta,
    }
    return type(name, (Feature,), columns | attributes)


def _column(field):
    """Return the field of a column for values of a model field."""
    if isinstance(field, GeneratedField):
        field = field.output_field
    kind = property_type(field).scalar_kind
    if kind == ScalarKind.TEXT:
        # The names of records are sorted by the Vietnamese alphabet.
        return TextField(null=True, db_collation=getattr(field, "db_collation", None))
    if kind == ScalarKind.NUMBER:
        return (FloatField if isinstance(field, FloatField) else BigIntegerField)(null=True)
    return _COLUMN_TYPES[kind](null=True)
