"""The open-data API as OGC API – Features: thin views of the Collections.

Part 1 (17-069r4), Part 2 (18-058r1), Part 3 (19-079r2), Part 5 (23-058r2).
"""

import functools
import json
from collections.abc import Callable, Iterator
from typing import Any, Self, TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.encoding import iri_to_uri
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import NotAcceptable
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from geodata.collection import Collection, collections
from geodata.conditional import conditional_response, frontend_fingerprint, representation_etag
from geodata.crs import CRS84, OFFERED, Crs
from geodata.formats.geojson import SEPARATOR, feature_collection, with_links
from geodata.formats.registry import FORMATS
from geodata.models import BulkFile, Change
from geodata.problems import BadParameters, Gone, ParameterError
from geodata.revision import DataRevision, current_revision

from . import html, parameters, schemas
from .query import ItemsQuery, refuse_unknown, url_with

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
JSONLD = "application/ld+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
Response = TypeVar("Response", bound=HttpResponseBase)

# Link relations that OGC has registered for its APIs.
OGC_REL = "http://www.opengis.net/def/rel/ogc/1.0"

ABOUT = gettext_lazy(
    "Dữ liệu mở về sản phẩm OCOP và đặc sản: đơn vị hành chính, sản phẩm, chủ thể và quyền sở hữu"
    " công nghiệp."
)

# Every declared class is implemented completely.
CONFORMS_TO = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    # CQL2 (21-065r2).
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
    "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
    # Part 5 was approved as Common Part 3; clients of its drafts look for the older names.
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/returnables-and-receivables",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/sortables",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/advanced-property-roles",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/returnables-and-receivables",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/sortables",
]


@functools.lru_cache(maxsize=500)
def _preferred_type(accept, offered):
    """Return the media type among the offered that an Accept header prefers, or None.

    Cached: parsing the header takes longer than finding the view.
    """
    request = HttpRequest()
    request.META["HTTP_ACCEPT"] = accept
    return request.get_preferred_type(offered)


