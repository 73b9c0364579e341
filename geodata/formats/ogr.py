"""Files of GIS programs, written by GDAL: GeoPackage, FlatGeobuf and KML, in EPSG:4326."""

from pathlib import Path

import pyarrow

from .export import Export, arrow_table


def _write(export, path, driver, *, table, **options):
    # It imports pandas, which would be a fifth of the time that every process takes to start.
    import pyogrio

    pyogrio.write_arrow(
        table,
        path,
        layer=export.collection.id,
        driver=driver,
        geometry_name="geometry",
        geometry_type=export.collection.geometry_type,
        crs="EPSG:4326",
        **options,
    )


def write_geopackage(export: Export, path: Path) -> None:
    """Write an Export to that path as GeoPackage 1.3, one layer named after the collection."""
    about = dict(export.about)
    _write(
        export,
        path,
        "GPKG",
        table=arrow_table(export),
        # GDAL would write 1.4, about which Debian's GDAL and other programs warn.
        dataset_options={"VERSION": "1.3"},
        dataset_metadata=about,
        layer_metadata=about,
        layer_options={"IDENTIFIER": about["title"], "DESCRIPTION": export.description()},
    )


def write_flatgeobuf(export: Export, path: Path) -> None:
    """Write an Export to that path as FlatGeobuf.

    It has a spatial index, unless a row has no geometry: the driver refuses null in an index.
    """
    table = arrow_table(export)
    index = "NO" if table["geometry"].null_count or not table.num_rows else "YES"
    _write(
        export,
        path,
        "FlatGeobuf",
        table=table,
        layer_options={
            "SPATIAL_INDEX": index,
            "TITLE": export.about["title"],
            "DESCRIPTION": export.description(),
        },
    )


def write_kml(export: Export, path: Path) -> None:
    """Write an Export to that path as KML; dates are text."""
    table = arrow_table(export)
    # KML has neither dates, which GDAL would write with slashes, nor long integers.
    known = {pyarrow.date32(): pyarrow.string(), pyarrow.int64(): pyarrow.int32()}
    fields = [column.with_type(known.get(column.type, column.type)) for column in table.schema]
    _write(
        export,
        path,
        "LIBKML",
        table=table.cast(pyarrow.schema(fields)),
        dataset_options={"NAME": export.about["title"], "DESCRIPTION": export.description()},
    )
