"""The icon of the site as bitmaps, for devices that accept no SVG; it looks like icon.svg."""

from PIL import Image, ImageDraw

from .outlines import curve

CLAY, SEA, GRAPE, PAPER = "#b4472b", "#dce9ee", "#e69f00", "#fbf8f1"
# Side of the square in which the icon is designed.
SIDE = 32
# Drawn larger by this factor and then reduced, for smooth edges.
OVERSAMPLING = 4
# The wave of icon.svg: two Bézier curves.
WAVE = [((4, 23), (8, 19), (12, 19), (16, 23)), ((16, 23), (20, 27), (24, 27), (28, 23))]


def draw(side, *, maskable):
    """Return the icon as an image, `side` pixels wide.

    maskable: for launchers that crop the icon to their own shape. The background then fills the
    square and the drawing is within the central 80 %, which no shape crops.
    """
    image = Image.new("RGBA", (side * OVERSAMPLING, side * OVERSAMPLING), (0, 0, 0, 0))
    canvas = ImageDraw.Draw(image)
    unit = side * OVERSAMPLING / SIDE
    inner = unit * (0.8 if maskable else 1)
    margin = (SIDE * unit - SIDE * inner) / 2

    def at(*numbers):
        return [margin + number * inner for number in numbers]

    def disc(radius, **style):
        canvas.ellipse(at(16 - radius, 12.5 - radius, 16 + radius, 12.5 + radius), **style)

    square = (0, 0, SIDE * unit - 1, SIDE * unit - 1)
    canvas.rounded_rectangle(square, 0 if maskable else 7 * unit, fill=CLAY)
    wave = [point for bend in WAVE for point in curve(*bend)]
    canvas.polygon([tuple(at(*point)) for point in [*wave, (28, 28), (4, 28)]], fill=SEA)
    disc(6.5, fill=GRAPE)
    disc(9.8, outline=PAPER, width=round(1.6 * inner))
    return image.resize((side, side), Image.Resampling.LANCZOS)
