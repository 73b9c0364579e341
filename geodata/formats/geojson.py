"""GeoJSON in pieces of text. feature_collection() knows no model, so its test needs no database."""

import json
from collections.abc import Generator, Iterable
from typing import Any

from .export import Export, join_chunks


def write_geojson(export: Export) -> Generator[str, None, None]:
    """Yield the FeatureCollection of an Export in pieces of text.

    The members numberMatched and numberReturned follow the features: a separate count could see
    another state of the data.
    """
    return join_chunks(
        feature_collection(
            export.features(),
            counted=("numberMatched", "numberReturned"),
            timeStamp=export.about["date"],
            links=export.links,
            **{name: text for name, text in export.about.items() if name != "date"},
        )
    )


def feature_collection(
    features: Iterable[str], *, counted: Iterable[str] = (), **members: Any
) -> Generator[str, None, None]:
    """Yield one RFC 7946 FeatureCollection in pieces of text.

    features: iterable of features already written as JSON text by PostgreSQL.
    counted: names of members whose value is the number of features, written after them.
    members: further members, written before the features.
    """
    head = {"type": "FeatureCollection", **members}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "features": ['
    separator, count = "\n", 0
    for feature in features:
        yield separator + feature
        separator = ",\n"
        count += 1
    yield "\n]" + "".join(f', "{name}": {count}' for name in counted) + "}\n"


def with_links(feature: str, links: list[dict[str, Any]]) -> str:
    """Return a feature's JSON text with a member `links` added at the end.

    feature: JSON text of an object with at least one member. links: list of link objects.
    """
    return f'{feature[:-1]}, "links" : {json.dumps(links, ensure_ascii=False)}}}'