class PublicView(APIView):
    """Base of GET views of public data; responses may be cached until the data or the day change.

    media_type: of the representation for programs, which `f=json` selects.
    template: of the HTML representation, `f=html`; "" if there is none.

    A request goes through negotiated_format(), get_object(), the conditional headers, and render().
    """

    # No session is read, so that no response depends on the user.
    authentication_classes = ()
    permission_classes = (AllowAny,)
    http_method_names: tuple[str, ...] = ("get", "head", "options")
    media_type = JSON
    template = ""
    # Of the URLs that the representations link to.
    namespace = "ogc"
    revision: DataRevision
    # Name of the negotiated format, a key of `formats`.
    format_name: str

    @classmethod
    def for_reuse(cls, request: HttpRequest, revision: DataRevision) -> Self:
        """Return a view whose methods another page calls to display the same facts.

        request: that of the other page. revision: the state of the data that the page displays.
        """
        view = cls()
        view.setup(request)
        view.revision = revision
        return view

    def get(self, request: Request, **url_kwargs: str) -> HttpResponseBase:
        """Return the representation, or 304; raise an APIException, as 412, otherwise."""
        self.revision = current_revision()
        self.format_name = self.negotiated_format(request)
        found = self.get_object(request, **url_kwargs)
        etag = self.etag(request)
        response = conditional_response(request, etag, self.revision.last_modified)
        response = response or self.render(request, found)
        response.headers.setdefault("ETag", etag)
        response.headers["Last-Modified"] = http_date(self.revision.last_modified.timestamp())
        response.headers["Cache-Control"] = "public, max-age=300"
        patch_vary_headers(response, ["Accept", "Accept-Encoding"])
        if links := ", ".join(self.alternate_links()):
            response.headers["Link"] = links
        return response

    @functools.cached_property
    def formats(self) -> dict[str, str]:
        """Name of a format in the parameter `f` → its media type, that for programs first."""
        formats = {"json": self.media_type}
        return formats | {"html": HTML} if self.template else formats

    def negotiated_format(self, request: Request) -> str:
        """Return the name of the format that `f`, or else the Accept header, selects.

        An unknown name is returned as it is: get_object() reports it with the other errors.
        Raises NotAcceptable if there is no representation that the header accepts.
        """
        if "f" in request.GET:
            return request.GET["f"]
        offered = {media_type: name for name, media_type in self.formats.items()}
        if "json" in self.formats:
            # A client that accepts any JSON can read every representation for programs.
            offered |= {JSON: "json", GEOJSON: "json"}
        preferred = _preferred_type(request.headers.get("Accept", "*/*"), tuple(offered))
        if preferred is None:
            raise NotAcceptable(_("Địa chỉ này có các dạng: %s.") % ", ".join(offered))
        return offered[preferred]

    def parse_format(self, text: str) -> str:
        """Parse the parameter `f`; raise ParameterError for a format that is not offered."""
        return parameters.output_format(text, self.formats)

    def get_object(self, request: Request, **url_kwargs: str) -> Any:
        """Return what render() represents; url_kwargs: the variables of the URL.

        Raises Http404, Gone or BadParameters. This one only refuses unknown parameters.
        """
        refuse_unknown(request.GET, known={"f": self.parse_format})

    def render(self, request: Request, found: Any) -> HttpResponseBase:
        """Return the response in the negotiated format.

        found: what get_object() returned. Every kind of view has its own.
        """
        raise NotImplementedError

    def etag(self, request: Request) -> str:
        """Return the strong tag of the representation, quotes included."""
        parts = [self.format_name, self.etag_parts()]
        parts += [frontend_fingerprint()] if self.format_name == "html" else []
        parts += [collection.fingerprint for collection in collections().values()]
        return representation_etag(request, self.revision, *parts)

    def etag_parts(self) -> tuple:
        """Return what the representation depends on besides the revision, the URL and the code."""
        return ()

    def html_response(
        self, request: Request, document: dict[str, Any], **context: Any
    ) -> HttpResponse:
        """Return the HTML representation of a document.

        document: as programs get it. context: further variables of the template.
        """
        context = {
            "base_template": settings.API_BASE_TEMPLATE,
            "document": document,
            "own_links": self.self_links,
            **context,
        }
        return render(request, self.template, context)

    def address(self, name: str, *args: str) -> str:
        """Return the path of a URL of this API; name, args: as of reverse()."""
        return reverse(f"{self.namespace}:{name}", args=args)

    def collections(self) -> dict[str, Collection]:
        """Return {id: Collection} of the collections that this API offers."""
        return collections()

    def find_collection(self, collection_id: str) -> Collection:
        """Return the collection with that id; raise Http404 if there is none."""
        try:
            return self.collections()[collection_id]
        except KeyError:
            raise Http404(_("Không có bộ dữ liệu “%s”.") % collection_id) from None

    def link(self, rel: str, address: str, type: str = JSON, title: str = "") -> dict[str, Any]:
        """Return a link object.

        address: absolute URL, or an absolute path on this site. type: media type of the target.
        """
        # SITE_URL, whatever the Host header contains: a proxy may change its port.
        site = settings.SITE_URL if address.startswith("/") else ""
        href = site + iri_to_uri(address) if site else address
        return {"href": href, "rel": rel, "type": type} | ({"title": title} if title else {})

    def collection_link(self, collection: Collection) -> dict[str, Any]:
        """Return the link `collection` to the description of a collection."""
        address = self.address("collection", collection.id)
        return self.link("collection", address, title=str(collection.title))

    @functools.cached_property
    def self_links(self) -> list[dict[str, Any]]:
        """The links `self`, to this representation, and `alternate`, to those in other formats."""
        request, links = self.request, []
        for name, media_type in self.formats.items():
            if name == self.format_name:
                links.append(self.link("self", request.get_full_path(), media_type))
                continue
            links.append(self.link("alternate", url_with(request, f=name), media_type))
        return links

    def alternate_links(self) -> Iterator[str]:
        """Yield the links `alternate` for the Link header: a JSON Schema has no place for links."""
        for link in self.self_links:
            if link["rel"] == "alternate":
                yield f'<{link["href"]}>; rel="alternate"; type="{link["type"]}"'


