"""Coordinate reference systems of published features and of boxes in queries.

OGC API – Features Part 2 (OGC 18-058r1). Everything is stored in WGS 84; PostGIS transforms.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import Point
from django.db import connection
from django.db.models import Func, Value

# A straight edge becomes a curve in another CRS. Segments of at most 100 m stay within a tenth of a
# millimetre of it; more segments of one edge than this would make the polygon slow to compare.
MAX_SEGMENTS = 256
MIN_SEGMENT_M = 100


@dataclass(frozen=True)
class Crs:
    """A coordinate reference system that the API offers.

    uri: its identifier in requests and responses. srid: of PostGIS.
    bounds: (minimum, maximum) of each axis, in the order of the axes, in the unit of the CRS.
    north_first: whether the first axis is the northing or latitude.
    decimals: of published coordinates, about 1 cm; geographic ones are stored with as many.
    """

    uri: str
    srid: int
    bounds: tuple
    north_first: bool = False
    decimals: int = 7

    @property
    def is_geographic(self) -> bool:
        """Whether coordinates are degrees of WGS 84, in either axis order."""
        return self.srid == 4326

    @property
    def tolerance(self) -> float:
        """By how much a box in this CRS is widened on every side, in its unit; 0 if geographic.

        Projected coordinates are rounded when they are published, and a box at published numbers
        must contain the stored position: half of the last decimal, and one millimetre for the
        curvature of the edges.
        """
        return 0 if self.is_geographic else 0.5 * 10**-self.decimals + 0.001


def _epsg(code):
    return f"http://www.opengis.net/def/crs/EPSG/0/{code}"


# Half the circumference of the sphere of EPSG:3857, in metres.
_EDGE = 20_037_508.342789244
# Viet Nam with its seas on either VN-2000 grid; far outside, a transverse Mercator has no inverse.
_GRID = ((-1_500_000, 2_500_000), (0, 4_000_000))

CRS84 = Crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, ((-180, 180), (-90, 90)))
OFFERED = {
    crs.uri: crs
    for crs in (
        CRS84,
        Crs(_epsg(4326), 4326, ((-90, 90), (-180, 180)), north_first=True),
        Crs(_epsg(3857), 3857, ((-_EDGE, _EDGE), (-_EDGE, _EDGE)), decimals=2),
        # VN-2000; the axes are easting, northing in metres.
        *(Crs(_epsg(code), code, _GRID, decimals=2) for code in settings.PLACE.grids),
    )
}


def point_in_wgs84(first: float, second: float, crs: Crs) -> Point:
    """Return the point in EPSG:4326, rounded as points are stored.

    first, second: coordinates within crs.bounds, in the axis order of the CRS.

    The database transforms, so that a position that was published in the CRS is the same position
    again when it comes back.
    """
    x, y = (second, first) if crs.north_first else (first, second)
    if crs.srid != 4326:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT ST_X(point), ST_Y(point) FROM"
                " ST_Transform(ST_SetSRID(ST_MakePoint(%s, %s), %s), 4326) AS point",
                [x, y, crs.srid],
            )
            x, y = cursor.fetchone()
    return Point(round(x, CRS84.decimals), round(y, CRS84.decimals), srid=4326)


class Transformed(Func):
    """A geometry in another CRS, its axes in the order of that CRS.

    expression: of a geometry in EPSG:4326. crs: a Crs.
    """

    arity = 1

    def __init__(self, expression, crs, **extra):
        template = "%(expressions)s"
        if crs.srid != 4326:
            # GeoDjango's Transform does not have the provincial grids; PROJ in the database does.
            template = f"ST_Transform({template}, {crs.srid})"
        if crs.north_first:
            template = f"ST_FlipCoordinates({template})"
        super().__init__(
            expression, template=template, output_field=GeometryField(srid=crs.srid), **extra
        )


class TransformedBox(Func):
    """The area in EPSG:4326 of a box in a projected CRS.

    box: GEOS geometry with the SRID of that CRS, in metres.
    """

    template = "ST_Transform(ST_Segmentize(%(expressions)s), 4326)"

    def __init__(self, box):
        west, south, east, north = box.extent
        segment = max((east - west) / MAX_SEGMENTS, (north - south) / MAX_SEGMENTS)
        segment = max(segment, MIN_SEGMENT_M)
        super().__init__(
            Value(box, output_field=GeometryField(srid=box.srid)),
            Value(segment),
            output_field=GeometryField(srid=4326),
        )
