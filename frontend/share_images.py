"""Images for link previews and printed pages: the name of a record, and our own map beside it.

The colours are those of tokens.css (light scheme), the symbols those of symbols.svg, the band that
of motif.css, the typeface that of the pages. The texts are Vietnamese, as the names are, so that
one image serves every language.
"""

import functools
import io
import itertools
import json
import math
import re

from django.contrib.staticfiles import finders
from PIL import Image, ImageChops, ImageColor, ImageDraw

from frontend.fonts import BOLD, REGULAR, for_images
from frontend.outlines import arc, curve, pictogram_mask

# The size that link previews expect.
WIDTH, HEIGHT = 1200, 630
# Width of the panel with the texts, and its margin; the map is on its right.
PANEL, MARGIN = 576, 48
# Sizes of the name, the largest first; the most lines of the smallest; line height by size.
NAME_SIZES, NAME_LINES, LEADING = (88, 76, 68, 60, 52), 4, 1.18
TEXT_SIZE, STAR_SIZE = 28, 54
# Width of one repetition of the band.
BAND = 48
# Drawn larger by this factor and then reduced, for smooth edges.
OVERSAMPLING = 2
# Height in degrees of latitude: of an image of the province, of an image of one place.
WHOLE, NEAR = 0.98, 0.5


def flower():
    """Five petals and their centre, as polygons in a box of 24."""
    angles = [math.radians(72 * petal - 90) for petal in range(5)]
    petals = [arc(12 + 5.1 * math.cos(one), 12 + 5.1 * math.sin(one), 4.1) for one in angles]
    return [*petals, arc(12, 12, 4)]


# On the colours of these groups a white pictogram has too little contrast.
BRIGHT_GROUPS = ("I", "V")
# Product group → its symbol as polygons in a box of 24, as in templates/frontend/symbols.svg.
SYMBOLS = {
    "I": [arc(12, 12, 8)],
    "II": [
        curve((18.4, 14.5), (18.4, 10.6), (15.2, 6.9), (12, 2.6))
        + curve((12, 2.6), (8.8, 6.9), (5.6, 10.6), (5.6, 14.5))
        + arc(12, 14.5, 6.4, 180, 0)
    ],
    "III": [
        curve((4.4, 19.6), (2.8, 10.4), (9, 4.2), (20.2, 3.8))
        + curve((20.2, 3.8), (20.4, 15), (14, 21.2), (4.4, 19.6))
    ],
    "IV": [[(4.6, 4.6), (19.4, 4.6), (19.4, 19.4), (4.6, 19.4)]],
    "V": flower(),
    "VI": [[(5.6, 21.4), (5.6, 3), (19.8, 8.6), (8.8, 13), (8.8, 21.4)]],
    "none": [[(12, 3.4), (20.6, 12), (12, 20.6), (3.4, 12)]],
}


@functools.cache
def palette():
    """Token → colour of tokens.css in the light scheme; product group code → its colour."""
    with open(finders.find("geodata/css/tokens.css")) as file:
        light = file.read().partition("@media")[0]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light))
    return colours | dict(re.findall(r"--group-(\w+): (#[0-9a-f]{6});", light))


@functools.cache
def band():
    """Return (width, height, polygons) of one repetition of the band, from motif.css."""
    with open(finders.find("frontend/css/motif.css")) as file:
        tile = re.search(r"viewBox='0 0 (\d+) (\d+)'.*? d='([^']+)'", file.read())
    polygons = []
    for path in tile[3].split("M")[1:]:
        numbers = [float(number) for number in re.findall(r"[\d.]+", path)]
        polygons.append(list(zip(numbers[::2], numbers[1::2], strict=True)))
    return int(tile[1]), int(tile[2]), polygons


def star():
    """The outline of a star in a box of 1."""
    corners = ((-90 + 36 * step, 0.5 if step % 2 == 0 else 0.22) for step in range(10))
    return [
        (0.5 + radius * math.cos(math.radians(angle)), 0.5 + radius * math.sin(math.radians(angle)))
        for angle, radius in corners
    ]


def wrapped(text, font, width, most):
    """Break a text into at most so many lines of that width, the last cut with an ellipsis.

    A word that is too long for a line is cut too. width: pixels of the font.
    """
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    shown = lines[:most]
    if len(lines) > most:
        shown[-1] += "…"
    return [_cut(line, font, width) for line in shown]


def _cut(line, font, width):
    while font.getlength(line) > width:
        line = f"{line.removesuffix('…')[:-1].rstrip()}…"
    return line


@functools.cache
def base_map():
    """The base map, of which the maps in browsers have a drawing, as parsed JSON."""
    with open(finders.find("build/basemap.json")) as file:
        return json.load(file)


