"""A lower application names no template, tag library, URL or table of an upper one.

import-linter checks imports (pyproject.toml); these names are text, which it does not see. Where an
upper application must be reached, a setting names it, or it registers itself.
"""

import re
import tomllib

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import get_resolver

with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
    OUTER, INNER = tomllib.load(file)["tool"]["importlinter"]["contracts"][:2]
# From the lowest to the highest; a container, products, is replaced by its own layers.
LAYERS = [
    layer
    for outer in OUTER["layers"][::-1]
    for layer in (
        [f"{outer}.{inner}" for inner in INNER["layers"][::-1]]
        if outer in INNER["containers"]
        else [outer]
    )
]


def folder(package):
    return settings.BASE_DIR / package.replace(".", "/")


def contains(package, module):
    return f"{module}.".startswith(f"{package}.")


def files(package):
    """The Python files and templates of a package; paths relative to the project."""
    for ending in ("py", "html", "txt", "svg", "xml"):
        for path in folder(package).rglob(f"*.{ending}"):
            if not {"static", "data"} & set(path.parts):
                yield path.relative_to(settings.BASE_DIR)


def templates(package):
    """Names of the templates of a package, except those that Django looks for, as 404.html."""
    for path in folder(package).glob("**/templates/**/*.*"):
        name = path.as_posix().partition("/templates/")[2]
        if "/" in name:
            yield name


def tag_libraries(package):
    paths = folder(package).glob("**/templatetags/*.py")
    return {path.stem for path in paths} - {"__init__"}


def namespaces(package, resolver=None, found=None):
    """Names of the URL namespaces whose patterns are in a package."""
    resolver, found = resolver or get_resolver(), set() if found is None else found
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            module = getattr(pattern.urlconf_module, "__name__", "")
            if pattern.namespace and contains(package, module):
                found.add(pattern.namespace)
            namespaces(package, pattern, found)
    return found


def tables(package):
    for model in apps.get_models(include_auto_created=True):
        if contains(package, model.__module__):
            yield model._meta.db_table


def forbidden(lower):
    """Regular expressions of what this package must not name, one group each."""
    own = LAYERS[: LAYERS.index(lower) + 1]
    upper = LAYERS[LAYERS.index(lower) + 1 :]

    def names_of(collect):
        names = {name for package in upper for name in collect(package)}
        # The table of a proxy model belongs to the lower application.
        names -= {name for package in own for name in collect(package)}
        return "|".join(re.escape(name) for name in sorted(names))

    patterns = {
        "template": (rf"""["']({names_of(templates)})["']""", templates),
        "tag library": (rf"{{%-?\s*load [^%]*\b({names_of(tag_libraries)})\b", tag_libraries),
        "URL": (rf"""["']((?:{names_of(namespaces)}):[a-z-]+)["']""", namespaces),
        "table": (rf"\b({names_of(tables)})\b", tables),
    }
    return {
        kind: re.compile(pattern)
        for kind, (pattern, collect) in patterns.items()
        if names_of(collect)
    }


def violations(package):
    patterns = forbidden(package)
    return {
        (path.as_posix(), f"{kind} {name}")
        for path in files(package)
        for kind, pattern in patterns.items()
        for name in pattern.findall((settings.BASE_DIR / path).read_text())
    }


@pytest.mark.parametrize("package", LAYERS[:-1])
def test_a_lower_application_names_nothing_of_an_upper_one(package):
    assert violations(package) == set()


def test_the_check_finds_what_it_looks_for():
    """What the top application names is found if it is regarded as the lowest."""
    patterns = forbidden("geodata")

    found = {
        kind
        for package in ("products.ocop", "frontend", "ocopmap")
        for path in files(package)
        for kind, pattern in patterns.items()
        if pattern.search((settings.BASE_DIR / path).read_text())
    }
    assert found == {"template", "tag library", "URL", "table"}
