"""The OpenAPI document describes what the API does."""

import pytest

from geodata.collection import collections
from geodata.formats.registry import FORMATS
from geodata.ogc.downloads import DownloadQuery
from geodata.ogc.query import ItemsQuery
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def described(client):
    return client.get("/api/v1/openapi.json").json()


def names(operation):
    return {
        parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "query"
    }


@pytest.mark.parametrize("collection", collections())
def test_every_parameter_is_described_and_no_other(described, collection):
    paths = described["paths"]

    items = names(paths[f"/collections/{collection}/items"]["get"])
    assert items == {*ItemsQuery(collections()[collection]).all_parsers(), "f"}
    # GDAL sends only the conditions that it finds here.
    assert items > {*collections()[collection].properties}
    assert names(paths[f"/collections/{collection}/changes"]["get"]) == {"since", "limit", "f"}
    for extension, file_format in FORMATS.items():
        get = paths[f"/downloads/{collection}.{extension}"]["get"]
        known = DownloadQuery(collections()[collection], extension=extension).all_parsers()
        assert file_format.whole or names(get) == set(known)


def test_every_response_is_described_with_its_headers(client, described):
    ProductFactory(published=True)

    for path, methods in described["paths"].items():
        if "{" in path:
            continue
        responses = methods["get"]["responses"]
        answer = client.head(f"/api/v1{path}")
        of_ours = {"ETag", "Last-Modified", "Link", "Content-Crs"}
        headers = set(responses["200"]["headers"])
        assert {name for name in of_ours if name in answer} - {"Link"} == headers - {"Link"}, path
        assert "Link" in headers
        again = client.head(f"/api/v1{path}", headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304
        assert {name for name in of_ours if name in again} >= set(responses["304"]["headers"])
        assert "If-None-Match" in {parameter["name"] for parameter in methods["get"]["parameters"]}


def test_the_box_is_an_array_of_four_to_six_numbers(described):
    """Clients that ignore `oneOf` find the type and the bounds beside it."""
    for path, methods in described["paths"].items():
        for parameter in methods["get"]["parameters"]:
            if parameter["name"] == "bbox":
                schema = parameter["schema"]
                assert (schema["type"], schema["items"]) == ("array", {"type": "number"}), path
                assert (schema["minItems"], schema["maxItems"]) == (4, 6)
                assert schema["oneOf"] == [{"minItems": n, "maxItems": n} for n in (4, 6)]


def test_the_largest_since_is_accepted_and_the_next_refused(client, described):
    path = "/collections/products/changes"
    (since,) = (
        parameter["schema"]
        for parameter in described["paths"][path]["get"]["parameters"]
        if parameter["name"] == "since"
    )

    def complaint(number):
        answer = client.get(f"/api/v1{path}?since={number}")
        assert answer.status_code == 400
        return answer.json()["errors"][0]["detail"]

    # No change has had that number yet.
    assert "Chưa có thay đổi" in complaint(since["maximum"])
    assert "Cần một số nguyên" in complaint(since["maximum"] + 1)


def test_every_path_without_variables_responds_as_described(client, described):
    ProductFactory(published=True)

    for path, methods in described["paths"].items():
        if "{" in path:
            continue
        # No file is made for its headers alone.
        fetch = client.head if path.startswith("/downloads") else client.get
        response = fetch(f"/api/v1{path}")
        answers = methods["get"]["responses"]["200"]["content"]
        assert response.status_code == 200, path
        assert response["Content-Type"] in answers, path


def test_the_landing_page_links_to_the_openapi_document(client, described):
    links = {link["rel"]: link for link in client.get("/api/v1/").json()["links"]}

    desc = links["service-desc"]
    assert desc["type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert client.get(desc["href"]).json() == described
    assert client.get(links["service-doc"]["href"])["Content-Type"].startswith("text/html")
    assert "conformsTo" in client.get(links["conformance"]["href"]).json()


@pytest.mark.parametrize("accept", ["image/png", "text/csv, application/xml"])
def test_an_unacceptable_media_type_is_a_406_that_lists_the_offered_ones(client, accept):
    response = client.get("/api/v1/collections", headers={"Accept": accept})

    assert response.status_code == 406
    assert response["Content-Type"] == "application/problem+json"
    assert "application/json" in response.json()["detail"]


def test_f_overrides_accept(client):
    response = client.get("/api/v1/collections?f=json", headers={"Accept": "image/png"})

    assert response.status_code == 200
