"""The catalogue holds what CKAN and udata read, for every collection, as one graph."""

import datetime

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDFS, XSD

from geodata.collection import collections
from geodata.formats.registry import FORMATS
from geodata.models import Change, Revision
from geodata.ogc import catalog, views
from products.register.states import State
from tests.factories import IpRightFactory, ProducerFactory, ProductFactory, UnitFactory, at, square

pytestmark = [
    pytest.mark.django_db,
    # rdflib's own parser of JSON-LD uses its deprecated class.
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]

ADDRESS = "/api/v1/catalog.jsonld"
ROOT = f"{settings.SITE_URL}/api/v1/"
IANA = "https://www.iana.org/assignments/media-types/"
SCHEMA = Namespace("http://schema.org/")
LOCN = Namespace("http://www.w3.org/ns/locn#")
GSP = Namespace("http://www.opengis.net/ont/geosparql#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")


def graph_of(client):
    return Graph().parse(data=client.get(ADDRESS).content, format="json-ld")


@pytest.fixture
def graph(client):
    ProductFactory(published=True, point=at(108.9, 11.5))
    ProductFactory(published=True, point=at(109.1, 11.7))
    return graph_of(client)


def dataset(id):
    return URIRef(f"{ROOT}collections/{id}")


def test_the_landing_page_links_to_the_catalogue(client):
    links = client.get("/api/v1/").json()["links"]

    (link,) = [link for link in links if link["rel"] == "describedby"]
    assert (link["href"], link["type"]) == (f"{ROOT}catalog.jsonld", "application/ld+json")
    assert client.get(link["href"])["Content-Type"] == "application/ld+json"


@pytest.mark.parametrize("accept", ["application/ld+json", "application/json", "*/*"])
def test_harvesters_get_json_ld_whatever_they_accept(client, accept):
    response = client.get(ADDRESS, headers={"Accept": accept})

    assert response["Content-Type"] == "application/ld+json"
    assert response["ETag"]


def test_the_catalogue_lists_every_collection_once(graph):
    (listing,) = graph.subjects(RDF.type, DCAT.Catalog)

    assert set(graph.subjects(RDF.type, DCAT.Dataset)) == {dataset(id) for id in collections()}
    assert set(graph.objects(listing, DCAT.dataset)) == {dataset(id) for id in collections()}
    (service,) = graph.objects(listing, DCAT.service)
    assert set(graph.objects(service, DCAT.servesDataset)) == {dataset(id) for id in collections()}
    assert str(graph.value(listing, DCTERMS.title)) == "Bản đồ OCOP tỉnh Mẫu"
    publisher = graph.value(listing, DCTERMS.publisher)
    assert (publisher, RDF.type, FOAF.Agent) in graph
    assert graph.value(publisher, FOAF.name)


def in_both_languages(text):
    literals = set()
    for code in ("vi", "en"):
        with translation.override(code):
            literals.add(Literal(str(text), lang=code))
    assert len({str(literal) for literal in literals}) == 2
    return literals


@pytest.mark.parametrize("id", collections())
def test_a_data_set_has_what_portals_require(graph, id):
    about, collection = dataset(id), collections()[id]

    def value(predicate):
        (found,) = graph.objects(about, predicate)
        return found

    assert value(DCTERMS.identifier) == Literal(str(about))
    for predicate, text in (
        (DCTERMS.title, collection.title),
        (DCTERMS.description, collection.description),
    ):
        assert set(graph.objects(about, predicate)) == in_both_languages(text)
    assert value(DCTERMS.license) == URIRef(collection.license.url)
    assert value(DCTERMS.language) == URIRef(catalog.LANGUAGE)
    assert value(DCTERMS.accrualPeriodicity) == URIRef(catalog.FREQUENCY)
    assert value(DCAT.landingPage) == about
    themes = {URIRef(f"{catalog.EU}data-theme/{code}") for code in collection.themes}
    assert themes
    assert set(graph.objects(about, DCAT.theme)) == themes


def test_a_data_set_is_dated_once_it_has_changed(client):
    assert graph_of(client).value(dataset("products"), DCTERMS.modified) is None

    changed_at = datetime.datetime(2026, 11, 23, 5, tzinfo=datetime.UTC)
    # A draft was edited later: a new revision without a public change.
    Revision.objects.create(pk=1, number=3, changed_at=changed_at + datetime.timedelta(days=2))
    for number, (collection, days) in enumerate([("products", 0), ("communes", 1)], start=1):
        Change.objects.create(
            revision=number,
            collection=collection,
            feature_id="1",
            op="update",
            at=changed_at + datetime.timedelta(days=days),
        )
    graph = graph_of(client)

    def modified(one):
        return [str(modified) for modified in graph.objects(one, DCTERMS.modified)]

    products, communes = "2026-11-23T12:00:00+07:00", "2026-11-24T12:00:00+07:00"
    assert modified(dataset("products")) == [products]
    assert modified(dataset("communes")) == [communes]
    assert modified(URIRef(f"{ROOT}catalog.jsonld")) == [communes]
    assert modified(dataset("districts")) == []
    (modified,) = graph.objects(dataset("products"), DCTERMS.modified)
    assert modified.datatype == XSD.dateTime
    assert list(graph.objects(dataset("products"), SCHEMA.dateModified)) == [Literal(products)]


