"""Lighthouse scores of the map and a product page on a slow phone: `bin/lighthouse`.

The work of the map on the main thread is compared with a bare Leaflet page with the same markers,
loaded alternately, so that the speed of the machine does not count.
"""

import json
import os
import statistics
import subprocess
import tempfile
import threading
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocopmap.settings")
django.setup()

from django.conf import settings  # noqa: E402 (after the settings module is configured)
from django.contrib.staticfiles import finders  # noqa: E402

from products.ocop.models import Product  # noqa: E402
from tests.browser.chromium import ARGUMENTS  # noqa: E402
from tests.served import serve  # noqa: E402

RUNS = 5
# Lighthouse sometimes fails because the browser starts too late, and must then be run again.
TRIES = 3
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
# Of these the median must be 100.
PERFECT = ["accessibility", "best-practices", "seo"]
LIGHTHOUSE = settings.BASE_DIR / "tests/lighthouse/node_modules/.bin/lighthouse"
# How many times the main-thread work of the bare page the map may take.
MOST = 1.5
# Below this number of milliseconds the ratio of two pages is noise.
NOTICEABLE = 50
BARE_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Leaflet</title>
<link rel="stylesheet" href="leaflet.css"><style>
html, body, #map { height: 100%; margin: 0 }</style>
<script src="leaflet.js" defer></script><script src="page.js" defer></script><div id="map"></div>"""
BARE_SCRIPT = """const map = L.map("map").fitBounds({bounds});
for (const [lat, lng, name] of {markers}) L.marker([lat, lng], {{ title: name }}).addTo(map);"""


def judge(address):
    """Lighthouse's report on one load of the page."""
    command = [
        *(LIGHTHOUSE, address, "--quiet", "--output=json"),
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags=--headless=new {' '.join(ARGUMENTS)}",
    ]
    for left in reversed(range(TRIES)):
        ran = subprocess.run(command, check=left == 0, stdout=subprocess.PIPE)
        if ran.returncode == 0:
            return json.loads(ran.stdout)


def wanting(report):
    """(category, title, measured value) of each weighted audit that failed."""
    for category in CATEGORIES:
        for reference in report["categories"][category]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] not in (None, 1):
                yield category, audit["title"], audit.get("displayValue", "")


@contextmanager
def bare_page(folder, products):
    """Serve a page with nothing but Leaflet and a marker for each product; yield its address."""
    for name in ("leaflet.js", "leaflet.css"):
        (folder / name).write_bytes(Path(finders.find(f"leaflet/{name}")).read_bytes())
    west, south, east, north = settings.PLACE.map_extent
    markers = [[one.point.y, one.point.x, one.name] for one in products]
    (folder / "index.html").write_text(BARE_PAGE)
    (folder / "page.js").write_text(
        BARE_SCRIPT.format(
            bounds=json.dumps([[south, west], [north, east]]), markers=json.dumps(markers)
        )
    )
    handler = partial(QuietHandler, directory=folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments):
        """Print nothing."""


def main_thread_work(report):
    """{name: milliseconds} of a load on the slowed-down processor of Lighthouse."""
    groups = report["audits"]["mainthread-work-breakdown"]["details"]["items"]
    scripts = ("scriptEvaluation", "scriptParseCompile")
    return {
        "blocking time": report["audits"]["total-blocking-time"]["numericValue"],
        "script time": sum(one["duration"] for one in groups if one["group"] in scripts),
    }


def compare(reports, bare):
    """Print the work of the map and of the bare page; return whether the ratios are within MOST."""
    reached = True
    for name in main_thread_work(bare[0]):
        ours, theirs = ([main_thread_work(one)[name] for one in each] for each in (reports, bare))
        pairs = zip(ours, theirs, strict=True)
        ratios = [max(one, NOTICEABLE) / max(other, NOTICEABLE) for one, other in pairs]
        ratio = statistics.median(ratios)
        reached &= ratio <= MOST
        print(
            f"  {'' if ratio <= MOST else 'MISSED '}{name}: {statistics.median(ours):.0f} ms,"
            f" bare Leaflet page {statistics.median(theirs):.0f} ms, ratio {ratio:.2f}"
            f" ({min(ratios):.2f}–{max(ratios):.2f}; to reach ≤ {MOST})",
            flush=True,
        )
    return reached


def main():
    reached = True
    products = Product.objects.published().filter(point__isnull=False).order_by("code")
    pages = ["/", products[0].get_absolute_url()]
    with ExitStack() as running:
        folders = [Path(running.enter_context(tempfile.TemporaryDirectory())) for _ in range(2)]
        server = running.enter_context(serve(folders[0], workers=2))
        bare = running.enter_context(bare_page(folders[1], products))
        for path in pages:
            reports, bare_reports = [], []
            for _ in range(RUNS):
                reports.append(judge(server.address + path))
                if path == "/":
                    bare_reports.append(judge(bare))
            print(path)
            for category in CATEGORIES:
                scores = [100 * one["categories"][category]["score"] for one in reports]
                median = statistics.median(scores)
                is_missed = category in PERFECT and median < 100
                reached &= not is_missed
                print(
                    f"  {'MISSED ' if is_missed else ''}{category}: {median:.0f}"
                    f" ({min(scores):.0f}–{max(scores):.0f})"
                )
            for category, title, value in wanting(reports[-1]):
                print(f"    {category}: {title} {value}".rstrip(), flush=True)
            if bare_reports:
                reached &= compare(reports, bare_reports)
    if not reached:
        raise SystemExit(1)


main()
