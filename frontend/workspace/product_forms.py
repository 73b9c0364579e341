"""The forms of the workspace for the parts of a product: its ratings and photos."""

from django import forms
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geodata.spans import overlap
from products.ocop import decisions, photos

from .forms import RecordForm
from .refusals import RefusalFormSet


class ReplacingForm(forms.ModelForm):
    """A rating that may replace others whose spans it overlaps.

    The press often states only the year of a decision; the decision itself has a day in that year.
    With a decision, its day and its source need not be entered, and what the press states of it
    is not displayed.
    """

    replace = forms.BooleanField(
        label=gettext_lazy("Thay cho xếp hạng trùng thời gian"),
        help_text=gettext_lazy("Bản bị thay vẫn còn trong lịch sử."),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # replaced() compares with the ratings of the same form, some of which may be deleted.
        self.instance.checked_by_form = {"rating_one_at_a_time"}
        if self._names_decision():
            # A trigger copies the day.
            self.fields["decided"].widget.attrs["readonly"] = True
            self.fields["decided"].required = self.fields["source"].required = False
            for name in ("decision_text", "issuer"):
                self.fields[name].widget = forms.HiddenInput()

    def _names_decision(self):
        if self.is_bound:
            return bool(self.data.get(self.add_prefix("decision")))
        return bool(self.instance.decision_id)

    def clean(self):
        cleaned = super().clean()
        cleaned = self.cleaned_data if cleaned is None else cleaned
        if decision := cleaned.get("decision"):
            cleaned["decided"] = decision.day
            newly_named = "decision" in self.changed_data and "source" not in self.changed_data
            if newly_named or not cleaned.get("source"):
                cleaned["source"] = decision.source
        return cleaned

    def replaced(self, others):
        """Return the other ratings that this one replaces; add errors for all other overlaps."""
        decided = self.cleaned_data.get("decided")
        if not decided:
            return []
        decision = self.cleaned_data.get("decision")
        overlapped = [other for other in others if overlap(other.decided, decided)]
        may_replace = all(
            decisions.may_replace(other, decided=decided, decision=decision) for other in overlapped
        )
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
    """All ratings of a product; no two may overlap, but a new one may replace a less exact one."""

    def clean(self):
        rows = [form for form in self.forms if self._will_be_saved(form)]
        for form in rows:
            if not form.has_changed():
                continue
            others = [other for other in rows if other is not form and self._will_be_saved(other)]
            replaced = form.replaced([other.instance for other in others])
            for other in others:
                if any(other.instance is row for row in replaced):
                    other.cleaned_data[DELETION_FIELD_NAME] = True
        super().clean()


class RatingPageForm(RecordForm, ReplacingForm):
    """A rating on its own page; the version is that of its product."""

    replaces = ()

    @property
    def record(self):
        return self.instance.product

    def clean(self):
        cleaned = super().clean()
        others = self.record.ratings.exclude(pk=self.instance.pk).select_related("source")
        self.replaces = self.replaced(others)
        return cleaned


class PhotoForm(forms.ModelForm):
    """Stores the image as products.ocop.photos writes it, never the uploaded file itself."""

    # Not ImageField, which opens every format that Pillow supports.
    image = forms.FileField(label=gettext_lazy("ảnh"), widget=AdminFileWidget)
    prepared = None

    def clean_image(self):
        file = self.cleaned_data["image"]
        if "image" in self.changed_data:
            self.prepared = photos.prepare(file)
        return file

    def _post_clean(self):
        # The constraints check the size of the image, so its files are written before them.
        # ProductAdmin.changeform_view() removes the files of a form that is refused later.
        if self.prepared and not self.errors:
            try:
                photos.store_files(self.instance, self.prepared)
                self.cleaned_data["image"] = self.instance.image
            except ValidationError as error:
                self.add_error("image", error)
        super()._post_clean()