class MapImage:
    """An image of the map; positions are (lng, lat), sizes are pixels of the finished image.

    centre: the position to show in the middle of what the panel leaves of the image. height:
    degrees of latitude. At the edge of the base map the map is shifted: areas without data would
    otherwise look like sea.
    """

    def __init__(self, centre, height):
        self._scale = OVERSAMPLING * HEIGHT / height
        # A degree of longitude is shorter than a degree of latitude.
        self._lng_factor = math.cos(math.radians(centre[1]))
        west, south, east, north = base_map()["frame"]
        width = height * (WIDTH - PANEL) / HEIGHT / self._lng_factor
        self._west = _clamp(west, centre[0] - width / 2, east - width)
        self._north = _clamp(south + height, centre[1] + height / 2, north)
        self._image = Image.new(
            "RGB", (OVERSAMPLING * WIDTH, OVERSAMPLING * HEIGHT), palette()["sea"]
        )
        self._draw = ImageDraw.Draw(self._image)

    def base_map(self, districts):
        """Draw the land, the province and these outlines of its districts."""
        colours = palette()
        for part in [*base_map()["land"], base_map()["home"]]:
            self._outline(part, colours["shore"], 12)
        for part in base_map()["land"]:
            self._fill(part, colours["land"])
        self._fill(base_map()["home"], colours["home"])
        for outline in districts:
            self._outline(outline, colours["muted"], 1)
        self._outline(base_map()["home"], colours["muted"], 2.5)

    def area(self, geometry):
        """Draw an area in the translucent accent colour; geometry: GeoJSON as a dictionary."""
        self._fill(geometry, palette()["clay"], opacity=0.3)
        self._outline(geometry, palette()["clay"], 4)

    def symbol(self, position, group, *, size, hollow=False, pictogram=""):
        """Draw a pictogram on a disc in the colour of the product group, or the group's symbol.

        pictogram: one of drawings.symbols(), or "". hollow marks an inexact position.
        """
        shapes = [arc(12, 12, 12)] if pictogram else SYMBOLS.get(group, SYMBOLS["none"])
        colours = palette()
        body = colours.get(group, colours["none"])
        rim = max(2, size / 14)
        self._shapes(shapes, position, size + 4 * rim, colours["ink"])
        self._shapes(shapes, position, size + 2.4 * rim, colours["raised"])
        self._shapes(shapes, position, size, body)
        if hollow:
            self._shapes(shapes, position, size * (0.84 if pictogram else 0.5), colours["raised"])
        if pictogram:
            x, y = self._project(position)
            mask = pictogram_mask(pictogram, round(OVERSAMPLING * 0.62 * size))
            at = (round(x - mask.width / 2), round(y - mask.height / 2))
            dark = hollow or group in BRIGHT_GROUPS
            box = (*at, at[0] + mask.width, at[1] + mask.height)
            self._image.paste(colours["ink" if dark else "raised"], box, mask)

    def badge(self, position, count, *, size):
        """Draw a dashed badge with a number: products known only to a unit. size: its height."""
        x, y = self._project(position)
        colours = palette()
        height = OVERSAMPLING * size
        half_width, half = 0.65 * height, height / 2
        box = (x - half_width, y - half, x + half_width, y + half)
        self._draw.rounded_rectangle(box, radius=height / 4, fill=colours["raised"])
        width = max(2, round(height / 14))
        corners = ((box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3]))
        for start, end in zip(corners, (*corners[1:], corners[0]), strict=True):
            for dash in _dashes(start, end, height / 6):
                self._draw.line(dash, fill=colours["ink"], width=width)
        font = for_images(BOLD, round(0.6 * height))
        self._draw.text((x, y), str(count), fill=colours["ink"], font=font, anchor="mm")

    def panel(self, title, name, *, stars=0, lines=()):
        """Draw the panel: title of the site, name of the record, stars, and lines of text.

        What is too long is broken into lines, then cut with an ellipsis.
        """
        colours, right = palette(), PANEL - MARGIN
        self._rectangle((0, 0, PANEL, HEIGHT), colours["paper"])
        self._rectangle((PANEL, 0, PANEL + 3, HEIGHT), colours["line"])
        self._band(HEIGHT - BAND / 2)
        y = self._text(MARGIN, 44, title, BOLD, 26, "clay", 1)
        size = _name_size(name, right - MARGIN)
        y = self._text(MARGIN, y + 26, name, BOLD, size, "ink", NAME_LINES)
        if stars:
            y += 18
            for number in range(stars):
                x = MARGIN + number * (STAR_SIZE + 8)
                outline = [
                    (OVERSAMPLING * (x + STAR_SIZE * dx), OVERSAMPLING * (y + STAR_SIZE * dy))
                    for dx, dy in star()
                ]
                self._draw.polygon(outline, fill=colours["gold"])
            y += STAR_SIZE
        y += 12
        for line in lines:
            y = self._text(MARGIN, y + 6, line, REGULAR, TEXT_SIZE, "muted", 2)

    def _text(self, x, y, text, weight, size, colour, most):
        """Draw a text of at most so many lines with its top at y, and return its bottom."""
        font = for_images(weight, OVERSAMPLING * size)
        width = OVERSAMPLING * (PANEL - MARGIN - x)
        for line in wrapped(text, font, width, most):
            at = (OVERSAMPLING * x, OVERSAMPLING * y)
            self._draw.text(at, line, fill=palette()[colour], font=font)
            y += LEADING * size
        return y

    def _band(self, top):
        """Draw the band over the width of the panel; top: y of its upper edge."""
        width, height, polygons = band()
        scale = OVERSAMPLING * BAND / width
        mask = Image.new("L", (OVERSAMPLING * BAND, round(scale * height)))
        for polygon in polygons:
            # A polygon inside of another one is a hole.
            shape = Image.new("L", mask.size)
            points = [(scale * x, scale * y) for x, y in polygon]
            ImageDraw.Draw(shape).polygon(points, fill=255)
            mask = ImageChops.difference(mask, shape)
        for left in range(0, PANEL, BAND):
            x, y = OVERSAMPLING * left, round(OVERSAMPLING * top)
            box = (x, y, x + mask.width, y + mask.height)
            self._image.paste(palette()["clay"], box, mask)

    def _rectangle(self, box, colour):
        self._draw.rectangle([OVERSAMPLING * value for value in box], fill=colour)

    def png(self):
        """The finished image as bytes of a PNG file."""
        image = self._image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        # The image has few colours: a palette makes the file a quarter. The colours of tokens.css
        # are in it, so that areas have exactly these.
        colours = sorted({ImageColor.getrgb(colour) for colour in palette().values()})
        method, dither = Image.Quantize.MAXCOVERAGE, Image.Dither.NONE
        others = image.quantize(256 - len(colours), method).getpalette()
        reduced = Image.new("P", (1, 1))
        reduced.putpalette([*itertools.chain(*colours), *others])
        file = io.BytesIO()
        image.quantize(palette=reduced, dither=dither).save(file, "PNG", optimize=True)
        return file.getvalue()

    def pixel(self, position):
        """Return (x, y) of a position on the finished image."""
        return tuple(round(value / OVERSAMPLING) for value in self._project(position))

    def _project(self, position):
        return (
            OVERSAMPLING * PANEL + (position[0] - self._west) * self._lng_factor * self._scale,
            (self._north - position[1]) * self._scale,
        )

    def _rings(self, geometry):
        """(is hole, points of the image) of each ring: outer rings first, then the holes."""
        kind, parts = geometry["type"], geometry["coordinates"]
        polygons = parts if kind == "MultiPolygon" else [parts]
        for is_hole in (False, True):
            for polygon in polygons:
                for ring in polygon[1:] if is_hole else polygon[:1]:
                    yield is_hole, [self._project(position) for position in ring]

    def _fill(self, geometry, colour, opacity=1.0):
        mask = Image.new("L", self._image.size)
        draw = ImageDraw.Draw(mask)
        for is_hole, points in self._rings(geometry):
            draw.polygon(points, fill=0 if is_hole else round(255 * opacity))
        self._image.paste(colour, mask=mask)

    def _outline(self, geometry, colour, width):
        for _, points in self._rings(geometry):
            self._draw.line(points, fill=colour, width=round(OVERSAMPLING * width), joint="curve")

    def _shapes(self, shapes, position, size, colour):
        x, y = self._project(position)
        scale = OVERSAMPLING * size / 24
        for shape in shapes:
            points = [(x + scale * (dx - 12), y + scale * (dy - 12)) for dx, dy in shape]
            self._draw.polygon(points, fill=colour)


def _name_size(name, width):
    """Return the largest size at which a name needs no more room than NAME_LINES of the smallest.

    width: pixels of a line.
    """
    for size in NAME_SIZES:
        font = for_images(BOLD, size)
        lines = len(wrapped(name, font, width, most=100))
        is_whole = all(font.getlength(word) <= width for word in name.split())
        if is_whole and lines * size <= NAME_LINES * NAME_SIZES[-1]:
            return size
    return NAME_SIZES[-1]


def _dashes(start, end, length):
    """Yield the dashes of a line that begins and ends with one; length: about that of a dash."""
    count = max(1, round(math.dist(start, end) / length)) | 1
    at = [
        tuple(one + (other - one) * step / count for one, other in zip(start, end, strict=True))
        for step in range(count + 1)
    ]
    for number in range(0, count, 2):
        yield at[number], at[number + 1]


def _clamp(minimum, value, maximum):
    return max(minimum, min(value, maximum))
