"""The forms of the workspace for the parts of a product: its ratings and photos."""

from dataclasses import dataclass

from django import forms
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geodata.spans import overlap
from products.ocop import decisions, photos
from products.ocop.models import Photo
from products.register import proposals
from products.register.models import Basis, Producer
from products.register.sources import department_source

from .forms import LocatedForm, VersionForm
from .parts import PartFormSet, mark_changed_fields, photo_url


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
        if "source" in self.fields:
            self.fields["source"].required = False
        if "decided" in self.fields and self._names_decision():
            # A trigger copies the day.
            self.fields["decided"].widget.attrs["readonly"] = True
            self.fields["decided"].required = False
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
        elif not cleaned.get("source") and "source" not in self.errors:
            cleaned["source"] = department_source()
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


class RatingFormSet(PartFormSet):
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


class RatingPageForm(VersionForm, ReplacingForm):
    """A rating on its own page; the version is that of its product."""

    replaces, pending = (), None

    def __init__(self, *args, instance, **kwargs):
        proposal = proposals.shown_change(instance.product, self.user)
        for operation in proposal.parts if proposal else []:
            if (operation["model"], operation["id"]) == (instance._meta.label, instance.pk):
                self.pending = operation
                proposals.show_in(instance, operation)
        super().__init__(*args, instance=instance, **kwargs)
        if self.pending and self.pending["op"] == "change":
            mark_changed_fields(self, self.pending)

    @property
    def record(self):
        return self.instance.product

    def clean(self):
        cleaned = super().clean()
        others = self.record.ratings.exclude(pk=self.instance.pk).select_related("source")
        self.replaces = self.replaced(others)
        return cleaned


def proposed_photo_url(photo, *, small=False):
    """The address of a photo whose file is proposed, None of one that is stored."""
    operation = getattr(photo, "operation", None)
    if operation is None or photo.proposal_id is None or "image" not in operation["fields"]:
        return None
    return photo_url(photo.proposal_id, photo.small_name if small else photo.image.name)


@dataclass
class Link:
    """What a file widget displays of a stored file."""

    url: str
    text: str

    def __str__(self):
        return self.text


class ProposedPhotoWidget(AdminFileWidget):
    """Links to a photo that is only proposed, by the address that checks permissions."""

    def __init__(self, url):
        super().__init__()
        self.url = url

    def format_value(self, value):
        return super().format_value(value) and Link(self.url, _("ảnh đề xuất"))


class PhotoForm(forms.ModelForm):
    """Stores the image as products.ocop.photos writes it, never the uploaded file itself."""

    # Not ImageField, which opens every format that Pillow supports.
    image = forms.FileField(label=gettext_lazy("ảnh"), widget=AdminFileWidget)
    prepared = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "source" in self.fields:
            self.fields["source"].required = False
        if "image" in self.fields and (url := proposed_photo_url(self.instance)):
            widget = ProposedPhotoWidget(url)
            # Without a box to clear the file: the row itself is removed.
            widget.is_required = True
            self.fields["image"].widget = widget

    def clean_source(self):
        return self.cleaned_data["source"] or department_source()

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


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralPhotosField(forms.FileField):
    """Several image files; gives the list of what products.ocop.photos.prepare() returns."""

    widget = SeveralFilesInput

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [photos.prepare(super(SeveralPhotosField, self).clean(file)) for file in files]


class ProductForm(LocatedForm):
    """The form of a product, on which a new producer and several photos are entered as well."""

    new_producer = forms.CharField(
        label=gettext_lazy("hoặc chủ thể mới"),
        help_text=gettext_lazy("Chỉ khi chưa có trong danh sách: hồ sơ chủ thể được tạo cùng lúc."),
        max_length=200,
        required=False,
    )
    new_producer_kind = forms.ChoiceField(
        label=gettext_lazy("loại"), choices=[("", "–"), *Producer.Kind.choices], required=False
    )
    new_photos = SeveralPhotosField(
        label=gettext_lazy("thêm ảnh"),
        help_text=gettext_lazy("Chọn được nhiều ảnh cùng lúc: JPEG, PNG hoặc WebP."),
        required=False,
    )
    photos_alt = forms.CharField(
        label=gettext_lazy("các ảnh mới cho thấy gì"), max_length=200, required=False
    )
    photos_credit = forms.CharField(
        label=gettext_lazy("tác giả ảnh"), max_length=200, required=False
    )
    photos_licence = forms.CharField(
        label=gettext_lazy("giấy phép"),
        max_length=200,
        required=False,
        initial="CC BY 4.0",
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("new_producer") and cleaned.get("producer"):
            self.add_error(
                "new_producer", _("Hãy chọn chủ thể có sẵn hoặc nhập mới, không cả hai.")
            )
        if cleaned.get("new_photos"):
            for name in ("photos_alt", "photos_credit", "photos_licence"):
                if not cleaned.get(name, "").strip():
                    self.add_error(name, _("Ảnh cần câu này."))
        if "type" in self.changed_data and "type_basis" not in self.changed_data:
            # The software has inferred the former type, an official has chosen this one.
            cleaned["type_basis"] = Basis.STATED if cleaned.get("type") else ""
        return cleaned

    def producer_to_create(self):
        """The values of a new producer, located where the product is; None without a name."""
        cleaned = self.cleaned_data
        name = cleaned.get("new_producer", "").strip()
        if not name:
            return None
        declared = {
            field: cleaned.get(field) for field in ("declared_commune", "declared_district")
        }
        place = declared
        if not any(declared.values()):
            place = {field: cleaned.get(field) for field in ("point", "position")}
        kind = cleaned.get("new_producer_kind", "")
        return {
            "name": name,
            "kind": kind,
            "kind_basis": Basis.STATED if kind else "",
            "source": cleaned["source"],
            **place,
        }

    def photos_to_add(self):
        """The Photos to add, their files written inside photos.discard_unsaved()."""
        cleaned = self.cleaned_data
        found = []
        for prepared in cleaned.get("new_photos") or []:
            photo = Photo(
                alt=cleaned["photos_alt"],
                credit=cleaned["photos_credit"],
                licence=cleaned["photos_licence"],
                source=cleaned["source"],
            )
            photos.store_files(photo, prepared)
            found.append(photo)
        return found
