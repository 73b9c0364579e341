"""The drawings of product types, which were drawn for this project.

pictograms/<symbol>.svg: silhouettes of one colour in a box of 24 × 24 units, for 16 to 24 pixels.
illustrations/<symbol>.svg: pictures of 320 × 240 units on a tint, with colours for the dark scheme.
`manage.py draw_icons` writes the pictograms into one static file, build/pictograms.svg, and each
illustration into build/illustrations/. Both include the shapes of the product groups from
templates/frontend/symbols.svg, which represent types without a drawing.

<symbol> is ProductType.symbol.
"""

import functools
import re
from pathlib import Path

FOLDER = Path(__file__).parent
SPRITE = "build/pictograms.svg"
ILLUSTRATIONS = "build/illustrations"
GROUP_SHAPES = FOLDER.parent / "templates" / "frontend" / "symbols.svg"
SVG = "http://www.w3.org/2000/svg"
# The shape of a group in the middle of an illustration; {colour} is that of the group.
GROUP_ILLUSTRATION = (
    f'<svg xmlns="{SVG}" viewBox="0 0 320 240" width="320" height="240">'
    "<style>.a{{fill:#f4efe3}}.b{{fill:#fffdf8}}"
    "@media(prefers-color-scheme:dark){{.a{{fill:#242a2c}}.b{{fill:#30373a}}}}</style>"
    '<path class="a" d="M0 0h320v240H0z"/><circle class="b" cx="160" cy="120" r="84"/>'
    '<g fill="{colour}" transform="translate(100 60) scale(5)">{shape}</g></svg>\n'
)


@functools.cache
def symbols():
    """The symbols that have drawings, sorted."""
    return tuple(sorted(path.stem for path in (FOLDER / "pictograms").glob("*.svg")))


def pictogram_id(product_type, group=None):
    """Return the id of a pictogram in the sprite, and the name of an illustration.

    product_type: a ProductType or None. group: the product's Category or None, whose shape
    represents a product without a type; a type that has no drawing has the shape of its own group.
    A group without a shape is represented like a product without a group.
    """
    if product_type is not None:
        if product_type.symbol in symbols():
            return product_type.symbol
        group = product_type.group
    code = group.code if group else None
    return f"group-{code if code in _group_shapes() else 'none'}"


def pictogram_source(symbol):
    """Return the SVG text of a pictogram."""
    return _read(FOLDER / "pictograms" / f"{symbol}.svg")


def sprite():
    """Return the sprite as text: a <symbol> for each pictogram and for each product group."""
    drawn = "".join(
        f'<symbol id="{symbol}" viewBox="0 0 24 24" fill="currentColor" fill-rule="evenodd">'
        f"{_content(pictogram_source(symbol))}</symbol>"
        for symbol in symbols()
    )
    groups = "".join(
        f'<symbol id="group-{code}" viewBox="0 0 24 24" fill="currentColor">{shape}</symbol>'
        for code, shape in _group_shapes().items()
    )
    return f'<svg xmlns="{SVG}">{drawn}{groups}</svg>\n'


def illustrations(colours):
    """Return {name: SVG text} of the illustrations of all symbols and product groups.

    colours: group code → colour.
    """
    drawn = {
        symbol: _without_spaces(_read(FOLDER / "illustrations" / f"{symbol}.svg"))
        for symbol in symbols()
    }
    return drawn | {
        f"group-{code}": GROUP_ILLUSTRATION.format(colour=colours[code], shape=shape)
        for code, shape in _group_shapes().items()
    }


@functools.cache
def _group_shapes():
    """{group code: elements} of the shapes of the product groups; "none" without a group."""
    pattern = r'<symbol id="sign-([IV]+|none)"[^>]*>(.*?)</symbol>'
    return dict(re.findall(pattern, _read(GROUP_SHAPES)))


def _content(text):
    """The elements inside of the <svg> of a text, without white space between them."""
    return _without_spaces(re.search(r"<svg[^>]*>\s*(.*?)\s*</svg>", text, re.S)[1])


def _without_spaces(text):
    return re.sub(r">\s+<", "><", text)


def _read(path):
    return path.read_text(encoding="utf-8")