class DocumentView(PublicView):
    """Base of views of a JSON object, which a template displays to people."""

    template = "geodata/api/document.html"

    def render(self, request: Request, found: Any) -> HttpResponse:
        """Return document() as JSON, or as the page of html_response()."""
        document = self.document(request, found)
        if self.format_name == "html":
            return self.html_response(request, document, found=found)
        return JsonResponse(
            document,
            content_type=self.media_type,
            json_dumps_params={"ensure_ascii": False},
        )

    def document(self, request: Request, found: Any) -> dict[str, Any]:
        """Return the object, of values that JSON has; every document has its own.

        found: what get_object() returned.
        """
        raise NotImplementedError


class LandingView(DocumentView):
    """GET /: the landing page of the API."""

    template = "geodata/api/landing.html"

    def document(self, request: Request, found: None) -> dict[str, Any]:
        """Return the landing page with its links."""
        licenses = {c.license.url: c.license.title for c in collections().values()}
        return {
            "title": str(settings.SITE_NAME),
            "description": str(ABOUT),
            "links": [
                *self.self_links,
                self.link("service-desc", reverse("ogc:openapi"), OPENAPI, "OpenAPI 3.0"),
                self.link("service-doc", reverse("ogc:docs"), HTML, _("Hướng dẫn dùng API")),
                self.link("conformance", reverse("ogc:conformance"), title=_("Các lớp tuân thủ")),
                self.link("data", reverse("ogc:collections"), title=_("Các bộ dữ liệu")),
                self.link("describedby", reverse("ogc:catalog"), JSONLD, _("Danh mục DCAT-AP")),
                *(self.link("license", url, HTML, title) for url, title in licenses.items()),
            ],
        }


class ConformanceView(DocumentView):
    """GET /conformance: the conformance classes."""

    conforms_to = CONFORMS_TO

    def document(self, request: Request, found: None) -> dict[str, Any]:
        """Return the URIs of conforms_to."""
        return {"conformsTo": self.conforms_to, "links": self.self_links}


class CollectionsView(DocumentView):
    """GET /collections: the description of every collection."""

    template = "geodata/api/collections.html"

    def descriptions(self) -> list[dict[str, Any]]:
        """Return describe() of every collection."""
        return [self.describe(collection) for collection in self.collections().values()]

    def document(self, request: Request, found: Any) -> dict[str, Any]:
        """Return the descriptions of all collections."""
        return {
            "collections": self.descriptions(),
            "links": self.self_links,
        }

    def describe(self, collection: Collection) -> dict[str, Any]:
        """Return the OGC description of a collection: texts, extent, CRS and links."""

        return {
            "id": collection.id,
            "title": str(collection.title),
            "description": str(collection.description),
            "itemType": "feature",
            "extent": self.extent(collection),
            "crs": list(OFFERED),
            "storageCrs": CRS84.uri,
            "links": [
                self.link("self", self.address("collection", collection.id)),
                *self.links_to_items(collection),
                *self.links_to_schemas(collection),
                *self.enclosures(collection),
                self.link("license", collection.license.url, HTML, collection.license.title),
            ],
        }

    def links_to_items(self, collection: Collection) -> Iterator[dict[str, Any]]:
        """Yield the links to the features, and to their changes."""
        items, title = self.address("items", collection.id), str(collection.title)
        # One for each format: /req/core/fc-md-items-links.
        yield self.link("items", items, GEOJSON, title)
        yield self.link("items", f"{items}?f=html", HTML, title)
        # No link relation is registered for it.
        changes = self.address("changes", collection.id)
        yield self.link("changes", changes, JSON, _("Các thay đổi"))
        if collection.columns:
            columns = self.address("columns", collection.id)
            yield self.link("columns", columns, JSON, _("Mọi đối tượng, dạng cột gọn"))

    def links_to_schemas(self, collection: Collection) -> Iterator[dict[str, Any]]:
        """Yield the links to the JSON Schemas."""
        at = {name: self.address(name, collection.id) for name in schemas.SCHEMAS}
        schema = schemas.MEDIA_TYPE
        # GDAL reads only the first, and older versions only with a capital "B", although
        # RFC 8288 compares relations without case.
        yield self.link("describedBy", at["feature"], schema, "GeoJSON")
        yield self.link("describedby", at["schema"], schema, _("Thuộc tính"))
        yield self.link(f"{OGC_REL}/schema", at["schema"], schema, _("Thuộc tính"))
        yield self.link(f"{OGC_REL}/queryables", at["queryables"], schema, _("Lọc theo"))
        yield self.link(f"{OGC_REL}/sortables", at["sortables"], schema, _("Sắp xếp theo"))

    def extent(self, collection: Collection) -> dict[str, Any]:
        """Return Collection.extent(), computed once per revision and cached."""
        return self.revision.remember(f"extent:{collection.id}", collection.extent)

    def enclosures(self, collection: Collection) -> Iterator[dict[str, Any]]:
        """Yield a link `enclosure` to the file of the whole collection in each format."""
        for extension, file_format in FORMATS.items():
            address = reverse("ogc:download", args=[collection.id, extension])
            title = f"{collection.title} – {file_format.title}"
            link = self.link("enclosure", address, file_format.media_type, title)
            # A hint (RFC 8288): the size of the file when it was last written.
            size = self.sizes.get((collection.id, extension))
            yield link | ({"length": size} if size is not None else {})

    @functools.cached_property
    def sizes(self) -> dict[tuple[str, str], int]:
        """(collection id, extension) → size in bytes of its file, where one was written."""
        rows = BulkFile.objects.order_by("collection", "format")
        return {
            (id, format): size
            for id, format, size in rows.values_list("collection", "format", "bytes")
        }

    def etag_parts(self) -> tuple:
        """Return the sizes of the files."""
        return tuple(self.sizes.items())


