"""pg_trgm and the browser (tests/js/search.test.js) agree on what is similar."""

import json
from pathlib import Path

import pytest
from django.db import connection

PAIRS = json.loads((Path(__file__).parent.parent / "similarity.json").read_text())


@pytest.mark.django_db
@pytest.mark.parametrize(("wanted", "text", "similarity"), PAIRS)
def test_words_are_as_similar_as_the_browser_thinks(wanted, text, similarity):
    with connection.cursor() as cursor:
        cursor.execute("SELECT word_similarity(%s, %s)", [wanted, text])
        assert round(cursor.fetchone()[0], 4) == similarity


@pytest.mark.django_db
def test_the_database_forgives_as_much_as_the_browser():
    with connection.cursor() as cursor:
        cursor.execute("SHOW pg_trgm.word_similarity_threshold")
        assert cursor.fetchone()[0] == "0.6"
