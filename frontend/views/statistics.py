"""The statistics page, and each statistic as a CSV and JSON file."""

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from frontend import structured_data
from frontend.statistics import STATISTICS
from geodata.collection import CC_BY
from geodata.conditional import conditional_get
from geodata.formats.csv import csv_lines
from geodata.page_cache import cached_page


@cached_page()
def statistics(request, revision):
    """Every statistic as a table with bars; each number links to the list behind it."""
    sections = [
        {
            "statistic": statistic,
            "rows": list(statistic.rows(revision)),
            "total": statistic.total(revision),
            "items_url": statistic.items_url(),
        }
        for statistic in STATISTICS
    ]
    return render(
        request,
        "frontend/statistics.html",
        {
            "sections": sections,
            "day": revision.day,
            "document": structured_data.statistics(STATISTICS),
        },
    )


@conditional_get
def statistic_csv(request, revision, statistic_id):
    """One statistic for spreadsheets; every row contains the day for which it is valid."""
    statistic = _get_statistic(statistic_id)
    names = ["date", "value", "name", "count", "url"]
    rows = [
        [revision.day, row["value"], row["name"], row["count"], row["url"]]
        for row in _rows(statistic, revision)
    ]
    response = HttpResponse("".join(csv_lines(names, rows)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{statistic.id}.csv"'
    response.headers["Link"] = f'<{CC_BY.url}>; rel="license"'
    return response


@conditional_get
def statistic_json(request, revision, statistic_id):
    """One statistic as a JSON object."""
    statistic = _get_statistic(statistic_id)
    document = {
        "id": statistic.id,
        "title": str(statistic.title),
        "note": str(statistic.note) or None,
        "coverage": f"{settings.PLACE.sample_note} {settings.PLACE.sample_details}",
        "collection": settings.SITE_URL + reverse("ogc:collection", args=[statistic.collection.id]),
        "property": statistic.by,
        "license": CC_BY.url,
        "date": revision.day.isoformat(),
        "revision": str(revision),
        "total": statistic.total(revision),
        "rows": _rows(statistic, revision),
    }
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False})


def _get_statistic(statistic_id):
    for statistic in STATISTICS:
        if statistic.id == statistic_id:
            return statistic
    raise Http404(statistic_id)


def _rows(statistic, revision):
    """The rows as the files contain them; `url` is the list in the API."""
    return [
        {
            "value": row.value,
            "name": row.name,
            "count": row.count,
            "url": settings.SITE_URL + row.items_url,
        }
        for row in statistic.rows(revision)
    ]
