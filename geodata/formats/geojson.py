"""GeoJSON in pieces of bytes. feature_collection() knows no model, so its test has no database."""

import json
import tempfile
from collections.abc import Generator, Iterable
from typing import Any

from .export import Export

# Between two features.
SEPARATOR = b",\n"
# Of a temporary file that are in memory at a time.
PIECE_BYTES = 1_000_000


def write_geojson(export: Export) -> Generator[bytes, None, None]:
    """Yield the FeatureCollection of an Export in pieces of UTF-8.

    PostgreSQL writes all features into a temporary file first, so that a slow client does not
    occupy a connection to the database, and errors come before the response begins.
    """
    with tempfile.TemporaryFile(prefix="ocopmap-") as file:
        count = export.copy_features(file, SEPARATOR)
        file.seek(0)
        yield from feature_collection(
            iter(lambda: file.read(PIECE_BYTES), b""),
            numberMatched=count,
            numberReturned=count,
            timeStamp=export.about["date"],
            links=export.links,
            **{name: text for name, text in export.about.items() if name != "date"},
        )


def feature_collection(features: Iterable[bytes], **members: Any) -> Generator[bytes, None, None]:
    """Yield one RFC 7946 FeatureCollection in pieces of UTF-8.

    features: pieces of the JSON texts of all features, with SEPARATOR between two features.
    members: further members, written before the features.
    """
    head = {"type": "FeatureCollection", **members}
    yield (json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [\n').encode()
    yield from features
    yield b"\n]}\n"


def with_links(feature: str, links: list[dict[str, Any]]) -> str:
    """Return a feature's JSON text with a member `links` added at the end.

    feature: JSON text of an object with at least one member. links: list of link objects.
    """
    return f'{feature[:-1]}, "links" : {json.dumps(links, ensure_ascii=False)}}}'
