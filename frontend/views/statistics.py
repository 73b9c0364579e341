"""The statistics page, and each statistic as a CSV and JSON file and as a chart."""

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from frontend import charts, structured_data
from frontend.statistics import BY_ID, CROSS_STATISTICS, STATISTICS, CrossStatistic, headlines
from geodata.collection import CC_BY
from geodata.conditional import conditional_get
from geodata.formats.csv import csv_lines
from geodata.page_cache import cached_page

# The statistics with a section of their own at the top of the page.
FEATURED = ("districts", "term-ends")


@cached_page()
def statistics(request, revision):
    """Headlines, a map, tables with bars and the calendar; each number links to its list."""
    ends = BY_ID["term-ends"]
    years = ends.years(revision)
    this_year = revision.day.year
    return render(
        request,
        "frontend/statistics.html",
        {
            "headlines": headlines(revision),
            "districts": _section(BY_ID["districts"], revision),
            "map": charts.choropleth(BY_ID["districts"], revision, width=460),
            "crossed": [_crossed(statistic, revision) for statistic in CROSS_STATISTICS],
            "ends": {
                **_section(ends, revision),
                "past": [one for one in years if one["year"] and one["year"] < this_year],
                "coming": [one for one in years if not one["year"] or one["year"] >= this_year],
                "without_term": [
                    row for row in ends.rows(revision) if not ends.has_term(row.value)
                ],
            },
            "sections": [
                _section(statistic, revision)
                for statistic in STATISTICS
                if statistic.id not in FEATURED
            ],
            "all": [BY_ID["districts"], *CROSS_STATISTICS, ends]
            + [statistic for statistic in STATISTICS if statistic.id not in FEATURED],
            "day": revision.day,
            "document": structured_data.statistics(STATISTICS),
        },
    )


def _section(statistic, revision):
    """A statistic for the page; rows without any feature are folded."""
    rows = list(statistic.rows(revision))
    return {
        "statistic": statistic,
        "rows": [row for row in rows if row.count],
        "empty_rows": [row for row in rows if not row.count],
        "total": statistic.total(revision),
        "items_url": statistic.items_url(),
    }


def _crossed(statistic, revision):
    """A table of two properties for the page, without columns and rows that have no feature."""
    table = statistic.table(revision)
    used = [index for index, column in enumerate(table.columns) if column.count]
    return {
        "statistic": statistic,
        "columns": [table.columns[index] for index in used],
        "rows": [
            {
                "row": one.row,
                "cells": [one.cells[index] for index in used],
                "segments": _segments(one.cells),
            }
            for one in table.rows
            if one.count
        ],
        "empty_rows": [one.row for one in table.rows if not one.count],
        "empty_columns": [column for column in table.columns if not column.count],
        "total": statistic.total(revision),
    }


def _segments(cells):
    """[{status, start, length}] of a stacked bar, in thousandths."""
    segments, start = [], 0
    for cell in cells:
        if cell.count:
            segments.append({"status": cell.value, "start": start, "length": cell.thousandths})
            start += cell.thousandths
    return segments


@conditional_get
def statistic_csv(request, revision, statistic_id):
    """One statistic for spreadsheets; every row contains the day for which it is valid."""
    statistic = _get_statistic(statistic_id)
    rows = _rows(statistic, revision)
    names = ["date", *(rows[0] if rows else ("value", "name", "count", "url"))]
    lines = csv_lines(names, ([revision.day, *row.values()] for row in rows))
    response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{statistic.id}.csv"'
    response.headers["Link"] = f'<{CC_BY.url}>; rel="license"'
    return response


@conditional_get
def statistic_json(request, revision, statistic_id):
    """One statistic as a JSON object."""
    statistic = _get_statistic(statistic_id)
    is_crossed = isinstance(statistic, CrossStatistic)
    counted = (statistic.down, statistic.across) if is_crossed else (statistic,)
    collection = counted[0].collection
    document = {
        "id": statistic.id,
        "title": str(statistic.title),
        "note": str(statistic.note) or None,
        "coverage": f"{settings.PLACE.sample_note} {settings.PLACE.sample_details}",
        "collection": settings.SITE_URL + reverse("ogc:collection", args=[collection.id]),
        **(
            {"properties": [one.by for one in counted]}
            if is_crossed
            else {"property": statistic.by}
        ),
        "license": CC_BY.url,
        "date": revision.day.isoformat(),
        "revision": str(revision),
        "total": statistic.total(revision),
        "rows": _rows(statistic, revision),
    }
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False})


@conditional_get
def statistic_svg(request, revision, statistic_id):
    """The chart of one statistic, with its title, day, source and licence in it."""
    chart = charts.chart_of(_get_statistic(statistic_id), revision)
    colours = charts.colours()
    response = render(
        request,
        "frontend/chart.svg",
        {"chart": chart, "paper": colours["raised"], "edge": colours["muted"]},
        content_type="image/svg+xml; charset=utf-8",
    )
    response.headers["Link"] = f'<{CC_BY.url}>; rel="license"'
    return response


def _get_statistic(statistic_id):
    for statistic in (*STATISTICS, *CROSS_STATISTICS):
        if statistic.id == statistic_id:
            return statistic
    raise Http404(statistic_id)


def _rows(statistic, revision):
    """The rows as the files contain them; `url` is the list in the API."""
    if isinstance(statistic, CrossStatistic):
        return [
            {
                "value": one.row.value,
                "name": one.name,
                statistic.across.by: cell.value,
                f"{statistic.across.by}_name": cell.name,
                "count": cell.count,
                "url": settings.SITE_URL + cell.items_url,
            }
            for one in statistic.table(revision).rows
            for cell in one.cells
        ]
    return [
        {
            "value": row.value,
            "name": row.name,
            "count": row.count,
            "url": settings.SITE_URL + row.items_url,
        }
        for row in statistic.rows(revision)
    ]
