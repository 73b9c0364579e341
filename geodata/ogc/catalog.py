"""The catalogue of the data sets for portals that harvest it: DCAT-AP 3 and schema.org.

One graph, written from the same description of the collections as /collections. CKAN
(ckanext-dcat), udata and Google Dataset Search each read their part: CKAN and udata want types,
licences and media types on the distributions, and a span of time that is no address, which they
would fetch. The box of a data set is dcat:bbox alone: the shapes of DCAT-AP 3 refuse a literal as
locn:geometry, and CKAN fails where it is a node.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from geodata.collection import collections, moment
from geodata.formats.registry import FORMATS
from geodata.models import Change

from . import views

IANA = "https://www.iana.org/assignments/media-types/"
EU = "http://publications.europa.eu/resource/authority/"
LANGUAGE = f"{EU}language/VIE"
# Edited whenever there is something to edit.
FREQUENCY = f"{EU}frequency/IRREG"

# What the API is as a distribution, beside the files.
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

# What schema.org's own context, which stands elsewhere, says of these names.
SCHEMA_ORG = {
    "@vocab": "http://schema.org/",
    **{name: {"@type": "@id"} for name in ("contentUrl", "license", "sameAs", "url")},
}


class CatalogView(views.CollectionsView):
    media_type = views.JSONLD
    template = views.DocumentView.template

    def for_search_engines(self):
        """The data sets as schema.org has them, to stand in a page about them."""
        datasets = [self.searched(collection) for collection in collections().values()]
        return {"@context": "https://schema.org", "@graph": datasets}

    def document(self, request, subject):
        layers = collections().values()
        graph = [self.catalog(), self.publisher(), self.contact(), self.service()]
        graph += [self.dataset(collection) for collection in layers]
        graph += [{"@context": SCHEMA_ORG, **self.searched(collection)} for collection in layers]
        return {"@context": CONTEXT, "@graph": graph}

    def at(self, name, *args):
        return settings.SITE_URL + reverse(f"ogc:{name}", args=args)

    def changed_at(self, collection):
        """When a public feature of the collection last changed; None when none ever did."""
        return self.revision.remember(
            f"changed at:{collection.id}", Change.objects.of(collection).newest_at
        )

    @property
    def all_changed_at(self):
        """When any public feature last changed."""
        moments = map(self.changed_at, collections().values())
        return max(filter(None, moments), default=None)

    @property
    def publisher_address(self):
        return f"{settings.SITE_URL}/"

    @property
    def contact_address(self):
        return f"{settings.SITE_URL}/#contact"

    def time(self, collection):
        """[begin, end] of what the data set covers, RFC 3339 text; an open or unknown end is None.

        Where both are, it begins with the earliest day that is known of any feature: so much is
        certain, and catalogues can sort by it.
        """
        begin, end = self.extent(collection)["temporal"]["interval"][0]
        if not (begin or end):
            key = f"earliest known:{collection.id}"
            begin = self.revision.remember(key, collection.earliest_known)
        return begin, end

    # --- DCAT-AP ---------------------------------------------------------------------------

    def catalog(self):
        licenses = dict.fromkeys(c.license.url for c in collections().values())
        return {
            "@id": self.at("catalog"),
            "@type": "dcat:Catalog",
            "dct:title": texts(settings.SITE_NAME),
            "dct:description": texts(views.ABOUT),
            "dct:publisher": self.publisher_address,
            "dcat:contactPoint": self.contact_address,
            "dct:license": list(licenses),
            "dct:language": LANGUAGE,
            "foaf:homepage": self.publisher_address,
            "dcat:themeTaxonomy": f"{EU}data-theme",
            "dct:spatial": [{"@id": place} for place in settings.PLACE.catalog_places],
            "dcat:dataset": [self.at("collection", id) for id in collections()],
            "dcat:service": self.at("landing"),
            **modified(self.all_changed_at),
        }

    def publisher(self):
        return {
            "@id": self.publisher_address,
            "@type": "foaf:Agent",
            "foaf:name": texts(settings.SITE_NAME),
            "foaf:homepage": self.publisher_address,
            "dct:type": settings.PLACE.catalog_publisher_type,
        }

    def contact(self):
        """Where to turn to: a page, as no person or mail address is known to the project."""
        return {
            "@id": self.contact_address,
            # The second is what validators without the ontology look for.
            "@type": ["vcard:Organization", "vcard:Kind"],
            "vcard:fn": str(settings.SITE_NAME),
            "vcard:hasURL": settings.CONTACT_URL or self.publisher_address,
        }

    def service(self):
        licenses = dict.fromkeys(c.license.url for c in collections().values())
        return {
            "@id": self.at("landing"),
            "@type": "dcat:DataService",
            "dct:title": "OGC API – Features",
            "dct:description": texts(views.ABOUT),
            "dct:publisher": self.publisher_address,
            "dcat:contactPoint": self.contact_address,
            "dct:license": list(licenses),
            "dct:conformsTo": views.CONFORMS_TO,
            "dcat:endpointURL": self.at("landing"),
            "dcat:endpointDescription": self.at("openapi"),
            "dcat:landingPage": self.at("docs"),
            "dcat:servesDataset": [self.at("collection", id) for id in collections()],
        }

    def dataset(self, collection):
        address = self.at("collection", collection.id)
        extent = self.extent(collection)
        return {
            "@id": address,
            "@type": "dcat:Dataset",
            "dct:identifier": address,
            "dct:title": texts(collection.title),
            "dct:description": texts(collection.description),
            "dct:publisher": self.publisher_address,
            "dcat:contactPoint": self.contact_address,
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
            **period(*self.time(collection)),
            "dcat:theme": [f"{EU}data-theme/{code}" for code in collection.themes],
            "dcat:landingPage": address,
            "dcat:distribution": [
                self.interface(collection),
                *(self.file(collection, link) for link in self.enclosures(collection)),
            ],
            **modified(self.changed_at(collection)),
        }

    def interface(self, collection):
        """The API as a way to the data set, beside the files."""
        return {
            "@id": self.at("items", collection.id),
            "@type": "dcat:Distribution",
            "dct:title": "OGC API – Features",
            "dct:description": texts(INTERFACE),
            "dct:license": collection.license.url,
            "dcat:accessURL": self.at("items", collection.id),
            "dcat:accessService": self.at("landing"),
            **form(views.GEOJSON, "GEOJSON"),
            **modified(self.changed_at(collection)),
        }

    def file(self, collection, link):
        return {
            "@id": link["href"],
            "@type": "dcat:Distribution",
            "dct:title": link["title"],
            "dct:description": texts(FORMATS[extension_of(link)].description),
            "dct:license": collection.license.url,
            "dcat:accessURL": link["href"],
            "dcat:downloadURL": link["href"],
            **({"dcat:byteSize": str(link["length"])} if "length" in link else {}),
            **form(link["type"], extension_of(link).upper()),
            **modified(self.changed_at(collection)),
        }

    # --- schema.org ------------------------------------------------------------------------

    def searched(self, collection):
        """A data set as schema.org has it."""
        address = self.at("collection", collection.id)
        site = {"name": str(settings.SITE_NAME), "url": self.publisher_address}
        extent = self.extent(collection)
        changed_at = self.changed_at(collection)
        begin, end = (time and time[:10] for time in self.time(collection))
        place = {"@type": "Place", "sameAs": settings.PLACE.catalog_places}
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
                    "encodingFormat": bare(link["type"]),
                    **({"contentSize": f"{link['length']} B"} if "length" in link else {}),
                }
                for link in self.enclosures(collection)
            ],
            **({"dateModified": moment(changed_at)} if changed_at else {}),
        }


def keywords(collection):
    """The words by which people look for the data set: its own and those of the place."""
    return [*collection.keywords, *settings.PLACE.catalog_keywords]


def extension_of(link):
    """The extension of the file to which an enclosure leads: the name of its format."""
    return link["href"].rpartition(".")[2]


def texts(text):
    """A text in each of the site's languages, once where they say the same."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said.setdefault(str(text), code)
    return [{"@value": value, "@language": code} for value, code in said.items()]