@pytest.mark.parametrize("id", collections())
def test_each_file_is_a_distribution_that_can_be_fetched(client, graph, id):
    files = {
        str(graph.value(one, DCAT.downloadURL)): one
        for one in graph.objects(dataset(id), DCAT.distribution)
        if (one, DCAT.downloadURL, None) in graph
    }

    assert set(files) == {f"{ROOT}downloads/{id}.{extension}" for extension in FORMATS}
    for address, one in files.items():
        response = client.head(address)
        media_type = response["Content-Type"].partition(";")[0]
        assert response.status_code == 200
        assert (one, RDF.type, DCAT.Distribution) in graph
        assert list(graph.objects(one, DCAT.mediaType)) == [URIRef(IANA + media_type)]
        assert graph.value(one, DCAT.accessURL) == URIRef(address)
        assert graph.value(one, DCTERMS.license) == URIRef(collections()[id].license.url)
        assert graph.value(one, DCTERMS.title)
        (node,) = graph.objects(one, DCTERMS["format"])
        # What CKAN shows as the format.
        assert (node, RDF.type, DCTERMS.IMT) in graph
        assert list(graph.objects(node, RDFS.label)) == [
            Literal(address.rpartition(".")[2].upper())
        ]


def test_distributions_have_the_sizes_of_the_enclosures(client, monkeypatch):
    enclosures = views.CollectionsView.enclosures

    def measured(self, collection):
        for link in enclosures(self, collection):
            yield link | ({"length": 1234} if link["href"].endswith("products.csv") else {})

    assert not list(graph_of(client).triples((None, DCAT.byteSize, None)))
    monkeypatch.setattr(views.CollectionsView, "enclosures", measured)
    graph = graph_of(client)

    file = URIRef(f"{ROOT}downloads/products.csv")
    assert list(graph.subject_objects(DCAT.byteSize)) == [
        (file, Literal(1234, datatype=XSD.nonNegativeInteger))
    ]
    assert list(graph.subject_objects(SCHEMA.contentSize)) == [(file, Literal("1234 B"))]


@pytest.mark.parametrize("id", collections())
def test_the_api_is_a_service_and_a_distribution_of_each_data_set(client, graph, id):
    (way,) = [
        one
        for one in graph.objects(dataset(id), DCAT.distribution)
        if (one, DCAT.downloadURL, None) not in graph
    ]
    service = graph.value(way, DCAT.accessService)

    assert (service, RDF.type, DCAT.DataService) in graph
    assert client.get(str(graph.value(way, DCAT.accessURL))).json()["type"] == "FeatureCollection"
    assert graph.value(service, DCAT.endpointURL) == URIRef(ROOT)
    description = client.get(str(graph.value(service, DCAT.endpointDescription)))
    assert description.json()["openapi"] == "3.0.3"
    assert set(map(str, graph.objects(service, DCTERMS.conformsTo))) == set(views.CONFORMS_TO)


def test_the_place_is_a_box_and_the_places_of_the_pack(graph):
    (box,) = graph.subjects(DCAT.bbox, None)
    spatial = set(graph.objects(dataset("products"), DCTERMS.spatial))

    assert graph.value(box, DCAT.bbox) == Literal(
        "POLYGON((108.9 11.5, 109.1 11.5, 109.1 11.7, 108.9 11.7, 108.9 11.5))",
        datatype=GSP.wktLiteral,
    )
    # The shapes of DCAT-AP 3 refuse a literal there, and CKAN fails where it is a node.
    assert not list(graph.triples((None, LOCN.geometry, None)))
    assert spatial == {
        box,
        *map(URIRef, settings.PLACE.catalog_places),
    }


@pytest.mark.parametrize("id", collections())
def test_a_data_set_has_a_contact_and_keywords(graph, id):
    contact = graph.value(dataset(id), DCAT.contactPoint)

    assert (contact, RDF.type, VCARD.Kind) in graph
    assert graph.value(contact, VCARD.fn) == Literal("Bản đồ OCOP tỉnh Mẫu")
    assert graph.value(contact, VCARD.hasURL) == URIRef(f"{settings.SITE_URL}/")
    # Nobody's address is made up.
    assert graph.value(contact, VCARD.hasEmail) is None
    words = [*collections()[id].keywords, *settings.PLACE.catalog_keywords]
    assert len(words) >= 6
    literals = {literal for word in words for literal in both_languages(word)}
    assert set(graph.objects(dataset(id), DCAT.keyword)) == literals
    assert {literal.language for literal in literals} == {"vi", "en"}
    assert set(graph.objects(dataset(id), SCHEMA.keywords)) == {Literal(str(w)) for w in words}


