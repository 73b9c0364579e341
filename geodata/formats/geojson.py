"""GeoJSON in pieces of text; knows no model, so its test needs no database."""

import json


def feature_collection(features, *, counted=(), **members):
    """Yield one RFC 7946 FeatureCollection.

    features: iterable of features already written as JSON text by PostgreSQL.
    counted: names of members that tell how many features there were, put after them.
    members: further members, put before the features.
    """
    head = {"type": "FeatureCollection", **members}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "features": ['
    separator, count = "\n", 0
    for feature in features:
        yield separator + feature
        separator = ",\n"
        count += 1
    yield "\n]" + "".join(f', "{name}": {count}' for name in counted) + "}\n"


def with_links(feature, links):
    """The feature's JSON text with a member `links` of its own at the end."""
    return f'{feature[:-1]}, "links" : {json.dumps(links, ensure_ascii=False)}}}'
