"""The typeface that static files contain: its size, letters and digits."""

import itertools
import re
import unicodedata
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

from frontend import fonts

# Bytes of all weights together.
MOST = 40_000
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
LETTERS = {
    unicodedata.normalize("NFC", letter + tone)
    for letter, tone in itertools.product("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY", TONES)
} | {"đ", "Đ"}


def built(weight):
    return Path(finders.find(fonts.file_name(weight)))


def test_both_weights_together_are_within_their_budget():
    assert 0 < sum(built(weight).stat().st_size for weight in fonts.WEIGHTS) <= MOST


@pytest.mark.parametrize("weight", fonts.WEIGHTS)
def test_a_weight_has_every_vietnamese_letter_and_tabular_digits(weight):
    with TTFont(built(weight)) as font:
        glyphs, metrics = font.getBestCmap(), font["hmtx"].metrics
        (lookup,) = font["GSUB"].table.LookupList.Lookup
        (tabular,) = lookup.SubTable
        widths = {metrics[tabular.mapping[glyphs[ord(digit)]]][0] for digit in "0123456789"}
        # A combined letter that the font lacks would be drawn from two fonts.
        assert len(LETTERS) == 146
        assert [letter for letter in LETTERS if ord(letter) not in glyphs] == []
        contours = {font["glyf"][glyphs[ord(letter)]].numberOfContours for letter in LETTERS}
        assert 0 not in contours
        assert len(widths) == 1


def test_text_is_readable_before_the_typeface_is_loaded():
    with open(finders.find(fonts.STYLE_SHEET)) as file:
        faces = re.findall(r"@font-face{(.*?)}", file.read())

    assert len(faces) == len(fonts.WEIGHTS)
    assert all("font-display:swap" in face for face in faces)
    with open(finders.find("geodata/css/tokens.css")) as file:
        assert f'"{fonts.FAMILY}", system-ui' in re.sub(r"\s+", " ", file.read())
