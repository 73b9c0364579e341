"""Text: folding for search, and invisible characters.

Folded text has no diacritics, upper case or punctuation. The same rule is implemented three times,
because search in the browser must not wait for a server: here, in the database (function
geodata_fold) and in static/geodata/js/fold.js. A test compares them.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Func, IntegerField, Q, TextField, Value
from django.utils.translation import gettext as _


def fold(text: str) -> str:
    """Return the text as lower-case ASCII words with one space between them."""
    # NFD separates every tone and vowel mark but leaves đ, which is a letter of its own; old
    # keyboards write ð (eth) for it, which looks the same.
    plain = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", text))
    plain = re.sub("[đĐðÐ]", "d", plain).lower()
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


class Fold(Func):
    """fold() in the database; IMMUTABLE, so that indexes and generated columns can use it."""

    function = "geodata_fold"
    arity = 1
    output_field = TextField()


def query_words(text: str) -> list[tuple[str, str]]:
    """Return the words of a search as pairs: folded, and as typed in lower case.

    The folded words are those of fold(text).
    """
    typed = unicodedata.normalize("NFC", text).lower()
    return [
        (folded, word) for word in re.findall(r"[^\W_]+", typed) for folded in fold(word).split()
    ]


class Relevance(Func):
    """How well a record matches a search: an integer, the lowest for the best match.

    text: of the search. The model has `search_text`, folded, and `written_text`, in lower case:
    one line for each text that is searched, the most important first, such as name, producer,
    place.

    Each word is judged by the line that it matches best, and the worst word counts: 1000 × how it
    matches, plus 10 × the number of the line from 0, plus 1 if the line has other diacritics than
    were typed. How: 0 if the line is the whole text of the search, 1 a whole word, 2 the beginning
    of a word, 3 a part of one; 4 for records that are only similar, by the most similar line.

    The same rule is in static/frontend/js/map/search.js; tests/search_order.json tests both.
    """

    function = "geodata_relevance"
    output_field = IntegerField()

    def __init__(self, text: str, **extra: Any) -> None:
        pairs = query_words(text)
        words, typed = ([pair[at] for pair in pairs] for at in (0, 1))
        array = ArrayField(TextField())
        super().__init__(
            "search_text", "written_text", Value(words, array), Value(typed, array), **extra
        )


class CaseFold(Func):
    """Text for comparisons without case: Unicode's full case folding, like str.casefold().

    Unlike with lower(), "Straße" and "STRASSE" are equal, as are "ς" and "Σ".
    """

    function = "geodata_casefold"
    arity = 1
    output_field = TextField()


# Invisible characters. Some reorder the text around them, so that a name is displayed as another
# one (U+202E) or is not found by the letters that it seems to have. The joiners U+200C and U+200D
# are not listed: some scripts and emoji need them, and they only change how their neighbours are
# joined.
_HIDDEN = (
    (0x01, 0x1F),  # control characters, line breaks and tabs among them
    (0x7F, 0x9F),
    (0xAD, 0xAD),  # soft hyphen
    (0x61C, 0x61C),  # Arabic letter mark
    (0x180E, 0x180E),  # Mongolian vowel separator
    (0x200B, 0x200B),  # zero width space
    (0x200E, 0x200F),  # left-to-right and right-to-left mark
    (0x2028, 0x202E),  # line and paragraph separator, bidirectional embeddings and overrides
    (0x2060, 0x206F),  # word joiner, invisible operators, bidirectional isolates
    (0xFEFF, 0xFEFF),  # byte order mark
    (0xFFF9, 0xFFFB),  # annotations
    (0xE0000, 0xE007F),  # tags
)


def _class_of(ranges):
    """Return a character class for regular expressions of both Python and PostgreSQL."""
    ends = ("-".join(_escaped(code) for code in sorted(set(ends))) for ends in ranges)
    return "[{}]".format("".join(ends))


def _escaped(code):
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


# Texts of several lines may have tab, line feed and carriage return.
_IN_LINES = [(0x01, 0x08), (0x0B, 0x0C), (0x0E, 0x1F), *_HIDDEN[1:]]
HIDDEN = _class_of(_HIDDEN)
HIDDEN_IN_LINES = _class_of(_IN_LINES)


def hidden_character(text: str | None, *, lines: bool = False) -> str | None:
    """Return a sentence about the first invisible character of the text, or None.

    text: str or None. lines: whether tabs and line breaks are allowed.
    """
    found = re.search(HIDDEN_IN_LINES if lines else HIDDEN, text or "")
    if not found:
        return None
    return _(
        "Ký tự thứ %(position)d (%(code)s) không nhìn thấy được và có thể làm sai lệch chữ: hãy"
        " xoá nó."
    ) % {"position": found.start() + 1, "code": f"U+{ord(found[0]):04X}"}


def hidden_characters(values: Mapping[str, Any]) -> dict[str, str]:
    """Return {key: sentence} of those values that are text with invisible characters.

    values: a dict. Tabs and line breaks are allowed.
    """
    found = {
        key: hidden_character(value, lines=True)
        for key, value in values.items()
        if isinstance(value, str)
    }
    return {key: sentence for key, sentence in found.items() if sentence}


class VisibleText(CheckConstraint):
    """Constraint: text columns contain no invisible characters; see hidden_character().

    fields: names of fields with one line. lines: of fields with several lines. A violation is an
    error of its field. Migrations contain a plain CheckConstraint.
    """

    def __init__(self, *, name, fields, lines=()):
        self.fields, self.lines = tuple(fields), tuple(lines)
        condition = Q()
        for field in self.fields:
            condition &= ~Q(**{f"{field}__regex": HIDDEN})
        for field in self.lines:
            condition &= ~Q(**{f"{field}__regex": HIDDEN_IN_LINES})
        super().__init__(name=name, condition=condition)

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: Any = None) -> None:
        """Raise ValidationError, by field, for the texts of a model instance."""
        errors = {}
        for field in {*self.fields, *self.lines} - set(exclude or ()):
            if sentence := hidden_character(getattr(instance, field), lines=field in self.lines):
                errors[field] = sentence
        if errors:
            raise ValidationError(errors)

    def get_violation_error_message(self) -> str:
        """Return the sentence for a violation that only the database has noticed."""
        return _("Có ký tự không nhìn thấy được; hãy xoá nó.")

    def clone(self) -> Self:
        """Return an equal constraint."""
        return type(self)(name=self.name, fields=self.fields, lines=self.lines)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Return the plain CheckConstraint for migrations."""
        _path, arguments, named = super().deconstruct()
        return "django.db.models.CheckConstraint", arguments, named