def both_languages(text):
    return [Literal(one["@value"], lang=one["@language"]) for one in catalog.texts(text)]


@override_settings(CONTACT_URL="https://example.org/lien-he/")
def test_the_contact_page_is_a_setting(client):
    graph = graph_of(client)

    assert set(graph.objects(None, VCARD.hasURL)) == {URIRef("https://example.org/lien-he/")}
    assert len(set(graph.objects(None, DCAT.contactPoint))) == 1


def test_the_publisher_has_a_type(graph):
    (publisher,) = set(graph.objects(None, DCTERMS.publisher))

    assert graph.value(publisher, DCTERMS.type) == URIRef(settings.PLACE.catalog_publisher_type)


@pytest.mark.parametrize("id", collections())
def test_each_distribution_has_a_description(graph, id):
    ways = list(graph.objects(dataset(id), DCAT.distribution))
    assert len(ways) == len(FORMATS) + 1

    for way in ways:
        texts = list(graph.objects(way, DCTERMS.description))
        assert {text.language for text in texts} == {"vi", "en"}, way
        assert all(len(text) > 20 for text in texts)
    described = {str(graph.value(way, DCTERMS.description)) for way in ways}
    assert len(described) == len(ways)


@pytest.mark.usefixtures("shipped")
def test_every_shipped_data_set_has_a_temporal_extent(client):
    graph = graph_of(client)

    def ends(id):
        period = graph.value(dataset(id), DCTERMS.temporal)
        return [
            end and str(end)[:10]
            for end in (graph.value(period, DCAT.startDate), graph.value(period, DCAT.endDate))
        ]

    def coverage(id):
        return str(graph.value(dataset(id), SCHEMA.temporalCoverage))

    # Since when is not known of districts. Of communes there is no common end either: it begins
    # with the first known day, on which two of them were formed.
    assert (ends("districts"), coverage("districts")) == ([None, "2025-06-30"], "../2025-06-30")
    assert (ends("communes"), coverage("communes")) == (["2024-11-01", None], "2024-11-01/..")
    begin, end = ends("protections")
    assert "2000" < begin < "2020"
    assert end is None
    assert coverage("protections") == f"{begin}/.."
    for id in ("products", "producers"):
        assert None not in ends(id)
        assert coverage(id) == "/".join(ends(id))


def test_the_temporal_extent_has_the_ends_that_are_known(client):
    UnitFactory(code="992", area=square(109, 11.5))
    ProductFactory(published=True)
    graph = graph_of(client)

    # Units that have always been and still are: no period, and none is made up.
    assert graph.value(dataset("districts"), DCTERMS.temporal) is None
    period = graph.value(dataset("products"), DCTERMS.temporal)
    # udata would fetch one that has an address.
    assert not isinstance(period, URIRef)
    begin, end = graph.value(period, DCAT.startDate), graph.value(period, DCAT.endDate)
    assert begin == end
    assert parse_datetime(str(begin)).utcoffset()


def test_the_catalogue_has_the_same_data_sets_for_schema_org(graph):
    assert set(graph.subjects(RDF.type, SCHEMA.Dataset)) == {dataset(id) for id in collections()}
    about = dataset("products")
    assert graph.value(about, SCHEMA.name) == Literal("Sản phẩm OCOP và đặc sản")
    assert graph.value(about, SCHEMA.license) == URIRef(
        "https://creativecommons.org/licenses/by/4.0/"
    )
    place = graph.value(about, SCHEMA.spatialCoverage)
    assert graph.value(graph.value(place, SCHEMA.geo), SCHEMA.box) == Literal(
        "11.5 108.9 11.7 109.1"
    )
    files = set(graph.objects(about, SCHEMA.distribution))
    assert files == {
        one
        for one in graph.objects(about, DCAT.distribution)
        if (one, DCAT.downloadURL, None) in graph
    }
    for file in files:
        assert graph.value(file, SCHEMA.contentUrl) == file


def test_titles_are_listed_in_each_language():
    class Greeting:
        def __str__(self):
            return {"vi": "Xin chào", "en": "Hello"}[get_language()]

    assert catalog.texts(Greeting()) == [
        {"@value": "Xin chào", "@language": "vi"},
        {"@value": "Hello", "@language": "en"},
    ]
    assert catalog.texts("OCOP") == [{"@value": "OCOP", "@language": "vi"}]


@pytest.mark.parametrize("state", [State.DRAFT, State.REVIEW, State.WITHDRAWN])
def test_drafts_do_not_affect_any_extent(client, state):
    for factory in (ProductFactory, ProducerFactory):
        factory(state=state, name="Bí mật", point=at(105, 20))
    IpRightFactory(state=state, name="Bí mật")
    body = client.get(ADDRESS).content.decode()

    assert "Bí mật" not in body
    assert "POLYGON" not in body
    assert "PeriodOfTime" not in body
