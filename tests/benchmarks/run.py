"""Measures the API against servers made for the same: `bin/bench`, `bin/bench --large`.

`bin/bench --browser` measures the map in a real browser (browser.py).

The site publishes its own products, synthetic ones in its real tables; the other servers publish
one flat table with the same values. All use one PostgreSQL, with one worker process each. Two
servers are measured alternately, A B A B, and the ratio of each pair counts, because other load
affects both. Every request is for another page or box, so that no response comes from a cache; only
the number of matching rows is cached per revision of the data, as in production.
"""

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlencode

import django

from . import servers
from .databases import connect, copy_of, database_of, psql
from .figures import Figure

ROUNDS = 5
CONNECTIONS = 4
ROWS = 100_000
LARGE_ROWS = 1_000_000
# Features that are compared with the records before anything is measured.
SAMPLE = 1_000
# The first of the districts that do not have a fifth of all products (fill.sql).
FIRST_DISTRICT = 101


# --- measuring -----------------------------------------------------------------------------


def rate(server, queries, connections=CONNECTIONS, expect=200, headers=None):
    """Responses per second to these queries with this number of concurrent connections."""
    failures = []
    shares = [queries[number::connections] for number in range(connections)]

    def work(share):
        connection = server.connect()
        for query in share:
            status, _headers, body = server.request(
                connection, query, **(headers or {}).get(query, {})
            )
            if status != expect:
                failures.append((query, status, body[:200]))
        connection.close()

    threads = [threading.Thread(target=work, args=(share,)) for share in shares]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - start
    if failures:
        raise SystemExit(f"{server.path} answered {failures[0]}")
    return len(queries) / took


def alternately(one, other, rounds=ROUNDS):
    """Return pairs of results of two functions, called alternately with the number of the round."""
    one(0), other(0)  # Not counted: warms up connections, query plans and system caches.
    return [(one(number), other(number)) for number in range(1, rounds + 1)]


def print_ratio(name, pairs, unit="/s"):
    one, other = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"  {name}: {one:,.1f}{unit} against {other:,.1f}{unit}")


# --- queries ------------------------------------------------------------------------------


def pages(limit, first, count, step, paged_by):
    """Queries for pages, each starting `step` rows after the previous one."""
    return [f"limit={limit}&{paged_by(first + number * step)}" for number in range(count)]


def by_offset(row):
    return f"offset={row}"


def by_key(row):
    """The page behind the row of that number, as our `next` links say it."""
    from geodata.ogc.paging import encode_cursor

    return f"cursor={encode_cursor([code(row)])}"


def code(row):
    """The code that fill.sql assigns to the product of this number."""
    return f"VN-OCOP-{row:07d}"


def by_page(row):
    """A page number for each step of seven rows: the stock serializer supports whole pages only."""
    return f"page={row // 7 + 1}"


def boxes(database, count, features):
    """Bounding boxes with at least this number of features each, around seeded random points."""
    draw = random.Random(2026)
    with closing(connect(database)) as connection, connection.cursor() as cursor:
        for _ in range(count):
            cursor.execute(
                "SELECT ST_X(middle.point), ST_Y(middle.point), max(reach)"
                " FROM specialty AS middle, LATERAL ("
                "  SELECT middle.point <-> near.point AS reach FROM specialty AS near"
                "  ORDER BY 1 LIMIT %s) AS nearest"
                " WHERE code = %s GROUP BY 1, 2",
                [features, code(draw.randrange(ROWS) + 1)],
            )
            x, y, reach = cursor.fetchone()
            yield f"bbox={x - reach:.6f},{y - reach:.6f},{x + reach:.6f},{y + reach:.6f}"


# --- the parts -----------------------------------------------------------------------------


def compare_pages(site, tipg, others):
    figures = []
    for limit, count, connections, figure in (
        (100, 200, CONNECTIONS, Figure("items?limit=100, rate against tipg", 5)),
        (10_000, 3, 1, Figure("items?limit=10000, speed against tipg", 8)),
    ):

        def measure(server, paged_by, limit=limit, count=count, connections=connections):
            return lambda number: rate(
                server, pages(limit, number * count * 7, count, 7, paged_by), connections
            )

        pairs = alternately(measure(site, by_key), measure(tipg, by_offset))
        print_ratio(f"ours against tipg, limit={limit}", pairs)
        figures.append(figure.judge([one / other for one, other in pairs]))
        for name, (server, paged_by) in others.items():
            pairs = alternately(measure(site, by_key), measure(server, paged_by), rounds=1)
            print_ratio(f"ours against {name}, limit={limit}", pairs)
    return all(figures)


def compare_boxes(site, tipg, database):
    count, limit = 40, 1000
    queries = list(boxes(database, count * (ROUNDS + 1), limit))

    def measure(server):
        return lambda number: rate(
            server,
            [f"limit={limit}&{box}" for box in queries[number * count : (number + 1) * count]],
        )

    pairs = alternately(measure(site), measure(tipg))
    print_ratio("ours against tipg, a box of 1,000 features", pairs)
    figure = Figure("bbox with 1,000 features, rate against tipg", 5)
    return figure.judge([one / other for one, other in pairs])


