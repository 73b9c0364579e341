"""Exports of a filtered list in the columns that can be imported again, and empty templates."""

import json
import tempfile
from pathlib import Path

import geopandas
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from shapely.geometry import Point

from geodata.coordinates import VN2000_GRIDS, default_grid
from geodata.formats.csv import csv_lines
from products.register.importing.resources import importable
from products.register.importing.templates import write_template, write_workbook

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}


def resource_of(model):
    """Return the Resource class of a model's table, None if it is not imported."""
    return next((one for one in importable().values() if one.model is model), None)


def export_choices(model):
    """Return [(extension with query, label)] of the exports of a model's list; [] without."""
    if resource_of(model) is None:
        return []
    grid = default_grid()
    return [
        ("export/xlsx/", "Excel, WGS 84"),
        (f"export/xlsx/?grid={grid}", "Excel, VN-2000"),
        ("export/csv/", "CSV, WGS 84"),
        (f"export/csv/?grid={grid}", "CSV, VN-2000"),
        ("export/geojson/", "GeoJSON"),
        ("export/gpkg/", "GeoPackage, WGS 84"),
        (f"export/gpkg/?grid={grid}", "GeoPackage, VN-2000"),
    ]


def export(records, extension: str, grid: int | None) -> HttpResponseBase:
    """Return the records as a file that can be edited and imported again.

    records: QuerySet of one model. grid: EPSG code of VN-2000 for the coordinates, None for WGS 84.
    """
    resource_class = resource_of(records.model)
    if resource_class is None or extension not in FORMATS:
        raise Http404
    if extension == "geojson" and grid:
        # RFC 7946 allows WGS 84 only.
        raise Http404
    columns = list(resource_class.template_columns().values())
    headings = [column.column_name for column in columns]
    rows = resource_class(grid=grid).export(records)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{resource_class.kind}.{extension}"
        if extension == "xlsx":
            write_workbook(resource_class, file, rows)
        elif extension == "csv":
            file.write_text("".join(csv_lines(headings, rows)), encoding="utf-8", newline="")
        else:
            features = _features(resource_class, headings, rows, grid)
            if extension == "geojson":
                _write_geojson(file, features)
            else:
                _write_geopackage(file, resource_class.kind, headings, features, grid)
        return _download(file)


def template(resource_class) -> HttpResponseBase:
    """Return the empty workbook of a table."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"mau-{resource_class.kind}.xlsx"
        write_template(resource_class, file)
        return _download(file)


def _download(file):
    # The open file remains readable when its folder is gone.
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=file.name,
        content_type=FORMATS[file.suffix.removeprefix(".")],
    )


def _features(resource_class, headings, rows, grid):
    """[(properties by heading, (x, y) or None)]: degrees, or metres east and north on the grid."""
    names = list(resource_class.template_columns())
    across, along = ("easting", "northing") if grid else ("lng", "lat")
    x, y = names.index(across), names.index(along)
    found = []
    for row in rows:
        place = (float(row[x]), float(row[y])) if row[x] not in (None, "") else None
        found.append((dict(zip(headings, row, strict=True)), place))
    return found


def _write_geojson(file, features):
    written = [
        {
            "type": "Feature",
            "geometry": place and {"type": "Point", "coordinates": place},
            "properties": properties,
        }
        for properties, place in features
    ]
    collection = {"type": "FeatureCollection", "features": written}
    file.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")


def _write_geopackage(file, layer, headings, features, grid):
    frame = geopandas.GeoDataFrame(
        [properties for properties, _place in features],
        columns=headings,
        geometry=[place and Point(place) for _properties, place in features],
        crs=grid or 4326,
    )
    frame.to_file(file, driver="GPKG", layer=layer)


def grid_in(request: HttpRequest) -> int | None:
    """Return the EPSG code of the query string, None without; raises Http404 for another one."""
    text = request.GET.get("grid", "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text) not in VN2000_GRIDS:
        raise Http404
    return int(text)
