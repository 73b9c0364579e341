"""The page of the figures, and each of them as a file."""

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from frontend import structured_data
from frontend.statistics import FIGURES
from geodata.collection import CC_BY
from geodata.conditional import conditional_get
from geodata.formats.csv import csv_lines


@conditional_get
def figures(request, revision):
    """Every figure as a table with bars; each number leads to the list behind it."""
    told = [
        {
            "figure": figure,
            "rows": list(figure.rows(revision)),
            "total": figure.total(revision),
            "items": figure.items(),
        }
        for figure in FIGURES
    ]
    return render(
        request,
        "frontend/figures.html",
        {"figures": told, "day": revision.day, "document": structured_data.figures(FIGURES)},
    )


@conditional_get
def figure_csv(request, revision, figure_id):
    """The figure as a table for spreadsheets, with the day on which it holds in every row."""
    figure = _figure(figure_id)
    names = ["date", "value", "name", "count", "url"]
    rows = [
        [revision.day, row["value"], row["name"], row["count"], row["url"]]
        for row in _rows(figure, revision)
    ]
    response = HttpResponse("".join(csv_lines(names, rows)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{figure.id}.csv"'
    response.headers["Link"] = f'<{CC_BY.url}>; rel="license"'
    return response


@conditional_get
def figure_json(request, revision, figure_id):
    """The figure as an object for programs."""
    figure = _figure(figure_id)
    document = {
        "id": figure.id,
        "title": str(figure.title),
        "note": str(figure.note) or None,
        "coverage": f"{settings.PLACE.sample_note} {settings.PLACE.sample_details}",
        "collection": settings.SITE_URL + reverse("ogc:collection", args=[figure.collection.id]),
        "property": figure.by,
        "license": CC_BY.url,
        "date": revision.day.isoformat(),
        "revision": str(revision),
        "total": figure.total(revision),
        "rows": _rows(figure, revision),
    }
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False})


def _figure(figure_id):
    for figure in FIGURES:
        if figure.id == figure_id:
            return figure
    raise Http404(figure_id)


def _rows(figure, revision):
    """The rows as files tell them; the address is that of the list in the API."""
    return [
        {
            "value": row.value,
            "name": row.name,
            "count": row.count,
            "url": settings.SITE_URL + row.items,
        }
        for row in figure.rows(revision)
    ]
