"""GeoJSON in pieces of bytes, without a database."""

import json

import pytest

from geodata.formats.geojson import SEPARATOR, feature_collection, with_links

ONE = '{"type" : "Feature", "id" : "1", "properties" : {"name" : "Nước mắm \\"Cà Nú\\""}}'
TWO = '{"type" : "Feature", "id" : "2", "properties" : {}}'


def written(*features, **members):
    """The text of a FeatureCollection of these features, which come in pieces of 10 bytes."""
    text = SEPARATOR.join(feature.encode() for feature in features)
    pieces = (text[start : start + 10] for start in range(0, len(text), 10))
    return b"".join(feature_collection(pieces, **members)).decode()


@pytest.mark.parametrize("features", [[], [ONE], [ONE, TWO]])
def test_the_pieces_form_one_json_object(features):
    assert json.loads(written(*features, numberReturned=len(features))) == {
        "type": "FeatureCollection",
        "numberReturned": len(features),
        "features": [json.loads(feature) for feature in features],
    }


def test_features_come_last_so_that_counts_can_be_read_first():
    found = json.loads(written(ONE, numberMatched=7, links=[]))

    assert list(found) == ["type", "numberMatched", "links", "features"]


def test_a_feature_is_passed_on_as_the_database_wrote_it():
    assert ONE in written(TWO, ONE)


def test_features_are_not_consumed_before_they_are_needed():
    def never():
        raise AssertionError("requested too early")
        yield

    assert next(feature_collection(never())).startswith(b'{"type": "FeatureCollection"')


def test_links_are_a_member_of_the_feature():
    found = json.loads(with_links(ONE, [{"rel": "self", "href": "/é"}]))

    assert found == json.loads(ONE) | {"links": [{"rel": "self", "href": "/é"}]}