def features_equal_the_records(database):
    """Whether a sample of the stored features equals what the records give."""
    command = ["manage.py", "features", "check", "products", "--sample", str(SAMPLE)]
    environment = {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        "PYTHONPATH": ".",
    }
    done = subprocess.run([sys.executable, *command], env=os.environ | environment)
    return done.returncode == 0


def measure_edits(database):
    """Whether writing is fast enough; see edits.py. It leaves its copy of the database behind."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.edits"],
        env=os.environ | {"DATABASE_URL": copy_of(database)},
    )
    return done.returncode == 0


def compare_filters(site, tipg):
    """First pages of products with a valid rating in one district, sorted by name."""
    count = 40

    def measure(server):
        return lambda number: rate(
            server,
            [
                urlencode(
                    {
                        "limit": 100,
                        "filter": f"ocop_status='valid' AND district_code='{district}'",
                        "sortby": "name",
                    }
                )
                for district in range(
                    FIRST_DISTRICT + number * count, FIRST_DISTRICT + (number + 1) * count
                )
            ],
        )

    pairs = alternately(measure(site), measure(tipg))
    print_ratio("ours against tipg, a filter sorted by name", pairs)
    figure = Figure("filter by status and district sorted by name, rate against tipg", 4)
    return figure.judge([one / other for one, other in pairs])


def compare_depth(site, tipg, rows):
    def measure(server, first, paged_by):
        return lambda number: rate(
            server, pages(100, first + number * 210, 30, 7, paged_by), connections=1
        )

    deep = rows - 20_000
    pairs = alternately(measure(site, 0, by_key), measure(site, deep, by_key))
    print_ratio("ours, first pages against deep ones", pairs)
    figure = Figure("deep page, its time against the first page's", 1.2, at_least=False)
    reached = figure.judge([first / later for first, later in pairs])
    pairs = alternately(measure(tipg, 0, by_offset), measure(tipg, deep, by_offset))
    print_ratio("tipg, first pages against deep ones", pairs)
    return reached


def compare_not_modified(site):
    count = 40

    def tagged(number):
        connection = site.connect()
        found = {}
        for query in pages(1000, number * count * 7, count, 7, by_key):
            _status, headers, _body = site.request(connection, query)
            found[query] = {"If-None-Match": headers["ETag"]}
        connection.close()
        return found

    def not_modified(number):
        tags = tagged(number)
        return rate(site, list(tags), expect=304, headers=tags)

    pairs = alternately(
        not_modified, lambda number: rate(site, pages(1000, number * count * 7, count, 7, by_key))
    )
    print_ratio("ours, 304 against the whole answer, limit=1000", pairs)
    figure = Figure("conditional GET, rate against the full answer's", 2)
    return figure.judge([one / other for one, other in pairs])


def compare_whole(site, database):
    """The complete GeoJSON download against psql, which copies the stored texts to a file."""
    from products.ocop.collections import PRODUCTS

    texts = PRODUCTS.public().order_by("feature_id").values_list("feature_json")
    with closing(connect(database)) as connection, connection.cursor() as cursor:
        statement = cursor.mogrify(*texts.query.sql_with_params()).decode()

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "features.json"
        copy = f"\\copy ({statement}) to '{file}'"

        def by_psql(_number):
            start = time.perf_counter()
            subprocess.run([*psql(database), "-c", copy], check=True)
            return time.perf_counter() - start

        grown = []  # MB; the first round includes what the worker loads once

        def by_site(_number):
            before = memory(site.worker, "VmRSS")
            Path(f"/proc/{site.worker}/clear_refs").write_text("5")  # Reset the peak.
            start = time.perf_counter()
            connection = site.connect()
            connection.request("GET", "/api/v1/downloads/products.geojson")
            response = connection.getresponse()
            with file.open("wb") as written:
                while piece := response.read(1 << 20):
                    written.write(piece)
            took = time.perf_counter() - start
            connection.close()
            grown.append((memory(site.worker, "VmHWM") - before) / 1000)
            return took

        pairs = alternately(by_site, by_psql, rounds=3)
        print_ratio(
            f"the whole GeoJSON, {file.stat().st_size / 1e6:.0f} MB, against psql", pairs, " s"
        )
    took = Figure("whole GeoJSON, its time against psql's", 2.5, at_least=False)
    took = took.judge([one / other for one, other in pairs])
    more = Figure("whole GeoJSON, MB by which the worker grew", 60, at_least=False).judge(grown)
    return took and more


def memory(pid, name):
    """A line of /proc/PID/status, in kB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise LookupError(name)


