"""Violated constraints as sentences at the fields that they are about.

Django reports a violated check or exclusion constraint for the form as a whole, skips it where the
form lacks one of its fields, and leaves the rest to the database, whose refusal is a 500.
"""

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, router
from django.db.models import F, ForeignKey, Q, UniqueConstraint
from django.utils.translation import gettext as _

FOREIGN_KEY_VIOLATION, UNIQUE_VIOLATION = "23503", "23505"


class ConstrainedModel(models.Model):
    """A model whose violated constraints are reported at a field of the form.

    checked_by_form: names of constraints that validate_constraints() leaves to a form, which knows
    all rows that are about to be written.
    """

    checked_by_form = frozenset()

    class Meta:
        abstract = True

    def validate_constraints(self, exclude=None):
        """Raise ValidationError, by field, for every constraint that this row violates.

        exclude: fields that the form does not have or could not read. Constraints that need one
        are skipped, except for foreign keys: an inline form sets that of its parent itself.
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


def field_of(constraint, exclude=()):
    """Return the name of the field to report a violation at, or NON_FIELD_ERRORS.

    It is the first one of the condition; of unique and exclusion constraints the last one, which
    distinguishes the rows of one parent. exclude: fields that cannot show an error.
    """
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


def refusal(error):
    """Return the ValidationError that says what the database refused, at its field.

    error: an IntegrityError of psycopg2. Raises it again if no constraint of a model explains it.
    """
    diagnosis = error.__cause__.diag
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
