"""Every text has an English translation, and none is translated at import time."""

import ast
import re
import shutil
import unicodedata

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

APPS = ["geodata", "districts", "products", "frontend", "ocopmap"]
CATALOGUE = "locale/en/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
# Names that are the same in both languages.
NAMES = {"GPS", "GTIN", "OCOP"}


def messages(root, app):
    """(context, text or texts) → message of the app's English catalogue below `root`."""
    with (root / app / CATALOGUE).open("rb") as file:
        return {(one.context, one.id): one for one in read_po(file, "en") if one.id}


def forms(text):
    """The one text of a message, or its singular and plural."""
    return [text] if isinstance(text, str) else list(text)


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """A copy of the sources with catalogues that makemessages has created from them."""
    root = tmp_path_factory.mktemp("sources")
    unread = shutil.ignore_patterns("static", "data", "migrations", "__pycache__", "*.po", "*.mo")
    for app in APPS:
        shutil.copytree(settings.BASE_DIR / app, root / app, ignore=unread)
    with pytest.MonkeyPatch.context() as patch, override_settings(LOCALE_PATHS=[]):
        patch.chdir(root)
        call_command("makemessages", locale=["en"], verbosity=0)
    return root


@pytest.mark.parametrize("app", APPS)
def test_the_catalogue_has_exactly_the_texts_of_the_sources(sources, app):
    """CONTRIBUTING.md describes how to update it."""
    found, known = messages(sources, app), messages(settings.BASE_DIR, app)

    assert [text for text in found if text not in known] == []
    assert [text for text in known if text not in found] == []


@pytest.fixture(scope="module")
def english():
    """Every message of every catalogue."""
    return [one for app in APPS for one in messages(settings.BASE_DIR, app).values()]


def test_every_text_is_translated(english):
    assert len(english) > 500
    assert [one.id for one in english if one.fuzzy or not all(forms(one.string))] == []


def test_both_languages_have_the_same_placeholders(english):
    different = [
        (vietnamese, translated)
        for one in english
        for vietnamese, translated in zip(forms(one.id), forms(one.string), strict=True)
        if sorted(PLACEHOLDER.findall(vietnamese)) != sorted(PLACEHOLDER.findall(translated))
    ]

    assert different == []


def test_source_texts_are_vietnamese_in_composed_characters(english):
    texts = [text for one in english for text in forms(one.id)]
    unchanged = {one.id for one in english if one.id == one.string}

    assert [text for text in texts if not unicodedata.is_normalized("NFC", text)] == []
    assert unchanged == NAMES


def test_one_text_has_one_translation(english):
    """Django merges all catalogues, so two translations of one text would depend on their order."""
    translations = {}
    for one in english:
        translations.setdefault((one.context, one.id), set()).add(str(one.string))

    assert {text: found for text, found in translations.items() if len(found) > 1} == {}


def calls_while_loading(tree):
    """Names called outside of functions, that is once at import for users of every language."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
        inner = ast.iter_child_nodes(node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            # Defaults and decorators are evaluated at import, the body is not.
            inner = [*ast.iter_child_nodes(node.args), *getattr(node, "decorator_list", [])]
        stack.extend(inner)


def test_no_module_translates_a_text_at_import_time():
    fixed = []
    for path in (path for app in APPS for path in settings.BASE_DIR.glob(f"{app}/**/*.py")):
        tree = ast.parse(path.read_text())
        now = {
            name.asname or name.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
            for name in node.names
            if name.name.endswith("gettext")
        }
        fixed += [(path.name, name) for name in calls_while_loading(tree) if name in now]

    assert fixed == []
