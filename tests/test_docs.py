"""The documents name only what exists: links, paths, commands, settings."""

import re
import unicodedata

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = settings.BASE_DIR
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
)
# Folders at the root in which a path that a document names must exist; .local is created later.
FOLDERS = ["bin", "docs", "geodata", "districts", "products", "frontend", "ocopmap", "tests"]

LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(rf"(?<![\w/.:*-])(?:{'|'.join(FOLDERS)})/[\w./*-]*[\w*/]")
COMMAND = re.compile(r"bin/manage +(?!NAME)([a-z]\w+)")
# A row of the table of settings; one may have several names.
ROW = re.compile(r"^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|", re.MULTILINE)
# How the settings, gunicorn's configuration and the shell scripts read a variable.
READ_IN_PYTHON = re.compile(
    r"""(?:\benv|\benv_bool|strong_secret|whole_number|environ\.get)\(\s*"([A-Z_]+)\""""
)
READ_IN_SHELL = re.compile(r"\$\{([A-Z_]+):?[-+=?]")


def text_of(document):
    path = ROOT / document
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def anchors(text):
    """The fragments to which links may lead, as repository hosts derive them from headings."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    found = set()
    for heading in re.findall(r"^#+ +(.+)$", prose, re.MULTILINE):
        letters = [c for c in heading.lower() if c in " -_" or unicodedata.category(c)[0] in "LNM"]
        found.add("".join(letters).replace(" ", "-"))
    return found


def broken_links(document):
    """The relative links of a document whose file or heading does not exist."""
    for link in LINK.findall(text_of(document)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _hash, fragment = link.partition("#")
        target = (ROOT / document).parent / path if path else ROOT / document
        lacks_heading = fragment and fragment not in anchors(text_of(target))
        if lacks_heading or not target.exists():
            yield link


def test_there_are_documents():
    assert {"README.md", "CONTRIBUTING.md", "docs/operations.md"} <= set(DOCUMENTS)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_relative_link_leads_to_a_file_and_heading(document):
    assert list(broken_links(document)) == []


@pytest.mark.parametrize("document", [*DOCUMENTS, "LICENSE"])
def test_every_path_exists(document):
    # The files of the example in docs/adding-a-layer.md are those of tests/test_adding_a_layer.py.
    paths = {path for path in PATH.findall(text_of(document)) if "packing" not in path}

    assert [path for path in sorted(paths) if not any(ROOT.glob(path.rstrip("/")))] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_is_a_management_command(document):
    named = set(COMMAND.findall(text_of(document)))

    assert named - set(get_commands()) == set()


def test_the_settings_documented_are_those_that_are_read():
    documented = {
        name
        for names in ROW.findall(text_of("docs/operations.md"))
        for name in re.findall(r"[A-Z_]+", names)
    }
    read = set()
    for file in ("settings.py", "gunicorn.conf.py"):
        read |= set(READ_IN_PYTHON.findall(text_of(f"ocopmap/{file}")))
    for script in (ROOT / "bin").glob("[a-z]*"):
        read |= set(READ_IN_SHELL.findall(script.read_text(encoding="utf-8")))

    assert documented == read


def test_every_decision_is_listed():
    files = {path.name for path in ROOT.glob("docs/decisions/[0-9]*.md")}

    assert set(LINK.findall(text_of("docs/decisions/README.md"))) == files


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (LINK, "[a](docs/b.md#c) and ![d](e.png)", ["docs/b.md#c", "e.png"]),
        (PATH, "`geodata/text.py`, (docs/api.md).", ["geodata/text.py", "docs/api.md"]),
        (PATH, "/api/v1/collections/products/items, https://a.org/docs/b", []),
        (COMMAND, "bin/manage load_units --dry-run", ["load_units"]),
        (ROW, "| `HOST`, `PORT` | x |", ["`HOST`, `PORT`"]),
        (READ_IN_PYTHON, 'env("A", "")\nenv_bool("B", default=0)', ["A", "B"]),
        (READ_IN_SHELL, "${HOST:-a} ${LOCAL} $PORT", ["HOST"]),
    ],
)
def test_a_pattern_finds_what_it_is_for(pattern, text, found):
    assert pattern.findall(text) == found
