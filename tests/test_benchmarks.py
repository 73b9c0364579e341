"""The benchmark runs by hand only; that the site can be built for it is seen here."""

import os
import subprocess
import sys

from django.conf import settings


def test_the_site_stands_with_the_benchmark_s_table_and_address():
    check = [sys.executable, "manage.py", "check"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings"}

    ran = subprocess.run(
        check, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )

    assert (ran.returncode, ran.stderr) == (0, "")
