"""A collection as one file: each format a function that writes the rows it is given.

GeoJSON and CSV are streams of text whose memory does not grow with the rows; the others are files
that libraries write, typed by the collection's expressions and not by the data, so that a column
is the same whether or not today's rows fill it. Each asks the database once: one statement sees
one state of the data, whatever is edited meanwhile.
"""

import csv
import datetime
import io
import itertools
import json
import math
from collections.abc import Callable, Mapping
from contextlib import closing, nullcontext
from dataclasses import dataclass, field

import pyarrow
import pyogrio
import pyproj
import shapely
import xlsxwriter
from django.conf import settings
from django.contrib.gis.db.models.functions import AsWKB
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    F,
    FloatField,
    Func,
    IntegerField,
    QuerySet,
    TextField,
)
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyarrow import parquet

from geodata import property_types
from geodata.collection import Collection
from geodata.crs import CRS84

from .geojson import feature_collection

# Rows that are in memory at a time.
CHUNK = 2000
# Excel has no more rows in a sheet and no more characters in a cell.
SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
# Widths of columns in characters; what is longer than the widest takes several lines.
NARROWEST, WIDEST = 6, 30
# Heights of rows in points; a heading is wrapped, and a very long text is cut on the screen.
LINE_HEIGHT, HEADING_LINES, CELL_LINES = 15, 4, 10
# Excel's numbers of paper sizes, and how many characters of a line can still be read on A4.
A3, A4, WIDEST_ON_A4 = 8, 9, 200
# Of the column of values in the sheet that explains the others.
DICTIONARY_WIDTH = 70


class _Coordinate(Func):
    """Latitude or longitude of the point, or of a point inside an area; null without geometry."""

    # With the decimals of the published geometry.
    template = (
        "round(%(function)s(ST_PointOnSurface(%(expressions)s))::numeric,"
        f" {CRS84.decimals})::float8"
    )
    output_field = FloatField()


@dataclass(frozen=True)
class Export:
    """What a file is made of.

    matched: the public rows, in whatever order.
    geometry: path of the geometry to write.
    about: what a file that can carry it says of itself, name → text.
    links: for formats that have such.
    bom: whether a CSV begins with the mark by which Excel knows UTF-8.
    """

    collection: Collection
    matched: QuerySet
    geometry: str
    about: Mapping[str, str]
    links: list = field(default_factory=list)
    bom: bool = True

    @property
    def ordered(self):
        return self.matched.order_by(self.collection.key)

    @property
    def columns(self):
        """Of tables without geometry: (name, title, model field of its values)."""
        place = {"lat": (_("Vĩ độ"), FloatField()), "lng": (_("Kinh độ"), FloatField())}
        return [
            *((name, self.collection.title_of(name), kind) for name, kind in self.fields.items()),
            *((name, title, kind) for name, (title, kind) in place.items()),
        ]

    @property
    def fields(self):
        """Of the properties: name → model field of its values."""
        return {name: self.collection.fields[name] for name in self.collection.properties}

    def table_rows(self):
        """The rows of columns, a chunk in memory at a time."""
        place = F(self.geometry)
        latitude, longitude = (_Coordinate(place, function=name) for name in ("ST_Y", "ST_X"))
        return streamed(self.collection.rows(self.ordered, latitude, longitude))

    def described(self):
        """All of `about` in one text, for formats with a single place for it."""
        return "\n".join(text for name, text in self.about.items() if name != "title")


_ABOUT = {
    "title": gettext_lazy("Bộ dữ liệu"),
    "description": gettext_lazy("Mô tả"),
    "attribution": gettext_lazy("Ghi nguồn"),
    "license": gettext_lazy("Giấy phép"),
    "license_url": gettext_lazy("Văn bản giấy phép"),
    "note": gettext_lazy("Lưu ý"),
    "date": gettext_lazy("Thời điểm xuất"),
    "revision": gettext_lazy("Phiên bản dữ liệu"),
    "address": gettext_lazy("Địa chỉ tải"),
}


