"""Imports boundaries; a file is accepted only if its polygons have no overlaps and no gaps.

load_layer() loads all that belongs to new boundaries: units, polygons and successions.
"""

import geopandas
import pandas
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _
from pyogrio.errors import DataSourceError

from districts.models import Boundary, Unit
from districts.signals import units_changed
from geodata.coordinates import VIET_NAM
from geodata.importing import collecting_errors, upsert
from geodata.spans import overlap

from .units import file_source, load_succession, load_units, require_visible_text, unit_of

# Areas in messages are measured in this equal-area projection.
EQUAL_AREA = "EPSG:6933"
# Up to this area, a difference between a parent and its children does not count as a gap, nor one
# between units of different files as an overlap.
PARENT_TOLERANCE_M2 = 10_000


def read_layer(path):
    """Return a GeoDataFrame of a boundary file in EPSG:4326, shells counter-clockwise.

    Raises ValidationError if GDAL cannot read the file, or the file states no CRS.
    """
    try:
        frame = geopandas.read_file(path)
    except DataSourceError as error:
        raise ValidationError(_("Không đọc được lớp ranh giới: %s") % error) from error
    if not isinstance(frame, geopandas.GeoDataFrame) or "code" not in frame:
        raise ValidationError(_("Không phải lớp ranh giới: cần hình và thuộc tính code."))
    if frame.crs is None:
        raise ValidationError(_("Tệp không cho biết hệ toạ độ (CRS); không thể đoán."))
    frame = frame.to_crs(4326)
    frame.geometry = shapely.orient_polygons(frame.geometry.values, exterior_cw=False)
    return frame


def check_coverage(frame, report):
    """Report broken polygons, overlaps and gaps, with their positions as lon, lat."""
    geometries = frame.geometry.values
    again = frame["code"].duplicated()
    for line, code in zip(again.index[again] + 1, frame["code"][again], strict=True):
        report.refuse(line, code, _("Đã có hình ở một đối tượng trước."))
    for line, (code, geometry) in enumerate(zip(frame["code"], geometries, strict=True), 1):
        if geometry is None or geometry.is_empty:
            report.refuse(line, code, _("Không có hình."))
        elif geometry.geom_type not in {"Polygon", "MultiPolygon"}:
            report.refuse(line, code, _("Không phải vùng mà là %s.") % geometry.geom_type)
        elif not geometry.is_valid:
            report.refuse(line, code, _("Hình hỏng: %s.") % shapely.is_valid_reason(geometry))
        elif not shapely.box(*VIET_NAM).covers(geometry):
            # Grid coordinates in a file that declares longitude and latitude, for example.
            report.refuse(line, code, _("Hình nằm ngoài Việt Nam; hãy kiểm tra hệ toạ độ."))
    if not report.ok:
        return
    _refuse_overlaps(frame, report)
    _refuse_gaps(geometries, report)


def _refuse_overlaps(frame, report):
    geometries = frame.geometry.values
    edges = shapely.coverage_invalid_edges(geometries)
    wrong = {index for index, edge in enumerate(edges) if not edge.is_empty}
    reported = set()
    tree = shapely.STRtree(geometries)
    pairs = {
        (min(index, other), max(index, other))
        for index in wrong
        for other in tree.query(geometries[index], predicate="intersects").tolist()
        if index != other
    }
    for index, other in sorted(pairs):
        common = shapely.intersection(geometries[index], geometries[other])
        if common.area:
            reported |= {index, other}
            report.refuse(
                index + 1,
                frame["code"].iloc[index],
                _("Chồng lên %(other)s %(area)s m² quanh %(where)s.")
                % {
                    "other": frame["code"].iloc[other],
                    "area": _square_metres(common),
                    "where": _where(common),
                },
            )
    for index in sorted(wrong - reported):
        report.refuse(
            index + 1,
            frame["code"].iloc[index],
            _("Đường biên không khớp với đơn vị bên cạnh quanh %s.") % _where(edges[index]),
        )


def _refuse_gaps(geometries, report):
    """Report areas between the polygons that are in none of them, of any width."""
    lines = shapely.union_all(shapely.boundary(geometries))
    faces = shapely.get_parts(shapely.polygonize([lines]))
    inside = shapely.STRtree(geometries).query(shapely.point_on_surface(faces), "intersects")[0]
    for face in set(range(len(faces))) - set(inside.tolist()):
        report.refuse(
            0,
            "",
            _("Có khoảng trống %(area)s m² quanh %(where)s.")
            % {"area": _square_metres(faces[face]), "where": _where(faces[face])},
        )


def _square_metres(geometry):
    area = geopandas.GeoSeries([geometry], crs=4326).to_crs(EQUAL_AREA).area.iloc[0]
    return f"{area:,.0f}".replace(",", ".")


def _where(geometry):
    point = geometry.representative_point()
    return f"{point.x:.5f}, {point.y:.5f}"


def load_layer(path, report, *, outline=None, succession=None):
    """Load the units of a GeoJSON file, their boundaries, and which units they were formed of.

    path, outline: see load_boundaries(). succession: a CSV file, see load_succession(). Each step
    needs the one before; after a problem the later ones are left out.
    """
    load_units(path, report)
    if report.ok:
        load_boundaries(path, report, outline=outline)
    if report.ok and succession:
        load_succession(succession, report)


