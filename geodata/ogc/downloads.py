"""A collection, whole or filtered, as one file."""

import itertools
import logging
import os
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urljoin

from django.conf import settings
from django.db import DatabaseError
from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from geodata.collection import Collection
from geodata.crs import CRS84
from geodata.formats.export import Export, about
from geodata.formats.registry import FORMATS
from geodata.models import BulkFile
from geodata.problems import ParameterError
from geodata.revision import DataRevision, current_revision

from .query import PAGE_PARAMETERS, ItemsQuery, Parser, refuse_unknown
from .views import GEOJSON, HTML, JSON, PublicView, in_crs

logger = logging.getLogger(__name__)


@dataclass
class DownloadQuery(ItemsQuery):
    """The parsed query of a request for a file: the filters of items, without pages.

    extension: of the file, a key of FORMATS. bom: see Export.
    """

    extension: str = ""
    bom: bool = True

    def parsers(self, params: Mapping[str, str]) -> dict[str, Parser]:
        """Return the parsers of ItemsQuery that apply to files, and `bom` for CSV."""
        parsers = super().parsers(params)
        # A file has whole rows in one order, and the CRS that its format requires.
        for name in PAGE_PARAMETERS:
            del parsers[name]
        if self.extension == "csv":
            parsers["bom"] = lambda text: setattr(self, "bom", _parse_bom(text))
        return parsers


def _parse_bom(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ParameterError("bom", _("Giá trị dùng được: %s.") % "0, 1")
    return text == "1"


class DownloadView(PublicView):
    """GET /downloads/{collection}.{extension}: the file, made for this request."""

    # The URL names the format; the Accept header is ignored.
    formats = {}

    def negotiated_format(self, request: HttpRequest) -> str:
        """Return "": see `formats`."""
        return ""

    def get_object(self, request: HttpRequest, collection_id: str, extension: str) -> DownloadQuery:
        """Return the parsed query; raise Http404 for an unknown collection or extension."""
        collection = self.find_collection(collection_id)
        if extension not in FORMATS:
            raise Http404(_("Không có định dạng “%s”.") % extension)
        if FORMATS[extension].whole:
            refuse_unknown(request.GET, known={})
            return DownloadQuery(collection, extension=extension)
        return DownloadQuery.parse(collection, request.GET, extension=extension)

    def render(
        self, request: HttpRequest, query: DownloadQuery
    ) -> StreamingHttpResponse | FileResponse:
        """Return the file as a stream."""
        collection, file_format = query.collection, FORMATS[query.extension]
        response: StreamingHttpResponse | FileResponse
        if request.method == "HEAD":
            # The headers alone do not need the file.
            response = StreamingHttpResponse((), content_type=file_format.media_type)
        elif file_format.stream:
            pieces = file_format.stream(self.export(query))
            stream = PrefetchedStream(pieces, on_finish=self.size_recorder(query))
            response = StreamingHttpResponse(stream, content_type=file_format.media_type)
        else:
            response = FileResponse(render_to_file(self.export(query), query.extension))
            response.headers["Content-Type"] = file_format.media_type
            self.size_recorder(query)(int(response.headers["Content-Length"]))
        name = f"{collection.id}.{query.extension}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["Link"] = f'<{collection.license.url}>; rel="license"'
        # The other formats state their CRS themselves, or have coordinates in columns only.
        return in_crs(response, CRS84) if file_format.media_type == GEOJSON else response

    def export(self, query: DownloadQuery) -> Export:
        """Return the input of the format for this request."""
        # The revision was read before the rows. If the data change between the two, the file states
        # an older revision than it has, never a newer one: a client that compares revisions makes
        # one request too many and misses nothing. (One statement sees one state of the data; a
        # transaction around both would last as long as the slowest client of a stream.)
        address = settings.SITE_URL + self.request.get_full_path()
        return export_of(query, revision=self.revision, address=address)

    def size_recorder(self, query: DownloadQuery) -> Callable[[int], None]:
        """Return a function that takes the bytes of the file and records them if it is whole."""
        return lambda size: None if self.request.GET else record_size(query, size)


def export_of(query: DownloadQuery, *, revision: DataRevision, address: str) -> Export:
    """Return the Export of a query.

    revision: read before the rows. address: absolute URL of the file.
    """
    collection = query.collection
    license = collection.license
    collection_url = urljoin(address, reverse("ogc:collection", args=[collection.id]))
    return Export(
        collection=collection,
        matched=query.matched(),
        geometry=query.geometry,
        about=about(collection, revision=revision, address=address),
        links=[
            {"href": address, "rel": "self", "type": GEOJSON},
            {"href": collection_url, "rel": "collection", "type": JSON},
            {"href": license.url, "rel": "license", "type": HTML, "title": license.title},
        ],
        bom=query.bom,
    )


# --- sizes ---------------------------------------------------------------------------------


def measure_size(collection: Collection, extension: str) -> int:
    """Write the file of a whole collection, discard it, record and return its size in bytes.

    extension: a key of FORMATS.
    """
    query = DownloadQuery(collection, extension=extension)
    address = settings.SITE_URL + reverse("ogc:download", args=[collection.id, extension])
    export = export_of(query, revision=current_revision(), address=address)
    if stream := FORMATS[extension].stream:
        size = sum(map(len, stream(export)))
    else:
        with render_to_file(export, extension) as file:
            size = os.fstat(file.fileno()).st_size
    record_size(query, size)
    return size


def record_size(query: DownloadQuery, size: int) -> None:
    """Store the size in bytes of the whole file as a BulkFile, if it has changed.

    Never raises a DatabaseError: no download fails because of it.
    """
    names = {"collection": query.collection.id, "format": query.extension}
    try:
        if not BulkFile.objects.filter(**names, bytes=size).exists():
            BulkFile.objects.bulk_create(
                [BulkFile(**names, bytes=size)],
                update_conflicts=True,
                unique_fields=list(names),
                update_fields=["bytes", "written_at"],
            )
    except DatabaseError as error:
        logger.warning("The size of %s was not recorded: %s", names, error)


# --- streams and files ---------------------------------------------------------------------


class PrefetchedStream:
    """A generator of bytes as an iterable whose first piece has been fetched already.

    An error of the database in the first piece is thus raised before the response begins, and can
    still become an error page.

    pieces: generator of at least one piece. on_finish: called with the number of bytes after the
    last piece. close() closes the generator, so that a client who disconnects leaves no cursor
    open.
    """

    def __init__(
        self, pieces: Generator[bytes, None, None], *, on_finish: Callable[[int], None]
    ) -> None:
        self.pieces = pieces
        self.first = [next(pieces)]
        self.on_finish = on_finish

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for piece in itertools.chain(self.first, self.pieces):
            size += len(piece)
            yield piece
        self.on_finish(size)

    def close(self) -> None:
        """Close the generator of the pieces."""
        self.pieces.close()


def render_to_file(export: Export, extension: str) -> BinaryIO:
    """Write a file of a format that has `write`; return it open for reading.

    extension: a key of FORMATS; raises ValueError if that format is a stream. The file is already
    unlinked, so that it disappears when it is closed.
    """
    write = FORMATS[extension].write
    if write is None:
        raise ValueError(f"{extension} is a stream.")
    with tempfile.TemporaryDirectory(prefix="ocopmap-") as folder:
        path = Path(folder) / f"{export.collection.id}.{extension}"
        write(export, path)
        return path.open("rb")
