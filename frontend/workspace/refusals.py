"""Forms that display, at its field, an error that occurred only when the database was written.

Most errors come from validating the form. A constraint may still be violated by the write: two new
rows of one form contradict each other, or a chosen row is deleted meanwhile. RefusalsInForms then
rolls everything back and displays the same form again, with its input and the error.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.forms import BaseForm, BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse

from geodata.constraints import field_of, refusal

from . import unsaved


@dataclass
class Refused(Exception):
    """Raised while saving, to display an error in the form.

    error: ValidationError, by field or not. prefix: of the inline form that it concerns; "" for the
    main form.
    """

    error: ValidationError
    prefix: str = ""


def report(form: BaseForm, error: ValidationError) -> None:
    """Add a ValidationError to a form: at its fields, or as an error of the whole form."""
    for name, errors in error.update_error_dict({}).items():
        form.add_error(name if name in form.fields else None, errors)


class RefusalForm(ModelForm):
    """A form that displays its attribute `refused`, a Refused or None; see RefusalsInForms."""

    refused = None

    def clean(self) -> dict[str, Any] | None:
        """Add the error of `refused`, if it concerns the main form."""
        cleaned = super().clean()
        if self.refused and not self.refused.prefix:
            report(self, self.refused.error)
        return cleaned


class RefusalFormSet(BaseInlineFormSet):
    """The same for the rows of an inline; duplicates among them are errors of their field."""

    refused = None

    def clean(self) -> None:
        """Add the error of `refused` to the form that it concerns."""
        super().clean()
        for form in self.forms:
            if self.refused and self.refused.prefix == form.prefix:
                report(form, self.refused.error)

    def validate_unique(self) -> None:
        """Add an error to rows of this form that would violate a unique constraint together."""
        rows = [form for form in self.forms if self._will_be_saved(form)]
        for constraint in self.model._meta.total_unique_constraints:
            seen = set()
            for form in rows:
                fields = [self.model._meta.get_field(name) for name in constraint.fields]
                # A new row gets its parent only when it is saved; all rows have the same one.
                key = tuple(
                    None if field == self.fk else getattr(form.instance, field.attname)
                    for field in fields
                )
                if key in seen:
                    name = field_of(constraint, exclude={self.fk.name})
                    message = constraint.get_violation_error_message()
                    report(form, ValidationError({name: message}))
                seen.add(key)

    def _will_be_saved(self, form):
        cleaned = getattr(form, "cleaned_data", None)
        return bool(cleaned) and not form.errors and not self._should_delete_form(form)


class RefusalsInForms:
    """Mixin of a ModelAdmin that displays errors of the database in its forms.

    Its forms are RefusalForms, those of its inlines RefusalFormSets.
    """

    form = RefusalForm

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        """Return the class of the main form, with the request's `refused`."""
        form = super().get_form(request, obj, change, **kwargs)
        # The class was made for this request only.
        form.refused = getattr(request, "refused", None)
        return form

    def get_formsets_with_inlines(
        self, request: HttpRequest, obj: Model | None = None
    ) -> Iterator[tuple]:
        """Yield the form set classes, with the request's `refused`, and their inlines."""
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            formset.refused = getattr(request, "refused", None)
            yield formset, inline

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the inlines and check deferred constraints."""
        super().save_related(request, form, formsets, change)
        # Foreign keys are deferred to the commit; by then the page would have announced success.
        connection.check_constraints()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Save in one transaction; display the form again after Refused or IntegrityError.

        Input of a session that has ended is displayed like a refused one, so that it is not saved.
        """
        if fields := unsaved.take(request):
            request.method, request.POST = "POST", fields
            request.refused = Refused(unsaved.notice())
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            request.refused = refused
        except IntegrityError as error:
            request.refused = Refused(refusal(error))
        return super().changeform_view(request, object_id, form_url, extra_context)
