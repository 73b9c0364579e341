"""The site starts with the benchmark's settings; the benchmark itself runs by hand only."""

import os
import subprocess
import sys

from django.conf import settings


def test_the_site_can_be_built_with_the_benchmark_collection():
    check = [sys.executable, "manage.py", "check"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings"}

    ran = subprocess.run(
        check, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )

    assert (ran.returncode, ran.stderr) == (0, "")
