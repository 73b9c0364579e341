"""Lighthouse scores of the map and a product page on a slow phone: `bin/lighthouse`."""

import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocopmap.settings")
django.setup()

from django.conf import settings  # noqa: E402 (after the settings module is configured)

from products.ocop.models import Product  # noqa: E402
from tests.browser.chromium import ARGUMENTS  # noqa: E402
from tests.served import serve  # noqa: E402

RUNS = 5
# Lighthouse sometimes fails because the browser starts too late, and must then be run again.
TRIES = 3
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
LIGHTHOUSE = settings.BASE_DIR / "tests/lighthouse/node_modules/.bin/lighthouse"


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


def main():
    product = Product.objects.published().filter(point__isnull=False).order_by("code").first()
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder), workers=2) as server:
        for path in ("/", product.get_absolute_url()):
            reports = [judge(server.address + path) for _ in range(RUNS)]
            print(path)
            for category in CATEGORIES:
                scores = [100 * one["categories"][category]["score"] for one in reports]
                print(
                    f"  {category}: {statistics.median(scores):.0f}"
                    f" ({min(scores):.0f}–{max(scores):.0f})"
                )
            for category, title, value in wanting(reports[-1]):
                print(f"    {category}: {title} {value}".rstrip(), flush=True)


main()
