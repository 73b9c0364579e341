"""What every format writes: the public rows of one collection and the metadata of the file.

GeoJSON and CSV are streams whose memory does not grow with the rows; the others are files that
libraries write. Columns are typed by the collection's expressions and not by the data, so
that a column is the same whether or not today's rows fill it. Each format runs one query: one
statement sees one state of the data, whatever is edited meanwhile.
"""

import itertools
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import pyarrow
from django.conf import settings
from django.contrib.gis.db.models.functions import AsWKB
from django.core.exceptions import EmptyResultSet
from django.db.models import F, Field, FloatField, Func, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geodata.collection import Collection
from geodata.copying import copy_texts
from geodata.crs import CRS84
from geodata.feature_model import FEATURE_ID
from geodata.property_types import property_type
from geodata.revision import DataRevision

# Rows that are in memory at a time.
CHUNK = 2000


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
    """The input of a format: which rows of a collection to write, and the metadata of the file.

    matched: the features to write, derived from Collection.public(), in any order.
    geometry: column of the geometry to write, GEOMETRY or OUTLINE.
    about: metadata for files that can carry it, name → text, as about() returns it.
    links: link objects, for GeoJSON.
    bom: whether a CSV begins with the byte order mark by which Excel recognises UTF-8.
    """

    collection: Collection
    matched: QuerySet
    geometry: str
    about: Mapping[str, str]
    links: list[dict[str, Any]] = field(default_factory=list)
    bom: bool = True

    @property
    def ordered(self) -> QuerySet:
        """The features to write, ordered by id."""
        return self.matched.order_by(FEATURE_ID)

    @property
    def columns(self) -> list[tuple[str, str, Field]]:
        """Columns of a table without geometry: (name, title, model field of the values) each.

        The properties of the collection, then `lat` and `lng` in degrees of WGS 84.
        """
        place = {"lat": (_("Vĩ độ"), FloatField()), "lng": (_("Kinh độ"), FloatField())}
        return [
            *((name, self.collection.title_of(name), kind) for name, kind in self.fields.items()),
            *((name, title, kind) for name, (title, kind) in place.items()),
        ]

    @property
    def fields(self) -> dict[str, Field]:
        """Property name → model field of its values."""
        return {name: self.collection.fields[name] for name in self.collection.properties}

    def copy_features(self, file: BinaryIO, separator: bytes) -> int:
        """Write the JSON texts of the features, in UTF-8, into a file; return their number.

        file: open for writing. separator: between two features.
        """
        count = 0

        def receive(text):
            nonlocal count
            file.write(separator + text if count else text)
            count += 1

        feature = self.collection.feature(geometry=self.geometry)
        rows = self.ordered.annotate(feature=feature).values_list("feature")
        # Without rows to select there is no statement: the conditions exclude each other.
        with suppress(EmptyResultSet):
            sql, values = rows.query.sql_with_params()
            copy_texts(sql, values, receive)
        return count

    def table_rows(self) -> Iterator[tuple]:
        """Yield each row as a tuple of the values of `columns`."""
        place = F(self.geometry)
        latitude, longitude = (_Coordinate(place, function=name) for name in ("ST_Y", "ST_X"))
        return streamed(self.collection.rows(self.ordered, latitude, longitude))

    def rows_with_wkb(self) -> Iterator[tuple]:
        """Yield each row as a tuple of the values of `fields`, then the geometry as WKB or None."""
        return streamed(self.collection.rows(self.ordered, AsWKB(F(self.geometry))))

    def description(self) -> str:
        """All of `about` except the title in one text, for formats with a single field for it."""
        return "\n".join(text for name, text in self.about.items() if name != "title")


# Headings of the metadata, in the sheet of a workbook that lists them.
ABOUT_TITLES = {
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


def about(collection: Collection, *, revision: DataRevision, address: str) -> dict[str, str]:
    """Return the metadata of a file of that collection: name → text, a key of ABOUT_TITLES each.

    revision: the DataRevision read before the rows. address: absolute URL of the file.
    """
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


def streamed(queryset: QuerySet) -> Iterator[tuple]:
    """Yield the tuples of a values_list() queryset, CHUNK in memory at a time.

    The cursor is closed as soon as this generator is. That of QuerySet.iterator() may not be:
    sorting by a transform leaves an exception that holds the frames of the query being built
    (observed with Django 5.2, Query.setup_joins), and those hold the cursor open in PostgreSQL
    until Python next collects circular references.
    """
    compiler = queryset.query.get_compiler(queryset.db)
    results = compiler.execute_sql(chunked_fetch=True, chunk_size=CHUNK)
    # A query whose conditions no row can meet is not executed and has no cursor.
    with closing(results) if hasattr(results, "close") else nullcontext():
        yield from compiler.results_iter(results, tuple_expected=True)


def join_chunks(pieces: Iterable[str]) -> Generator[bytes, None, None]:
    """Yield the same text as UTF-8, in pieces of CHUNK each.

    Each piece costs a call of every layer down to the socket.
    """
    pieces = iter(pieces)
    while chunk := list(itertools.islice(pieces, CHUNK)):
        yield "".join(chunk).encode()


def arrow_table(export: Export) -> pyarrow.Table:
    """Return all rows of an Export as a pyarrow.Table.

    Columns: the properties, typed by their model fields, then `geometry` as WKB in EPSG:4326 with
    longitude first; null where a row has no geometry.
    """
    types = {name: property_type(kind).arrow for name, kind in export.fields.items()}
    schema = pyarrow.schema(types | {"geometry": pyarrow.binary()})
    rows = export.rows_with_wkb()
    batches = []
    while chunk := list(itertools.islice(rows, CHUNK)):
        *values, shapes = zip(*chunk, strict=True)
        wkb = [None if shape is None else bytes(shape) for shape in shapes]
        columns = zip([*values, wkb], schema, strict=True)
        arrays = [pyarrow.array(column, of.type) for column, of in columns]
        batches.append(pyarrow.record_batch(arrays, schema=schema))
    return pyarrow.Table.from_batches(batches, schema)
