"""GeoParquet 1.1."""

import json
from pathlib import Path

import pyproj
import shapely
from pyarrow import parquet

from .export import Export, arrow_table


def write_geoparquet(export: Export, path: Path) -> None:
    """Write an Export to that path as GeoParquet 1.1, coordinates in OGC:CRS84.

    GeoParquet is Parquet with one more metadata key, `geo`; pyarrow does not know geometry.
    """
    table = arrow_table(export)
    shapes = shapely.from_wkb(table["geometry"].to_numpy())
    column = {
        "encoding": "WKB",
        "geometry_types": [export.collection.geometry_type],
        "crs": pyproj.CRS("OGC:CRS84").to_json_dict(),
    }
    if table["geometry"].null_count < table.num_rows:
        column["bbox"] = shapely.total_bounds(shapes).tolist()
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    metadata = {**export.about, "geo": json.dumps(geo)}
    parquet.write_table(table.replace_schema_metadata(metadata), path, compression="zstd")
