"""The forms of the workspace for decisions and for the rows of their annexes."""

import re

from django import forms
from django.contrib.admin.widgets import AdminFileWidget, AutocompleteSelect
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import Role
from products.ocop import decisions
from products.ocop.annex import FIELDS
from products.ocop.annex.rows import MAX_ROWS
from products.ocop.matching import Matcher, Places
from products.ocop.models import OcopRating, Product
from products.ocop.models.ratings import Stars
from products.register.models import Basis, Category, Producer, looks_after_a_province
from products.register.states import State

from .forms import RecordForm


class PdfWidget(AdminFileWidget):
    """Links to the stored PDF by the address that checks permissions."""

    template_name = "workspace/pdf_widget.html"
    # Set by DecisionForm; MEDIA_URL is for photos only.
    pdf_url = ""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["pdf_url"] = self.pdf_url
        return context


class DecisionForm(RecordForm):
    """A decision; the uploaded file is checked and gets a random name."""

    file = forms.FileField(
        label=gettext_lazy("Tệp PDF"),
        required=False,
        widget=PdfWidget,
        help_text=gettext_lazy("Chỉ cán bộ có địa bàn xem được tệp này."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.file and "file" in self.fields:
            self.fields["file"].widget.pdf_url = reverse(
                "admin:ocop_decision_pdf", args=[self.instance.pk]
            )

    def clean_number(self):
        number = " ".join(self.cleaned_data["number"].split())
        return re.sub(r"\s*([/-])\s*", r"\1", number)

    def clean_issuer(self):
        return " ".join(self.cleaned_data["issuer"].split())

    def clean_file(self):
        file = self.cleaned_data["file"]
        if "file" in self.changed_data and file:
            return decisions.prepared_pdf(file)
        return file or ""


class ScoreField(forms.DecimalField):
    """Points with a decimal point or the Vietnamese decimal comma."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"size": 5, "inputmode": "decimal"})
        super().__init__(max_digits=5, decimal_places=2, widget=widget, **kwargs)

    def to_python(self, value):
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


STARS = [("", "–"), *Stars.choices]


class RatedForm(forms.Form):
    """The rating of a product by a decision, and the ratings that it replaces."""

    stars = forms.TypedChoiceField(
        label=gettext_lazy("Sao"), choices=STARS, coerce=int, empty_value=None, required=False
    )
    nominated_stars = forms.TypedChoiceField(
        label=gettext_lazy("Tiềm năng"),
        choices=[("", "–"), *Stars.choices[1:]],
        coerce=int,
        empty_value=None,
        required=False,
    )
    score = ScoreField(label=gettext_lazy("Điểm"), required=False, min_value=0, max_value=100)
    replace = forms.BooleanField(
        label=gettext_lazy("Thay"), required=False, widget=forms.HiddenInput
    )
    # Ids of the ratings that the page has offered to replace: only these are replaced.
    replaces = forms.CharField(required=False, widget=forms.HiddenInput)
    # Whether the official agrees to replace what the page has offered in all rows.
    replace_all = False

    def clean(self):
        cleaned = super().clean()
        is_rated = cleaned.get("stars") or cleaned.get("nominated_stars")
        if self.is_used() and not self.errors and not is_rated:
            self.add_error("stars", _("Cần số sao."))
        return cleaned

    def is_used(self):
        return True

    def values(self):
        """The keyword arguments of decisions.Rated that every row has."""
        agreed = self.cleaned_data["replace"] or self.replace_all
        offered = self.cleaned_data["replaces"] if agreed else ""
        return {
            "stars": self.cleaned_data["stars"],
            "nominated_stars": self.cleaned_data["nominated_stars"],
            "score": self.cleaned_data["score"],
            "replaces": frozenset(int(part) for part in re.findall(r"[0-9]{1,18}", offered)),
        }

    def offer(self, replaceable):
        """Offer to replace ratings, by a checkbox that names them."""
        self.fields["replace"].widget = forms.CheckboxInput()
        self.fields["replace"].label = _("Thay %s; bản cũ còn trong lịch sử") % "; ".join(
            f"“{rating}” ({rating.source.name})" for rating in replaceable
        )
        keys = ",".join(str(rating.pk) for rating in replaceable)
        if self.is_bound:
            self.data = self.data.copy()
            self.data[self.add_prefix("replaces")] = keys
        else:
            self.initial["replaces"] = keys

    def report(self, error, replaceable=()):
        """Display why decisions.rate() has refused this row, and offer to replace ratings."""
        if replaceable:
            self.offer(replaceable)
            self.add_error("replace", _("Đã có xếp hạng trùng thời gian: thay hay bỏ dòng này?"))
            return
        for name, errors in error.update_error_dict({}).items():
            self.add_error(name if name in self.fields else None, errors)


class ProductRatingForm(RatedForm):
    """A row of the page on which ratings of known products are entered."""

    def __init__(self, *args, site, products, **kwargs):
        super().__init__(*args, **kwargs)
        field = OcopRating._meta.get_field("product")
        self.fields["product"] = forms.ModelChoiceField(
            label=_("Sản phẩm"),
            queryset=products,
            required=False,
            widget=AutocompleteSelect(field, site),
        )
        self.order_fields(["product"])

    def is_used(self):
        return self.has_changed()

    def clean(self):
        cleaned = super().clean()
        if self.is_used() and not cleaned.get("product") and "product" not in self.errors:
            self.add_error("product", _("Hãy chọn sản phẩm."))
        return cleaned

    def rated(self):
        return decisions.Rated(product=self.cleaned_data["product"], **self.values())


NEW = "new"


class AnnexRowForm(RatedForm):
    """A row of an annex: its cells, which may be corrected, and the product that it rates."""

    use = forms.BooleanField(label=gettext_lazy("Dùng"), required=False, initial=True)
    place = forms.CharField(required=False, widget=forms.HiddenInput)
    inferred = forms.CharField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(label=gettext_lazy("Mã"), max_length=20, required=False)
    name = forms.CharField(label=gettext_lazy("Tên sản phẩm"), max_length=200, required=False)
    producer = forms.CharField(label=gettext_lazy("Chủ thể"), max_length=200, required=False)
    address = forms.CharField(label=gettext_lazy("Địa chỉ"), max_length=300, required=False)
    commune = forms.CharField(label=gettext_lazy("Xã"), max_length=100, required=False)
    district = forms.CharField(label=gettext_lazy("Huyện"), max_length=100, required=False)
    category = forms.ModelChoiceField(
        label=gettext_lazy("Nhóm"),
        queryset=Category.objects.filter(scheme=Category.Scheme.QD148),
        required=False,
    )
    match = forms.ChoiceField(
        label=gettext_lazy("Là sản phẩm"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Hãy chọn lại sản phẩm.")},
    )

    def __init__(self, *args, decision=None, matcher=None, source=None, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("name", "producer", "address"):
            self.fields[name].widget = forms.Textarea(attrs={"rows": 2})
        for name in ("code", "address", "commune", "district"):
            self.fields[name].widget.attrs["placeholder"] = self.fields[name].label
        self.source = source
        self.matched = matcher.match(source) if matcher and source else None
        candidates = self.matched.candidates if self.matched else []
        self.candidates = {str(product.pk): product for product in candidates}
        choices = [(key, candidate_label(product)) for key, product in self.candidates.items()]
        self.fields["match"].choices = [
            ("", _("– hãy chọn –")),
            *choices,
            (NEW, _("Sản phẩm mới (tạo bản nháp)")),
        ]
        if product := self.candidates.get(str(self["match"].value())):
            overlapping = decisions.overlapping(product.ratings.all(), decision)
            if overlapping and all(decisions.may_be_replaced(r, decision) for r in overlapping):
                self.offer(overlapping)

    def is_used(self):
        return bool(self.cleaned_data.get("use"))

    @property
    def inferred_names(self):
        return set(str(self["inferred"].value() or "").split())

    def clean(self):
        cleaned = super().clean()
        if not self.is_used():
            # What is wrong in a row that is left out does not matter.
            self._errors.clear()
            return cleaned
        match = cleaned.get("match")
        if not match and "match" not in self.errors:
            self.add_error("match", _("Hãy chọn sản phẩm, hoặc tạo mới."))
        if match == NEW and not cleaned.get("name"):
            self.add_error("name", _("Cần có tên."))
        return cleaned

    def rated(self, places, source, producers, anywhere):
        """Return the decisions.Rated of this row; raise ValidationError, by field.

        places: Places. source: of the decision. producers: {key: new Producer} of the rows before.
        anywhere: whether a new product needs no place; see LocatedForm.
        """
        cleaned = self.cleaned_data
        if cleaned["match"] != NEW:
            return decisions.Rated(product=self.candidates[cleaned["match"]], **self.values())
        try:
            place = places.unit(cleaned["commune"].strip(), cleaned["district"].strip())
        except ValidationError as error:
            raise ValidationError({"commune": error.messages}) from None
        if not anywhere and not any(place.values()):
            raise ValidationError({"commune": _("Cần nêu xã: hồ sơ thuộc về địa bàn nào?")})
        producer, new_producer = None, None
        if name := cleaned["producer"].strip():
            producer = self.matched.producer
            if producer is None:
                key = (name.casefold(), place["declared_commune"], place["declared_district"])
                new_producer = producers.setdefault(
                    key, Producer(name=name, address=cleaned["address"], source=source, **place)
                )
        product = Product(
            name=" ".join(cleaned["name"].split()),
            address=" ".join(cleaned["address"].split()),
            producer=producer,
            producer_basis=Basis.STATED if producer or new_producer else "",
            category=cleaned["category"],
            category_basis=Basis.STATED if cleaned["category"] else "",
            source=source,
            **place,
        )
        return decisions.Rated(product=product, producer=new_producer, **self.values())


def candidate_label(product):
    """A product with what distinguishes it from others of the same name."""
    parts = [product.code, product.producer.name if product.producer else ""]
    parts.append(str(product.commune or product.old_commune or ""))
    if product.state != State.PUBLISHED:
        parts.append(product.get_state_display())
    return f"{product.name} – {', '.join(filter(None, parts))}"


class _Source:
    """The cells of a submitted row, for the Matcher."""

    def __init__(self, data, prefix):
        # Not validated yet: no database text has NUL, and no id or name is as long.
        self.code, self.name, self.producer, self.match = (
            str(data.get(f"{prefix}-{name}", "")).replace("\0", "")[:300]
            for name in ("code", "name", "producer", "match")
        )


class AnnexFormSet(BaseFormSet):
    """The rows of an annex; see annex_formset()."""

    def __init__(self, data=None, *, user, decision, annex=None, **kwargs):
        self.places, self.decision = Places(), decision
        if annex is not None:
            self._sources = annex.rows
            kwargs["initial"] = [None] * len(annex.rows)
        else:
            self._sources = []
        self.user = user
        super().__init__(data, **kwargs)
        if annex is None:
            self._sources = [
                _Source(self.data, self.add_prefix(number))
                for number in range(self.total_form_count())
            ]
        self.matcher = Matcher(user, self._sources)
        if annex is not None:
            self.initial = [self._initial(row) for row in annex.rows]

    def _initial(self, row):
        match = self.matcher.match(row)
        values = {name: getattr(row, name) for name in FIELDS}
        return values | {
            "use": True,
            "place": row.place,
            "inferred": " ".join(row.inferred),
            "category": self.places.category(row.category) if row.category else None,
            "score": row.score.replace(".", ","),
            "match": str(match.product.pk) if match.product else "" if match.candidates else NEW,
        }

    def get_form_kwargs(self, index):
        kwargs = super().get_form_kwargs(index)
        if index is not None and index < len(self._sources):
            kwargs |= {
                "matcher": self.matcher,
                "source": self._sources[index],
                "decision": self.decision,
            }
        return kwargs

    @property
    def offers(self):
        """The number of rows that offer to replace ratings."""
        return sum(not form["replace"].is_hidden for form in self.forms)

    @property
    def wrong(self):
        """The number of rows with errors."""
        return sum(bool(form.errors) for form in self.forms)

    def used(self):
        """The forms of the rows that are used."""
        return [form for form in self.forms if form.is_used()]

    def rated(self):
        """Return the decisions.Rated of the used rows; None if there are errors, in the forms."""
        producers, found = {}, []
        anywhere = looks_after_a_province(self.user, Role.EDITOR)
        for form in self.used():
            form.replace_all = bool(self.data.get("replace_all"))
            try:
                found.append(form.rated(self.places, self.decision.source, producers, anywhere))
            except ValidationError as error:
                form.report(error)
        return None if any(form.errors for form in self.used()) else found


annex_formset = formset_factory(
    AnnexRowForm,
    AnnexFormSet,
    extra=0,
    max_num=MAX_ROWS,
    absolute_max=MAX_ROWS,
    validate_max=True,
)


class AnnexUploadForm(forms.Form):
    """The file of an annex; without one, the PDF of the decision is read."""

    file = forms.FileField(label=gettext_lazy("Tệp phụ lục"), required=False)

    def __init__(self, *args, has_pdf=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.has_pdf = has_pdf
        self.fields["file"].widget.attrs["accept"] = ".docx,.xlsx,.pdf"

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not file and not self.has_pdf:
            raise ValidationError(_("Hãy chọn tệp DOCX, XLSX hoặc PDF."))
        return file
