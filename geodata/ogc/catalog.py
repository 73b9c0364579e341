"""The catalogue of the data sets for portals that harvest it: DCAT-AP 3 and schema.org.

One graph, generated from the same descriptions as /collections. CKAN (ckanext-dcat), udata and
Google Dataset Search each read a part of it: CKAN and udata require types, licences and media types
on the distributions, and a temporal extent that is not a URL, which they would fetch. The box of a
data set is dcat:bbox alone: the shapes of DCAT-AP 3 refuse a literal as locn:geometry, and CKAN
fails if it is a node.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from rest_framework.request import Request

from geodata.collection import Collection, collections, rfc3339
from geodata.formats.registry import FORMATS
from geodata.models import Change

from . import views

IANA = "https://www.iana.org/assignments/media-types/"
EU = "http://publications.europa.eu/resource/authority/"
LANGUAGE = f"{EU}language/VIE"
# Irregular.
FREQUENCY = f"{EU}frequency/IRREG"

# Description of the API as a distribution, in addition to the files.
INTERFACE = gettext_lazy(
    "Giao diện lập trình: đọc từng trang GeoJSON, lọc theo thuộc tính, khung toạ độ, thời gian và"
    " CQL2."
)

# The EU's codes of file types that have one.
FILE_TYPES = {
    "application/geo+json": "GEOJSON",
    "text/csv": "CSV",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/geopackage+sqlite3": "GPKG",
    "application/vnd.google-earth.kml+xml": "KML",
}

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "gsp": "http://www.opengis.net/ont/geosparql#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{
        name: {"@type": "@id"}
        for name in (
            "dcat:accessService",
            "dcat:accessURL",
            "dcat:contactPoint",
            "dcat:dataset",
            "dcat:distribution",
            "dcat:downloadURL",
            "dcat:endpointDescription",
            "dcat:endpointURL",
            "dcat:landingPage",
            "dcat:mediaType",
            "dcat:servesDataset",
            "dcat:service",
            "dcat:theme",
            "dcat:themeTaxonomy",
            "dct:accrualPeriodicity",
            "dct:conformsTo",
            "dct:language",
            "dct:license",
            "dct:publisher",
            "dct:type",
            "foaf:homepage",
            "vcard:hasURL",
        )
    },
    "dct:modified": {"@type": "xsd:dateTime"},
    "dcat:startDate": {"@type": "xsd:dateTime"},
    "dcat:endDate": {"@type": "xsd:dateTime"},
    "dcat:byteSize": {"@type": "xsd:nonNegativeInteger"},
}

# The part of schema.org's context that these documents need, without fetching it.
SCHEMA_ORG = {
    "@vocab": "http://schema.org/",
    **{name: {"@type": "@id"} for name in ("contentUrl", "license", "sameAs", "url")},
}


class CatalogView(views.CollectionsView):
    """GET /catalog.jsonld: every data set in DCAT-AP 3 and as a schema.org Dataset."""

    media_type = views.JSONLD
    template = views.DocumentView.template

    def schema_org_graph(self) -> dict[str, Any]:
        """Return the schema.org Datasets of all collections, to be embedded in a page about them.

        JSON-LD with its context.
        """
        datasets = [self.schema_org_dataset(collection) for collection in collections().values()]
        return {"@context": "https://schema.org", "@graph": datasets}

    def document(self, request: Request, found: Any) -> dict[str, Any]:
        """Return the catalogue as one JSON-LD graph."""
        layers = collections().values()
        graph: list[dict[str, Any]] = [
            self.catalog(),
            self.publisher(),
            self.contact(),
            self.service(),
        ]
        graph += [self.dataset(collection) for collection in layers]
        graph += [
            {"@context": SCHEMA_ORG, **self.schema_org_dataset(collection)} for collection in layers
        ]
        return {"@context": CONTEXT, "@graph": graph}

    def url(self, name: str, *args: str) -> str:
        """Return the absolute URL of a page of the API.

        name: of the URL pattern, without "ogc:". args: its variables.
        """
        return settings.SITE_URL + reverse(f"ogc:{name}", args=args)

    def changed_at(self, collection: Collection) -> datetime | None:
        """Return when a public feature of the collection last changed; None if none ever did."""
        return self.revision.remember(
            f"changed at:{collection.id}", Change.objects.of(collection).newest_at
        )

    @property
    def all_changed_at(self) -> datetime | None:
        """When any public feature last changed; None if none ever did."""
        times = map(self.changed_at, collections().values())
        return max(filter(None, times), default=None)

    @property
    def publisher_url(self) -> str:
        """The URI of the publisher: the front page."""
        return f"{settings.SITE_URL}/"

    @property
    def contact_url(self) -> str:
        """The URI of the contact node."""
        return f"{settings.SITE_URL}/#contact"

    def temporal_coverage(self, collection: Collection) -> tuple[str | None, str | None]:
        """Return begin and end of the time that the data set covers, as RFC 3339 text.

        An open or unknown end is None. If both are, the begin is the earliest day that is known of
        any feature: this much is certain, and catalogues can sort by it.
        """
        begin, end = self.extent(collection)["temporal"]["interval"][0]
        if not (begin or end):
            key = f"earliest known:{collection.id}"
            begin = self.revision.remember(key, collection.earliest_known)
        return begin, end

    # --- DCAT-AP ---------------------------------------------------------------------------

    def catalog(self) -> dict[str, Any]:
        """Return the dcat:Catalog."""
        licenses = dict.fromkeys(c.license.url for c in collections().values())
        return {
            "@id": self.url("catalog"),
            "@type": "dcat:Catalog",
            "dct:title": texts(settings.SITE_NAME),
            "dct:description": texts(views.ABOUT),
            "dct:publisher": self.publisher_url,
            "dcat:contactPoint": self.contact_url,
            "dct:license": list(licenses),
            "dct:language": LANGUAGE,
            "foaf:homepage": self.publisher_url,
            "dcat:themeTaxonomy": f"{EU}data-theme",
            "dct:spatial": [{"@id": place} for place in settings.PLACE.catalog_places],
            "dcat:dataset": [self.url("collection", id) for id in collections()],
            "dcat:service": self.url("landing"),
            **modified(self.all_changed_at),
        }

    def publisher(self) -> dict[str, Any]:
        """Return the foaf:Agent that publishes the data."""
        return {
            "@id": self.publisher_url,
            "@type": "foaf:Agent",
            "foaf:name": texts(settings.SITE_NAME),
            "foaf:homepage": self.publisher_url,
            "dct:type": settings.PLACE.catalog_publisher_type,
        }

    def contact(self) -> dict[str, Any]:
        """Return the contact point: a page, since the project has no person or mail address."""
        return {
            "@id": self.contact_url,
            # Validators without the ontology look for the second.
            "@type": ["vcard:Organization", "vcard:Kind"],
            "vcard:fn": str(settings.SITE_NAME),
            "vcard:hasURL": settings.CONTACT_URL or self.publisher_url,
        }

    def service(self) -> dict[str, Any]:
        """Return the dcat:DataService: this API."""
        licenses = dict.fromkeys(c.license.url for c in collections().values())
        return {
            "@id": self.url("landing"),
            "@type": "dcat:DataService",
            "dct:title": "OGC API – Features",
            "dct:description": texts(views.ABOUT),
            "dct:publisher": self.publisher_url,
            "dcat:contactPoint": self.contact_url,
            "dct:license": list(licenses),
            "dct:conformsTo": views.CONFORMS_TO,
            "dcat:endpointURL": self.url("landing"),
            "dcat:endpointDescription": self.url("openapi"),
            "dcat:landingPage": self.url("docs"),
            "dcat:servesDataset": [self.url("collection", id) for id in collections()],
        }

    def dataset(self, collection: Collection) -> dict[str, Any]:
        """Return the dcat:Dataset of a collection with its distributions."""
        address = self.url("collection", collection.id)
        extent = self.extent(collection)
        return {
            "@id": address,
            "@type": "dcat:Dataset",
            "dct:identifier": address,
            "dct:title": texts(collection.title),
            "dct:description": texts(collection.description),
            "dct:publisher": self.publisher_url,
            "dcat:contactPoint": self.contact_url,
            "dcat:keyword": [text for word in keywords(collection) for text in texts(word)],
            "dct:license": collection.license.url,
            "dct:language": LANGUAGE,
            "dct:accrualPeriodicity": FREQUENCY,
            "dct:conformsTo": views.CRS84.uri,
            "dct:rights": {
                "@type": "dct:RightsStatement",
                "rdfs:label": texts(settings.PLACE.boundary_credit),
            },
            "dct:spatial": [
                *({"@id": place} for place in settings.PLACE.catalog_places),
                *location(extent),
            ],
            **period(*self.temporal_coverage(collection)),
            "dcat:theme": [f"{EU}data-theme/{code}" for code in collection.themes],
            "dcat:landingPage": address,
            "dcat:distribution": [
                self.interface(collection),
                *(self.file(collection, link) for link in self.enclosures(collection)),
            ],
            **modified(self.changed_at(collection)),
        }

    def interface(self, collection: Collection) -> dict[str, Any]:
        """Return the API as a dcat:Distribution of the data set."""
        return {
            "@id": self.url("items", collection.id),
            "@type": "dcat:Distribution",
            "dct:title": "OGC API – Features",
            "dct:description": texts(INTERFACE),
            "dct:license": collection.license.url,
            "dcat:accessURL": self.url("items", collection.id),
            "dcat:accessService": self.url("landing"),
            **media_type_and_format(views.GEOJSON, "GEOJSON"),
            **modified(self.changed_at(collection)),
        }

    def file(self, collection: Collection, link: dict[str, Any]) -> dict[str, Any]:
        """Return a file as a dcat:Distribution; link: its link object `enclosure`."""
        return {
            "@id": link["href"],
            "@type": "dcat:Distribution",
            "dct:title": link["title"],
            "dct:description": texts(FORMATS[extension_of(link)].description),
            "dct:license": collection.license.url,
            "dcat:accessURL": link["href"],
            "dcat:downloadURL": link["href"],
            **({"dcat:byteSize": str(link["length"])} if "length" in link else {}),
            **media_type_and_format(link["type"], extension_of(link).upper()),
            **modified(self.changed_at(collection)),
        }

    # --- schema.org ------------------------------------------------------------------------

    def schema_org_dataset(self, collection: Collection) -> dict[str, Any]:
        """Return a collection as a schema.org Dataset, without a context."""
        address = self.url("collection", collection.id)
        site = {"name": str(settings.SITE_NAME), "url": self.publisher_url}
        extent = self.extent(collection)
        changed_at = self.changed_at(collection)
        begin, end = (time and time[:10] for time in self.temporal_coverage(collection))
        place: dict[str, Any] = {"@type": "Place", "sameAs": settings.PLACE.catalog_places}
        if "spatial" in extent:
            west, south, east, north = extent["spatial"]["bbox"][0]
            place["geo"] = {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}
        return {
            "@id": address,
            "@type": "Dataset",
            "name": str(collection.title),
            "description": str(collection.description),
            "url": address,
            "keywords": [str(word) for word in keywords(collection)],
            "license": collection.license.url,
            "isAccessibleForFree": True,
            "inLanguage": settings.LANGUAGE_CODE,
            "creator": {"@type": "Organization", **site},
            "includedInDataCatalog": {"@type": "DataCatalog", **site},
            **({"temporalCoverage": f"{begin or '..'}/{end or '..'}"} if begin or end else {}),
            "spatialCoverage": place,
            "variableMeasured": [collection.title_of(name) for name in collection.properties],
            "distribution": [
                {
                    "@id": link["href"],
                    "@type": "DataDownload",
                    "name": link["title"],
                    "description": str(FORMATS[extension_of(link)].description),
                    "contentUrl": link["href"],
                    "encodingFormat": without_parameters(link["type"]),
                    **({"contentSize": f"{link['length']} B"} if "length" in link else {}),
                }
                for link in self.enclosures(collection)
            ],
            **({"dateModified": rfc3339(changed_at)} if changed_at else {}),
        }


def keywords(collection: Collection) -> list[str | Promise]:
    """Return the keywords of the data set: its own and those of the place."""
    return [*collection.keywords, *settings.PLACE.catalog_keywords]


def extension_of(link: dict[str, Any]) -> str:
    """Return the extension of the file of a link `enclosure`: a key of FORMATS."""
    return link["href"].rpartition(".")[2]


def texts(text: str | Promise) -> list[dict[str, str]]:
    """Return a lazy text in each of the site's languages, as JSON-LD; equal texts only once."""
    language_of: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            language_of.setdefault(str(text), code)
    return [{"@value": value, "@language": code} for value, code in language_of.items()]