def bound_hostile_filters(site):
    """The filter parser holds the interpreter lock: no filter may delay other requests for long.

    The best of three rounds counts, for each filter and for the other requests.
    """
    from tests.hostile_filters import HOSTILE, HOSTILE_JSON

    addresses = [f"{site.path}?{urlencode({'filter': text})}" for text in HOSTILE.values()]
    addresses += [
        f"{site.path}?{urlencode({'filter': text, 'filter-lang': 'cql2-json'})}"
        for text in HOSTILE_JSON.values()
    ]

    def seconds(address, statuses):
        connection = site.connect()
        start = time.perf_counter()
        connection.request("GET", address)
        response = connection.getresponse()
        response.read()
        took = time.perf_counter() - start
        connection.close()
        if response.status not in statuses:
            raise SystemExit(f"{address[:200]} answered {response.status}")
        return took

    hostile, others = [], []
    for _ in range(3):
        seconds("/api/v1/conformance", {200})  # Not counted: a new thread connects to the database.
        with ThreadPoolExecutor(1) as pool:
            # 414: longer than any accepted URL.
            url_with = pool.submit(lambda: [seconds(one, {400, 414}) for one in addresses])
            beside = []
            while not url_with.done():
                beside.append(seconds("/api/v1/conformance", {200}))
        hostile.append(url_with.result())
        others.append(max(beside))
    slowest = max(min(rounds) for rounds in zip(*hostile, strict=True))
    reached = [
        Figure("slowest of the hostile filters, in seconds", 1, at_least=False).judge([slowest]),
        Figure("slowest request beside them, in seconds", 1, at_least=False).judge(others, of=min),
    ]
    return all(reached)


def compare_cold_count(site, database):
    """First pages right after a change of the data against those that follow."""
    with closing(connect(database)) as connection, connection.cursor() as cursor:

        def cold(number):
            took = []
            for step in range(10):
                cursor.execute("UPDATE geodata_revision SET number = number + 1")
                query = f"limit=100&{by_key(1000 * number + 20 * step)}"
                took.append(1000 / rate(site, [query], connections=1))
            return statistics.median(took)

        def warm(number):
            queries = pages(100, 1000 * number + 500, 10, 20, by_key)
            return statistics.median(1000 / rate(site, [query], connections=1) for query in queries)

        pairs = alternately(cold, warm)
    print_ratio("ours, a page with its count cold against warm", pairs, " ms")
    figure = Figure("page with a cold count, its time against warm", 3, at_least=False)
    return figure.judge([one / other for one, other in pairs])


def compare_sizes(small, large):
    def measure(server):
        return lambda number: rate(server, pages(100, number * 30, 30, 1, by_key), connections=1)

    pairs = alternately(measure(small), measure(large))
    print_ratio(f"ours, first pages of {ROWS:,} rows against those of {LARGE_ROWS:,}", pairs)
    figure = Figure("first page of 1,000,000 rows, its time", 1.3, at_least=False)
    reached = figure.judge([one / other for one, other in pairs])
    connection = large.connect()
    _status, _headers, body = large.request(connection, "limit=1")
    connection.close()
    if f'"numberMatched": {LARGE_ROWS}'.encode() not in body[:300]:
        print("MISSED numberMatched of 1,000,000 rows is not true")
        return False
    return reached


# --- all together --------------------------------------------------------------------------


def main():
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__.splitlines()[0])
    parts = parser.add_mutually_exclusive_group()
    parts.add_argument("--large", action="store_true", help="the part with 1,000,000 products")
    parts.add_argument("--browser", action="store_true", help="the part with a real browser")
    arguments = parser.parse_args()
    # A terminated benchmark stops its servers.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))

    with ExitStack() as running:
        start = running.enter_context
        if arguments.browser:
            # Imported here, because Playwright is installed with the test tools only.
            from . import browser

            os.environ["DJANGO_SETTINGS_MODULE"] = "ocopmap.settings"
            django.setup()
            reached = browser.measure(start)
        elif arguments.large:
            small, large = database_of(ROWS), database_of(LARGE_ROWS)
            os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
            django.setup()
            reached = [
                features_equal_the_records(small),
                features_equal_the_records(large),
                compare_sizes(start(servers.ours(small)), start(servers.ours(large))),
            ]
        else:
            peers = Path(os.environ["PEERS"])
            database = database_of(ROWS)
            # Before a server is connected to the database, which could not be copied then.
            edits_are_fast = measure_edits(database)
            os.environ["DATABASE_URL"] = database
            os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
            django.setup()
            folder = Path(start(tempfile.TemporaryDirectory()))
            site = start(servers.ours(database))
            tipg = start(servers.tipg(database, peers))
            others = {
                "pygeoapi": (start(servers.pygeoapi(database, peers, folder)), by_offset),
                "the stock serializer": (site.at("/stock/"), by_page),
            }
            reached = [
                edits_are_fast,
                features_equal_the_records(database),
                compare_pages(site, tipg, others),
                compare_boxes(site, tipg, database),
                compare_filters(site, tipg),
                compare_whole(site, database),
                compare_depth(site, tipg, ROWS),
                compare_cold_count(site, database),
                compare_not_modified(site),
                bound_hostile_filters(site),
            ]
    if not all(reached):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