def about(collection, *, revision, address):
    """What a file of these data says of itself, name → text."""
    return {
        "title": str(collection.title),
        "description": str(collection.description),
        "attribution": (
            f"{settings.SITE_NAME}, {settings.SITE_URL}. {settings.PLACE.boundary_credit}"
        ),
        "license": collection.license.title,
        "license_url": collection.license.url,
        "note": _(
            "Ranh giới và giấy chứng nhận ở đây chỉ để tham khảo; văn bản quyết định mới là căn cứ"
            " pháp lý. Nguồn của từng dòng nằm ở cột nguồn."
        ),
        "date": timezone.localtime().isoformat(timespec="seconds"),
        "revision": str(revision),
        "address": address,
    }


# --- rows ----------------------------------------------------------------------------------


def streamed(queryset):
    """Yield the tuples of a values_list(), CHUNK in memory at a time.

    The cursor is closed when this is, at once. That of QuerySet.iterator() may not be: sorting by
    a transform leaves an error that knows the frames of the query that is being made (observed
    with Django 5.2, Query.setup_joins), and those hold the cursor open in PostgreSQL until Python
    next looks for circular references.
    """
    compiler = queryset.query.get_compiler(queryset.db)
    results = compiler.execute_sql(chunked_fetch=True, chunk_size=CHUNK)
    # Conditions that no row can meet are not even asked, and have no cursor.
    with closing(results) if hasattr(results, "close") else nullcontext():
        yield from compiler.results_iter(results, tuple_expected=True)


# --- text, streamed ------------------------------------------------------------------------


def geojson(export):
    """Yield the features as PostgreSQL writes them."""
    feature = export.collection.feature(geometry=export.geometry)
    rows = streamed(export.ordered.annotate(feature=feature).values_list("feature"))
    # Counted as they go by: a count of its own could see another state of the data.
    yield from _joined(
        feature_collection(
            (feature for (feature,) in rows),
            counted=("numberMatched", "numberReturned"),
            timeStamp=export.about["date"],
            links=export.links,
            **{name: text for name, text in export.about.items() if name != "date"},
        )
    )


def csv_table(export):
    """Yield the rows as lines of CSV."""
    names = [name for name, _title, _kind in export.columns]
    yield from _joined(csv_lines(names, export.table_rows(), bom=export.bom))


def csv_lines(names, rows, *, bom=True):
    """Yield lines that open in Excel as well as in a program (RFC 4180).

    bom: whether they begin with the mark by which Excel knows UTF-8.
    """
    line = io.StringIO()
    writer = csv.writer(line)

    def written(values):
        line.seek(0)
        line.truncate()
        writer.writerow(values)
        return line.getvalue()

    mark = "\ufeff" if bom else ""
    yield mark + written(names)
    for row in rows:
        yield written([_csv_cell(value) for value in row])


def _csv_cell(value):
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).isoformat()
    # A spreadsheet would take such text for a formula; numbers are no text.
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        return f"'{value}"
    return value


def _joined(pieces):
    """The same text in larger pieces: each one costs a call of every layer down to the socket."""
    pieces = iter(pieces)
    while chunk := list(itertools.islice(pieces, CHUNK)):
        yield "".join(chunk)


# --- Excel ---------------------------------------------------------------------------------


