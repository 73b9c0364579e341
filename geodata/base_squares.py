"""The squares of the loaded OpenStreetMap extract, as the map requests them."""

import gzip

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from .models import BaseExtract, BaseSquare

EMPTY = gzip.compress(b"{}", mtime=0)


@require_safe
def base_square(request: HttpRequest, version: str, level: int, x: int, y: int) -> HttpResponse:
    """Return what to draw in a square, see osm_extract.draw_squares(); {} if that is nothing.

    404 for a version that is not loaded. The address changes with the content, so browsers need
    not ask again.
    """
    if not BaseExtract.objects.filter(version=version).exists():
        raise Http404
    rows = BaseSquare.objects.filter(extract__version=version, level=level, x=x, y=y)
    body = rows.values_list("body", flat=True).first()
    # Every browser that runs the map's scripts reads gzip.
    response = HttpResponse(body or EMPTY, content_type="application/json")
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
