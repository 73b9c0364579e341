"""Settings fail loudly, and name what is wrong."""

import os
import subprocess
import sys

import pytest
from django.conf import settings


def start(**changes):
    """What Django says when it starts with these variables; None takes one away."""
    environment = {
        name: value
        for name, value in (os.environ | {"SECRET_KEY": "x" * 50} | changes).items()
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
