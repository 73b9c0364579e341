"""Whether an expression of a query can be null, as far as the models determine it."""

from django.contrib.postgres.fields.ranges import RangeEndsWith, RangeStartsWith
from django.db.models import Case, Count, Exists, Subquery, Value
from django.db.models.expressions import Col
from django.db.models.functions import Coalesce, NullIf
from django.db.models.sql.constants import LOUTER

# Null whatever they are made of: both equal, no row, an open end.
_NULLABLE = (NullIf, Subquery, RangeStartsWith, RangeEndsWith)


def may_be_null(expression, query):
    """Whether the database can evaluate the expression to null in a row of the query.

    expression: resolved in that query. A column is null where its field may be or where an outer
    join finds no row; a function where one of its arguments is. An expression whose own SQL makes
    nulls says so by an attribute `makes_null = True`.
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
        # Of each When the last part is the result; the conditions are true or not.
        results = [when.get_source_expressions()[-1] for when in expression.cases]
        parts = [*results, expression.default]
    # What says nothing of its parts, as RawSQL, may be anything.
    return not parts or any(part is None or may_be_null(part, query) for part in parts)


def _is_joined_outer(alias, query):
    """Whether the table of that alias has no row for some rows of the query."""
    while join := query.alias_map.get(alias):
        if getattr(join, "join_type", None) == LOUTER or getattr(join, "nullable", False):
            return True
        alias = join.parent_alias
    return False
