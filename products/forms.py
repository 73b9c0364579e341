"""The forms of the workspace for records and their parts."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import Role
from geodata.refusals import RefusalForm, RefusalFormSet
from geodata.spans import overlap, precision

from . import workflow
from .models import looks_after_a_province


class VersionField(forms.IntegerField):
    """The version of the record that the official has read; workflow.check_version() compares."""

    def __init__(self):
        super().__init__(required=False, widget=forms.HiddenInput)


class MoveForm(forms.Form):
    """Confirms a transition of the record as it was read, with a reason where one is needed."""

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
    """Refuses to save over what somebody else has saved since the form was opened.

    user: who saves. record: the Record whose version counts; with a part it is the part's.
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
    """Requires a place from a steward of part of a province, who would else lose the record."""

    def clean(self):
        cleaned = super().clean()
        named = ("point", "declared_commune", "declared_district")
        anywhere = looks_after_a_province(self.user, Role.EDITOR)
        if not anywhere and not any(cleaned.get(name) for name in named):
            raise ValidationError(_("Cần nêu xã, huyện hoặc vị trí: hồ sơ thuộc về địa bàn nào?"))
        return cleaned


# --- ratings -------------------------------------------------------------------------------


class ReplacingForm(forms.ModelForm):
    """A rating whose span may overlap that of another one, which it is then offered to replace.

    The press often knows only the year of a decision; the decision itself has a day of that year.
    """

    replace = forms.BooleanField(
        label=gettext_lazy("Thay cho xếp hạng trùng thời gian"),
        help_text=gettext_lazy("Bản bị thay vẫn còn trong lịch sử."),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Against the ratings of the same form, of which some may be about to go.
        self.instance.checked_by_form = {"rating_one_at_a_time"}

    def replaced(self, others):
        """Return those of the other ratings that this one replaces; report all that it overlaps."""
        decided = self.cleaned_data.get("decided")
        if not decided:
            return []
        overlapped = [other for other in others if overlap(other.decided, decided)]
        may_replace = all(precision(other.decided) != "day" for other in overlapped)
        if not overlapped or (may_replace and self.cleaned_data.get("replace")):
            return overlapped
        listed = "; ".join(f"“{other}”, {other.source}" for other in overlapped)
        self.add_error("decided", _("Trùng thời gian với xếp hạng đã có: %s.") % listed)
        if may_replace:
            self.fields["replace"].widget = forms.CheckboxInput()
            text = _("Nếu đây chính là quyết định đó, hãy đánh dấu để thay bản đã có.")
            self.add_error("replace", text)
        return []


class RatingFormSet(RefusalFormSet):
    """All ratings of a product; no two may overlap, but a new one may replace a vague one."""

    def clean(self):
        rows = [form for form in self.forms if self._is_kept(form)]
        for form in rows:
            if not form.has_changed():
                continue
            others = [other for other in rows if other is not form and self._is_kept(other)]
            replaced = form.replaced([other.instance for other in others])
            for other in others:
                if any(other.instance is row for row in replaced):
                    other.cleaned_data[DELETION_FIELD_NAME] = True
        super().clean()


class RatingPageForm(RecordForm, ReplacingForm):
    """A rating on a page of its own; the version is that of its product."""

    replaces = ()

    @property
    def record(self):
        return self.instance.product

    def clean(self):
        cleaned = super().clean()
        others = self.record.ratings.exclude(pk=self.instance.pk).select_related("source")
        self.replaces = self.replaced(others)
        return cleaned
