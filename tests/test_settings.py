"""Settings fail loudly, and name what is wrong."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

# As short and as uniform as a key may be.
STRONG_KEY = ("abcde" * 10)[:50]


def start(**changes):
    """What Django says when it starts with these variables; None takes one away."""
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
def test_a_variable_that_is_missing_or_wrong_stops_the_start_with_its_name(name, value):
    started = start(**{name: value})

    assert started.returncode != 0
    assert name in started.stderr.strip().splitlines()[-1]


def test_a_key_that_just_meets_the_rule_starts():
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
def test_the_policy_lets_in_the_tiles_that_are_configured(tiles, allowed):
    from ocopmap.settings import tile_sources

    assert tile_sources(tiles) == allowed
