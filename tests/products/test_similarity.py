"""pg_trgm and the browser (tests/js/map/search.test.js) compute the same similarity."""

import json
from pathlib import Path

import pytest
from django.db import connection

PAIRS = json.loads((Path(__file__).parent.parent / "similarity.json").read_text())


@pytest.mark.django_db
@pytest.mark.parametrize(("wanted", "text", "similarity"), PAIRS)
def test_word_similarity_equals_the_value_in_the_browser(wanted, text, similarity):
    with connection.cursor() as cursor:
        cursor.execute("SELECT word_similarity(%s, %s)", [wanted, text])
        assert round(cursor.fetchone()[0], 4) == similarity


@pytest.mark.django_db
def test_the_similarity_threshold_equals_that_of_the_browser():
    with connection.cursor() as cursor:
        cursor.execute("SHOW pg_trgm.word_similarity_threshold")
        assert cursor.fetchone()[0] == "0.6"
