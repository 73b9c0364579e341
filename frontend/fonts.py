"""The typeface of the site, cut to the characters that it uses.

Be Vietnam Pro (SIL Open Font License 1.1; the files name copyright and licence) is drawn for
Vietnamese. The npm package divides each weight into files for parts of Unicode; here they become
one file for each weight, build/be-vietnam-pro-<weight>.woff2, which browsers and share images use.
"""

import functools
import io
import string

from django.conf import settings
from django.contrib.staticfiles import finders
from PIL import ImageFont

FAMILY = "Be Vietnam Pro"
# Weight of the file → the weights that CSS may request from it.
WEIGHTS = {400: "400", 600: "600 900"}
REGULAR, BOLD = WEIGHTS
STYLE_SHEET = "build/fonts.css"
VIETNAMESE = (
    "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯư"
    # Ạ to ỹ, which Unicode lists together.
    + "".join(map(chr, range(0x1EA0, 0x1EFA)))
)
PUNCTUATION = "\u00a0–—‘’“”…·•×−°²³½§«»©™₫€"
# The letters of western European names, as À to ÿ of Latin-1.
CHARACTERS = sorted({*string.printable[:95], *VIETNAMESE, *PUNCTUATION, *map(chr, range(192, 256))})


def file_name(weight):
    """The static file of a weight."""
    return f"build/be-vietnam-pro-{weight}.woff2"


def style_sheet():
    """Return the @font-face rules of all weights."""
    return "".join(
        f'@font-face{{font-family:"{FAMILY}";'
        f'src:url({file_name(weight).removeprefix("build/")}) format("woff2");'
        f"font-weight:{weights};font-display:swap}}\n"
        for weight, weights in WEIGHTS.items()
    )


def build(weight):
    """Return the file of a weight, as bytes: CHARACTERS without hinting, and tabular digits.

    Needs fontTools and the npm package, as static files are built.
    """
    from fontTools import subset
    from fontTools.merge import Merger, Options

    package = settings.BASE_DIR / "node_modules" / "@fontsource" / "be-vietnam-pro" / "files"
    parts = [
        str(package / f"be-vietnam-pro-{part}-{weight}-normal.woff2")
        for part in ("latin", "vietnamese")
    ]
    font = Merger(Options(drop_tables=["fpgm", "prep", "cvt ", "gasp"])).merge(parts)
    _add_tabular_digits(font)
    options = subset.Options(
        layout_features=["kern", "tnum"], hinting=False, name_IDs=[0, 1, 2, 13, 14]
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(CHARACTERS))
    subsetter.subset(font)
    font.flavor = "woff2"
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()


def _add_tabular_digits(font):
    """Add digits of equal width, which the typeface lacks: the others in the middle of that width.

    Replaces all substitutions of the font (fractions, ligatures), which the site does not use.
    """
    from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    glyphs, metrics = font["glyf"], font["hmtx"]
    digits = [font.getBestCmap()[ord(digit)] for digit in string.digits]
    width = max(metrics[digit][0] for digit in digits)
    for digit in digits:
        advance, bearing = metrics[digit]
        shift = (width - advance) // 2
        pen = TTGlyphPen(glyphs)
        pen.addComponent(digit, (1, 0, 0, 1, shift, 0))
        glyphs[f"{digit}.tnum"] = pen.glyph()
        metrics[f"{digit}.tnum"] = (width, bearing + shift)
    font.setGlyphOrder(glyphs.glyphOrder)
    rules = "".join(f"sub {digit} by {digit}.tnum;" for digit in digits)
    addOpenTypeFeaturesFromString(font, f"feature tnum {{ {rules} }} tnum;", tables=["GSUB"])


@functools.cache
def for_images(weight, size):
    """Return the typeface for Pillow; size: pixels."""
    return ImageFont.truetype(finders.find(file_name(weight)), size)