class CollectionView(CollectionsView):
    """GET /collections/{id}: the description of one collection."""

    template = "geodata/api/collection.html"

    def get_object(self, request: Request, collection_id: str) -> Collection:
        """Return the collection; raise Http404 if there is none with that id."""
        super().get_object(request)
        return self.find_collection(collection_id)

    def document(self, request: Request, collection: Collection) -> dict[str, Any]:
        """Return the description, its links with the formats of this URL."""
        document = self.describe(collection)
        document["links"][:1] = self.self_links
        return document


class SchemaView(DocumentView):
    """GET /collections/{id}/{schema}: one of the JSON Schemas of a collection.

    describe: a function of ogc.schemas.SCHEMAS, passed to as_view().
    """

    media_type = schemas.MEDIA_TYPE
    template = "geodata/api/schema.html"
    describe: Callable[[Collection, str], dict[str, Any]] = staticmethod(schemas.returnables)

    def get_object(self, request: Request, collection_id: str) -> Collection:
        """Return the collection; raise Http404 if there is none with that id."""
        super().get_object(request)
        return self.find_collection(collection_id)

    def document(self, request: Request, collection: Collection) -> dict[str, Any]:
        """Return the schema; its $id is the URL without parameters."""
        return self.describe(collection, settings.SITE_URL + request.path)

    def html_response(
        self, request: Request, document: dict[str, Any], **context: Any
    ) -> HttpResponse:
        """Return the schema as a data dictionary."""
        return super().html_response(request, document, **html.schema_context(document), **context)


