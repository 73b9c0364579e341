"""Invalid settings fail the start and are named."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

# The shortest and least varied key that is accepted.
STRONG_KEY = ("abcde" * 10)[:50]


def start(**changes):
    """The result of starting Django with these variables; None removes one."""
    environment = {
        name: value
        for name, value in (os.environ | {"SECRET_KEY": STRONG_KEY} | changes).items()
        if value is not None
    }
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", None),
        ("SECRET_KEY", STRONG_KEY[:49]),
        ("SECRET_KEY", "abcd" * 20),
        ("SECRET_KEY", "django-insecure-" + STRONG_KEY),
        ("DATABASE_URL", None),
        ("DATABASE_URL", "postgres"),
        ("DATABASE_URL", "mysql://somebody@host/name"),
        ("SITE_URL", "example.org"),
        ("DEBUG", "maybe"),
    ],
)
def test_a_missing_or_invalid_variable_fails_the_start_and_is_named(name, value):
    started = start(**{name: value})

    assert started.returncode != 0
    assert name in started.stderr.strip().splitlines()[-1]


def test_a_key_that_just_meets_the_requirements_is_accepted():
    started = start(SECRET_KEY=STRONG_KEY)

    assert (started.returncode, started.stderr) == (0, "")


@pytest.mark.parametrize(
    ("tiles", "allowed"),
    [
        ("https://tile.example.org/{z}/{x}/{y}.png", ["https://tile.example.org"]),
        ("https://{s}.tile.example.org/{z}/{x}/{y}.png", ["https://*.tile.example.org"]),
        ("/tiles/{z}/{x}/{y}.png", []),
    ],
)
def test_the_security_policy_allows_the_configured_tile_server(tiles, allowed):
    from ocopmap.settings import tile_sources

    assert tile_sources(tiles) == allowed
