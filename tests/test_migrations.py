"""Which databases this release can migrate."""

import pytest
from django.core.management import call_command
from django.db import connection


@pytest.mark.parametrize(
    ("prepare", "series"),
    [
        ("DROP TABLE django_migrations", "none"),
        ("DELETE FROM django_migrations", "none"),
        ("SELECT 1", "current"),
        (
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('products', '0008_visible_text', now())",
            "old",
        ),
    ],
)
@pytest.mark.django_db
def test_the_series_of_a_database_is_recognised(capsys, prepare, series):
    with connection.cursor() as cursor:
        cursor.execute(prepare)

    call_command("migration_series")

    assert capsys.readouterr().out == f"{series}\n"
