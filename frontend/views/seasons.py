"""The calendar of seasons: which type of product is harvested or made in which months."""

import itertools

from django.shortcuts import render
from django.utils.translation import gettext as _

from geodata.page_cache import cached_page
from geodata.spans import today
from products.register.models import Season

MONTHS = range(1, 13)


@cached_page()
def seasons(request, revision):
    """All types of products with a season: a table of months, and what each source states."""
    this_month = today().month
    stated = Season.objects.select_related("type", "source").prefetch_related("units")
    types = [
        {"type": found[0].type, "seasons": found, "lines": _lines(found, this_month)}
        for found in _groups(stated, lambda season: season.type)
    ]
    return render(
        request,
        "frontend/seasons.html",
        {
            "title": _("Mùa vụ"),
            "types": types,
            "months": [{"month": month, "is_now": month == this_month} for month in MONTHS],
            "this_month": this_month,
        },
    )


def _lines(seasons, this_month):
    """Return the rows of the table for the seasons of one type: one for each variety and place.

    A row has cells, one for each month, unless its seasons state no month.
    """
    lines = []
    for found in _groups(seasons, lambda season: (season.variety, season.place, _units(season))):
        all_year = any(season.all_year for season in found)
        stated = {month for season in found for month in season.months}
        cells = [{"is_season": month in stated, "is_now": month == this_month} for month in MONTHS]
        lines.append(
            {
                "season": found[0],
                "all_year": all_year,
                "cells": cells if stated else [],
                "words": [season.statement for season in found],
            }
        )
    return lines


def _units(season):
    return sorted(unit.pk for unit in season.units.all())


def _groups(seasons, key):
    """Return lists of consecutive seasons with equal keys; Season.Meta.ordering sorts them."""
    return [list(found) for _key, found in itertools.groupby(seasons, key)]
