"""Whether an expression of a query can be null, according to the models."""

from typing import Any

from django.contrib.postgres.fields.ranges import RangeEndsWith, RangeStartsWith
from django.db.models import Case, Count, Exists, Subquery, Value
from django.db.models.expressions import Col
from django.db.models.functions import Coalesce, NullIf
from django.db.models.sql import Query
from django.db.models.sql.constants import LOUTER

# Can be null whatever their arguments: both are equal, no row is found, an end is open.
_NULLABLE = (NullIf, Subquery, RangeStartsWith, RangeEndsWith)


def may_be_null(expression: Any, query: Query) -> bool:
    """Return whether the database can evaluate the expression to null in a row of the query.

    expression: resolved in that query. query: the Query of a QuerySet.

    A column can be null if its field can or if an outer join may find no row; a function if one of
    its arguments can. An expression whose own SQL can make nulls has the attribute
    `makes_null = True`.
    """
    if getattr(expression, "makes_null", False) or isinstance(expression, _NULLABLE):
        return not isinstance(expression, Exists)
    if isinstance(expression, Count):
        return False
    if isinstance(expression, Value):
        return expression.value is None
    if isinstance(expression, Col):
        return expression.target.null or _is_joined_outer(expression.alias, query)
    parts = expression.get_source_expressions()
    if isinstance(expression, Coalesce):
        return all(may_be_null(part, query) for part in parts)
    if isinstance(expression, Case):
        # The last part of each When is the result; the conditions are irrelevant.
        results = [when.get_source_expressions()[-1] for when in expression.cases]
        parts = [*results, expression.default]
    # An expression without parts, such as RawSQL, can be anything.
    return not parts or any(part is None or may_be_null(part, query) for part in parts)


def _is_joined_outer(alias, query):
    """Return whether the table of that alias may have no row for a row of the query."""
    while join := query.alias_map.get(alias):
        if getattr(join, "join_type", None) == LOUTER or getattr(join, "nullable", False):
            return True
        alias = join.parent_alias
    return False