def xlsx(export, path):
    """Write a workbook: the rows, then what its columns mean and where they come from."""
    with xlsxwriter.Workbook(
        path,
        # Rows go to a file beside it as they come, and not into memory.
        {"constant_memory": True, "tmpdir": str(path.parent)},
    ) as book:
        book.set_properties({"title": export.about["title"], "comments": export.described()})
        formats = _Formats(book)
        columns = _sheet_columns(export)
        # A sheet is laid out when it is full, as the widths of its columns are known only then.
        rows = export.table_rows()
        ahead = list(itertools.islice(rows, 1))
        for number in itertools.count(1):
            name = _("Dữ liệu %d") % number if number > 1 else _("Dữ liệu")
            sheet = _add_table(book, name, columns, formats)
            lines = 0
            here = itertools.chain(ahead, itertools.islice(rows, SHEET_ROWS - 1 - len(ahead)))
            for lines, row in enumerate(here, start=1):
                cells = [column.read(row) for column in columns]
                _make_room(sheet, lines, cells, WIDEST)
                for at, value in enumerate(cells):
                    _write_cell(sheet, lines, at, value, formats)
            _lay_out(sheet, columns, lines)
            ahead = list(itertools.islice(rows, 1))
            if not ahead:
                break
        _write_dictionary(book.add_worksheet(_("Giải thích")), columns, export.about, formats)


class _Formats:
    """The formats of cells: all begin at the top, as a long text takes several lines."""

    def __init__(self, book):
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.value = book.add_format({"valign": "top"})
        self.long = book.add_format({"valign": "top", "text_wrap": True})
        self.day = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd hh:mm:ss"})


@dataclass
class _Column:
    """A column of a sheet.

    position: of its value in the rows of the export. kind: model field of the values. codes: of a
    column of words, code → title; a column of the values themselves has none. width: in characters,
    of the widest cell so far.
    """

    title: str
    name: str
    kind: object
    position: int
    codes: Mapping | None = None
    width: int = NARROWEST

    def __post_init__(self):
        # A heading is wrapped between its words; beside the longest is the arrow of the filter.
        self.note(max(map(len, self.title.split()), default=0) + 3)

    def read(self, row):
        """The value of the cell in that row of the export; notes how wide it is."""
        value = row[self.position]
        if self.codes is not None:
            value = self.codes.get(value)
        if value is not None and (characters := _characters(value)) > self.width:
            self.note(characters)
        return value

    def note(self, characters):
        self.width = max(self.width, min(characters, WIDEST))


def _characters(value):
    """How many characters a cell shows."""
    if isinstance(value, str):
        return len(value)
    return len("2025-06-30 00:00:00" if isinstance(value, datetime.datetime) else str(value))


def _sheet_columns(export):
    """The columns of the export, and beside each column of codes one of their titles."""
    columns = []
    for position, (name, title, kind) in enumerate(export.columns):
        columns.append(_Column(title, name, kind, position))
        # Of a number, as of stars, the title says no more.
        if kind.choices and not isinstance(kind, IntegerField):
            words = _("%s (diễn giải)") % title
            columns.append(
                _Column(words, "", kind, position, codes=property_types.code_titles(kind))
            )
    return columns


def _add_table(book, name, columns, formats):
    """A sheet with its headings, which stay in sight and are printed on every page."""
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    _set_up_pages(sheet)
    # A heading of one word for each line, at most.
    words = max(len(column.title.split()) for column in columns)
    sheet.set_row(0, LINE_HEIGHT * min(words, HEADING_LINES))
    _write_texts(sheet, 0, [column.title for column in columns], formats.bold)
    return sheet


def _set_up_pages(sheet):
    """Landscape, one page wide, with the name of the sheet and the page below."""
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&R&P / &N")


def _make_room(sheet, line, texts, width):
    """Set the height of a row whose longest text takes several lines of that width.

    Programs that do not fit rows by themselves would print the lines over the next row.
    """
    longest = max((len(text) for text in texts if isinstance(text, str)), default=0)
    if longest > width:
        sheet.set_row(line, LINE_HEIGHT * min(math.ceil(longest / width), CELL_LINES))


def _lay_out(sheet, columns, lines):
    """What depends on all rows of a sheet: widths, paper, the range of the filter."""
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width + 2)
    wide = sum(column.width for column in columns) > WIDEST_ON_A4
    sheet.set_paper(A3 if wide else A4)
    sheet.autofilter(0, 0, max(lines, 1), len(columns) - 1)


