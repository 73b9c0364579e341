"""What the forms above lists have in common: filters in the address, each choice with a number."""

from django import forms
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _


class FilterForm(forms.Form):
    """Filters of a list of public records. URL_NAMES: field → name in the address."""

    URL_NAMES = {}

    def add_prefix(self, field_name):
        return self.URL_NAMES.get(field_name, field_name)

    def offer(self, name, titles, counts):
        """Set the choices of a field: those that have records, with how many.

        titles: {value: text}, in order. counts: {value: number of public records}.
        """
        requested = self.data.get(self.add_prefix(name))
        self.fields[name].choices = [
            ("", _("Tất cả")),
            *(
                (value, f"{capfirst(title)} ({counts.get(value, 0)})")
                for value, title in titles.items()
                # A requested value remains selected even if no record has it any more.
                if value in counts or value == requested
            ),
        ]

    @cached_property
    def filters(self):
        """Field → requested value; values that are not a choice are ignored."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}
