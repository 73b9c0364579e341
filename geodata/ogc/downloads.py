"""A collection, whole or filtered, as one file."""

import itertools
import logging
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from django.conf import settings
from django.db import DatabaseError
from django.http import FileResponse, Http404, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from geodata.crs import CRS84
from geodata.formats.export import Export, about
from geodata.formats.registry import FORMATS
from geodata.models import BulkFile
from geodata.problems import ParameterError
from geodata.revision import current_revision

from .query import OF_PAGES, ItemsQuery, refuse_unknown
from .views import GEOJSON, HTML, JSON, PublicView, find_collection, in_crs

logger = logging.getLogger(__name__)


@dataclass
class DownloadQuery(ItemsQuery):
    """What a request for a file asks of a collection: the filters of items, and no pages."""

    extension: str = ""
    bom: bool = True

    def readers(self, asked):
        readers = super().readers(asked)
        # A file is whole rows in one order and in the system that its format expects.
        for name in OF_PAGES:
            del readers[name]
        if self.extension == "csv":
            readers["bom"] = lambda text: setattr(self, "bom", _bom(text))
        return readers


def _bom(text):
    if text not in {"0", "1"}:
        raise ParameterError("bom", _("Giá trị dùng được: %s.") % "0, 1")
    return text == "1"


class DownloadView(PublicView):
    # The address names the form, whatever the Accept header says.
    forms = {}

    def chosen_form(self, request):
        return ""

    def subject(self, request, collection_id, extension):
        collection = find_collection(collection_id)
        if extension not in FORMATS:
            raise Http404(_("Không có định dạng “%s”.") % extension)
        if FORMATS[extension].whole:
            refuse_unknown(request.GET, known={})
            return DownloadQuery(collection, extension=extension)
        return DownloadQuery.parse(collection, request.GET, extension=extension)

    def answer(self, request, query):
        collection, form = query.collection, FORMATS[query.extension]
        if request.method == "HEAD":
            # A file is not made for its headers alone.
            response = StreamingHttpResponse((), content_type=form.media_type)
        elif form.stream:
            pieces = Begun(form.stream(self.export(query)), at_the_end=self.noting(query))
            response = StreamingHttpResponse(pieces, content_type=form.media_type)
        else:
            file = written(self.export(query), query.extension)
            response = FileResponse(file)
            response.headers["Content-Type"] = form.media_type
            self.noting(query)(int(response.headers["Content-Length"]))
        name = f"{collection.id}.{query.extension}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["Link"] = f'<{collection.license.url}>; rel="license"'
        # The other formats say it themselves, or hold no coordinates but those of their columns.
        return in_crs(response, CRS84) if form.media_type == GEOJSON else response

    def export(self, query):
        # The revision was read before the rows. Should the data change between the two, the file
        # calls itself older than it is, never newer: who goes by it asks once more than needed and
        # misses nothing. (One statement sees one state; a transaction around both would last as
        # long as the slowest reader of a stream.)
        address = settings.SITE_URL + self.request.get_full_path()
        return export_of(query, revision=self.revision, address=address)

    def noting(self, query):
        """What is to be done with the number of bytes: noted, of the file that links lead to."""
        return lambda count: None if self.request.GET else note_size(query, count)


def export_of(query, *, revision, address):
    """What the file of a query is made of; address: the full one at which it is."""
    collection = query.collection
    license = collection.license
    described = urljoin(address, reverse("ogc:collection", args=[collection.id]))
    return Export(
        collection=collection,
        matched=query.matched(),
        geometry=query.geometry or collection.geometry,
        about=about(collection, revision=revision, address=address),
        links=[
            {"href": address, "rel": "self", "type": GEOJSON},
            {"href": described, "rel": "collection", "type": JSON},
            {"href": license.url, "rel": "license", "type": HTML, "title": license.title},
        ],
        bom=query.bom,
    )


# --- sizes ---------------------------------------------------------------------------------


def measure(collection, extension):
    """Write a whole file to no one, and note and return its size in bytes."""
    query = DownloadQuery(collection, extension=extension)
    address = settings.SITE_URL + reverse("ogc:download", args=[collection.id, extension])
    export = export_of(query, revision=current_revision(), address=address)
    if stream := FORMATS[extension].stream:
        count = sum(len(piece.encode()) for piece in stream(export))
    else:
        with written(export, extension) as file:
            count = os.fstat(file.fileno()).st_size
    note_size(query, count)
    return count


def note_size(query, count):
    """Remember how large the whole file is now; no download fails because of it."""
    names = {"collection": query.collection.id, "format": query.extension}
    try:
        if not BulkFile.objects.filter(**names, bytes=count).exists():
            BulkFile.objects.bulk_create(
                [BulkFile(**names, bytes=count)],
                update_conflicts=True,
                unique_fields=list(names),
                update_fields=["bytes", "written_at"],
            )
    except DatabaseError as error:
        logger.warning("The size of %s was not noted: %s", names, error)


# --- pieces and files ----------------------------------------------------------------------


class Begun:
    """The same pieces as bytes, the first already made: a refusal of the database is an error page.

    at_the_end: told how many bytes there were, when all have been asked for.
    close() ends the making, so that a reader who leaves keeps no cursor open.
    """

    def __init__(self, pieces, *, at_the_end):
        self.pieces = pieces
        self.first = [next(pieces)]
        self.at_the_end = at_the_end

    def __iter__(self):
        count = 0
        for piece in itertools.chain(self.first, self.pieces):
            sent = piece.encode()
            count += len(sent)
            yield sent
        self.at_the_end(count)

    def close(self):
        self.pieces.close()


def written(export, extension):
    """The file, open; it has no name any more, so it ends with whoever reads it last."""
    with tempfile.TemporaryDirectory(prefix="ocopmap-") as folder:
        path = Path(folder) / f"{export.collection.id}.{extension}"
        FORMATS[extension].write(export, path)
        return path.open("rb")
