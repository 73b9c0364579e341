"""Curves and pictograms as polygons, for images that Pillow draws."""

import functools
import math
from xml.etree import ElementTree

from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from PIL import Image, ImageChops, ImageDraw

from frontend import drawings


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


@functools.cache
def pictogram_mask(symbol, side):
    """Return a pictogram as a mask without smooth edges; side: pixels."""
    mask = Image.new("L", (side, side))
    for part in ElementTree.fromstring(drawings.pictogram_source(symbol)):
        mask = ImageChops.lighter(mask, _part_mask(part, side))
    return mask


def _part_mask(part, side):
    """The mask of a <path> or <circle> of a pictogram."""
    scale = side / 24
    mask = Image.new("L", (side, side))
    if part.get("r"):
        lines = [arc(*(float(part.get(name)) for name in ("cx", "cy", "r")))]
    else:
        lines = _lines(part.get("d"))
    for line in lines:
        points = [(scale * x, scale * y) for x, y in line]
        shape = Image.new("L", mask.size)
        draw = ImageDraw.Draw(shape)
        if part.get("stroke"):
            width = scale * float(part.get("stroke-width"))
            draw.line(points, fill=255, width=round(width), joint="curve")
            for x, y in (points[0], points[-1]):
                draw.circle((x, y), width / 2, fill=255)
        else:
            draw.polygon(points, fill=255)
        # A shape inside of another one is a hole, except in strokes and by the rule "nonzero".
        is_union = part.get("stroke") or part.get("fill-rule") == "nonzero"
        mask = (ImageChops.lighter if is_union else ImageChops.difference)(mask, shape)
    return mask


def _lines(path_data):
    """The subpaths of the data of an SVG path, each as the points of a polygon."""
    pen = RecordingPen()
    parse_path(path_data, pen)
    lines = []
    for operation, points in pen.value:
        if operation == "moveTo":
            lines.append(list(points))
        elif operation == "lineTo":
            lines[-1] += points
        elif operation == "curveTo":
            lines[-1] += curve(lines[-1][-1], *points)
        elif operation == "qCurveTo":
            start, (middle, end) = lines[-1][-1], points
            thirds = [
                tuple(one + (mid - one) * 2 / 3 for one, mid in zip(at, middle, strict=True))
                for at in (start, end)
            ]
            lines[-1] += curve(start, *thirds, end)
    return lines
