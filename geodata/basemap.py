"""The built-in base map: land, water, the province and place names in one small file.

Made from our own data, so that the map works where no other host can be reached.
"""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import geopandas
import numpy as np
import shapely
from django.conf import settings

BUILT = settings.LOCAL_DIR / "build" / "basemap.json"
# Beside it: the same, as the map draws it.
DRAWING_NAME = "basemap-drawing.json"
# Units of the drawing per degree: tenths of a pixel of zoom 12, about 3 m.
UNITS = 10 * 256 * 2**12 / 360
# Maximum size, gzipped: the first view of the map on a slow phone waits for this file.
MAX_BYTES = 60_000
# Degrees, about 40 m: finer than a pixel up to zoom 11, coarser than the files.
TOLERANCE = 0.0004
# Of degrees, about 10 m.
DECIMALS = 4
# Degrees, about 130 m: half of what two simplified versions of one coast differ by.
SLIVER = 0.0012
# Degrees, about 2 km: a shorter piece of the border of the province is where two coasts differ.
SHORT = 0.02
# Degrees, about 100 m: rivers and lakes are drawn up to zoom 9 only, with 200 m to a pixel.
OVERVIEW_TOLERANCE = 0.001
# Degrees by which the frame extends over open sea.
SEA_MARGIN = 1.0


def build_basemap(files: Mapping[str, Path] | None = None) -> str:
    """Return the base map as JSON text: one object; positions are [lng, lat] in WGS 84.

    files: vector layers in WGS 84 by part, by default those of the province pack. provinces: the
    present province and its neighbours; surroundings: land around them; province, communes: of the
    pack, simplified; neighbours: communes around it; towns: points with population; rivers, lakes:
    optional, lines and polygons for an overview.

    Members: `frame` (west, south, east, north of the detailed area; around it the land is that of
    the surroundings, coarse, and everything else is sea), `land` and `home` (GeoJSON geometries
    with one coastline), `homeBorder`, `provinceBorders`, `borders` (of communes), `rivers` and
    `lakes` (the same, or null), `communes`, `neighbours` and `towns` (names with positions).
    """
    files = files or settings.PLACE.basemap
    layers = {part: geopandas.read_file(path) for part, path in files.items()}
    provinces, communes = layers["provinces"], layers["communes"]
    home = _on_grid(shapely.simplify(layers["province"].union_all(), TOLERANCE / 4))
    land = _with_coast_of(home, _land(provinces.geometry, layers["surroundings"].geometry))
    parts = {
        "frame": _frame(provinces.union_all()),
        "land": [_geojson(land)],
        "home": _geojson(home),
        "homeBorder": _geojson(_inland_border(home, land)),
        "provinceBorders": _geojson(_borders_around(home, provinces.geometry)),
        "rivers": _overview(layers.get("rivers")),
        "lakes": _overview(layers.get("lakes")),
        "borders": _geojson(_inner_lines(communes.geometry)),
        "communes": _names(communes),
        "neighbours": _names(layers["neighbours"]),
        "towns": [
            {
                "name": row.name_vi,
                "at": _position(row.geometry.x, row.geometry.y),
                "population": 0 if row.population != row.population else int(row.population),
            }
            for row in layers["towns"].itertuples()
        ],
    }
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def write_basemap(
    files: Mapping[str, Path] | None = None, path: Path | None = None
) -> tuple[Path, int]:
    """Write build_basemap() to a file and build_drawing() of it to DRAWING_NAME beside it.

    path: of the first, by default BUILT. Returns the Path of the drawing and its gzipped size in
    bytes. Raises ValueError if the drawing would be larger than MAX_BYTES.
    """
    path = path or BUILT
    text = build_basemap(files)
    drawing = build_drawing(text).encode()
    size = len(gzip.compress(drawing))
    if size > MAX_BYTES:
        raise ValueError(f"The base map has {size} bytes compressed, more than {MAX_BYTES}.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    drawn = path.with_name(DRAWING_NAME)
    drawn.write_bytes(drawing)
    return drawn, size


def build_drawing(basemap: str) -> str:
    """Return the text of build_basemap() with the data of SVG paths in place of geometries.

    A slow phone takes longer to project the positions than to draw them. The units are UNITS of
    Web Mercator from the north-west corner of the frame; `size` is [width, height] of the frame.
    """
    parts = json.loads(basemap)
    west, south, east, north = parts["frame"]
    corners = _units(np.array([[west, north], [east, south]]), west, north)
    drawing = {
        part: path_data(value, west, north) if isinstance(value, dict) else value
        for part, value in parts.items()
    }
    drawing["land"] = [path_data(part, west, north) for part in parts["land"]]
    drawing["size"] = corners[1].tolist()
    return json.dumps(drawing, ensure_ascii=False, separators=(",", ":"))


def path_data(geometry: dict, west: float, north: float) -> str:
    """Return the SVG path data of a GeoJSON geometry of lines or areas in WGS 84.

    west, north: degrees of the corner that is 0 0. Only the first position of a line is absolute.
    """
    shape = shapely.from_geojson(json.dumps(geometry))
    parts = shapely.get_parts(shape)
    is_area = shape.geom_type.endswith("Polygon")
    lines = shapely.get_rings(parts) if is_area else parts
    data = []
    for line in lines:
        positions = _units(shapely.get_coordinates(line), west, north)
        steps = np.diff(positions, axis=0)
        # Positions that are the same unit are one.
        steps = steps[steps.any(axis=1)].ravel().tolist()
        # A sign separates numbers as well as a space.
        joined = "".join(f" {step}" if step >= 0 else str(step) for step in steps).lstrip()
        start = "M{} {}".format(*positions[0])
        data.append(f"{start}l{joined}{'Z' if is_area else ''}" if steps else start)
    return "".join(data)


def _units(positions, west, north):
    """Whole units of the drawing of an array of (lng, lat)."""
    x = positions[:, 0] - west
    y = _mercator(north) - _mercator(positions[:, 1])
    return np.rint(UNITS * np.column_stack([x, y])).astype(int)


def _mercator(lat):
    """The latitude in the degrees of Web Mercator, in which both axes have the same scale."""
    return np.degrees(np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)))


