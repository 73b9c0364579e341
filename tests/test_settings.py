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
        ("EMAIL_URL", "mail.example.org"),
        ("EMAIL_URL", "http://mail.example.org"),
        ("CACHE_URL", "memory"),
        ("SESSION_IDLE_MINUTES", "long"),
        ("PROXIES", "-1"),
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


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "smtp+tls://lan%40example.org:p%2Fw@mail.example.org:2525",
            ("mail.example.org", 2525, "lan@example.org", "p/w", False, True),
        ),
        ("smtps://mail.example.org", ("mail.example.org", 465, "", "", True, False)),
        ("smtp://127.0.0.1", ("127.0.0.1", 25, "", "", False, False)),
    ],
)
def test_the_mail_server_is_read_from_one_address(url, expected):
    from ocopmap.settings import mail_server

    found = mail_server(url)
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_SSL", "USE_TLS")
    assert tuple(found[f"EMAIL_{name}"] for name in names) == expected


def test_without_a_mail_server_mails_are_files_of_the_local_folder(tmp_path):
    code = "from django.core.mail import send_mail; send_mail('Thử', 'Nội dung', None, ['a@b.vn'])"
    environment = os.environ | {"OCOPMAP_LOCAL": str(tmp_path), "SECRET_KEY": STRONG_KEY}

    subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
    )

    (mail,) = (tmp_path / "mail").iterdir()
    assert "To: a@b.vn" in mail.read_text()
