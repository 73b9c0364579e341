"""The page for producers who want a product recognised, and what links to it."""

import re

import pytest
from django.utils.html import escape

from frontend.views.recognition import SOURCES
from geodata.spans import span_of
from tests.factories import ProductFactory, RatingFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/cong-nhan-ocop/"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_step_has_a_source(client, prefix):
    body = client.get(prefix + ADDRESS).content.decode()
    (steps,) = re.findall(r'<ol class="steps"[^>]*>(.*)</ol>', body, re.S)
    parts = re.split("<h2", steps)[1:]

    assert len(parts) == 5
    for part in parts:
        assert re.search(r'class="source">[^<]+<a href="https://', part), part


def test_all_sources_are_linked(client):
    body = client.get(ADDRESS).content.decode()

    for urls in SOURCES.values():
        for url in urls:
            assert f'<a href="{escape(url)}" rel="noopener">' in body
    assert ">danang.gov.vn</a>" in body


@pytest.mark.parametrize(
    ("decided", "is_linked"),
    [
        (span_of(2023, 12, 10), True),  # ends in 17 days
        (span_of(2020), True),  # ended
        (span_of(2024, 12, 10), False),  # valid for a year
        (span_of(2023), False),  # may have ended
        (None, False),  # never rated
    ],
)
def test_a_product_whose_rating_ends_links_to_its_reassessment(client, on_day, decided, is_linked):
    on_day("2026-11-23")
    product = ProductFactory(published=True)
    if decided:
        RatingFactory(product=product, decided=decided)

    body = client.get(product.get_absolute_url()).content.decode()

    assert (f'href="{ADDRESS}#again"' in body) is is_linked
    # And every page has it at its foot.
    assert f'href="{ADDRESS}"' in body
