"""Form fields for points, for spans of days, and for related rows by their labels."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from .coordinates import offered_grids, parse_position
from .display import label_of, with_labels
from .spans import format_span, parse_span
from .widgets import Method, PointWidget


class MetresField(forms.DecimalField):
    """Metres with a decimal point or the Vietnamese decimal comma; gives a Decimal or None."""

    default_error_messages = {
        "invalid": _("“%(value)s” không phải là số mét. Viết như 5 hoặc 0,5.")
    }
    # A browser would refuse "0,5" in an input of numbers.
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:
        """Parse the text; raise ValidationError for what is no number."""
        text = str(value).strip().replace(",", ".") if value is not None else ""
        try:
            return super().to_python(text)
        except ValidationError:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": value}
            ) from None


class PointField(forms.MultiValueField):
    """A position as officials type and paste it; gives a Point with SRID 4326, or None.

    See coordinates.parse_position(). The arguments are those of PointWidget. Geometry text is not
    accepted: GDAL before 3.9 could be made to open files by it (gis.W001).
    """

    def __init__(
        self,
        *,
        outlines_url: Any = "",
        method: Method | None = None,
        answer_url: Any = "",
        answer_fields: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault(
            "widget",
            PointWidget(
                outlines_url=outlines_url,
                method=method,
                answer_url=answer_url,
                answer_fields=answer_fields,
            ),
        )
        fields = (
            forms.CharField(required=False),
            forms.TypedChoiceField(
                choices=offered_grids, coerce=int, empty_value=None, required=False
            ),
        )
        super().__init__(fields, require_all_fields=False, **kwargs)

    def clean(self, value: Any) -> Point | None:
        """Return the Point; raise ValidationError if the text is no position in Viet Nam."""
        # Without a text, the grid alone is no input.
        if isinstance(value, list | tuple) and not (value and str(value[0] or "").strip()):
            value = []
        return super().clean(value)

    def compress(self, data_list: list[Any]) -> Point | None:
        """Return the Point of [text, EPSG code or None]; see parse_position() for its errors."""
        if not data_list:
            return None
        text, epsg = data_list
        return parse_position(text, epsg=epsg).point

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether the text denotes another point than the initial one."""
        try:
            point = self.clean(data)
        except ValidationError:
            return True
        if not (initial and point):
            return bool(initial) != bool(point)
        # About 1 cm, the rounding of the displayed text.
        return not initial.equals_exact(point, tolerance=1e-7)


class SpanField(forms.CharField):
    """A day, month, year or span of days in one line of text; gives a DateRange or None.

    See parse_span(): 10/12/2024, 2023, đến 9/2022.
    """

    def to_python(self, value: Any) -> DateRange | None:
        """Parse the text; raise ValidationError for what is no span."""
        text = super().to_python(value)
        return parse_span(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        """Return the text of a span for the input; other values as they are."""
        return value if isinstance(value, str) or value is None else format_span(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether the text denotes another span than the initial one."""
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class LabelledChoiceField(forms.ModelChoiceField):
    """A choice of rows by label_of(), which distinguishes rows of the same name.

    queryset: of the rows; with_labels() is applied to it.
    """

    def __init__(self, queryset, **kwargs):
        super().__init__(with_labels(queryset), **kwargs)

    def label_from_instance(self, obj: models.Model) -> str:
        """Return label_of() a row."""
        return label_of(obj)