def _write_texts(sheet, line, texts, style=None):
    for column, text in enumerate(texts):
        sheet.write_string(line, column, str(text), style)


def _write_cell(sheet, line, column, value, formats):
    """By its type and never by how it looks: no text becomes a formula, a link or a number."""
    if isinstance(value, datetime.datetime):
        # Excel knows no time zones; the column says which it is.
        sheet.write_datetime(line, column, timezone.make_naive(value), formats.moment)
    elif isinstance(value, datetime.date) and value.year >= 1900:
        sheet.write_datetime(line, column, value, formats.day)
    elif isinstance(value, bool):
        sheet.write_boolean(line, column, value, formats.value)
    elif isinstance(value, int | float):
        sheet.write_number(line, column, value, formats.value)
    elif value is not None:
        text = str(value)
        cut = len(text) > CELL_CHARACTERS
        text = text[: CELL_CHARACTERS - 1] + "…" if cut else text
        style = formats.long if len(text) > WIDEST else formats.value
        sheet.write_string(line, column, text, style)


def _write_dictionary(sheet, columns, about, formats):
    _set_up_pages(sheet)
    sheet.set_paper(A4)
    sheet.set_column(0, 1, 30)
    sheet.set_column(2, 2, 25)
    sheet.set_column(3, 3, DICTIONARY_WIDTH)
    lines = itertools.count()
    headings = [_("Cột"), _("Tên trong API"), _("Kiểu"), _("Giá trị")]
    _write_texts(sheet, next(lines), headings, formats.bold)
    for column in columns:
        # The cells hold the codes, as every other format does.
        known = property_types.code_titles(column.kind).items()
        codes = "; ".join(f"{code}: {text}" for code, text in known)
        if column.codes is not None:
            codes = _("Nghĩa của mã ở cột bên trái")
        line = next(lines)
        _make_room(sheet, line, [codes], DICTIONARY_WIDTH)
        texts = [column.title, column.name, _type_of(column.kind).words, codes]
        _write_texts(sheet, line, texts, formats.long)
    next(lines)
    for name, text in about.items():
        line = next(lines)
        _make_room(sheet, line, [text], DICTIONARY_WIDTH)
        sheet.write_string(line, 0, str(_ABOUT[name]), formats.bold)
        sheet.write_string(line, 3, text, formats.long)


# --- files of geographic programs ----------------------------------------------------------


def arrow_table(export):
    """All rows as an Arrow table, the geometry last, as WKB."""
    types = {name: _type_of(kind).arrow for name, kind in export.fields.items()}
    schema = pyarrow.schema(types | {"geometry": pyarrow.binary()})
    rows = streamed(export.collection.rows(export.ordered, AsWKB(F(export.geometry))))
    batches = []
    while chunk := list(itertools.islice(rows, CHUNK)):
        *values, shapes = zip(*chunk, strict=True)
        shapes = [None if shape is None else bytes(shape) for shape in shapes]
        columns = zip([*values, shapes], schema, strict=True)
        arrays = [pyarrow.array(column, of.type) for column, of in columns]
        batches.append(pyarrow.record_batch(arrays, schema=schema))
    return pyarrow.Table.from_batches(batches, schema)


def _write_ogr(export, path, driver, *, table, **options):
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


def gpkg(export, path):
    about = dict(export.about)
    _write_ogr(
        export,
        path,
        "GPKG",
        table=arrow_table(export),
        # Of 1.4, which GDAL would write, Debian's GDAL and other readers warn.
        dataset_options={"VERSION": "1.3"},
        dataset_metadata=about,
        layer_metadata=about,
        layer_options={"IDENTIFIER": about["title"], "DESCRIPTION": export.described()},
    )


def fgb(export, path):
    table = arrow_table(export)
    # The index has no place for features without geometry, and the driver refuses them.
    index = "NO" if table["geometry"].null_count or not table.num_rows else "YES"
    _write_ogr(
        export,
        path,
        "FlatGeobuf",
        table=table,
        layer_options={
            "SPATIAL_INDEX": index,
            "TITLE": export.about["title"],
            "DESCRIPTION": export.described(),
        },
    )


