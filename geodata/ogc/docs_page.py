"""The page that documents the API, written from its OpenAPI description.

What is said there and what programs read cannot differ; added are addresses to try, made
from the data of this site.
"""

from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _

from geodata.collection import collections
from geodata.crs import CRS84, OFFERED
from geodata.spans import today


def sections(document, revision):
    """The paths by tag: what each is, takes, answers, and addresses to try."""
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


def _operations(paths, root, tag, revision):
    collection = collections().get(tag)
    sample = _sample(collection, revision) if collection else None
    # The files take what the table takes: said once.
    of_items = next((get["parameters"] for path, get in paths if path.endswith("/items")), [])
    for path, get in paths:
        # The page tells at its top what every address takes in a header.
        asked = [parameter for parameter in get["parameters"] if parameter["in"] != "header"]
        is_file = path.startswith("/downloads/")
        shared = [parameter for parameter in asked if is_file and parameter in of_items]
        yield {
            "id": get["operationId"],
            "path": path,
            "summary": get["summary"],
            "parameters": [_parameter(parameter) for parameter in asked if parameter not in shared],
            "shared": [parameter["name"] for parameter in shared],
            "answers": [
                {"status": status, **answer, "types": list(answer.get("content", {}))}
                for status, answer in get["responses"].items()
            ],
            "tries": [
                (words, root + path.format(featureId=quote(sample["id"]) if sample else "") + query)
                for words, query in _tries(path, collection, sample, revision)
            ],
        }


def _parameter(parameter):
    schema = parameter["schema"]
    codes = schema.get("items", schema).get("enum", [])
    return {**parameter, "kind": kind(schema), "codes": codes, "default": schema.get("default")}


def kind(schema):
    """The type of a parameter in few words: what it is made of, its bounds."""
    if schema.get("type") == "array":
        return _("danh sách, dấu phẩy ở giữa: %s") % kind(schema["items"])
    words = " ".join(filter(None, (schema.get("type"), schema.get("format"))))
    if "minimum" in schema:
        words += f" {schema['minimum']}–{schema.get('maximum', '…')}"
    return words


def _sample(collection, revision):
    """The id and name of the first feature; None without any."""

    def first():
        names = [collection.properties[name] for name in ("name",) if name in collection.properties]
        rows = collection.queryset().order_by(collection.key)
        return rows.values_list(collection.key, *names).first()

    row = revision.remember(f"sample:{collection.id}", first)
    return row and {"id": row[0], "name": row[-1]}


def _tries(path, collection, sample, revision):
    """(words, query) of addresses of that path that answer."""
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
