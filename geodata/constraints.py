"""Violated constraints as errors of the fields that they concern.

Django reports a violated check or exclusion constraint for the form as a whole and skips it if the
form lacks one of its fields; then the database raises IntegrityError, which becomes a 500.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, router
from django.db.models import F, ForeignKey, Q, UniqueConstraint
from django.utils.translation import gettext as _

FOREIGN_KEY_VIOLATION, UNIQUE_VIOLATION = "23503", "23505"


class ConstrainedModel(models.Model):
    """A model whose violated constraints are reported at a field of the form.

    checked_by_form: names of constraints that validate_constraints() leaves to a form, which has
    all rows that are about to be written.
    """

    checked_by_form = frozenset()

    class Meta:
        abstract = True

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Raise ValidationError, by field, with every constraint that this row violates.

        exclude: names of fields that the form does not have or could not parse. Constraints that
        need one are skipped, except for foreign keys with a value: an inline form sets that of its
        parent itself.
        """
        exclude = set(exclude or ())
        unread = exclude - {
            field.name
            for field in self._meta.concrete_fields
            if isinstance(field, ForeignKey) and getattr(self, field.attname) is not None
        }
        using = router.db_for_write(type(self), instance=self)
        errors = {}
        for model, constraints in self.get_constraints():
            for constraint in constraints:
                if constraint.name in self.checked_by_form:
                    continue
                try:
                    constraint.validate(model, self, exclude=unread, using=using)
                except ValidationError as error:
                    named = getattr(error, "error_dict", None)
                    for name, found in (named or {field_of(constraint, exclude): error}).items():
                        errors.setdefault(name, []).extend(ValidationError(found).error_list)
        if errors:
            raise ValidationError(errors)


def field_of(constraint: Any, exclude: Collection[str] = ()) -> str:
    """Return the name of the field to report a violation at, or NON_FIELD_ERRORS.

    constraint: a CheckConstraint, UniqueConstraint or ExclusionConstraint.

    It is the first field of a check; of unique and exclusion constraints the last one, which
    distinguishes the rows of one parent. exclude: names of fields that cannot display an error.
    """
    names: Iterable[str]
    if isinstance(constraint, UniqueConstraint):
        names = reversed(constraint.fields)
    elif isinstance(constraint, ExclusionConstraint):
        names = [name for part, _operator in reversed(constraint.expressions) for name in _in(part)]
    else:
        names = _in(constraint.condition)
    return next((name for name in names if name not in exclude), NON_FIELD_ERRORS)


def _in(expression):
    """Yield the names of the fields in a condition or expression, in their order."""
    if isinstance(expression, str):
        yield expression
    elif isinstance(expression, F):
        yield expression.name.partition("__")[0]
    elif isinstance(expression, Q):
        for child in expression.children:
            if isinstance(child, tuple):
                yield child[0].partition("__")[0]
                child = child[1]
            if not isinstance(child, str):
                yield from _in(child)
    elif hasattr(expression, "get_source_expressions"):
        for part in expression.get_source_expressions():
            yield from _in(part)


def refusal(error: IntegrityError) -> ValidationError:
    """Return the ValidationError, at its field, for an IntegrityError of the database.

    error: IntegrityError caused by psycopg2. It is raised again unless it is the violation of a
    constraint of a model, of a unique column or of a foreign key.
    """
    cause: Any = error.__cause__
    diagnosis = cause.diag
    tables = {model._meta.db_table: model for model in apps.get_models() if not model._meta.proxy}
    model = tables[diagnosis.table_name]
    fields = model._meta.concrete_fields
    constraints = {constraint.name: constraint for constraint in model._meta.constraints}
    if constraint := constraints.get(diagnosis.constraint_name):
        message = constraint.get_violation_error_message()
        return ValidationError({field_of(constraint): message})
    if diagnosis.sqlstate == UNIQUE_VIOLATION:
        # PostgreSQL names the constraint of a column that is unique by itself.
        columns = {
            f"{field.model._meta.db_table}_{field.column}_key": field.name for field in fields
        }
        name = columns.get(diagnosis.constraint_name, NON_FIELD_ERRORS)
        return ValidationError({name: _("Giá trị này đã có ở một dòng khác.")})
    if diagnosis.sqlstate == FOREIGN_KEY_VIOLATION:
        return ValidationError(_("Một mục được chọn vừa bị xoá. Hãy chọn lại."))
    raise error
