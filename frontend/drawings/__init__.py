"""The drawings of product types, which were drawn for this project.

pictograms/<symbol>.svg: silhouettes of one colour in a box of 24 × 24 units, for 16 to 24 pixels.
`manage.py draw_icons` writes them into one static file, build/pictograms.svg, together with the
shapes of the product groups from templates/frontend/symbols.svg, which represent types without a
drawing.

<symbol> is ProductType.symbol.
"""

import functools
import re
from pathlib import Path

FOLDER = Path(__file__).parent
SPRITE = "build/pictograms.svg"
GROUP_SHAPES = FOLDER.parent / "templates" / "frontend" / "symbols.svg"
SVG = "http://www.w3.org/2000/svg"


@functools.cache
def symbols():
    """The symbols that have a pictogram, sorted."""
    return tuple(sorted(path.stem for path in (FOLDER / "pictograms").glob("*.svg")))


def pictogram_id(product_type, group=None):
    """Return the id of a pictogram in the sprite.

    product_type: a ProductType or None. group: the product's Category or None, whose shape
    represents a product without a type; a type that has no drawing has the shape of its own group.
    """
    if product_type is None:
        return f"group-{group.code if group else 'none'}"
    if product_type.symbol in symbols():
        return product_type.symbol
    return f"group-{product_type.group.code if product_type.group else 'none'}"


def sprite():
    """Return the sprite as text: a <symbol> for each pictogram and for each product group."""
    drawn = "".join(
        f'<symbol id="{symbol}" viewBox="0 0 24 24" fill="currentColor" fill-rule="evenodd">'
        f"{_content(FOLDER / 'pictograms' / f'{symbol}.svg')}</symbol>"
        for symbol in symbols()
    )
    shapes = re.findall(r'<symbol id="sign-([IV]+|none)"[^>]*>(.*?)</symbol>', _read(GROUP_SHAPES))
    groups = "".join(
        f'<symbol id="group-{code}" viewBox="0 0 24 24" fill="currentColor">{shape}</symbol>'
        for code, shape in shapes
    )
    return f'<svg xmlns="{SVG}">{drawn}{groups}</svg>\n'


def _content(path):
    """The elements inside of the <svg> of a file, without white space between them."""
    return re.sub(r">\s+<", "><", re.search(r"<svg[^>]*>\s*(.*?)\s*</svg>", _read(path), re.S)[1])


def _read(path):
    return path.read_text(encoding="utf-8")
