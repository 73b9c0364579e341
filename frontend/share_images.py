"""Pictures of the map for the cards of shared links and for paper, drawn from our own ground.

The colours are those of tokens.css (light), the signs look like those of signs.svg. Nothing is
written into a picture: it stands beside a title, in whichever language.
"""

import functools
import io
import json
import math
import re

from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw

# What the cards of shared links want.
WIDTH, HEIGHT = 1200, 630
# Drawn larger and then made smaller, for smooth edges.
FINE = 2
# Degrees of latitude on a picture of the whole, and of one place.
WHOLE, NEAR = 0.98, 0.5


def circle(x, y, r, begin=0, end=360):
    """The points of an arc, in degrees clockwise from the east."""
    steps = [math.radians(begin + (end - begin) * step / 32) for step in range(33)]
    return [(x + r * math.cos(angle), y + r * math.sin(angle)) for angle in steps]


def curve(*points):
    """The points of a cubic Bézier curve."""
    shares = [step / 16 for step in range(17)]
    weights = [((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3) for t in shares]
    return [
        tuple(sum(w * point[axis] for w, point in zip(row, points, strict=True)) for axis in (0, 1))
        for row in weights
    ]


def petals():
    turns = [math.radians(72 * turn - 90) for turn in range(5)]
    around = [circle(12 + 5.1 * math.cos(turn), 12 + 5.1 * math.sin(turn), 4.1) for turn in turns]
    return [*around, circle(12, 12, 4)]


# Each group's sign as polygons in a box of 24, as in templates/frontend/signs.svg.
SIGNS = {
    "I": [circle(12, 12, 8)],
    "II": [
        curve((18.4, 14.5), (18.4, 10.6), (15.2, 6.9), (12, 2.6))
        + curve((12, 2.6), (8.8, 6.9), (5.6, 10.6), (5.6, 14.5))
        + circle(12, 14.5, 6.4, 180, 0)
    ],
    "III": [
        curve((4.4, 19.6), (2.8, 10.4), (9, 4.2), (20.2, 3.8))
        + curve((20.2, 3.8), (20.4, 15), (14, 21.2), (4.4, 19.6))
    ],
    "IV": [[(4.6, 4.6), (19.4, 4.6), (19.4, 19.4), (4.6, 19.4)]],
    "V": petals(),
    "VI": [[(5.6, 21.4), (5.6, 3), (19.8, 8.6), (8.8, 13), (8.8, 21.4)]],
    "none": [[(12, 3.4), (20.6, 12), (12, 20.6), (3.4, 12)]],
}


@functools.cache
def palette():
    """Name → colour of tokens.css in the light scheme; a group's colour by its code."""
    with open(finders.find("geodata/css/tokens.css")) as file:
        light = file.read().partition("@media")[0]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light))
    return colours | dict(re.findall(r"--group-(\w+): (#[0-9a-f]{6});", light))


@functools.cache
def base_map():
    """The ground as the maps in browsers have it."""
    with open(finders.find("build/basemap.json")) as file:
        return json.load(file)


class Picture:
    """A map sheet; positions are (lng, lat), sizes pixels of the finished picture.

    centre, tall: what it shows, so many degrees of latitude high. Where the known ground ends, the
    sheet is moved, so that nothing unknown looks like sea.
    """

    def __init__(self, centre, tall):
        self._scale = FINE * HEIGHT / tall
        # A degree to the east is shorter than one to the north.
        self._squeeze = math.cos(math.radians(centre[1]))
        west, south, east, north = base_map()["frame"]
        wide = tall * WIDTH / HEIGHT / self._squeeze
        self._west = _between(west, centre[0] - wide / 2, east - wide)
        self._north = _between(south + tall, centre[1] + tall / 2, north)
        self._image = Image.new("RGB", (FINE * WIDTH, FINE * HEIGHT), palette()["sea"])
        self._draw = ImageDraw.Draw(self._image)

    def ground(self, districts):
        """The land, the province and the outlines of its districts."""
        colours = palette()
        for part in base_map()["land"]:
            self._fill(part, colours["land"])
        self._fill(base_map()["home"], colours["raised"])
        for outline in districts:
            self._outline(outline, colours["muted"], 1)
        self._outline(base_map()["home"], colours["muted"], 2.5)

    def area(self, geometry):
        """An area in the accent colour, through which the ground is seen."""
        self._fill(geometry, palette()["clay"], opacity=0.3)
        self._outline(geometry, palette()["clay"], 4)

    def sign(self, at, group, *, size, hollow=False):
        """A group's sign; hollow where the position is not exact."""
        shapes = SIGNS.get(group, SIGNS["none"])
        colours = palette()
        body = colours.get(group, colours["none"])
        rim = max(2, size / 14)
        self._shapes(shapes, at, size + 4 * rim, colours["ink"])
        self._shapes(shapes, at, size + 2.4 * rim, colours["raised"])
        self._shapes(shapes, at, size, body)
        if hollow:
            self._shapes(shapes, at, size * 0.5, colours["raised"])

    def png(self):
        small = self._image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        # Few colours are on it: a palette of them takes half of the bytes.
        file = io.BytesIO()
        small.quantize(256, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        return file.getvalue()

    def pixel(self, at):
        """Where a position is on the finished picture."""
        return tuple(round(value / FINE) for value in self._project(at))

    def _project(self, at):
        return (
            (at[0] - self._west) * self._squeeze * self._scale,
            (self._north - at[1]) * self._scale,
        )

    def _rings(self, geometry):
        """Outer rings first, then the holes, as points of the sheet."""
        kind, parts = geometry["type"], geometry["coordinates"]
        polygons = parts if kind == "MultiPolygon" else [parts]
        for is_hole in (False, True):
            for polygon in polygons:
                for ring in polygon[1:] if is_hole else polygon[:1]:
                    yield is_hole, [self._project(at) for at in ring]

    def _fill(self, geometry, colour, opacity=1.0):
        mask = Image.new("L", self._image.size)
        draw = ImageDraw.Draw(mask)
        for is_hole, points in self._rings(geometry):
            draw.polygon(points, fill=0 if is_hole else round(255 * opacity))
        self._image.paste(colour, mask=mask)

    def _outline(self, geometry, colour, width):
        for _, points in self._rings(geometry):
            self._draw.line(points, fill=colour, width=round(FINE * width), joint="curve")

    def _shapes(self, shapes, at, size, colour):
        x, y = self._project(at)
        scale = FINE * size / 24
        for shape in shapes:
            points = [(x + scale * (dx - 12), y + scale * (dy - 12)) for dx, dy in shape]
            self._draw.polygon(points, fill=colour)


def _between(least, value, most):
    return max(least, min(value, most))
