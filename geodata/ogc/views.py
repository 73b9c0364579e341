"""The open-data API, shaped as OGC API – Features: thin views over the Collections.

Part 1 (17-069r4), Part 2 (18-058r1), Part 3 (19-079r2), Part 5 (23-058r2).
"""

import functools
import json

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
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
from rest_framework.views import APIView

from geodata.collection import collections
from geodata.conditional import conditional_response, frontend_fingerprint, representation_etag
from geodata.crs import CRS84, OFFERED
from geodata.formats.geojson import feature_collection, with_links
from geodata.formats.registry import FORMATS
from geodata.models import BulkFile, Change
from geodata.problems import BadParameters, Gone, ParameterError
from geodata.revision import current_revision

from . import html, paging, parameters, schemas
from .query import ItemsQuery, refuse_unknown, url_with

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
JSONLD = "application/ld+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
# Relations that OGC has registered for its APIs.
OGC_REL = "http://www.opengis.net/def/rel/ogc/1.0"

ABOUT = gettext_lazy(
    "Dữ liệu mở về sản phẩm OCOP và đặc sản: đơn vị hành chính, sản phẩm, chủ thể và quyền sở hữu"
    " công nghiệp."
)

# Each holds as a whole; what is only partly so is not declared.
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


class PublicView(APIView):
    """An answer from public data that may be kept until the data or the day change.

    media_type: of the form for programs, which `f=json` names.
    template: of the form for people, `f=html`, where there is one.
    """

    # No session is looked at, so that no answer depends on who asks.
    authentication_classes = ()
    permission_classes = (AllowAny,)
    http_method_names = ("get", "head", "options")
    media_type = JSON
    template = None

    @classmethod
    def beside(cls, request, revision):
        """The view for another page that tells what it tells, of that state of the data."""
        view = cls()
        view.setup(request)
        view.revision = revision
        return view

    def get(self, request, **kwargs):
        self.revision = current_revision()
        self.form = self.chosen_form(request)
        subject = self.subject(request, **kwargs)
        etag = self.etag(request)
        response = conditional_response(request, etag, self.revision.last_modified)
        response = response or self.answer(request, subject)
        response.headers.setdefault("ETag", etag)
        response.headers["Last-Modified"] = http_date(self.revision.last_modified.timestamp())
        response.headers["Cache-Control"] = "public, max-age=300"
        patch_vary_headers(response, ["Accept", "Accept-Encoding"])
        if others := ", ".join(self.other_forms()):
            response.headers["Link"] = others
        return response

    @functools.cached_property
    def forms(self):
        """Name by which `f` asks for a form → its media type, the one for programs first."""
        forms = {"json": self.media_type}
        return forms | {"html": HTML} if self.template else forms

    def chosen_form(self, request):
        """The name of the form that `f`, or else the Accept header, asks for."""
        if "f" in request.GET:
            # A name that is none is told by subject() together with whatever else is wrong.
            return request.GET["f"]
        offered = {media_type: name for name, media_type in self.forms.items()}
        if "json" in self.forms:
            # Whoever can read any JSON can read every form for programs.
            offered |= {JSON: "json", GEOJSON: "json"}
        preferred = request.get_preferred_type(list(offered))
        if preferred is None:
            raise NotAcceptable(_("Địa chỉ này có các dạng: %s.") % ", ".join(offered))
        return offered[preferred]

    def read_form(self, text):
        """The reader of the parameter `f`."""
        return parameters.output_format(text, self.forms)

    def subject(self, request, **kwargs):
        """What the answer is about; raises when there is no such thing or the question is bad."""
        refuse_unknown(request.GET, known={"f": self.read_form})

    def answer(self, request, subject):
        """The response about what subject() found; each kind of view has its own."""
        raise NotImplementedError

    def etag(self, request):
        """Return the strong tag of the representation, quotes included."""
        parts = [self.form, self.depends_on()]
        parts += [frontend_fingerprint()] if self.form == "html" else []
        parts += [collection.fingerprint for collection in collections().values()]
        return representation_etag(request, self.revision, *parts)

    def depends_on(self):
        """What an answer depends on beside the data, the day and the question."""
        return ()

    def page(self, request, document, **context):
        """The document as a page for people."""
        own = self.links_to_itself
        return render(request, self.template, {"document": document, "own_links": own, **context})

    def link(self, rel, address, type=JSON, title=""):
        # Whatever the Host header of the request says: a proxy may change its port.
        site = settings.SITE_URL if address.startswith("/") else ""
        href = site + iri_to_uri(address) if site else address
        return {"href": href, "rel": rel, "type": type} | ({"title": title} if title else {})

    def link_to(self, collection):
        address = reverse("ogc:collection", args=[collection.id])
        return self.link("collection", address, title=str(collection.title))

    @functools.cached_property
    def links_to_itself(self):
        """The links `self` and `alternate`: this answer in its own form and in the others."""
        request, links = self.request, []
        for name, media_type in self.forms.items():
            if name == self.form:
                links.append(self.link("self", request.get_full_path(), media_type))
                continue
            links.append(self.link("alternate", url_with(request, f=name), media_type))
        return links

    def other_forms(self):
        """The links `alternate` as the header has them: a JSON Schema has no place for links."""
        for link in self.links_to_itself:
            if link["rel"] == "alternate":
                yield f'<{link["href"]}>; rel="alternate"; type="{link["type"]}"'