def _land(provinces, surroundings):
    """Return all land as one geometry, without a line where the detailed area was cut out."""
    # Simplified together, so that neighbours share one line, which the union then removes.
    parts = shapely.coverage_simplify(provinces, TOLERANCE)
    return shapely.union_all([*parts, *surroundings])


def _with_coast_of(home, land):
    """Return the land with the coastline of the province, where that of the land deviates from it.

    Both were simplified separately: their coasts would be two lines beside each other.
    """
    other = shapely.difference(land, home)
    # What vanishes when it is made narrower is not land but the space between the two lines.
    narrowed = shapely.buffer(shapely.buffer(other, -SLIVER), SLIVER * 1.05, join_style="mitre")
    coast = shapely.boundary(land)
    between = [
        part
        for part in shapely.get_parts(shapely.difference(other, narrowed))
        if shapely.intersects(part, home) and shapely.intersects(part, coast)
    ]
    rest = shapely.difference(land, shapely.union_all(between))
    return shapely.union_all([_on_grid(rest), home])


def _inland_border(home, land):
    """Return the border of the province without its coast."""
    border = shapely.difference(shapely.boundary(home), shapely.boundary(land))
    lines = shapely.get_parts(shapely.line_merge(border))
    return shapely.multilinestrings([line for line in lines if line.length > SHORT])


def _borders_around(home, provinces):
    """Return the lines between provinces, without those beside the border of the province."""
    return shapely.difference(_inner_lines(provinces), shapely.buffer(home, 2 * SLIVER))


def _overview(layer):
    if layer is None:
        return None
    return _geojson(shapely.simplify(layer.union_all(), OVERVIEW_TOLERANCE))


def _frame(land):
    """Return the bounds of the land, extended on the sides that it only touches: there is sea."""
    west, south, east, north = land.bounds
    sides = {
        (-1, 0, 0, 0): [(west, south), (west, north)],
        (0, -1, 0, 0): [(west, south), (east, south)],
        (0, 0, 1, 0): [(east, south), (east, north)],
        (0, 0, 0, 1): [(west, north), (east, north)],
    }
    frame = [west, south, east, north]
    for directions, line in sides.items():
        if shapely.LineString(line).intersection(land).length == 0:
            pairs = zip(frame, directions, strict=True)
            frame = [side + SEA_MARGIN * direction for side, direction in pairs]
    return [round(side, DECIMALS) for side in frame]


def _inner_lines(polygons):
    """Return the lines between neighbours, each once, without the outline of all together."""
    parts = shapely.coverage_simplify(polygons, TOLERANCE)
    lines = shapely.union_all(shapely.boundary(parts))
    outline = shapely.boundary(shapely.union_all(parts))
    return shapely.line_merge(shapely.difference(lines, outline))


def _names(units):
    return [
        {"name": row.name_vi, "at": _position(row.label_lon, row.label_lat)}
        for row in units.itertuples()
    ]


def _position(lng, lat):
    return [round(float(lng), DECIMALS), round(float(lat), DECIMALS)]


def _on_grid(geometry):
    return shapely.set_precision(geometry, 10**-DECIMALS)


def _geojson(geometry):
    oriented = shapely.orient_polygons(_on_grid(geometry), exterior_cw=False)
    # Snapping to the grid produces numbers like 108.98570000000001.
    return json.loads(
        shapely.to_geojson(oriented), parse_float=lambda number: round(float(number), DECIMALS)
    )
