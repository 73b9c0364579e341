"""Roads, railways, water, parks and villages of an OpenStreetMap extract, for drawing only.

The map draws them above the built-in base map. They are in no collection, file, tile or search:
the data of this site are under another licence than those of OpenStreetMap (ODbL).
"""

import gzip
import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyogrio
import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from .basemap import build_basemap
from .models import BaseExtract, BaseSquare

# The squares of each level are those of a web map of this zoom. Level → the least zoom of the map
# at which they are drawn.
LEVELS = {8: 0, 10: 11, 12: 13}
# Degrees: less than a pixel at the greatest zoom of a level; the last is drawn up to zoom 18.
TOLERANCES = {8: 0.0008, 10: 0.0002, 12: 0.00002}
DECIMALS = {8: 4, 10: 5, 12: 5}
# Of the width of a square: neighbours overlap by that, so that no line shows between two areas.
OVERLAP = 1 / 512
# Square degrees of the smallest area that a level draws, about four pixels.
SMALLEST = {8: 4e-6, 10: 2.5e-7, 12: 0}
# Degrees of the shortest line on which a level writes a name or number.
NAMED_LENGTH = {8: 0.05, 10: 0.02, 12: 0.005}

SUFFIXES = (".osm", ".pbf")
CONFIG = Path(__file__).with_name("osmconf.ini")
# Value of a tag → (class of the drawing, first level that draws it).
ROADS = {
    "motorway": ("road-main", 8),
    "trunk": ("road-main", 8),
    "primary": ("road-main", 8),
    "secondary": ("road-middle", 8),
    "tertiary": ("road-middle", 10),
    "motorway_link": ("road-main", 10),
    "trunk_link": ("road-main", 10),
    "primary_link": ("road-main", 10),
    "secondary_link": ("road-middle", 12),
    "tertiary_link": ("road-middle", 12),
    "unclassified": ("road-minor", 12),
    "residential": ("road-minor", 12),
    "living_street": ("road-minor", 12),
}
WATERWAYS = {"river": ("river", 8), "canal": ("river", 10), "stream": ("river", 12)}
AREAS = {
    ("natural", "water"): ("water", 8),
    ("landuse", "reservoir"): ("water", 8),
    ("waterway", "riverbank"): ("water", 8),
    ("natural", "beach"): ("beach", 10),
    ("boundary", "national_park"): ("park", 8),
    ("leisure", "nature_reserve"): ("park", 8),
}
# Value of `place` → (least zoom at which the name is shown, first level that has it). Towns are in
# the built-in base map.
PLACES = {
    "village": (12, 10),
    "suburb": (12, 10),
    "quarter": (13, 12),
    "hamlet": (13, 12),
    "neighbourhood": (14, 12),
}
# Classes from bottom to top.
ORDER = ("park", "beach", "water", "river", "rail", "road-minor", "road-middle", "road-main")


class Square(NamedTuple):
    """A square of the web map: its level, a key of LEVELS, and its column and row."""

    level: int
    x: int
    y: int


class Item(NamedTuple):
    """Something to draw; geometry: in degrees of WGS 84."""

    kind: str
    level: int
    geometry: Any
    name: str = ""


class NotAnExtract(ValueError):
    """The file is no OpenStreetMap extract, is damaged, or has nothing inside the box."""


def load_extract(path: Path, box: tuple[float, float, float, float]) -> BaseExtract:
    """Replace the loaded extract by that of a file; return the BaseExtract.

    path: .osm or .osm.pbf. box: west, south, east, north in degrees of WGS 84; everything is cut to
    it. Raises NotAnExtract, with a sentence for people; then nothing has changed.
    """
    items, places = read_extract(path, box)
    if not items and not places:
        raise NotAnExtract(_("Tệp không có gì để vẽ trong phạm vi bản đồ."))
    squares = {square: _compressed(body) for square, body in draw_squares(items, places, box)}
    digest = hashlib.sha256()
    for square, body in squares.items():
        digest.update(repr(square).encode() + body)
    with transaction.atomic():
        BaseExtract.objects.all().delete()
        extract = BaseExtract.objects.create(
            file_name=path.name, version=digest.hexdigest()[:12], box=list(box)
        )
        BaseSquare.objects.bulk_create(
            BaseSquare(extract=extract, level=level, x=x, y=y, body=body)
            for (level, x, y), body in squares.items()
        )
    return extract


def read_extract(
    path: Path, box: tuple[float, float, float, float]
) -> tuple[list[Item], list[tuple[str, str, Any]]]:
    """Return what to draw, cut to a box, and the villages as (kind of place, name, point).

    path, box, errors: as of load_extract().
    """
    area = shapely.box(*box)
    items: list[Item] = []
    for row in _rows(path, "lines", "name, ref, highway, railway, waterway", box):
        name, ref, highway, railway, waterway, line = row
        if highway in ROADS:
            items.append(Item(*ROADS[highway], line, ref or ""))
        elif railway == "rail":
            items.append(Item("rail", 8, line))
        elif waterway in WATERWAYS:
            items.append(Item(*WATERWAYS[waterway], line, name or ""))
    columns = "boundary, landuse, leisure, natural, waterway"
    for *tags, shape in _rows(path, "multipolygons", columns, box):
        for tag in zip(columns.split(", "), tags, strict=True):
            if tag in AREAS:
                kind, level = AREAS[tag]
                items.append(Item(kind, level, shapely.make_valid(shape)))
                break
    if any(item.kind == "park" for item in items):
        land = _land()
        # The map has one coastline; a park may continue in the sea.
        items = [
            item._replace(geometry=shapely.intersection(item.geometry, land))
            if item.kind == "park"
            else item
            for item in items
        ]
    cut = shapely.clip_by_rect([item.geometry for item in items], *box)
    items = [
        item._replace(geometry=geometry)
        for item, geometry in zip(items, cut, strict=True)
        if not shapely.is_empty(geometry)
    ]
    places = [
        (place, name, point)
        for name, place, point in _rows(path, "points", "name, place", box)
        if name and place in PLACES and area.covers(point)
    ]
    return items, places


