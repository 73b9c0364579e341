"""The shipped sales points and craft villages match their files."""

import csv
import re
from collections import Counter

import pytest
from django.conf import settings

from geodata import importing
from products.places.importing import load_craft_villages, load_sales_points
from products.places.models import CraftVillage, SalesPoint
from products.register.states import State

PLACES = settings.PLACE.folder / "places"
FILES = {
    "sales_points.csv": (SalesPoint, "point_id", "operator", load_sales_points),
    "craft_villages.csv": (CraftVillage, "village_id", "operators", load_craft_villages),
}

pytestmark = pytest.mark.usefixtures("shipped")
each_file = pytest.mark.parametrize("name", FILES)


def rows(name):
    with (PLACES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@each_file
def test_every_row_is_loaded_with_the_commune_that_was_derived_from_it(name):
    model, key, _operator, _load = FILES[name]
    stored = model.objects.select_related("commune").in_bulk(field_name="code")

    assert {row[key]: row["commune_2025_resolved"].lower() for row in rows(name)} == {
        code: place.commune.full_name.lower() if place.commune else ""
        for code, place in stored.items()
    }


def test_only_the_place_without_address_and_the_planned_one_are_drafts():
    drafts = SalesPoint.objects.exclude(state=State.PUBLISHED)

    assert sorted(drafts.values_list("code", flat=True)) == ["NT-SP-024", "NT-SP-025"]
    assert not CraftVillage.objects.exclude(state=State.PUBLISHED).exists()


def test_the_kinds_are_those_of_the_manual_count():
    assert Counter(SalesPoint.objects.values_list("kind", flat=True)) == {
        "stall": 2,
        "showroom": 4,
        "rest_stop": 1,
        "farm_visit": 8,
        "livestock_visit": 1,
        "community_tourism": 8,
        "planned": 1,
    }


def test_three_villages_are_recognised():
    recognised = CraftVillage.objects.filter(recognised=True)

    assert sorted(recognised.values_list("code", flat=True)) == [
        f"NT-CV-{n:03d}" for n in (1, 2, 3)
    ]
    # As many as a page counts.
    with (settings.PLACE.folder / "products/official_figures.csv").open(encoding="utf-8") as lines:
        figures = {row["figure_id"]: row["value"] for row in csv.DictReader(lines)}
    assert figures["NT-F-028"] == "3 (Bàu Trúc, Mỹ Nghiệp, Chung Mỹ)"


def test_only_cited_coordinates_are_points_of_their_own():
    exact = [
        (place.code, place.position_source.title.split(",")[0])
        for model in (SalesPoint, CraftVillage)
        for place in model.objects.exclude(position__in=["", "commune"])
    ]

    assert exact == [
        ("NT-SP-008", "Tour 360° Ninh Phước"),
        ("NT-CV-001", "Tour 360° Ninh Phước"),
    ]


@each_file
def test_every_producer_that_the_pack_contains_is_linked_if_it_is_the_only_one_named(name):
    """Fill in producer_code when a producer that a row names is added to the pack."""
    _model, key, operator, _load = FILES[name]
    with (settings.PLACE.folder / "products/producers.csv").open(encoding="utf-8-sig") as lines:
        known = {row["producer_id"] for row in csv.DictReader(lines)}
    # "NT-PR-032?" is a guess.
    code = re.compile(r"NT-PR-[0-9]{3}(?!\?)")
    named = {row[key]: known.intersection(code.findall(row[operator])) for row in rows(name)}

    assert {row[key]: row["producer_code"] for row in rows(name)} == {
        place: next(iter(producers)) if len(producers) == 1 else ""
        for place, producers in named.items()
    }


@each_file
def test_loading_the_shipped_file_again_changes_nothing(name):
    _model, _key, _operator, load = FILES[name]

    report = importing.run("places", PLACES / name, load)

    assert (report.created, report.updated, report.problem_count) == (0, 0, 0)
    assert report.unchanged == len(rows(name))
