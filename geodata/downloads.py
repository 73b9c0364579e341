"""A collection, whole or filtered, as one file."""

import gc
import inspect
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from .exports import FORMATS, Export, about
from .ogc import GEOJSON, PublicView, find_collection
from .problems import ParameterError
from .query import OF_PAGES, ItemsQuery, refuse_unknown


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
            pieces = Begun(form.stream(self.export(query)))
            response = StreamingHttpResponse(pieces, content_type=form.media_type)
        else:
            response = FileResponse(written(self.export(query), query.extension))
            response.headers["Content-Type"] = form.media_type
        name = f"{collection.id}.{query.extension}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["Link"] = f'<{collection.license.url}>; rel="license"'
        return response

    def export(self, query):
        collection = query.collection
        address = self.request.build_absolute_uri()
        license = collection.license
        return Export(
            collection=collection,
            matched=query.matched(),
            geometry=query.geometry or collection.geometry,
            about=about(collection, revision=self.revision, address=address),
            links=[
                self.link("self", address, GEOJSON),
                self.link("collection", reverse("ogc:collection", args=[collection.id])),
                self.link("license", license.url, "text/html", license.title),
            ],
            bom=query.bom,
        )


class Begun:
    """The same pieces, the first already made: what the database refuses is still an error page.

    close() ends the making, so that a reader who leaves keeps no cursor open.
    """

    def __init__(self, pieces):
        self.pieces = pieces
        self.first = [next(pieces)]

    def __iter__(self):
        yield from self.first
        yield from self.pieces

    def close(self):
        if inspect.getgeneratorstate(self.pieces) != inspect.GEN_CLOSED:
            self.pieces.close()
            # Observed with Django 5.2: an iterator given up half-way keeps its cursor open in
            # PostgreSQL until Python next looks for circular references.
            gc.collect()


def written(export, extension):
    """The file, open; it has no name any more, so it ends with whoever reads it last."""
    with tempfile.TemporaryDirectory(prefix="ocopmap-") as folder:
        path = Path(folder) / f"{export.collection.id}.{extension}"
        FORMATS[extension].write(export, path)
        return path.open("rb")
