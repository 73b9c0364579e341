"""Public functions and classes of geodata are documented and typed."""

import ast

import pytest
from django.conf import settings

FOLDER = settings.BASE_DIR / "geodata"
FILES = [path for path in sorted(FOLDER.rglob("*.py")) if "migrations" not in path.parts]


def public_definitions(body, prefix=""):
    """Yield (qualified name, node) of the public classes and functions of a module or class."""
    for node in body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef) or node.name.startswith("_"):
            continue
        # The class Meta of a model, and a command, whose help is in `help`.
        if node.name in {"Meta", "Command"}:
            continue
        yield prefix + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from public_definitions(node.body, f"{prefix}{node.name}.")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_public_functions_have_docstrings_and_type_hints(path):
    missing = []
    for name, node in public_definitions(ast.parse(path.read_text()).body):
        if not ast.get_docstring(node):
            missing.append(f"{name}: docstring")
        if isinstance(node, ast.ClassDef):
            continue
        named = node.args
        parameters = [*named.posonlyargs, *named.args, *named.kwonlyargs]
        parameters += [one for one in (named.vararg, named.kwarg) if one]
        missing += [
            f"{name}: {one.arg}"
            for one in parameters
            if one.annotation is None and one.arg not in {"self", "cls"}
        ]
        if node.returns is None:
            missing.append(f"{name}: return value")

    assert missing == []
