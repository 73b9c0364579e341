"""The forms of the workspace for records."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import Role
from products.register import workflow
from products.register.models import looks_after_a_province

from .refusals import RefusalForm


class VersionField(forms.IntegerField):
    """The version of the record that the official has read, for workflow.check_version()."""

    def __init__(self):
        super().__init__(required=False, widget=forms.HiddenInput)


class MoveForm(forms.Form):
    """Confirms a transition of the record as it was read, with a reason if one is required."""

    version = VersionField()
    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def __init__(self, transition, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = transition.reason_needed


class RecordForm(RefusalForm):
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
                raise ValidationError([*stale.error_list, self._who_saved()]) from None
        return cleaned

    def _who_saved(self):
        saved = workflow.last_saved(self.record)
        return format_html(
            '{} <a href="" target="_blank">{}</a>',
            _("%(who)s đã lưu lúc %(when)s. Bản đang nhập còn nguyên bên dưới.") % saved,
            _("Mở bản mới nhất ở cửa sổ khác"),
        )


class LocatedForm(RecordForm):
    """Requires a place from a steward of part of a province, whose area must include the record."""

    def clean(self):
        cleaned = super().clean()
        named = ("point", "declared_commune", "declared_district")
        anywhere = looks_after_a_province(self.user, Role.EDITOR)
        if not anywhere and not any(cleaned.get(name) for name in named):
            raise ValidationError(_("Cần nêu xã, huyện hoặc vị trí: hồ sơ thuộc về địa bàn nào?"))
        return cleaned
