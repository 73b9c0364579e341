"""Code, templates, scripts and general tests contain no name or code of a shipped province."""

import ast
import json
import re
import unicodedata

import pytest
from django.conf import settings

from geodata.place import read_place
from geodata.spans import ONE_DAY

ROOT = settings.BASE_DIR
PACKS = ROOT / "geodata" / "data"
FOLDERS = ["bin", "districts", "frontend", "geodata", "ocopmap", "products", "tests"]
SUFFIXES = {".css", ".html", ".js", ".json", ".po", ".py", ".sh", ".sql", ".svg", ".txt", ""}
# The provinces of the whole country, for a benchmark; annexes of decisions with real names; what a
# real QGIS requested, and the script that made it.
EXCEPTIONS = {
    "tests/benchmarks/fill.sql",
    "tests/clients/qgis/record.py",
    "tests/clients/qgis/recorded.json",
    "tests/clients/qgis/scenario.py",
    "tests/products/annexes/documents.py",
    "tests/products/annexes/tables.py",
    "tests/search_order.json",
}


def without_diacritics(text):
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def units(place):
    """The properties of the units in the pack's files."""
    for file in place.files:
        if file.kind == "units":
            for feature in json.loads(file.path.read_text(encoding="utf-8"))["features"]:
                yield feature["properties"]


def names_of(place):
    """Names of units, with and without diacritics; a name of one word may be any word."""
    names = {unit[key] for unit in units(place) for key in ("name_vi", "province") if key in unit}
    names = {name for name in names if re.search(r"\w[ -]+\w", name)}
    return names | set(map(without_diacritics, names))


def codes_of(place):
    """Texts with codes and days; a code of two or three digits may be any number."""
    properties = ("code", "province_code")
    for code in {unit[key] for unit in units(place) for key in properties if key in unit}:
        yield from [code] if len(code) == 5 else [f'"{code}"', f"'{code}'"]
    yield from (f"{prefix}-" for prefix in place.code_prefixes.values())
    yield from map(str, place.grids)
    day = place.units_changed_on
    yield from (day.isoformat(), f"({day.year}, {day.month}, {day.day})")
    for one in (day, day - ONE_DAY):
        yield f"{one.day}/{one.month}/{one.year}"
        yield f"{one:%d/%m/%Y}"


@pytest.fixture(scope="module")
def named():
    """Function that returns what names a shipped pack in a text, with the numbers of the lines."""
    places = [read_place(file.parent) for file in PACKS.glob("*/place.toml")]
    words = {word for place in places for word in (*names_of(place), *codes_of(place))}

    def find(text):
        present = [word for word in words if word in text]
        if not present:
            return []
        whole = "|".join(rf"(?<!\w){re.escape(word)}" for word in present)
        pattern = re.compile(rf"(?:{whole})(?:(?!\w)|(?<=-))")
        lines = enumerate(text.splitlines(), 1)
        return [(number, match[0]) for number, line in lines for match in pattern.finditer(line)]

    return find


def files():
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            parts = file.relative_to(ROOT).parts
            if (
                file.is_file()
                and file.suffix in SUFFIXES
                and not file.is_relative_to(PACKS)
                and file.relative_to(ROOT).as_posix() not in EXCEPTIONS
                and not {"__pycache__", "node_modules"} & set(parts)
                # Drawings consist of numbers.
                and not ("drawings" in parts and file.suffix == ".svg")
            ):
                yield file


def shipped_lines(text):
    """Numbers of the lines of tests that are marked `shipped` or request the fixture."""
    tree = ast.parse(text)
    assigned = [ast.unparse(node) for node in tree.body if isinstance(node, ast.Assign)]
    if any(text.startswith("pytestmark") and "shipped" in text for text in assigned):
        return set(range(1, text.count("\n") + 2))
    lines = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            words = [*map(ast.unparse, node.decorator_list), *(one.arg for one in node.args.args)]
            if any("shipped" in word for word in words):
                first = min(one.lineno for one in (node, *node.decorator_list))
                lines |= set(range(first, node.end_lineno + 1))
    return lines


def test_nothing_but_tests_of_the_shipped_facts_names_a_shipped_pack(named):
    found = []
    for file in files():
        text = file.read_text(encoding="utf-8")
        if names := named(text):
            is_test = file.is_relative_to(ROOT / "tests") and file.suffix == ".py"
            skipped = shipped_lines(text) if is_test else set()
            path = file.relative_to(ROOT)
            found += [f"{path}:{line}: {name}" for line, name in names if line not in skipped]

    assert found == [], "\n".join(found)


def test_a_name_a_code_and_the_day_of_change_are_found(named):
    for file in PACKS.glob("*/place.toml"):
        place = read_place(file.parent)
        unit = next(unit for unit in units(place) if " " in unit["name_vi"])
        day = place.units_changed_on
        for text in (
            f"các xã của {unit['name_vi']}.",
            f'UnitFactory(code="{place.province_code}")',
            f"{place.code_prefixes['product']}-001",
            f"EPSG:{place.grids[0]}",
            f"trước {day.day}/{day.month}/{day.year}",
            f"datetime={day.isoformat()}",
        ):
            assert named(text), text