def draw_squares(
    items: list[Item], places: list[tuple[str, str, Any]], box: tuple[float, float, float, float]
) -> Iterator[tuple[Square, dict[str, Any]]]:
    """Yield each square of each level that has something to draw, with what it draws.

    {shapes: {class: GeoJSON geometry}, from bottom to top; names: [[class, text, lng, lat, least
    zoom]]}. Positions are in degrees of WGS 84.
    """
    for level, least_zoom in LEVELS.items():
        drawn = [item for item in items if item.level <= level and _is_visible(item, level)]
        geometries = shapely.simplify([item.geometry for item in drawn], TOLERANCES[level])
        tree = shapely.STRtree(geometries)
        for square in _squares(level, box):
            bounds = _bounds(square)
            west, south, east, north = bounds
            margin = (east - west) * OVERLAP
            cut_to = (west - margin, south - margin, east + margin, north + margin)
            parts: dict[str, list[Any]] = defaultdict(list)
            lines: dict[tuple[str, str], list[Any]] = defaultdict(list)
            for i in np.sort(tree.query(shapely.box(*cut_to))):
                item = drawn[i]
                cut = shapely.clip_by_rect(geometries[i], *cut_to)
                found = _of_dimension(cut, shapely.get_dimensions(geometries[i]))
                parts[item.kind] += found
                if item.name and found:
                    lines[item.kind, item.name] += found
            names = [*_line_names(lines, level, least_zoom), *_place_names(places, level, bounds)]
            shapes = {kind: _geojson(parts[kind], DECIMALS[level]) for kind in ORDER if parts[kind]}
            if shapes or names:
                yield square, {"shapes": shapes, "names": names}


def _rows(path, layer, columns, box):
    """Yield the values of the columns and the geometry of each row of a layer within a box."""
    # Selecting from one layer makes the driver leave out the others, which it would collect.
    sql = f"SELECT {columns} FROM {layer}"
    try:
        if path.suffix not in SUFFIXES:
            raise pyogrio.errors.DataSourceError
        # Not by GDAL's Arrow interface, which the driver of these files does not have.
        rows = pyogrio.read_dataframe(
            path, sql=sql, bbox=box, CONFIG_FILE=str(CONFIG), use_arrow=False
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, RuntimeError) as error:
        raise NotAnExtract(
            _("Không đọc được tệp này: cần tệp .osm hoặc .osm.pbf nguyên vẹn của OpenStreetMap.")
        ) from error
    rows = rows.astype(object).where(rows.notna(), None)
    return rows.itertuples(index=False, name=None)


def _land():
    """The land of the built-in base map."""
    parts = json.loads(build_basemap())["land"]
    return shapely.union_all([shapely.from_geojson(json.dumps(part)) for part in parts])


def _squares(level, box):
    west, south, east, north = box
    left, top = _square_at(level, west, north)
    right, bottom = _square_at(level, east, south)
    for x in range(left, right + 1):
        for y in range(top, bottom + 1):
            yield Square(level, x, y)


def _square_at(level, lng, lat):
    count = 2**level
    mercator = math.asinh(math.tan(math.radians(lat)))
    return int((lng + 180) / 360 * count), int((1 - mercator / math.pi) / 2 * count)


def _bounds(square):
    """West, south, east, north of a square in degrees."""
    count = 2**square.level

    def latitude(y):
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / count))))

    west, east = (x / count * 360 - 180 for x in (square.x, square.x + 1))
    return west, latitude(square.y + 1), east, latitude(square.y)


def _of_dimension(geometry, dimension):
    """Return the parts of that dimension: cutting leaves points and lines of areas on the edge."""
    parts = shapely.get_parts(geometry)
    return [part for part in parts if shapely.get_dimensions(part) == dimension]


def _is_visible(item, level):
    is_area = shapely.get_dimensions(item.geometry) == 2
    return not is_area or shapely.area(item.geometry) >= SMALLEST[level]


def _line_names(lines, level, least_zoom):
    """Yield one name for each road number and river of a square, in the middle of its line."""
    for (kind, name), parts in lines.items():
        merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(parts)))
        longest = max(merged, key=shapely.length)
        if longest.length < NAMED_LENGTH[level] or (kind == "river" and level < max(LEVELS)):
            continue
        middle = shapely.line_interpolate_point(longest, 0.5, normalized=True)
        label = "river" if kind == "river" else "road"
        yield [label, name, *_rounded(middle, DECIMALS[level]), least_zoom]


def _place_names(places, level, bounds):
    west, south, east, north = bounds
    for place, name, point in places:
        least_zoom, first_level = PLACES[place]
        is_inside = west <= point.x < east and south <= point.y < north
        if is_inside and level >= first_level:
            yield ["place", name, *_rounded(point, DECIMALS[level]), least_zoom]


def _rounded(point, decimals):
    return [round(point.x, decimals), round(point.y, decimals)]


def _geojson(parts, decimals):
    """One geometry of all parts, which have the same dimension."""
    if shapely.get_dimensions(parts[0]) == 2:
        joined = shapely.multipolygons(parts)
    else:
        joined = shapely.line_merge(shapely.multilinestrings(parts))
    return json.loads(
        shapely.to_geojson(joined), parse_float=lambda number: round(float(number), decimals)
    )


def _compressed(body):
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), mtime=0)
