"""Fills the database that DATABASE_URL names: `python -m tests.benchmarks.fill ROWS`.

Products with all rows that their features depend on (fill.sql), the features of all collections,
then the flat table of the other servers with the same values as the features.
"""

import os
import subprocess
import sys
from pathlib import Path

import django

from .databases import psql


def fill(rows):
    from django.core.management import call_command
    from django.db import connection
    from django.db.models import F

    from geodata import feature_tables
    from geodata.collection import collections
    from products.ocop.collections import PRODUCTS

    from .models import Specialty

    # The flat table has no migrations.
    call_command("migrate", run_syncdb=True, verbosity=0)
    subprocess.run(
        [
            *psql(os.environ["DATABASE_URL"]),
            *("-v", f"rows={rows}", "-f", Path(__file__).with_name("fill.sql")),
        ],
        check=True,
    )
    for collection in collections().values():
        feature_tables.write(collection)
    products = PRODUCTS.rows(PRODUCTS.public().order_by("feature_id"), F("geometry"))
    sql, values = products.query.sql_with_params()
    names = ", ".join([*PRODUCTS.properties, "point"])
    table = Specialty._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT * FROM ({sql}) AS product ({names})", values
        )
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    django.setup()
    fill(int(sys.argv[1]))
