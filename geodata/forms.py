"""Form fields for points, for spans of days, and for related rows by their labels."""

from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from .display import label_of, with_labels
from .spans import format_span, parse_span
from .widgets import PointWidget


class DegreeField(forms.FloatField):
    """Degrees with a decimal point or the Vietnamese decimal comma; gives a float or None."""

    default_error_messages = {
        "invalid": _("“%(value)s” không phải là số độ. Viết như 11.565 hoặc 11,565.")
    }

    def to_python(self, value: Any) -> float | None:
        """Parse the text; raise ValidationError for what is no number."""
        text = str(value).strip().replace(",", ".") if value is not None else ""
        try:
            return super().to_python(text)
        except ValidationError:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": value}
            ) from None

    def validate(self, value: Any) -> None:
        """Raise ValidationError for a value that is not finite or is missing."""
        try:
            super().validate(value)
        except ValidationError as error:
            error.params = {"value": value}
            raise


class PointField(forms.MultiValueField):
    """Latitude and longitude in WGS 84 degrees; gives a Point with SRID 4326, or None.

    outlines_url, method: see PointWidget. Geometry text is not accepted: GDAL before 3.9 could be
    made to open files by it (gis.W001).
    """

    default_error_messages = {
        "incomplete": _("Cần cả vĩ độ lẫn kinh độ."),
        "exchanged": _("Vĩ độ và kinh độ có vẻ bị đổi chỗ: vĩ độ %(lng)s, kinh độ %(lat)s?"),
        "lat": _("Vĩ độ phải từ −90 đến 90, không phải %(lat)s."),
        "lng": _("Kinh độ phải từ −180 đến 180, không phải %(lng)s."),
    }

    def __init__(self, *, outlines_url="", method=None, **kwargs):
        kwargs.setdefault("widget", PointWidget(outlines_url=outlines_url, method=method))
        fields = (DegreeField(required=False), DegreeField(required=False))
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[float | None]) -> Point | None:
        """Return the Point of [latitude, longitude]; raise ValidationError if out of bounds."""
        lat, lng = data_list or (None, None)
        if lat is None and lng is None:
            return None
        if lat is None or lng is None:
            raise self._error("incomplete", lat, lng)
        if abs(lat) > 90 >= abs(lng) and abs(lat) <= 180:
            raise self._error("exchanged", lat, lng)
        if abs(lat) > 90:
            raise self._error("lat", lat, lng)
        if abs(lng) > 180:
            raise self._error("lng", lat, lng)
        return Point(lng, lat, srid=4326)

    def _error(self, code, lat, lng):
        params = {"lat": lat, "lng": lng}
        return ValidationError(self.error_messages[code], code=code, params=params)


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
