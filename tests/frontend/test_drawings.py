"""Pictograms and illustrations of product types, and the static files made from them."""

import csv
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import Context, Template

from frontend import drawings
from frontend.outlines import pictogram_mask
from frontend.share_images import palette
from products.register.models import Category, ProductType

PACK = Path(__file__).parents[2] / "geodata" / "data" / "ninh-thuan" / "products"
GRAPE = ProductType(code="grape", symbol="grape")
DRINK = Category(code="II")


def shipped_symbols():
    with open(PACK / "product_types.csv", newline="") as file:
        return [row["symbol"] for row in csv.DictReader(file)]


def test_each_type_of_the_shipped_pack_has_drawings_of_its_own():
    shipped = shipped_symbols()

    assert len(set(shipped)) == len(shipped) > 30
    assert set(shipped) <= set(drawings.symbols())
    shapes = dict(re.findall(r'<symbol id="(\w+)"[^>]*>(.*?)</symbol>', drawings.sprite()))
    assert len({shapes[symbol] for symbol in shipped}) == len(shipped)
    pictures = drawings.illustrations(palette())
    assert len({pictures[symbol] for symbol in shipped}) == len(shipped)


def test_pictograms_have_one_colour_that_pages_choose():
    for symbol in drawings.symbols():
        root = ElementTree.parse(drawings.FOLDER / "pictograms" / f"{symbol}.svg").getroot()
        assert root.get("viewBox") == "0 0 24 24", symbol
        colours = {part.get(name) for part in root.iter() for name in ("fill", "stroke")}
        assert colours <= {"currentColor", "none", None}, symbol
        assert not any("style" in part.attrib or "id" in part.attrib for part in root.iter())


def test_every_pictogram_can_be_drawn_on_images_and_none_equals_another():
    masks = {symbol: pictogram_mask(symbol, 48) for symbol in drawings.symbols()}

    for symbol, mask in masks.items():
        inked = sum(value > 0 for value in mask.get_flattened_data()) / 48**2
        assert 0.15 < inked < 0.7, symbol
    assert len({mask.tobytes() for mask in masks.values()}) == len(masks)


def test_illustrations_are_small_and_have_colours_for_the_dark_scheme():
    assert len(drawings.illustrations(palette())) == len(drawings.symbols()) + 7
    for name, text in drawings.illustrations(palette()).items():
        with open(finders.find(f"{drawings.ILLUSTRATIONS}/{name}.svg")) as file:
            assert file.read() == text, name
        assert len(text.encode()) <= 3000, name
        root = ElementTree.fromstring(text)
        assert (root.get("width"), root.get("height")) == ("320", "240"), name
        assert "prefers-color-scheme:dark" in text, name
        ids = {part.get("id") for part in root.iter()}
        assert {part.get("href")[1:] for part in root.iter() if part.get("href")} <= ids, name


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
        (None, Category(code="VII"), "group-none"),
    ],
)
def test_what_has_no_drawing_is_represented_by_the_shape_of_its_group(product_type, group, name):
    tags = "{% pictogram product_type group %}{% illustration product_type group %}"
    tag = Template("{% load frontend %}" + tags)

    html = tag.render(Context({"product_type": product_type, "group": group}))

    build = f"{settings.STATIC_URL}build"
    assert re.search(rf'<use href="{build}/pictograms[.\w]*\.svg#{name}"/>', html)
    assert re.search(rf'<img [^>]*src="{build}/illustrations/{name}(\.\w+)?\.svg" alt=""', html)
