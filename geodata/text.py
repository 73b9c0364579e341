"""Text: folded for search, and free of characters that hide.

Folded means no diacritics, no case, no punctuation. The same rule is written in three places,
because a keystroke must not wait for a server: here, in the database (function geodata_fold) and
in static/geodata/js/fold.js. A test compares them.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Func, Q, TextField
from django.utils.translation import gettext as _


def fold(text):
    """Return the text as lower-case ASCII words with one blank between them."""
    # NFD takes every tone and vowel mark off but leaves đ, which is a letter of its own; old
    # keyboards write ð (eth) for it, which looks the same.
    plain = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", text))
    plain = re.sub("[đĐðÐ]", "d", plain).lower()
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


class Fold(Func):
    """fold() in the database; IMMUTABLE, so it may stand in indexes and generated columns."""

    function = "geodata_fold"
    arity = 1
    output_field = TextField()


class CaseFold(Func):
    """Text for comparisons in which case is no matter: Unicode's full case folding, as casefold().

    Other than lower(): "Straße" and "STRASSE" are equal, as are "ς" and "Σ".
    """

    function = "geodata_casefold"
    arity = 1
    output_field = TextField()


# Characters that nobody sees, and of which some reorder what is around them, so that a name is
# displayed as another one (U+202E) or is not found by the letters that it seems to have. The
# joiners U+200C and U+200D are not among them: some scripts and emoji need them, and they only
# change how their neighbours are joined.
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
    """The class of a regular expression; Python and PostgreSQL write such characters alike."""
    ends = ("-".join(_escaped(code) for code in sorted(set(ends))) for ends in ranges)
    return "[{}]".format("".join(ends))


def _escaped(code):
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


# Texts of several lines may have tab, line feed and carriage return.
_IN_LINES = [(0x01, 0x08), (0x0B, 0x0C), (0x0E, 0x1F), *_HIDDEN[1:]]
HIDDEN = _class_of(_HIDDEN)
HIDDEN_IN_LINES = _class_of(_IN_LINES)


def hidden_character(text, *, lines=False):
    """A sentence about the first character of the text that hides, or None.

    lines: whether the text may have several lines.
    """
    found = re.search(HIDDEN_IN_LINES if lines else HIDDEN, text or "")
    if not found:
        return None
    return _(
        "Ký tự thứ %(position)d (%(code)s) không nhìn thấy được và có thể làm sai lệch chữ: hãy"
        " xoá nó."
    ) % {"position": found.start() + 1, "code": f"U+{ord(found[0]):04X}"}


def hidden_characters(values):
    """{key: sentence} of the texts among these values, of several lines or one, that hide some."""
    found = {
        key: hidden_character(value, lines=True)
        for key, value in values.items()
        if isinstance(value, str)
    }
    return {key: sentence for key, sentence in found.items() if sentence}


class VisibleText(CheckConstraint):
    """The columns have no characters that hide; see hidden_character().

    fields: texts of one line. lines: texts of several. A violation is an error of its field.
    Migrations contain a plain CheckConstraint.
    """

    def __init__(self, *, name, fields, lines=()):
        self.fields, self.lines = tuple(fields), tuple(lines)
        condition = Q()
        for field in self.fields:
            condition &= ~Q(**{f"{field}__regex": HIDDEN})
        for field in self.lines:
            condition &= ~Q(**{f"{field}__regex": HIDDEN_IN_LINES})
        super().__init__(name=name, condition=condition)

    def validate(self, model, instance, exclude=None, using=None):
        errors = {}
        for field in {*self.fields, *self.lines} - set(exclude or ()):
            if sentence := hidden_character(getattr(instance, field), lines=field in self.lines):
                errors[field] = sentence
        if errors:
            raise ValidationError(errors)

    def get_violation_error_message(self):
        return _("Có ký tự không nhìn thấy được; hãy xoá nó.")

    def clone(self):
        return type(self)(name=self.name, fields=self.fields, lines=self.lines)

    def deconstruct(self):
        _path, arguments, named = super().deconstruct()
        return "django.db.models.CheckConstraint", arguments, named
