"""Images of the map for link previews and for printed pages, drawn from our own base map.

The colours are those of tokens.css (light scheme), the symbols those of symbols.svg. An image
contains no text but numbers, so that it serves every language.
"""

import functools
import io
import json
import math
import re

from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw, ImageFont

# The size that link previews expect.
WIDTH, HEIGHT = 1200, 630
# Drawn larger by this factor and then reduced, for smooth edges.
OVERSAMPLING = 2
# Height in degrees of latitude: of an image of the province, of an image of one place.
WHOLE, NEAR = 0.98, 0.5


def arc(x, y, r, start=0, end=360):
    """Points of a circular arc; angles in degrees, clockwise from the east."""
    steps = [math.radians(start + (end - start) * step / 32) for step in range(33)]
    return [(x + r * math.cos(angle), y + r * math.sin(angle)) for angle in steps]


def curve(*points):
    """Points of a cubic Bézier curve with these four control points."""
    parameters = [step / 16 for step in range(17)]
    weights = [((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3) for t in parameters]
    return [
        tuple(sum(w * point[axis] for w, point in zip(row, points, strict=True)) for axis in (0, 1))
        for row in weights
    ]


def flower():
    """Five petals and their centre, as polygons in a box of 24."""
    angles = [math.radians(72 * petal - 90) for petal in range(5)]
    petals = [arc(12 + 5.1 * math.cos(one), 12 + 5.1 * math.sin(one), 4.1) for one in angles]
    return [*petals, arc(12, 12, 4)]


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
def base_map():
    """The base map that the maps in browsers use, as parsed JSON."""
    with open(finders.find("build/basemap.json")) as file:
        return json.load(file)


class MapImage:
    """An image of the map; positions are (lng, lat), sizes are pixels of the finished image.

    centre: the position to show in the middle. height: degrees of latitude. At the edge of the base
    map the image is shifted: areas without data would otherwise look like sea.
    """

    def __init__(self, centre, height):
        self._scale = OVERSAMPLING * HEIGHT / height
        # A degree of longitude is shorter than a degree of latitude.
        self._lng_factor = math.cos(math.radians(centre[1]))
        west, south, east, north = base_map()["frame"]
        width = height * WIDTH / HEIGHT / self._lng_factor
        self._west = _clamp(west, centre[0] - width / 2, east - width)
        self._north = _clamp(south + height, centre[1] + height / 2, north)
        self._image = Image.new(
            "RGB", (OVERSAMPLING * WIDTH, OVERSAMPLING * HEIGHT), palette()["sea"]
        )
        self._draw = ImageDraw.Draw(self._image)

    def base_map(self, districts):
        """Draw the land, the province and these outlines of its districts."""
        colours = palette()
        for part in base_map()["land"]:
            self._fill(part, colours["land"])
        self._fill(base_map()["home"], colours["raised"])
        for outline in districts:
            self._outline(outline, colours["muted"], 1)
        self._outline(base_map()["home"], colours["muted"], 2.5)

    def area(self, geometry):
        """Draw an area in the translucent accent colour; geometry: GeoJSON as a dictionary."""
        self._fill(geometry, palette()["clay"], opacity=0.3)
        self._outline(geometry, palette()["clay"], 4)

    def symbol(self, position, group, *, size, hollow=False):
        """Draw the symbol of a product group; hollow marks an inexact position."""
        shapes = SYMBOLS.get(group, SYMBOLS["none"])
        colours = palette()
        body = colours.get(group, colours["none"])
        rim = max(2, size / 14)
        self._shapes(shapes, position, size + 4 * rim, colours["ink"])
        self._shapes(shapes, position, size + 2.4 * rim, colours["raised"])
        self._shapes(shapes, position, size, body)
        if hollow:
            self._shapes(shapes, position, size * 0.5, colours["raised"])

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
        # The font of Pillow has the digits, which is all that is written.
        font = ImageFont.load_default(size=0.6 * height)
        self._draw.text((x, y), str(count), fill=colours["ink"], font=font, anchor="mm")

    def png(self):
        """The finished image as bytes of a PNG file."""
        image = self._image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        # The image has few colours: a palette halves the file.
        file = io.BytesIO()
        image.quantize(256, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        return file.getvalue()

    def pixel(self, position):
        """Return (x, y) of a position on the finished image."""
        return tuple(round(value / OVERSAMPLING) for value in self._project(position))

    def _project(self, position):
        return (
            (position[0] - self._west) * self._lng_factor * self._scale,
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
