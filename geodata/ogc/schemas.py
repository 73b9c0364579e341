"""JSON Schemas of a collection: what its features say, and by what they are chosen and sorted.

OGC API – Features Part 3 (19-079r2) and Part 5, which is also Common Part 3 (23-058r2). The
schemas are logical, without regard to a format: whatever may be missing is not `required`. Those
that describe features (`schema`, `feature`) admit null where Collection.nullable says so; those of
what a query may contain do not.
"""

from django.conf import settings
from django.db.models import F
from django.utils import translation

from geodata import property_types

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MEDIA_TYPE = "application/schema+json"


def returnables(collection, address):
    """What every feature of the collection says, the geometry last."""
    named = {name: _value_schema(collection, name) for name in collection.properties}
    for name, expression in collection.properties.items():
        named[name]["readOnly"] = True
        if expression == F(collection.key):
            named[name]["x-ogc-role"] = "id"
    for name, role in collection.temporal_roles.items():
        named[name]["x-ogc-role"] = role
    named["geometry"] = geometry_schema(collection)
    for number, schema in enumerate(named.values(), start=1):
        schema["x-ogc-propertySeq"] = number
    return _schema(collection, address, named)


def queryables(collection, address):
    """What features can be chosen by, in `filter` and as parameters of their own."""
    named = {name: property_schema(collection, name) for name in collection.queryables}
    named["geometry"] = geometry_schema(collection)
    return _schema(collection, address, named)


def sortables(collection, address):
    """What features can be sorted by."""
    named = {name: property_schema(collection, name) for name in collection.properties}
    return _schema(collection, address, named)


def geojson(collection, address):
    """A feature as GeoJSON nests it, in which GDAL looks for the types of the properties.

    A property `id` repeats the member above it; GDAL would have it twice.
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
    """The same schema in words in which GDAL finds the type; definitions: what it refers to.

    Observed with GDAL 3.6 and 3.12, driver OAPIF: a list of types is no type, so that a day or a
    number would be text. It follows a reference, but takes its text as it is, where JSON Schema
    decodes "%7C" to "|". So each finds a definition of its own: validators the one with null, GDAL
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


# By the name of the address below the collection.
SCHEMAS = {
    "schema": returnables,
    "queryables": queryables,
    "sortables": sortables,
    "feature": geojson,
}


def property_schema(collection, name):
    """The schema of one queryable, with its title in the reader's language and in the others."""
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
    """The schema of the values that features have: of a queryable, and null where that can be."""
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
    """What a geometry is in GeoJSON, and null where a feature may have none."""
    shape = {
        "type": "object",
        "required": ["type", "coordinates"],
        "properties": {
            "type": {"const": collection.geometry_type},
            "coordinates": {"type": "array"},
        },
    }
    return {"oneOf": [{"type": "null"}, shape]} if "geometry" in collection.nullable else shape


def geometry_schema(collection):
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
    """The title in the site's other languages, " / " between; empty where they say the same."""
    here = title()
    there = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            there.append(title())
    return " / ".join(dict.fromkeys(text for text in there if text != here))