def kml(export, path):
    table = arrow_table(export)
    # KML knows neither dates, which GDAL would write with strokes, nor long integers.
    known = {pyarrow.date32(): pyarrow.string(), pyarrow.int64(): pyarrow.int32()}
    fields = [column.with_type(known.get(column.type, column.type)) for column in table.schema]
    _write_ogr(
        export,
        path,
        "LIBKML",
        table=table.cast(pyarrow.schema(fields)),
        dataset_options={"NAME": export.about["title"], "DESCRIPTION": export.described()},
    )


def geoparquet(export, path):
    """Write GeoParquet 1.1, which is Parquet with one more key: pyarrow knows no geometry."""
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


# --- types and formats ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Type:
    words: str
    arrow: pyarrow.DataType


# The first that fits: a DateTimeField is a DateField too.
_TYPES = {
    BooleanField: _Type(gettext_lazy("có hoặc không"), pyarrow.bool_()),
    IntegerField: _Type(gettext_lazy("số nguyên"), pyarrow.int64()),
    FloatField: _Type(gettext_lazy("số"), pyarrow.float64()),
    # UTC: a GeoPackage may hold no other, and GDAL drops the zone of a place's name.
    DateTimeField: _Type(gettext_lazy("thời điểm, giờ Việt Nam"), pyarrow.timestamp("ms", "UTC")),
    DateField: _Type(gettext_lazy("ngày"), pyarrow.date32()),
    CharField: _Type(gettext_lazy("chữ"), pyarrow.string()),
    TextField: _Type(gettext_lazy("chữ"), pyarrow.string()),
}


def _type_of(model_field):
    return next(known for kind, known in _TYPES.items() if isinstance(model_field, kind))


@dataclass(frozen=True)
class Format:
    """One way to write a collection: a stream of text, or a file written whole to a path.

    whole: takes no filters. description: what it is for, in catalogues.
    """

    title: str
    media_type: str
    description: str
    stream: Callable | None = None
    write: Callable | None = None
    whole: bool = False


FORMATS = {
    "geojson": Format(
        "GeoJSON",
        "application/geo+json",
        gettext_lazy("Hình và thuộc tính theo RFC 7946, WGS 84, bảy chữ số thập phân."),
        stream=geojson,
    ),
    "csv": Format(
        "CSV",
        "text/csv; charset=utf-8",
        gettext_lazy("Bảng UTF-8 không có hình; toạ độ WGS 84 ở hai cột lat và lng."),
        stream=csv_table,
    ),
    "xlsx": Format(
        "Excel (XLSX)",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        gettext_lazy("Bảng tính để lọc và in; mã có diễn giải bên cạnh, trang cuối nói nghĩa cột."),
        write=xlsx,
    ),
    "gpkg": Format(
        "GeoPackage",
        "application/geopackage+sqlite3",
        gettext_lazy(
            "Một lớp có hình và thuộc tính cho QGIS và phần mềm GIS khác (GeoPackage 1.3)."
        ),
        write=gpkg,
    ),
    "fgb": Format(
        "FlatGeobuf",
        "application/vnd.flatgeobuf",
        gettext_lazy("Tệp nhị phân có chỉ mục không gian cho bản đồ trên web và phần mềm GIS."),
        write=fgb,
    ),
    "parquet": Format(
        "GeoParquet",
        "application/vnd.apache.parquet",
        gettext_lazy("Bảng theo cột có hình (GeoParquet 1.1) cho phân tích dữ liệu."),
        write=geoparquet,
    ),
    "kml": Format(
        "KML",
        "application/vnd.google-earth.kml+xml",
        gettext_lazy("Hình và thuộc tính cho Google Earth; luôn là cả bộ dữ liệu."),
        write=kml,
        whole=True,
    ),
}
