"""A word is folded to the same letters in Python, in the database and in the browser."""

import csv
import json
import subprocess

import pytest
from django.conf import settings
from django.db import connection

from geodata.text import fold

DATA = settings.BASE_DIR / "geodata" / "data"
FOLD_JS = settings.BASE_DIR / "geodata" / "static" / "geodata" / "js" / "fold.js"

HARD = {
    "Nước mắm Cà Nú": "nuoc mam ca nu",
    # The same word in NFD, as macOS and some keyboards write it.
    "Nu\u031bo\u031b\u0301c ma\u0306\u0301m": "nuoc mam",
    "hòa": "hoa",
    "hoà": "hoa",
    "Phước Thuỷ": "phuoc thuy",
    "Phước Thủy": "phuoc thuy",
    "Đông Hậu đông ĐẢO": "dong hau dong dao",
    "D\u0323o\u0300": "do",
    # U+00D0, an Icelandic letter that looks like Đ; GeoNames writes Đà Lạt with it.
    "Ðà Lạt": "da lat",
    "ẬẦẨẪẤ ậầẩẫấ ƯƠ ươ": "aaaaa aaaaa uo uo",
    "măng  tây\txanh\n(loại 1)": "mang tay xanh loai 1",
    "Cô 5": "co 5",
    "Trà – “Phượng Hoàng”, 50 g/túi; 100%": "tra phuong hoang 50 g tui 100",
    "a_b%c\\d'e\"f": "a b c d e f",
    " ... ": "",
    "": "",
    "日本語": "",
    "nho 葡萄 NH01-48": "nho nh01 48",
    "Café": "cafe",
    "🍇 nho": "nho",
}


def shipped_texts():
    """Every cell and every name in the shipped files."""
    texts = set()
    for path in DATA.glob("*/*/*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as rows:
            texts.update(cell for row in csv.reader(rows) for cell in row)
    for path in DATA.glob("*/*/*.geojson"):
        for feature in json.loads(path.read_text())["features"]:
            texts.update(v for v in feature["properties"].values() if isinstance(v, str))
    return sorted(texts)


def folded_by_database(texts):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT geodata_fold(text) FROM unnest(%s) WITH ORDINALITY AS of (text, place)"
            " ORDER BY place",
            [texts],
        )
        return [folded for (folded,) in cursor]


def folded_by_browser(texts):
    program = (
        f"import {{ fold }} from {json.dumps(FOLD_JS.as_uri())};"
        "let text = ''; for await (const piece of process.stdin.setEncoding('utf8')) text += piece;"
        "process.stdout.write(JSON.stringify(JSON.parse(text).map(fold)));"
    )
    ran = subprocess.run(
        ["node", "--input-type=module", "--eval", program],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout)


@pytest.mark.parametrize(("text", "plain"), HARD.items())
def test_folding_leaves_ascii_words(text, plain):
    assert fold(text) == plain


def test_folding_twice_changes_nothing():
    texts = shipped_texts()

    assert [fold(fold(text)) for text in texts] == [fold(text) for text in texts]


@pytest.mark.django_db
def test_the_database_folds_like_python():
    texts = [*HARD, *shipped_texts()]

    assert len(texts) > 1000
    assert folded_by_database(texts) == [fold(text) for text in texts]


def test_the_browser_folds_like_python():
    texts = [*HARD, *shipped_texts()]

    assert folded_by_browser(texts) == [fold(text) for text in texts]


# What a keyboard, a word processor or a brand name brings into a product's name.
FOREIGN = ["Smørrebrød", "Straße", "Œuvre", "50 m²", "½ kg", "Trà™", "Nho®", "№ 5", "ﬁ"]


@pytest.mark.django_db
@pytest.mark.parametrize("text", FOREIGN)
def test_a_word_with_foreign_letters_finds_itself(text):
    """What a person types is folded in Python, what it is looked for in by the database."""
    assert folded_by_database([text]) == [fold(text)]


@pytest.mark.django_db
def test_folding_is_immutable_and_can_be_indexed():
    """Only an immutable function may; unaccent() itself is not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT provolatile FROM pg_proc WHERE proname = 'geodata_fold'")
        assert cursor.fetchall() == [("i",)]
