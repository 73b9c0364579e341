"""Pictograms of product types, and the static files made from them."""

import csv
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import Context, Template

from frontend import drawings
from products.register.models import Category, ProductType

PACK = Path(__file__).parents[2] / "geodata" / "data" / "ninh-thuan" / "products"
GRAPE = ProductType(code="grape", symbol="grape")
DRINK = Category(code="II")


def shipped_symbols():
    with open(PACK / "product_types.csv", newline="") as file:
        return [row["symbol"] for row in csv.DictReader(file)]


def test_each_type_of_the_shipped_pack_has_a_pictogram_of_its_own():
    shipped = shipped_symbols()

    assert len(set(shipped)) == len(shipped) > 30
    assert set(shipped) <= set(drawings.symbols())
    shapes = dict(re.findall(r'<symbol id="(\w+)"[^>]*>(.*?)</symbol>', drawings.sprite()))
    assert len({shapes[symbol] for symbol in shipped}) == len(shipped)


def test_pictograms_have_one_colour_that_pages_choose():
    for symbol in drawings.symbols():
        root = ElementTree.parse(drawings.FOLDER / "pictograms" / f"{symbol}.svg").getroot()
        assert root.get("viewBox") == "0 0 24 24", symbol
        colours = {part.get(name) for part in root.iter() for name in ("fill", "stroke")}
        assert colours <= {"currentColor", "none", None}, symbol
        assert not any("style" in part.attrib or "id" in part.attrib for part in root.iter())


def test_the_sprite_is_built_with_types_and_groups():
    with open(finders.find(drawings.SPRITE)) as file:
        root = ElementTree.fromstring(file.read())

    built = [symbol.get("id") for symbol in root]
    groups = [f"group-{code}" for code in ("I", "II", "III", "IV", "V", "VI", "none")]
    assert built == [*drawings.symbols(), *groups]


@pytest.mark.parametrize(
    ("product_type", "group", "name"),
    [
        (GRAPE, None, "grape"),
        (GRAPE, DRINK, "grape"),
        (ProductType(symbol="not_drawn", group=DRINK), None, "group-II"),
        (ProductType(symbol=""), DRINK, "group-none"),
        (None, DRINK, "group-II"),
        (None, None, "group-none"),
    ],
)
def test_what_has_no_drawing_is_represented_by_the_shape_of_its_group(product_type, group, name):
    tag = Template("{% load frontend %}{% pictogram product_type group %}")

    html = tag.render(Context({"product_type": product_type, "group": group}))

    url = f"{settings.STATIC_URL}build/pictograms"
    assert re.search(rf'<use href="{url}[.\w]*\.svg#{name}"/>', html)
