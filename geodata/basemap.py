"""The base map that is always there: land, the province and place names in one small file.

Drawn from our own data, so that the map works where no foreign host can be reached.
"""

import gzip
import json

import geopandas
import shapely
from django.conf import settings

BUILT = settings.LOCAL_DIR / "build" / "basemap.json"
# The largest size, compressed, that the first view on a slow phone should wait for.
MOST_BYTES = 60_000
# Degrees, about 40 m: finer than a pixel up to zoom 11, coarser than what the files hold.
TOLERANCE = 0.0004
# About 10 m.
DECIMALS = 4
# Degrees that the frame goes on over open sea.
SEA_MARGIN = 1.0


def build_basemap(files=None):
    """Return the base map as JSON text; positions are [lng, lat].

    files: vector layers in WGS 84 by part, those of the province pack by default. provinces: the
    present province and its neighbours; surroundings: land around them; province, communes: of the
    pack, simplified; neighbours: communes around it; towns: points with population.

    frame: west, south, east, north of the ground that is known well. Around it the land goes on
    as the surroundings have it, coarsely; whatever is not land is sea.
    """
    files = files or settings.PLACE.basemap
    layers = {part: geopandas.read_file(path) for part, path in files.items()}
    provinces, home, communes = (layers[part] for part in ("provinces", "province", "communes"))
    parts = {
        "frame": _frame(provinces.union_all()),
        "land": [_geojson(_land(provinces.geometry, layers["surroundings"].geometry))],
        "home": _geojson(shapely.simplify(home.union_all(), TOLERANCE / 4)),
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


def write_basemap(files=None, path=None):
    """Build the base map into a file; return its path and its compressed size in bytes.

    Raises ValueError when the file would be too large to be always there.
    """
    path = path or BUILT
    text = build_basemap(files).encode()
    size = len(gzip.compress(text))
    if size > MOST_BYTES:
        raise ValueError(f"The base map has {size} bytes compressed, more than {MOST_BYTES}.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
    return path, size


def _land(provinces, surroundings):
    """All land as one, so that no line shows where the well-known ground was cut out of it."""
    # Simplified together, so that neighbours keep one common line, which then goes.
    parts = shapely.coverage_simplify(provinces, TOLERANCE)
    return shapely.union_all([*parts, *surroundings])


def _frame(land):
    """Bounds of the land, wider at the sides where it only touches them: there is the sea."""
    west, south, east, north = land.bounds
    sides = {
        (-1, 0, 0, 0): [(west, south), (west, north)],
        (0, -1, 0, 0): [(west, south), (east, south)],
        (0, 0, 1, 0): [(east, south), (east, north)],
        (0, 0, 0, 1): [(west, north), (east, north)],
    }
    frame = [west, south, east, north]
    for outwards, line in sides.items():
        if shapely.LineString(line).intersection(land).length == 0:
            moves = zip(frame, outwards, strict=True)
            frame = [side + SEA_MARGIN * away for side, away in moves]
    return [round(side, DECIMALS) for side in frame]


def _inner_lines(polygons):
    """The lines between neighbours, each once, without the outline of the whole."""
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


def _geojson(geometry):
    rounded = shapely.set_precision(geometry, 10**-DECIMALS)
    wound = shapely.orient_polygons(rounded, exterior_cw=False)
    # The grid leaves 108.98570000000001 behind.
    return json.loads(
        shapely.to_geojson(wound), parse_float=lambda number: round(float(number), DECIMALS)
    )
