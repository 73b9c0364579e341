"""The page that documents the API, generated from its OpenAPI document.

It cannot differ from what programs read; added are example URLs made from the data of this site.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _

from geodata.collection import collections
from geodata.crs import CRS84, OFFERED
from geodata.feature_model import FEATURE_ID
from geodata.revision import DataRevision
from geodata.spans import today


def sections(document: dict[str, Any], revision: DataRevision) -> list[dict[str, Any]]:
    """Return the context of docs.html: a section for each tag, with its operations.

    document: the OpenAPI document. revision: examples are cached for it.
    """
    root = document["servers"][0]["url"]
    by_tag = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        by_tag[methods["get"]["tags"][0]].append((path, methods["get"]))
    return [
        {
            "id": tag["name"],
            "title": tag["description"],
            "operations": _operations(by_tag[tag["name"]], root, tag["name"], revision),
        }
        for tag in document["tags"]
    ]


def _operations(
    paths: list[tuple[str, dict[str, Any]]], root: str, tag: str, revision: DataRevision
) -> Iterator[dict[str, Any]]:
    collection = collections().get(tag)
    sample = _sample(collection, revision) if collection else None
    # Files have the parameters of items: documented once.
    of_items = next((get["parameters"] for path, get in paths if path.endswith("/items")), [])
    for path, get in paths:
        # Headers that every path accepts are documented at the top of the page.
        listed = [parameter for parameter in get["parameters"] if parameter["in"] != "header"]
        is_file = path.startswith("/downloads/")
        shared = [parameter for parameter in listed if is_file and parameter in of_items]
        yield {
            "id": get["operationId"],
            "path": path,
            "summary": get["summary"],
            "parameters": [_parameter(one) for one in listed if one not in shared],
            "shared": [parameter["name"] for parameter in shared],
            "responses": [
                {"status": status, **response, "types": list(response.get("content", {}))}
                for status, response in get["responses"].items()
            ],
            "examples": [
                (title, root + path.format(featureId=quote(sample["id"]) if sample else "") + query)
                for title, query in _examples(path, collection, sample, revision)
            ],
        }


def _parameter(parameter):
    schema = parameter["schema"]
    codes = schema.get("items", schema).get("enum", [])
    return {**parameter, "kind": kind(schema), "codes": codes, "default": schema.get("default")}


def kind(schema: dict[str, Any]) -> str:
    """Return the type of a parameter and its bounds as text: "integer 1–10000".

    schema: JSON Schema of the parameter in the OpenAPI document.
    """
    if schema.get("type") == "array":
        return _("danh sách, dấu phẩy ở giữa: %s") % kind(schema["items"])
    words = " ".join(filter(None, (schema.get("type"), schema.get("format"))))
    if "minimum" in schema:
        words += f" {schema['minimum']}–{schema.get('maximum', '…')}"
    return words


def _sample(collection, revision):
    """Return {"id", "name"} of the first feature; None if the collection is empty."""

    def first():
        names = [collection.queryables[name] for name in ("name",) if name in collection.properties]
        rows = collection.public().order_by(FEATURE_ID)
        return rows.values_list(FEATURE_ID, *names).first()

    row = revision.remember(f"sample:{collection.id}", first)
    return row and {"id": row[0], "name": row[-1]}


def _examples(path, collection, sample, revision):
    """Yield (title, query string) of requests to that path that return data."""
    if not path.endswith("/items"):
        if "{" not in path or sample:
            yield _("Mở"), ""
        return
    yield _("Ba đối tượng đầu"), "?limit=3"
    if collection.search and sample:
        yield _("Tìm chữ"), "?" + urlencode({"q": sample["name"]})
    extent = revision.remember(f"extent:{collection.id}", collection.extent)
    if "spatial" in extent:
        west, south, east, north = extent["spatial"]["bbox"][0]
        middle = (west + east) / 2, (south + north) / 2
        corner = ",".join(f"{number:.4f}" for number in (west, south, *middle))
        yield _("Trong khung phía tây nam"), f"?bbox={corner}"
    if collection.during:
        yield _("Vào hôm nay"), f"?datetime={today().isoformat()}"
    first = next(iter(collection.properties))
    yield _("Xếp ngược, chỉ một thuộc tính"), f"?sortby=-{first}&properties={first}"
    crs = next(uri for uri in reversed(OFFERED) if uri != CRS84.uri)
    yield _("Trong hệ toạ độ khác"), f"?limit=3&crs={crs}"
