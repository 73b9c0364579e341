"""GeoJSON in pieces of text, without a database."""

import json

import pytest

from geodata.formats.geojson import feature_collection, with_links

ONE = '{"type" : "Feature", "id" : "1", "properties" : {"name" : "Nước mắm \\"Cà Nú\\""}}'
TWO = '{"type" : "Feature", "id" : "2", "properties" : {}}'


@pytest.mark.parametrize("features", [[], [ONE], [ONE, TWO]])
def test_the_pieces_form_one_json_object(features):
    written = json.loads("".join(feature_collection(features, numberReturned=len(features))))

    assert written == {
        "type": "FeatureCollection",
        "numberReturned": len(features),
        "features": [json.loads(feature) for feature in features],
    }


def test_features_come_last_so_that_counts_can_be_read_first():
    written = json.loads("".join(feature_collection([ONE], numberMatched=7, links=[])))

    assert list(written) == ["type", "numberMatched", "links", "features"]


def test_a_feature_is_passed_on_as_the_database_wrote_it():
    assert ONE in "".join(feature_collection([TWO, ONE]))


def test_features_are_not_consumed_before_they_are_needed():
    def never():
        raise AssertionError("requested too early")
        yield

    assert next(feature_collection(never())).startswith('{"type": "FeatureCollection"')


def test_links_are_a_member_of_the_feature():
    written = json.loads(with_links(ONE, [{"rel": "self", "href": "/é"}]))

    assert written == json.loads(ONE) | {"links": [{"rel": "self", "href": "/é"}]}
