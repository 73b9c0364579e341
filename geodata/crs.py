"""Coordinate reference systems in which features are given and boxes are taken.

OGC API – Features Part 2 (OGC 18-058r1). Inside everything is WGS 84; PostGIS transforms.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.gis.db.models import GeometryField
from django.db.models import Func, Value

# A straight edge bends between systems. Parts of at most 100 m stay within a tenth of a millimetre
# of the true line; more parts of one edge than this would make the polygon slow to compare.
PARTS_OF_AN_EDGE = 256
SHORTEST_PART_M = 100


@dataclass(frozen=True)
class Crs:
    """One system as the API offers it.

    uri: how requests and answers name it. srid: of PostGIS. bounds: the least and greatest number
    on each of its axes, in their order. north_first: whether they come as latitude, longitude.
    decimals: of published coordinates, about 1 cm; geographic ones are stored with as many.
    """

    uri: str
    srid: int
    bounds: tuple
    north_first: bool = False
    decimals: int = 7

    @property
    def is_geographic(self):
        return self.srid == 4326

    @property
    def tolerance(self):
        """How far a box of this system is widened, in its unit, 0 for geographic systems.

        Projected coordinates are rounded when they are published, and a box at the published
        numbers must contain the stored position: half of the last decimal, and one millimetre for
        the bend of its edges.
        """
        return 0 if self.is_geographic else 0.5 * 10**-self.decimals + 0.001


def _epsg(code):
    return f"http://www.opengis.net/def/crs/EPSG/0/{code}"


# Half the circumference of the sphere that EPSG:3857 projects from.
_EDGE = 20_037_508.342789244
# Viet Nam with its seas on either VN-2000 grid; far outside a transverse Mercator has no inverse.
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


class Transformed(Func):
    """The geometry in another system, its axes in that system's order."""

    arity = 1

    def __init__(self, expression, crs, **extra):
        template = "%(expressions)s"
        if crs.srid != 4326:
            # GeoDjango's Transform does not know provincial grids; PROJ in the database does.
            template = f"ST_Transform({template}, {crs.srid})"
        if crs.north_first:
            template = f"ST_FlipCoordinates({template})"
        super().__init__(
            expression, template=template, output_field=GeometryField(srid=crs.srid), **extra
        )


class TransformedBox(Func):
    """The ground in EPSG:4326 of a box given in another system (a GEOS geometry with its SRID)."""

    template = "ST_Transform(ST_Segmentize(%(expressions)s), 4326)"

    def __init__(self, box):
        west, south, east, north = box.extent
        part = max((east - west) / PARTS_OF_AN_EDGE, (north - south) / PARTS_OF_AN_EDGE)
        part = max(part, SHORTEST_PART_M)
        super().__init__(
            Value(box, output_field=GeometryField(srid=box.srid)),
            Value(part),
            output_field=GeometryField(srid=4326),
        )
