"""Forms that display, at its field, what was refused only when it was written.

Most refusals come from validating the form. A constraint may still be violated at the write: two
new rows of one form contradict each other, or a chosen row is deleted meanwhile. RefusalsInForms
then rolls everything back and displays the same form again, with its input and the sentence.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.forms import BaseInlineFormSet, ModelForm

from .constraints import field_of, refusal


@dataclass
class Refused(Exception):
    """What was refused while saving; prefix: of the form of an inline that it is about, if any."""

    error: ValidationError
    prefix: str = ""


def report(form, error):
    """Add the error to the form, at its fields where the form has them."""
    for name, errors in error.update_error_dict({}).items():
        form.add_error(name if name in form.fields else None, errors)


class RefusalForm(ModelForm):
    """A form that RefusalsInForms can hand a refusal to."""

    refused = None

    def clean(self):
        cleaned = super().clean()
        if self.refused and not self.refused.prefix:
            report(self, self.refused.error)
        return cleaned


class RefusalFormSet(BaseInlineFormSet):
    """The same for the rows of an inline; duplicates among them are reported at their field."""

    refused = None

    def clean(self):
        super().clean()
        for form in self.forms:
            if self.refused and self.refused.prefix == form.prefix:
                report(form, self.refused.error)

    def validate_unique(self):
        """Report rows of this form that a unique constraint does not allow beside each other."""
        rows = [form for form in self.forms if self._is_kept(form)]
        for constraint in self.model._meta.total_unique_constraints:
            seen = set()
            for form in rows:
                fields = [self.model._meta.get_field(name) for name in constraint.fields]
                # A new row gets its parent only when it is saved; they all have the same.
                key = tuple(
                    None if field == self.fk else getattr(form.instance, field.attname)
                    for field in fields
                )
                if key in seen:
                    name = field_of(constraint, exclude={self.fk.name})
                    message = constraint.get_violation_error_message()
                    report(form, ValidationError({name: message}))
                seen.add(key)

    def _is_kept(self, form):
        cleaned = getattr(form, "cleaned_data", None)
        return bool(cleaned) and not form.errors and not self._should_delete_form(form)


class RefusalsInForms:
    """Mixin of a ModelAdmin; its forms are RefusalForms, those of its inlines RefusalFormSets."""

    form = RefusalForm

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        # A class of this request alone.
        form.refused = getattr(request, "refused", None)
        return form

    def get_formsets_with_inlines(self, request, obj=None):
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            formset.refused = getattr(request, "refused", None)
            yield formset, inline

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        # Foreign keys wait for the commit; by then the page would have announced success.
        connection.check_constraints()

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            request.refused = refused
        except IntegrityError as error:
            request.refused = Refused(refusal(error))
        return super().changeform_view(request, object_id, form_url, extra_context)
