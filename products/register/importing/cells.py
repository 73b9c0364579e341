"""The columns of a spreadsheet: what a cell of each may contain.

Columns are fields of django-import-export. The words of the files are Vietnamese, whatever the
language of the user, because people send files to each other.
"""

import math
import re
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import Widget

from geodata.spans import format_span, parse_span, precision
from geodata.tables import is_error
from geodata.text import fold, hidden_character

# Written into a cell to empty the value; an empty cell leaves it as it is.
ERASE = "(xoá)"


class Erase:
    """The type of ERASED, the value of a cell with ERASE."""


ERASED = Erase()


class Column(Field):
    """A column of a table for import and export.

    heading: in the template. widget: of this module. aliases: other headings under which the column
    is recognised; the heading and the name of the column always are. example: for the template.
    explanation: a sentence for the template. required: whether a new row needs a value.
    attribute: of the record, for the export; by default the export calls dehydrate_<name>().
    erasable: whether a cell may empty the value.
    """

    def __init__(
        self,
        heading,
        widget=None,
        *,
        attribute=None,
        aliases=(),
        example="",
        explanation="",
        required=False,
        erasable=True,
    ):
        super().__init__(attribute=attribute, column_name=heading, widget=widget or Text())
        self.aliases = (heading, *aliases)
        self.example = example
        self.explanation = explanation
        self.required = required
        self.erasable = erasable

    def clean(self, row, **kwargs):
        """Return the value of the column in a row, None if its cell is empty, or ERASED.

        Raises ValidationError.
        """
        text = row.get(self.column_name, "")
        if text == "":
            return None
        if is_error(text):
            raise ValidationError(_("Ô chứa lỗi %s của bảng tính.") % text)
        if fold(text) == "xoa" and text.startswith("("):
            if not self.erasable:
                raise ValidationError(_("Giá trị của cột này không xoá được."))
            return ERASED
        return self.widget.clean(text, row=row)


class Text(Widget):
    """Text; lines: whether it may have several lines."""

    def __init__(self, lines=False):
        super().__init__()
        self.lines = lines

    def clean(self, value, row=None, **kwargs):
        if sentence := hidden_character(value, lines=self.lines):
            raise ValidationError(sentence)
        return value

    def render(self, value, obj=None, **kwargs):
        return value or ""


class Choice(Widget):
    """One of the labels of an enumeration, or its value; without regard to case and diacritics."""

    def __init__(self, choices):
        super().__init__()
        with translation.override("vi"):
            self.labels = {value: str(label) for value, label in choices if value}
        self.values = {fold(str(value)): value for value in self.labels}
        self.values |= {fold(label): value for value, label in self.labels.items()}

    def clean(self, value, row=None, **kwargs):
        try:
            return self.values[fold(value)]
        except KeyError:
            raise ValidationError(
                _("“%(value)s” không thuộc: %(choices)s.")
                % {"value": value, "choices": ", ".join(self.labels.values())}
            ) from None

    def render(self, value, obj=None, **kwargs):
        return self.labels.get(value, "")


class YesNo(Choice):
    """A bool: "có" or "không"."""

    def __init__(self):
        super().__init__([])
        self.labels = {True: "có", False: "không"}
        self.values = {"co": True, "yes": True, "khong": False, "no": False}


class Year(Widget):
    """A year of four digits; gives an int."""

    def clean(self, value, row=None, **kwargs):
        if not re.fullmatch(r"[0-9]{4}", value):
            raise ValidationError(_("“%s” không phải là một năm.") % value)
        return int(value)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)


class Span(Widget):
    """A day, month, year or span of days; see geodata.spans.parse_span()."""

    def clean(self, value, row=None, **kwargs):
        return parse_span(value)

    def render(self, value, obj=None, **kwargs):
        with translation.override("vi"):
            return format_span(value)


class Day(Span):
    """A day."""

    def clean(self, value, row=None, **kwargs):
        days = parse_span(value)
        if precision(days) != "day":
            raise ValidationError(_("“%s” không phải là một ngày.") % value)
        return days.lower

    def render(self, value, obj=None, **kwargs):
        return value.isoformat() if value else ""


class Number(Widget):
    """A number with a decimal point or comma; gives a Decimal."""

    def clean(self, value, row=None, **kwargs):
        try:
            number = Decimal(value.replace(",", "."))
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite():
            raise ValidationError(_("“%s” không phải là số.") % value)
        return number

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else f"{value:f}"


class Degrees(Widget):
    """Degrees of WGS 84 with a decimal point or comma; gives a float."""

    def clean(self, value, row=None, **kwargs):
        try:
            # float() reads 1_0 as 10.
            degrees = math.nan if "_" in value else float(value.strip().replace(",", "."))
        except ValueError:
            degrees = math.nan
        if not math.isfinite(degrees):
            text = _("“%s” không phải là số độ. Viết như 11.565 hoặc 11,565.")
            raise ValidationError(text % value)
        return degrees

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else f"{value:.7f}".rstrip("0").rstrip(".")


class Metres(Widget):
    """Metres on a grid; spaces or points may group the digits. Gives a float.

    1.279.054,79 and 1 279 054.79 are the same number: one separator of decimals is the last one.
    """

    def clean(self, value, row=None, **kwargs):
        digits = re.sub(r"[\s\u00a0\u202f]", "", value)
        last = max(digits.rfind(","), digits.rfind("."))
        whole, decimals = (digits, "") if last < 0 else (digits[:last], digits[last + 1 :])
        separators = set(re.findall(r"[.,]", digits))
        if last >= 0 and len(separators) == 1 and (digits.count(digits[last]) > 1):
            # 1.279.054: only groups.
            whole, decimals = digits, ""
        number = re.sub(r"[.,]", "", whole) + (f".{decimals}" if decimals else "")
        if not re.fullmatch(r"-?\d+(?:\.\d+)?", number, re.ASCII):
            raise ValidationError(_("“%s” không phải là số mét.") % value)
        return float(number)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else f"{value:.2f}"


class Stars(Widget):
    """A number of stars: 3, "3 sao", "hạng 4" or ★★★."""

    def clean(self, value, row=None, **kwargs):
        if stars := value.count("★"):
            return stars
        match = re.fullmatch(r"(?:hang |dat )?(\d)(?: sao)?", fold(value))
        if not match:
            raise ValidationError(_("“%s” không phải là số sao.") % value)
        return int(match[1])

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)


class Version(Widget):
    """The version of the record that the file was made from."""

    def clean(self, value, row=None, **kwargs):
        if not (value.isascii() and value.isdigit()):
            raise ValidationError(_("Phiên bản là một số nguyên, không phải “%s”.") % value)
        return int(value)

    def render(self, value, obj=None, **kwargs):
        return str(value)


class Reference(Widget):
    """The text that names a row of another table; the resource finds it, a chunk at a time."""

    def clean(self, value, row=None, **kwargs):
        return Text().clean(value)

    def render(self, value, obj=None, **kwargs):
        return str(value) if value else ""