def modified(changed_at: datetime | None) -> dict[str, str]:
    """Return the property dct:modified; an empty dict for None."""
    text = rfc3339(changed_at)
    return {"dct:modified": text} if text else {}


def without_parameters(media_type: str) -> str:
    """Return a media type without parameters such as charset."""
    return media_type.partition(";")[0].strip()


def media_type_and_format(media_type: str, label: str) -> dict[str, Any]:
    """Return dcat:mediaType and dct:format of a distribution; catalogues read one or the other.

    label: name of the format.
    """
    name = {"rdfs:label": label}
    if code := FILE_TYPES.get(without_parameters(media_type)):
        name["@id"] = f"{EU}file-type/{code}"
    # CKAN reads the label of a dct:IMT only.
    return {
        "dcat:mediaType": IANA + without_parameters(media_type),
        "dct:format": {"@type": "dct:IMT", **name},
    }


def location(extent: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the box of an extent as a dct:Location; nothing if the collection has no geometry.

    extent: as Collection.extent() returns it.
    """
    if "spatial" not in extent:
        return
    west, south, east, north = extent["spatial"]["bbox"][0]
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    well_known = ", ".join(f"{x} {y}" for x, y in ring)
    yield {
        "@type": "dct:Location",
        "dcat:bbox": {"@value": f"POLYGON(({well_known}))", "@type": "gsp:wktLiteral"},
    }


def period(begin: str | None, end: str | None) -> dict[str, Any]:
    """Return the property dct:temporal, without an end that is None; an empty dict for two."""
    ends = {"dcat:startDate": begin, "dcat:endDate": end}
    known = {name: time for name, time in ends.items() if time}
    return {"dct:temporal": {"@type": "dct:PeriodOfTime", **known}} if known else {}
