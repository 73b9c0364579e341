"""Vietnamese text folded for search: no diacritics, no case, no punctuation.

The same rule stands in three places, because a keystroke must not ask a server: here, in the
database (function geodata_fold) and in static/geodata/js/fold.js. A test holds them together.
"""

import re
import unicodedata

from django.db.models import Func, TextField


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
