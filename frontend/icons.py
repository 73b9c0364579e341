"""The sign of the site as pictures, for telephones that take no SVG; drawn like icon.svg."""

from PIL import Image, ImageDraw

from .share_images import curve

CLAY, SEA, GRAPE, PAPER = "#b4472b", "#dce9ee", "#e69f00", "#fbf8f1"
# The drawing's own square, and how much finer than asked it is drawn so that edges are smooth.
SIDE = 32
FINER = 4
# The wave of icon.svg: two curves.
WAVE = [((4, 23), (8, 19), (12, 19), (16, 23)), ((16, 23), (20, 27), (24, 27), (28, 23))]


def draw(side, *, cut):
    """The sign, so many pixels wide.

    cut: for a launcher that cuts it to its own shape: the ground fills the square, and the sign
    stays within the four fifths that every shape keeps.
    """
    picture = Image.new("RGBA", (side * FINER, side * FINER), (0, 0, 0, 0))
    canvas = ImageDraw.Draw(picture)
    unit = side * FINER / SIDE
    inner = unit * (0.8 if cut else 1)
    margin = (SIDE * unit - SIDE * inner) / 2

    def at(*numbers):
        return [margin + number * inner for number in numbers]

    def disc(radius, **look):
        canvas.ellipse(at(16 - radius, 12.5 - radius, 16 + radius, 12.5 + radius), **look)

    ground = (0, 0, SIDE * unit - 1, SIDE * unit - 1)
    canvas.rounded_rectangle(ground, 0 if cut else 7 * unit, fill=CLAY)
    wave = [point for bend in WAVE for point in curve(*bend)]
    canvas.polygon([tuple(at(*point)) for point in [*wave, (28, 28), (4, 28)]], fill=SEA)
    disc(6.5, fill=GRAPE)
    disc(9.8, outline=PAPER, width=round(1.6 * inner))
    return picture.resize((side, side), Image.Resampling.LANCZOS)
