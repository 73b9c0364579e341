"""A stream needs no more memory for ten times the rows."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.many import many_products
from tests.served import database_url

FEW, MANY = 5_000, 50_000

# Reads files in a process of its own, whose peak the system reports: what the database's
# library allocates is not memory of Python. Prints the bytes of the last and its rise.
READ = """
import resource, sys
import django
django.setup()
from django.test import Client

def read(address):
    response = Client(SERVER_NAME="localhost").get(address)
    assert response.status_code == 200
    return sum(len(piece) for piece in response), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

(_, few), (size, many) = map(read, sys.argv[1:])
print(size, (many - few) * 1024)
"""


@pytest.mark.django_db(transaction=True)
def test_memory_does_not_grow_with_the_rows():
    many_products(FEW, prefix="IT", sector="crops", sector_basis="stated")
    many_products(MANY - FEW)
    for extension in ("geojson", "csv"):
        address = f"/api/v1/downloads/products.{extension}"

        size, growth = in_a_process_of_its_own(f"{address}?sector=crops", address)

        assert size > 9_000_000
        # Text held in memory as a whole takes at least as much as was read.
        assert growth < size / 2, extension


def in_a_process_of_its_own(*addresses):
    environment = {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "ocopmap.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", READ, *addresses],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return map(int, done.stdout.split())
