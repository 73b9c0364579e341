"""How PostgreSQL writes a feature: GeoJSON as finished text, which Python passes on unparsed."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import Expression, Func, JSONField, TextField

from .crs import Crs, Transformed


def quoted(name: str) -> str:
    """Return the name of a column as an identifier of SQL."""
    return connection.ops.quote_name(name)


def geojson_sql(geometry: str, crs: Crs) -> str:
    """Return the SQL of a geometry as GeoJSON, without the member `crs` (RFC 7946).

    geometry: SQL of it in that CRS, whose decimals are written.
    """
    return f"ST_AsGeoJSON({geometry}, {crs.decimals}, 0)::json"


def feature_sql(*, id: str, geometry: str, properties: Mapping[str, str]) -> str:
    """Return the SQL of the JSON text of a feature.

    id, geometry: SQL of its members. properties: {name: SQL of the value}, in order.

    row_to_json() preserves the order of its columns and takes two thirds of the time of
    json_build_object(), which looks up the type of each value of each row; jsonb would sort the
    keys.
    """
    named = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in properties.items())
    return (
        "(SELECT row_to_json(feature)::text FROM"
        f" (SELECT 'Feature' AS type, {id} AS id, {geometry} AS geometry, properties"
        f" FROM (SELECT {named}) AS properties) AS feature)"
    )


class StoredGeometry(Func):
    """A geometry for a column; Django would select it as bytes for Python."""

    template = "%(expressions)s"
    output_field = TextField()


class GeoJsonGeometry(Func):
    """The expression of geojson_sql(); expression: of a geometry in EPSG:4326. crs: a Crs."""

    output_field = JSONField()

    def __init__(self, expression: Any, crs: Crs) -> None:
        super().__init__(Transformed(expression, crs), template=geojson_sql("%(expressions)s", crs))


class FeatureText(Func):
    """The expression of feature_sql(), of expressions.

    The SQL is compiled once and cached in the instance: most of the time of a small page went into
    compiling the same hundred expressions again. It depends only on the aliases of the tables in
    the query, which are fixed when the expression is resolved.
    """

    output_field = TextField()
    sql: tuple[str, list[Any]] | None = None

    def __init__(self, *, id: Any, geometry: Any, properties: Mapping[str, Expression]) -> None:
        self.names = list(properties)
        super().__init__(id, geometry, *properties.values())

    def as_sql(self, compiler: Any, connection: Any, **extra_context: Any) -> tuple[str, list[Any]]:
        """Return the SQL and its parameters."""
        if self.sql is None:
            parts = [compiler.compile(part) for part in self.source_expressions]
            id, geometry, *properties = (sql for sql, _values in parts)
            named = dict(zip(self.names, properties, strict=True))
            self.sql = (
                feature_sql(id=id, geometry=geometry, properties=named),
                [value for _sql, values in parts for value in values],
            )
        sql, values = self.sql
        return sql, list(values)

    def relabeled_clone(self, relabels: Mapping[str, str]) -> "FeatureText":
        """Return a copy for a query in which tables have other aliases."""
        clone: FeatureText = super().relabeled_clone(relabels)
        clone.sql = None
        return clone
