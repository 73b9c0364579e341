"""Measures writing: edits of single products, and a unit that 20,000 products show.

`python -m tests.benchmarks.edits` in the database that DATABASE_URL names, a copy of that of the
other parts.
"""

import itertools
import os
import statistics
import sys
import threading
import time
from contextlib import closing

import django

from . import servers
from .figures import Figure

WARM_UP = 3  # one of each kind
EDITS = 50
NEW_CONNECTIONS = 5
# The district of a fifth of all products, and how many these are at least.
LARGE_DISTRICT, RENAMED = 100, 20_000


def edit_products():
    """Milliseconds of each edit on a warm connection, and of the first edits of new connections."""
    from django.contrib.auth import get_user_model
    from django.contrib.gis.geos import Point
    from django.db import connection

    from products.ocop.models import OcopRating, Product
    from products.register import workflow

    official = get_user_model().objects.create_superuser("bench", password="x")

    def edit(number):
        # Another product each time; its place, name or rating.
        product = Product.objects.get(pk=1 + 1001 * number)
        values, parts = {}, ()
        if number % 3 == 0:
            values = {"name": f"{product.name} {number}"}
        elif number % 3 == 1:
            point = Point(product.point.x + 0.001, product.point.y, srid=4326)
            values = {"point": point, "position": "gps"}
        else:
            rating = OcopRating.objects.filter(product__gte=product.pk).order_by("product").first()
            product = rating.product
            rating.stars = 3 if rating.stars == 4 else 4
            parts = (rating,)
        start = time.perf_counter()
        workflow.change(product, values, by=official, base_version=product.version, save=parts)
        return 1000 * (time.perf_counter() - start)

    numbers = itertools.count()
    for _ in range(WARM_UP):
        edit(next(numbers))
    warm = [edit(next(numbers)) for _ in range(EDITS)]
    first = []
    for _ in range(NEW_CONNECTIONS):
        connection.close()
        connection.ensure_connection()
        first.append(edit(next(numbers)))
    return warm, first


def rename_unit(site):
    """Seconds of the transaction that renames it, and the longest gap between two responses."""
    from districts.models import Unit
    from geodata.ogc.paging import encode_cursor
    from products.ocop.collections import PRODUCTS
    from products.ocop.models import Product

    shown = Product.objects.published().filter(district=LARGE_DISTRICT).count()
    if shown < RENAMED:
        raise SystemExit(f"Only {shown} products show the unit.")
    done = threading.Event()
    gaps = []
    cursors = [encode_cursor([f"VN-OCOP-{row:07d}"]) for row in range(1, 2000)]

    def request_pages():
        with closing(site.connect()) as client:
            number, last = 0, time.perf_counter()
            while not done.is_set():
                site.request(client, f"limit=10&cursor={cursors[number % len(cursors)]}")
                number += 1
                now = time.perf_counter()
                gaps.append(now - last)
                last = now

    other_client = threading.Thread(target=request_pages)
    other_client.start()
    # The first responses of a server take longer.
    while len(gaps) < 20:
        time.sleep(0.1)
    gaps.clear()
    start = time.perf_counter()
    unit = Unit.objects.get(pk=LARGE_DISTRICT)
    unit.name = f"{unit.name} mới"
    unit.save()
    took = time.perf_counter() - start
    done.set()
    other_client.join()
    renamed = PRODUCTS.public().filter(district=str(Unit.objects.get(pk=LARGE_DISTRICT))).count()
    if renamed != shown:
        raise SystemExit(f"{renamed} of {shown} features show the new name.")
    return took, 1000 * max(gaps)


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    django.setup()
    warm, first = edit_products()
    reached = [
        Figure("an edit, in ms", 20, at_least=False).judge(warm),
        Figure("first edit of a connection, in ms", 60, at_least=False).judge(first),
    ]
    with servers.ours(os.environ["DATABASE_URL"]) as site:
        took, gap = rename_unit(site)
    reached += [
        Figure("a unit renamed that 20,000 products show, in s", 20, at_least=False).judge([took]),
        Figure("longest gap between responses meanwhile, in ms", 200, at_least=False).judge([gap]),
    ]
    print(f"  edits: median {statistics.median(warm):.1f} ms, slowest {max(warm):.1f} ms")
    sys.exit(0 if all(reached) else 1)


if __name__ == "__main__":
    main()