class DocumentView(PublicView):
    """A JSON object, which a template shows to people."""

    template = "geodata/api/document.html"

    def answer(self, request, subject):
        document = self.document(request, subject)
        if self.form == "html":
            return self.page(request, document, subject=subject)
        return JsonResponse(
            document,
            content_type=self.media_type,
            json_dumps_params={"ensure_ascii": False},
        )

    def document(self, request, subject):
        """The object, made of what JSON can say; each document has its own."""
        raise NotImplementedError


def find_collection(collection_id):
    try:
        return collections()[collection_id]
    except KeyError:
        raise Http404(_("Không có bộ dữ liệu “%s”.") % collection_id) from None


class LandingView(DocumentView):
    template = "geodata/api/landing.html"

    def document(self, request, subject):
        licenses = {c.license.url: c.license.title for c in collections().values()}
        return {
            "title": str(settings.SITE_NAME),
            "description": str(ABOUT),
            "links": [
                *self.links_to_itself,
                self.link("service-desc", reverse("ogc:openapi"), OPENAPI, "OpenAPI 3.0"),
                self.link("service-doc", reverse("ogc:docs"), HTML, _("Hướng dẫn dùng API")),
                self.link("conformance", reverse("ogc:conformance"), title=_("Các lớp tuân thủ")),
                self.link("data", reverse("ogc:collections"), title=_("Các bộ dữ liệu")),
                self.link("describedby", reverse("ogc:catalog"), JSONLD, _("Danh mục DCAT-AP")),
                *(self.link("license", url, HTML, title) for url, title in licenses.items()),
            ],
        }


class ConformanceView(DocumentView):
    def document(self, request, subject):
        return {"conformsTo": CONFORMS_TO, "links": self.links_to_itself}


class CollectionsView(DocumentView):
    template = "geodata/api/collections.html"

    def described(self):
        """All collections as the API describes them."""
        return [self.describe(collection) for collection in collections().values()]

    def document(self, request, subject):
        return {
            "collections": self.described(),
            "links": self.links_to_itself,
        }

    def describe(self, collection):
        def at(name):
            return reverse(f"ogc:{name}", args=[collection.id])

        schema = schemas.MEDIA_TYPE
        return {
            "id": collection.id,
            "title": str(collection.title),
            "description": str(collection.description),
            "itemType": "feature",
            "extent": self.extent(collection),
            "crs": list(OFFERED),
            "storageCrs": CRS84.uri,
            "links": [
                self.link("self", at("collection")),
                # One for each form: /req/core/fc-md-items-links.
                self.link("items", at("items"), GEOJSON, str(collection.title)),
                self.link("items", f"{at('items')}?f=html", HTML, str(collection.title)),
                # No registry has a relation for it.
                self.link("changes", at("changes"), JSON, _("Các thay đổi")),
                # GDAL reads the first only, and its older versions no small "b" (RFC 8288 has no
                # case).
                self.link("describedBy", at("feature"), schema, "GeoJSON"),
                self.link("describedby", at("schema"), schema, _("Thuộc tính")),
                self.link(f"{OGC_REL}/schema", at("schema"), schema, _("Thuộc tính")),
                self.link(f"{OGC_REL}/queryables", at("queryables"), schema, _("Lọc theo")),
                self.link(f"{OGC_REL}/sortables", at("sortables"), schema, _("Sắp xếp theo")),
                *self.enclosures(collection),
                self.link("license", collection.license.url, HTML, collection.license.title),
            ],
        }

    def extent(self, collection):
        return self.revision.remember(f"extent:{collection.id}", collection.extent)

    def enclosures(self, collection):
        """The whole collection as one file, in each format."""
        for extension, form in FORMATS.items():
            address = reverse("ogc:download", args=[collection.id, extension])
            title = f"{collection.title} – {form.title}"
            link = self.link("enclosure", address, form.media_type, title)
            # A hint, as RFC 8288 has it: of the file as it was last written.
            size = self.sizes.get((collection.id, extension))
            yield link | ({"length": size} if size is not None else {})

    @functools.cached_property
    def sizes(self):
        """(collection, format) → bytes of its file."""
        rows = BulkFile.objects.order_by("collection", "format")
        return {
            (id, format): size
            for id, format, size in rows.values_list("collection", "format", "bytes")
        }

    def depends_on(self):
        return tuple(self.sizes.items())


