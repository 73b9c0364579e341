"""The forms of the workspace for records."""

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import Role
from products.register import proposals, workflow
from products.register.models import Basis, looks_after_a_province
from products.register.sources import department_source

from .parts import mark_pending
from .refusals import RefusalForm


class VersionField(forms.IntegerField):
    """The version of the record that the official has read, for workflow.check_version()."""

    def __init__(self):
        super().__init__(required=False, widget=forms.HiddenInput)


def version_in(parameters):
    """The version in the query string, or None."""
    text = parameters.get("version", "")
    return int(text) if text.isascii() and text.isdigit() else None


class ReasonForm(forms.Form):
    """The reason of an act."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class MoveForm(ReasonForm):
    """Confirms a transition of the record as it was read, with a reason if one is required."""

    version = VersionField()

    def __init__(self, transition, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = transition.reason_needed


class SnapshotField(forms.CharField):
    """proposals.snapshot() of the record that the official has read, signed; gives a dict or None.

    A change by somebody else can then be distinguished from one by this official.
    """

    def __init__(self):
        super().__init__(required=False, widget=forms.HiddenInput)

    def clean(self, value):
        return shown_snapshot(value)


SNAPSHOT_SALT = "workspace.snapshot"


def shown_snapshot(signed):
    """The snapshot that a SnapshotField contains, None without a valid signature."""
    try:
        return signing.loads(signed, salt=SNAPSHOT_SALT) if signed else None
    except signing.BadSignature:
        return None


class VersionForm(RefusalForm):
    """Refuses to overwrite what somebody else has saved since the form was opened.

    user: who saves. record: the Record whose version is compared; for a part, its record.
    """

    version = VersionField()
    user = None

    @property
    def record(self):
        return self.instance

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.record.pk:
            self.initial["version"] = self.record.version

    def clean(self):
        cleaned = super().clean()
        if self.record.pk:
            try:
                workflow.check_version(self.record, cleaned.get("version"))
            except workflow.StaleVersion as stale:
                self.refuse_stale(stale)
        return cleaned

    def refuse_stale(self, stale):
        raise ValidationError([*stale.error_list, self._who_saved()]) from None

    def _who_saved(self):
        saved = workflow.last_saved(self.record)
        return format_html(
            '{} <a href="" target="_blank">{}</a>',
            _("%(who)s đã lưu lúc %(when)s. Bản đang nhập còn nguyên bên dưới.") % saved,
            _("Mở bản mới nhất ở cửa sổ khác"),
        )


class RecordForm(VersionForm):
    """The form of a record, with the values that the official has proposed already.

    If somebody else has saved meanwhile, the entry becomes a proposal (proposals.submit()).
    """

    base = SnapshotField()
    stale_note = proposal = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.record.pk:
            self.proposal = proposals.shown_change(self.record, self.user)
            shown = proposals.snapshot(self.record)
            shown["own"] = self.proposal.changes if self.proposal else {}
            if self.proposal:
                self._show_proposed(shown["fields"])
            if not self.is_bound:
                self.initial["base"] = signing.dumps(shown, salt=SNAPSHOT_SALT, compress=True)

        for basis in [name for name in self.fields if name.endswith("_basis")]:
            self.fields[basis].required = False
        if "source" in self.fields:
            self.fields["source"].required = False
            self.fields["source"].help_text = _("Để trống: theo hồ sơ của %s.") % (
                settings.PLACE.department
            )

    def clean(self):
        """Fill in what officials need not enter: the source, and that values are as stated."""
        cleaned = super().clean()
        if "source" in self.fields and not cleaned.get("source") and "source" not in self.errors:
            cleaned["source"] = department_source()
        for basis in [name for name in self.fields if name.endswith("_basis")]:
            described = cleaned.get(basis.removesuffix("_basis"))
            if not described:
                cleaned[basis] = ""
            elif not cleaned.get(basis):
                cleaned[basis] = Basis.STATED
        # Browsers send two characters at the end of a line.
        texts = {name: text for name, text in cleaned.items() if isinstance(text, str)}
        return cleaned | {name: text.replace("\r\n", "\n") for name, text in texts.items()}

    def _show_proposed(self, stored):
        """Display the proposed values. stored: the present ones as JSON."""
        values = proposals.shown_values(self.proposal)
        self.initial |= {name: self.prepare(name, value) for name, value in values.items()}
        for name in set(values) & set(self.fields):
            mark_pending(self.fields[name], self._meta.model._meta.get_field(name), stored[name])

    def prepare(self, name, value):
        """The initial value of a field for a value of the model."""
        return value.pk if isinstance(value, Model) else value

    def refuse_stale(self, stale):
        base = self.cleaned_data.get("base")
        if not base or base["version"] != self.cleaned_data.get("version"):
            super().refuse_stale(stale)
        # Shown if the form is displayed again because of other errors.
        self.stale_note = format_html("{} {}", " ".join(stale.messages), self._who_saved())


class LocatedForm(RecordForm):
    """Requires a place from a steward of part of a province, whose area must include the record."""

    def clean(self):
        cleaned = super().clean()
        named = ("point", "declared_commune", "declared_district")
        anywhere = looks_after_a_province(self.user, Role.EDITOR)
        if not anywhere and not any(cleaned.get(name) for name in named):
            raise ValidationError(_("Cần nêu xã, huyện hoặc vị trí: hồ sơ thuộc về địa bàn nào?"))
        return cleaned