def modified(changed_at):
    """The last change; nothing where there was none."""
    return {"dct:modified": moment(changed_at)} if changed_at else {}


def bare(media_type):
    """The media type without its parameters."""
    return media_type.partition(";")[0].strip()


def form(media_type, label):
    """In which format a distribution is, for readers of either property."""
    name = {"rdfs:label": label}
    if code := FILE_TYPES.get(bare(media_type)):
        name["@id"] = f"{EU}file-type/{code}"
    # CKAN reads the label of nothing else.
    return {"dcat:mediaType": IANA + bare(media_type), "dct:format": {"@type": "dct:IMT", **name}}


def location(extent):
    """The box as a location; nothing without features."""
    if "spatial" not in extent:
        return
    west, south, east, north = extent["spatial"]["bbox"][0]
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    well_known = ", ".join(f"{x} {y}" for x, y in ring)
    yield {
        "@type": "dct:Location",
        "dcat:bbox": {"@value": f"POLYGON(({well_known}))", "@type": "gsp:wktLiteral"},
    }


def period(begin, end):
    """The span of time; an end that is open or unknown is left out."""
    ends = {"dcat:startDate": begin, "dcat:endDate": end}
    known = {name: time for name, time in ends.items() if time}
    return {"dct:temporal": {"@type": "dct:PeriodOfTime", **known}} if known else {}