def load_boundaries(path, report, *, outline=None):
    """Load the polygons of a file for units that are already stored.

    outline: a second file with the same units, simplified together so that neighbours still share
    their lines.
    """
    frame = read_layer(path)
    check_coverage(frame, report)
    outlines = _read_outlines(outline, frame, report) if outline else {}
    if not report.ok:
        return
    rows = frame.drop(columns="geometry").to_dict("records")
    units = []
    for line, (row, geometry) in enumerate(zip(rows, frame.geometry, strict=True), 1):
        # A missing value is NaN, NaT or None, depending on the type of the column; a date is text
        # or a timestamp, depending on the format.
        for day in ("valid_from", "valid_to"):
            row[day] = None if pandas.isna(row.get(day)) else str(row[day])[:10]
        with collecting_errors(report, line):
            require_visible_text(row)
            try:
                unit = unit_of(row)
            except Unit.DoesNotExist:
                message = _("Chưa có đơn vị %s; hãy nạp đơn vị trước.") % row["code"]
                raise ValidationError({"code": message}) from None
            units.append(unit)
            values = {
                "geometry": _multi(geometry),
                "outline": _multi(outlines[row["code"]]) if outlines else None,
                "source": file_source(row),
            }
            upsert(Boundary.objects, {"unit": unit}, values, report, line=line)
        report.progress(line, len(rows))
    _refuse_gaps_to_parents(frame["code"], report)
    _refuse_conflicts_with_neighbours(units, report)
    # Without statistics the point-in-polygon UPDATE that follows is six times slower.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE districts_boundary, districts_unit")
    if report.ok:
        units_changed.send(load_boundaries)


def _read_outlines(outline, frame, report):
    outlines = read_layer(outline)
    if sorted(outlines["code"]) != sorted(frame["code"]):
        report.refuse(
            0, "outline", _("Tệp đường bao không có đúng những đơn vị của tệp ranh giới.")
        )
        return {}
    check_coverage(outlines, report)
    return dict(zip(outlines["code"], outlines.geometry, strict=True))


def _multi(geometry):
    """The polygon as a GeoDjango MultiPolygon in EPSG:4326."""
    if geometry.geom_type == "Polygon":
        geometry = shapely.MultiPolygon([geometry])
    return GEOSGeometry(memoryview(shapely.to_wkb(geometry)), srid=4326)


def _refuse_gaps_to_parents(codes, report):
    """Report children that do not cover their parent exactly, if the parent has a boundary."""
    parents = Unit.objects.filter(children__code__in=list(codes), boundary__isnull=False)
    for parent in parents.distinct().select_related("boundary"):
        children = Boundary.objects.filter(
            unit__parent=parent, unit__validity__overlap=parent.validity
        )
        covered = shapely.union_all([_shape(boundary) for boundary in children])
        _refuse_above_tolerance(
            shapely.symmetric_difference(covered, _shape(parent.boundary)),
            parent.code,
            _(
                "Các đơn vị bên trong lệch với ranh giới của %(parent)s"
                " %(area)s m² quanh %(where)s."
            ),
            parent,
            report,
        )


def _refuse_conflicts_with_neighbours(units, report):
    """Report overlaps and gaps between these units and stored ones that the file does not contain.

    A file of some communes would otherwise leave their neighbours as they were. Only units of one
    level and time are compared.
    """
    levels = Boundary.objects.filter(unit__level__in={unit.level for unit in units})
    neighbours = [
        boundary
        for boundary in levels.exclude(unit__in=units).select_related("unit")
        if any(overlap(boundary.unit.validity, unit.validity) for unit in units)
    ]
    if not neighbours:
        return
    own = Boundary.objects.filter(unit__in=units).select_related("unit").order_by("unit__code")
    shapes = [_shape(boundary) for boundary in neighbours]
    tree = shapely.STRtree(shapes)
    for boundary in own:
        shape = _shape(boundary)
        for at in sorted(tree.query(shape, "intersects").tolist()):
            common = shapely.intersection(shape, shapes[at])
            if overlap(neighbours[at].unit.validity, boundary.unit.validity):
                _refuse_above_tolerance(
                    common,
                    boundary.unit.code,
                    _("Chồng lên %(unit)s, không có trong tệp, %(area)s m² quanh %(where)s."),
                    neighbours[at].unit,
                    report,
                )
    every = shapely.union_all([*shapes, *map(_shape, own)])
    for polygon in shapely.get_parts(every):
        for ring in polygon.interiors:
            hole = shapely.Polygon(ring)
            _refuse_above_tolerance(
                hole,
                "",
                _("Có khoảng trống %(area)s m² giữa tệp và các đơn vị bên cạnh quanh %(where)s."),
                None,
                report,
            )


def _shape(boundary):
    return shapely.from_wkb(bytes(boundary.geometry.wkb))


def _refuse_above_tolerance(geometry, code, text, unit, report):
    """Report an area that is larger than PARENT_TOLERANCE_M2."""
    area = geopandas.GeoSeries([geometry], crs=4326).to_crs(EQUAL_AREA).area.iloc[0]
    if area > PARENT_TOLERANCE_M2:
        values = {"area": _square_metres(geometry), "where": _where(geometry)}
        report.refuse(0, code, text % {"unit": unit, "parent": unit, **values})