class ItemsView(PublicView):
    """GET /collections/{id}/items: a page of features."""

    media_type = GEOJSON
    template = "geodata/api/items.html"

    def get_object(self, request: Request, collection_id: str) -> ItemsQuery:
        """Return the parsed query; raise Http404 for an unknown collection, or BadParameters."""
        collection = self.find_collection(collection_id)
        query = ItemsQuery.parse(collection, request.GET, also={"f": self.parse_format})
        return html.limit_for_html(query) if self.format_name == "html" else query

    def render(self, request: Request, query: ItemsQuery) -> HttpResponse:
        """Return the FeatureCollection of the page, or its table and map.

        Raises BadParameters if the cursor does not fit the order.
        """
        # Made before the rows are read, so that no change is lost between the two queries.
        first_links = [*self.links_of_first_page(query)] if query.after is None else []
        try:
            page = query.page()
        except ParameterError as error:
            raise BadParameters([error]) from None
        collection = query.collection
        links = [
            *self.self_links,
            self.collection_link(collection),
            self.link("license", collection.license.url, HTML, collection.license.title),
        ]
        media_type = self.formats[self.format_name]
        links += first_links
        if query.after is not None:
            links.append(self.link("first", url_with(request, cursor=None), media_type))
        if page.next_cursor:
            following = url_with(request, cursor=page.next_cursor)
            links.append(self.link("next", following, media_type))
        is_everything = query.after is None and not page.next_cursor
        matched = len(page.features) if is_everything else self.count(query)
        body = b"".join(
            feature_collection(
                [SEPARATOR.join(page.features)],
                numberMatched=matched,
                numberReturned=len(page.features),
                timeStamp=timezone.localtime().isoformat(timespec="seconds"),
                links=links,
            )
        )
        if self.format_name == "html":
            document = json.loads(body)
            context = html.items_context(request, query, document)
            response = self.html_response(request, document, **context)
        else:
            response = HttpResponse(body, content_type=GEOJSON)
        return in_crs(response, query.crs)

    def count(self, query: ItemsQuery) -> int:
        """Return how many features match the conditions of the query."""
        return query.count(self.revision)

    def links_of_first_page(self, query: ItemsQuery) -> Iterator[dict[str, Any]]:
        """Yield the link to the changes from the state of the data that is read now."""
        newest = self.newest_change(query.collection)
        address = f"{self.address('changes', query.collection.id)}?since={newest}"
        yield self.link("changes", address, JSON, _("Những thay đổi từ lúc này"))

    def newest_change(self, collection: Collection) -> int:
        """Return the number of the last change of that collection in this revision or before."""
        return self.revision.remember(
            f"newest change:{collection.id}", lambda: Change.objects.of(collection).newest()
        )


class ItemView(PublicView):
    """GET /collections/{id}/items/{id}: one feature."""

    media_type = GEOJSON
    template = "geodata/api/item.html"

    def get_object(
        self, request: Request, collection_id: str, item_id: str
    ) -> tuple[Collection, str, Crs]:
        """Return the collection, the JSON text of the feature, and the CRS of its coordinates.

        Raises Gone, with the reason, for a feature that was withdrawn, Http404 for an unknown one.
        """
        refuse_unknown(request.GET, known={"f": self.parse_format, "crs": parameters.crs})
        crs = OFFERED[request.GET.get("crs", CRS84.uri)]
        collection = self.find_collection(collection_id)
        if "\x00" in item_id:
            raise Http404(_("Không có mã này trong bộ dữ liệu."))
        rows = collection.features(crs=crs).filter(feature_id=item_id)
        feature = rows.values_list("feature", flat=True).first()
        if feature is None:
            reason = collection.gone(item_id)
            if reason is not None:
                detail = _("Đã rút khỏi dữ liệu công khai: %s") % reason
                raise Gone(detail if reason else _("Đã rút khỏi dữ liệu công khai."))
            raise Http404(_("Không có “%s” trong bộ dữ liệu này.") % item_id)
        return collection, feature, crs

    def render(self, request: Request, found: tuple[Collection, str, Crs]) -> HttpResponse:
        """Return the feature with its links, or its page."""
        collection, feature, crs = found
        links = [*self.self_links]
        if page := json.loads(feature)["properties"].get("url"):
            links.append(self.link("alternate", page, HTML, _("Trang trên bản đồ")))
        links += [
            self.collection_link(collection),
            self.link("license", collection.license.url, HTML, collection.license.title),
        ]
        body = with_links(feature, links)
        if self.format_name == "html":
            document = json.loads(body)
            context = html.item_context(request, collection, document)
            response = self.html_response(request, document, **context)
        else:
            response = HttpResponse(body, content_type=GEOJSON)
        return in_crs(response, crs)


def in_crs(response: Response, crs: Crs) -> Response:
    """Add the header Content-Crs, which names the CRS of the features: /req/crs/ogc-crs-header."""
    response.headers["Content-Crs"] = f"<{crs.uri}>"
    return response
