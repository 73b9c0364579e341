"""Parts of a record in its form, such as ratings, with what the official has proposed for them.

The form displays the official's open proposal: changed rows with the proposed values, rows to be
removed as marked for removal, and rows to be added after the stored ones. Saving sends what differs
from that (proposals.submit()).
"""

from django.contrib.admin import helpers
from django.forms.formsets import DELETION_FIELD_NAME
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from products.register import proposals

from .refusals import RefusalFormSet

# What is proposed for a row.
LABELS = {
    "add": gettext_lazy("đề xuất thêm, đang chờ duyệt"),
    "change": gettext_lazy("đề xuất sửa, đang chờ duyệt"),
    "remove": gettext_lazy("đề xuất bỏ, đang chờ duyệt"),
}


def photo_url(proposal_id, name):
    """Return the address of an image file that a proposal names."""
    return reverse("admin:register_proposal_photo", args=[proposal_id, name])


def mark_pending(form_field, model_field, stored):
    """Say at a field of a form that its value is proposed, and which one is public.

    stored: the public value as JSON, see products.register.values.
    """
    public = proposals.value_text(model_field, stored) or "–"
    text = _("Đang chờ duyệt; bản hiện nay: %s") % public.replace("\n", " ")
    form_field.help_text = f"{form_field.help_text} {text}".strip()


def mark_changed_fields(form, operation):
    """Mark the fields of a part that an operation changes."""
    for name in set(operation["fields"]) & set(form.fields):
        field = form._meta.model._meta.get_field(name)
        mark_pending(form.fields[name], field, operation["base"].get(name))


class PartFormSet(RefusalFormSet):
    """The parts of a record, with the operations on them that the official has proposed.

    pending: the operations, see Proposal. proposal_id: of the proposal, for the addresses of files.
    """

    def __init__(self, *args, pending=(), proposal_id=None, **kwargs):
        own = [one for one in pending if one["model"] == self.model._meta.label]
        self.proposal_id = proposal_id
        self.of_stored = {one["id"]: one for one in own if one["op"] != "add"}
        self.added = [one for one in own if one["op"] == "add"]
        super().__init__(*args, **kwargs)
        self.extra += len(self.added)

    def get_queryset(self):
        """Return the stored rows, with the proposed values."""
        is_first = not hasattr(self, "_queryset")
        rows = super().get_queryset()
        if is_first:
            for row in rows:
                if operation := self.of_stored.get(row.pk):
                    row.operation = operation
                    row.proposal_id = self.proposal_id
                    proposals.show_in(row, operation)
        return rows

    def _construct_form(self, index, **kwargs):
        number = index - self.initial_form_count()
        if 0 <= number < len(self.added):
            # After the stored rows, which have the first numbers; scripts never renumber these.
            part = self.model()
            part.operation = part.proposed_as = self.added[number]
            part.proposal_id = self.proposal_id
            proposals.show_in(part, part.operation)
            kwargs |= {"instance": part, "empty_permitted": False}
        return super()._construct_form(index, **kwargs)

    def add_fields(self, form, index):
        """Mark the fields whose values are proposed."""
        super().add_fields(form, index)
        operation = getattr(form.instance, "operation", None)
        if operation and operation["op"] == "remove":
            form.fields[DELETION_FIELD_NAME].initial = True
        elif operation and operation["op"] == "change":
            mark_changed_fields(form, operation)

    def save(self, commit=True):
        """Return the changed rows; removed ones, proposed ones included, are deleted_objects."""
        saved = super().save(commit)
        self.deleted_objects += [
            form.instance
            for form in self.extra_forms
            if hasattr(form.instance, "proposed_as") and self._should_delete_form(form)
        ]
        return saved


class PendingRow:
    """Takes the place of a row in the heading of its form."""

    def __init__(self, row):
        self.pk = row.pk
        self.text = f"{row} ({LABELS[row.operation['op']]})"

    def __str__(self):
        return self.text


class MarkedInlines(helpers.InlineAdminFormSet):
    """The forms of parts, with a heading that states which are proposed."""

    def __iter__(self):
        for row in super().__iter__():
            if hasattr(row.form.instance, "operation"):
                # As for stored rows, there is a box to remove it, and no script renumbers it.
                row.original = PendingRow(row.form.instance)
            yield row


# As for ReadableField in site.py, Django has no hook for it.
helpers.InlineAdminFormSet = MarkedInlines
