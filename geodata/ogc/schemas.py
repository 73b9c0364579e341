"""JSON Schemas of a collection: properties of its features, queryables and sortables.

OGC API – Features Part 3 (19-079r2) and Part 5, which is also Common Part 3 (23-058r2). The
schemas are logical, independent of a format: nothing that may be missing is `required`. Those that
describe features (`schema`, `feature`) allow null where Collection.nullable contains the property;
those of what a query may contain do not.
"""

from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import translation

from geodata import property_types
from geodata.collection import Collection

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MEDIA_TYPE = "application/schema+json"


def returnables(collection: Collection, address: str) -> dict[str, Any]:
    """Return the schema of the properties of every feature, the geometry last.

    address: absolute URL of the schema.
    """
    named = {name: _value_schema(collection, name) for name in collection.properties}
    for name, expression in collection.properties.items():
        if name not in collection.writable:
            named[name]["readOnly"] = True
        if expression == F(collection.key):
            named[name]["x-ogc-role"] = "id"
    for name, role in collection.temporal_roles.items():
        named[name]["x-ogc-role"] = role
    named["geometry"] = geometry_schema(collection)
    for number, schema in enumerate(named.values(), start=1):
        schema["x-ogc-propertySeq"] = number
    return _schema(collection, address, named)


def queryables(collection: Collection, address: str) -> dict[str, Any]:
    """Return the schema of what features can be filtered by, in `filter` and as parameters.

    address: absolute URL of the schema.
    """
    named = {name: property_schema(collection, name) for name in collection.queryables}
    named["geometry"] = geometry_schema(collection)
    return _schema(collection, address, named)


def sortables(collection: Collection, address: str) -> dict[str, Any]:
    """Return the schema of what features can be sorted by, in `sortby`.

    address: absolute URL of the schema.
    """
    named = {name: property_schema(collection, name) for name in collection.properties}
    return _schema(collection, address, named)


def geojson(collection: Collection, address: str) -> dict[str, Any]:
    """Return the schema of a GeoJSON feature, from which GDAL reads the types of the properties.

    address: absolute URL of the schema. A property `id` is left out: it repeats the member `id` of
    the feature, and GDAL would have the column twice.
    """
    definitions = {}
    named = {
        name: _for_gdal(_value_schema(collection, name), definitions)
        for name in collection.properties
        if name != "id"
    }
    schema = _schema(
        collection,
        address,
        {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": geometry_schema(collection) | _geojson_geometry(collection),
            "properties": {"type": "object", "properties": named},
            "links": {"type": "array"},
        },
    )
    return schema | ({"$defs": definitions} if definitions else {})


def _for_gdal(schema, definitions):
    """Return an equivalent schema in which GDAL finds the type; add $defs to `definitions`.

    Observed with GDAL 3.6 and 3.12, driver OAPIF: a list of types is ignored, so that a date or a
    number becomes text. It follows a reference, but takes its text literally, where JSON Schema
    decodes "%7C" to "|". So each finds a different definition: validators the one with null, GDAL
    the one with a single type. Where the type is text in any case, the list may stay.
    """
    text = ("string", schema.get("format", "uri")) == (schema["type"][0], "uri")
    if not isinstance(schema["type"], list) or text:
        return schema
    schema = dict(schema)
    types = schema.pop("type")
    kind = {"format": schema.pop("format")} if "format" in schema else {}
    name = kind.get("format", types[0])
    definitions[f"{name}|null"] = {"type": types, **kind}
    definitions[f"{name}%7Cnull"] = {"type": types[0], **kind, "$comment": "for GDAL"}
    return {**schema, "$ref": f"#/$defs/{name}%7Cnull"}


# By the last segment of the path.
SCHEMAS = {
    "schema": returnables,
    "queryables": queryables,
    "sortables": sortables,
    "feature": geojson,
}


def property_schema(collection: Collection, name: str) -> dict[str, Any]:
    """Return the schema of one queryable that is not null.

    Its title is in the current language; the description has the titles in the others.
    """
    field = collection.fields[name]
    schema = {"title": collection.title_of(name), **property_types.json_schema(field)}
    others = _in_other_languages(lambda: collection.title_of(name))
    if others:
        schema["description"] = others
    if field.choices:
        # Labels of the codes, as JSON Schema has them.
        schema["oneOf"] = [
            {"const": code, "title": title}
            for code, title in property_types.code_titles(field).items()
        ]
    return schema


def _value_schema(collection, name):
    """Return the schema of a property of features: property_schema(), and null where possible."""
    schema = property_schema(collection, name)
    if name not in collection.nullable:
        return schema
    schema["type"] = [schema["type"], "null"]
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    if "oneOf" in schema:
        schema["oneOf"] = [*schema["oneOf"], {"const": None}]
    return schema


def _geojson_geometry(collection):
    """Return the schema of a GeoJSON geometry, or null where a feature may have none."""
    shape = {
        "type": "object",
        "required": ["type", "coordinates"],
        "properties": {
            "type": {"const": collection.geometry_type},
            "coordinates": {"type": "array"},
        },
    }
    return {"oneOf": [{"type": "null"}, shape]} if "geometry" in collection.nullable else shape


def geometry_schema(collection: Collection) -> dict[str, Any]:
    """Return the logical schema of the primary geometry."""
    return {
        "x-ogc-role": "primary-geometry",
        "format": f"geometry-{collection.geometry_type.lower()}",
    }


def _schema(collection, address, named):
    return {
        "$schema": DIALECT,
        "$id": address,
        "type": "object",
        "title": str(collection.title),
        "description": str(collection.description),
        "properties": named,
        "additionalProperties": False,
    }


def _in_other_languages(title):
    """Return the titles in the site's other languages, " / " between; "" if they are equal.

    title: () → the title in the current language.
    """
    current = title()
    titles = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            titles.append(title())
    return " / ".join(dict.fromkeys(text for text in titles if text != current))
