"""The formats in which a collection can be downloaded, by the extension of the file."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from .csv import write_csv
from .export import Export
from .geojson import write_geojson
from .geoparquet import write_geoparquet
from .ogr import write_flatgeobuf, write_geopackage, write_kml
from .xlsx import write_xlsx


@dataclass(frozen=True)
class Format:
    """One file format. It has either `stream` or `write`.

    title: its name for people. media_type: of the Content-Type header.
    description: its purpose, for catalogues.
    stream: Export → generator of bytes.
    write: (Export, pathlib.Path) → None; writes the file at that path.
    whole: whether it contains the whole collection only and takes no filters.
    """

    title: str
    media_type: str
    description: str | Promise
    stream: Callable[[Export], Generator[bytes, None, None]] | None = None
    write: Callable[[Export, Path], None] | None = None
    whole: bool = False


FORMATS = {
    "geojson": Format(
        "GeoJSON",
        "application/geo+json",
        gettext_lazy("Hình và thuộc tính theo RFC 7946, WGS 84, bảy chữ số thập phân."),
        stream=write_geojson,
    ),
    "csv": Format(
        "CSV",
        "text/csv; charset=utf-8",
        gettext_lazy("Bảng UTF-8 không có hình; toạ độ WGS 84 ở hai cột lat và lng."),
        stream=write_csv,
    ),
    "xlsx": Format(
        "Excel (XLSX)",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        gettext_lazy("Bảng tính để lọc và in; mã có diễn giải bên cạnh, trang cuối nói nghĩa cột."),
        write=write_xlsx,
    ),
    "gpkg": Format(
        "GeoPackage",
        "application/geopackage+sqlite3",
        gettext_lazy(
            "Một lớp có hình và thuộc tính cho QGIS và phần mềm GIS khác (GeoPackage 1.3)."
        ),
        write=write_geopackage,
    ),
    "fgb": Format(
        "FlatGeobuf",
        "application/vnd.flatgeobuf",
        gettext_lazy("Tệp nhị phân có chỉ mục không gian cho bản đồ trên web và phần mềm GIS."),
        write=write_flatgeobuf,
    ),
    "parquet": Format(
        "GeoParquet",
        "application/vnd.apache.parquet",
        gettext_lazy("Bảng theo cột có hình (GeoParquet 1.1) cho phân tích dữ liệu."),
        write=write_geoparquet,
    ),
    "kml": Format(
        "KML",
        "application/vnd.google-earth.kml+xml",
        gettext_lazy("Hình và thuộc tính cho Google Earth; luôn là cả bộ dữ liệu."),
        write=write_kml,
        whole=True,
    ),
}