class CollectionView(CollectionsView):
    template = "geodata/api/collection.html"

    def subject(self, request, collection_id):
        super().subject(request)
        return find_collection(collection_id)

    def document(self, request, collection):
        document = self.describe(collection)
        document["links"][:1] = self.links_to_itself
        return document


class SchemaView(DocumentView):
    """One of the schemas of a collection; `describe` writes it."""

    media_type = schemas.MEDIA_TYPE
    template = "geodata/api/schema.html"
    describe = None

    def subject(self, request, collection_id):
        super().subject(request)
        return find_collection(collection_id)

    def document(self, request, collection):
        return self.describe(collection, settings.SITE_URL + request.path)

    def page(self, request, document, **context):
        return super().page(request, document, **html.schema(document), **context)


class ItemsView(PublicView):
    media_type = GEOJSON
    template = "geodata/api/items.html"

    def subject(self, request, collection_id):
        collection = find_collection(collection_id)
        query = ItemsQuery.parse(collection, request.GET, also={"f": self.read_form})
        return html.lighter(query) if self.form == "html" else query

    def answer(self, request, query):
        # Asked for before the rows are read, so that no change falls between the two.
        newest = self.newest_change(query.collection)
        try:
            rows = list(query.page())
        except ParameterError as error:
            # Whether a cursor fits the order is known only here.
            raise BadParameters([error]) from None
        page = rows[: query.limit]
        collection = query.collection
        links = [
            *self.links_to_itself,
            self.link_to(collection),
            self.link("license", collection.license.url, HTML, collection.license.title),
        ]
        own_type = self.forms[self.form]
        if query.after is None:
            address = reverse("ogc:changes", args=[collection.id])
            title = _("Những thay đổi từ lúc này")
            links.append(self.link("changes", f"{address}?since={newest}", JSON, title))
        else:
            links.append(self.link("first", url_with(request, cursor=None), own_type))
        if len(rows) > len(page):
            cursor = paging.write_cursor([*page[-1][2:], page[-1][0]])
            links.append(self.link("next", url_with(request, cursor=cursor), own_type))
        body = "".join(
            feature_collection(
                (row[1] for row in page),
                numberMatched=query.count(self.revision),
                numberReturned=len(page),
                timeStamp=timezone.localtime().isoformat(timespec="seconds"),
                links=links,
            )
        )
        if self.form == "html":
            document = json.loads(body)
            response = self.page(request, document, **html.items(request, query, document))
        else:
            response = HttpResponse(body, content_type=GEOJSON)
        return in_crs(response, query.crs)

    def newest_change(self, collection):
        """The number of the last change of that collection, at the latest."""
        return self.revision.remember(
            f"newest change:{collection.id}", lambda: Change.objects.of(collection).newest()
        )


class ItemView(PublicView):
    media_type = GEOJSON
    template = "geodata/api/item.html"

    def subject(self, request, collection_id, item_id):
        refuse_unknown(request.GET, known={"f": self.read_form, "crs": parameters.crs})
        crs = OFFERED[request.GET.get("crs", CRS84.uri)]
        collection = find_collection(collection_id)
        if "\x00" in item_id:
            raise Http404(_("Không có mã này trong bộ dữ liệu."))
        rows = collection.features(crs=crs).filter(**{collection.key: item_id})
        feature = rows.values_list("feature", flat=True).first()
        if feature is None:
            reason = collection.gone(item_id)
            if reason is not None:
                told = _("Đã rút khỏi dữ liệu công khai: %s") % reason
                raise Gone(told if reason else _("Đã rút khỏi dữ liệu công khai."))
            raise Http404(_("Không có “%s” trong bộ dữ liệu này.") % item_id)
        return collection, feature, crs

    def answer(self, request, subject):
        collection, feature, crs = subject
        links = [*self.links_to_itself]
        if page := json.loads(feature)["properties"].get("url"):
            links.append(self.link("alternate", page, HTML, _("Trang trên bản đồ")))
        links += [
            self.link_to(collection),
            self.link("license", collection.license.url, HTML, collection.license.title),
        ]
        body = with_links(feature, links)
        if self.form == "html":
            document = json.loads(body)
            response = self.page(request, document, **html.item(request, collection, document))
        else:
            response = HttpResponse(body, content_type=GEOJSON)
        return in_crs(response, crs)


def in_crs(response, crs):
    """Features in that system, which the header names as well: /req/crs/ogc-crs-header."""
    response.headers["Content-Crs"] = f"<{crs.uri}>"
    return response
