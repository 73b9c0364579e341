"""The editing API as OGC API – Features Parts 1 to 4: what a user may edit, and the writing of it.

The documents and pages of features are those of views.py, of collections that depend on the user.
No address redirects a write, because clients such as QGIS repeat it as GET and lose the change.
"""

import functools
import json
from collections.abc import Iterator
from typing import Any

import pghistory
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.settings import api_settings

from geodata.collection import Collection
from geodata.crs import CRS84, Crs
from geodata.problems import (
    BadBody,
    Forbidden,
    ParameterError,
    PreconditionFailed,
    reason_phrase,
)

from . import parameters, schemas, views
from .query import ItemsQuery
from .transactions import (
    LARGEST_BODY,
    Edit,
    EditableCollection,
    EditableFeature,
    EditableLayer,
    EditableQuery,
    editable_layers,
    read_feature,
    read_json,
)
from .views import GEOJSON, OPENAPI

MERGE_PATCH = "application/merge-patch+json"

_PART_4 = "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf"

# Not optimistic-locking: it would require If-Match, which QGIS does not send.
CONFORMS_TO = [
    *(name for name in views.CONFORMS_TO if not name.endswith("/html")),
    f"{_PART_4}/create-replace-delete",
    f"{_PART_4}/update",
    f"{_PART_4}/features",
]

ABOUT = gettext_lazy(
    "Hồ sơ mà bạn được sửa, mọi trạng thái. Thay đổi của hồ sơ đang công bố là đề xuất, chờ người"
    " khác duyệt; bạn thấy bản của mình với pending = true."
)

CHALLENGE = 'Basic realm="/api/v1/editing/", charset="UTF-8"'

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class FeatureParser(BaseParser):
    """GeoJSON of at most LARGEST_BODY bytes; longer bodies are not read into memory."""

    media_type = GEOJSON

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Any = None
    ) -> dict[str, Any]:
        """Return the document; raises what read_json() does."""
        document: dict[str, Any] = read_json(stream.read(LARGEST_BODY + 1))
        # REST framework copies what is empty.
        return {"document": document}


class JsonParser(FeatureParser):
    """The same as application/json."""

    media_type = views.JSON


class MergePatchParser(FeatureParser):
    """The same as JSON merge patch (RFC 7396)."""

    media_type = MERGE_PATCH


class EditingView(views.PublicView):
    """Base of the views: for officials only, by session or app password; nothing is cached."""

    authentication_classes = api_settings.DEFAULT_AUTHENTICATION_CLASSES
    permission_classes = api_settings.DEFAULT_PERMISSION_CLASSES
    http_method_names = ("get", "head", "options", "post", "put", "patch", "delete")
    parser_classes: tuple[type[BaseParser], ...] = (FeatureParser, JsonParser)
    template = ""
    namespace = "editing"
    # Methods that the user may use here besides READING, once the user is known.
    rights: frozenset[str] = frozenset()

    def dispatch(self, request: HttpRequest, *args: Any, **url_kwargs: Any) -> HttpResponseBase:
        """Respond in the language of the register.

        QGIS displays the sentences of the server, but its Accept-Language is often that of its
        toolkit.
        """
        with translation.override(settings.LANGUAGE_CODE):
            return super().dispatch(request, *args, **url_kwargs)

    @property
    def default_response_headers(self) -> dict[str, str]:
        """None: finalize_response() adds Allow, which depends on the user."""
        return {}

    def initial(self, request: Request, *args: Any, **url_kwargs: Any) -> None:
        """Authenticate, and find out what the user may do.

        Raises NotAuthenticated, PermissionDenied, and Http404 for an unknown address.
        """
        if settings.HTTPS and not request.is_secure():
            raise Forbidden(_("Địa chỉ này chỉ dùng được qua https."))
        super().initial(request, *args, **url_kwargs)
        self.rights = self.find_rights(**url_kwargs)

    def find_rights(self, **url_kwargs: str) -> frozenset[str]:
        """Return the methods besides READING that the user may use at this URL."""
        return frozenset()

    def get(self, request: Request, **url_kwargs: str) -> HttpResponseBase:
        """Return the representation; raise an APIException otherwise."""
        self.format_name = self.negotiated_format(request)
        return self.render(request, self.get_object(request, **url_kwargs))

    def options(self, request: Request, *args: Any, **url_kwargs: Any) -> HttpResponseBase:
        """Return an empty response: finalize_response() adds Allow."""
        return HttpResponse()

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **url_kwargs: Any
    ) -> HttpResponseBase:
        """Add Allow with the methods that the user may use here; forbid caches to store it."""
        response = super().finalize_response(request, response, *args, **url_kwargs)
        response.headers["Allow"] = ", ".join(sorted(READING | self.rights))
        response.headers["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ["Authorization", "Cookie"])
        if response.status_code >= 400:
            response.reason_phrase = reason_phrase(json.loads(response.content)["detail"])
        return response

    def get_authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401: programs sign in with an app password.

        Whatever the order of the authentication classes in the settings.
        """
        return super().get_authenticate_header(request) or CHALLENGE

    @functools.cached_property
    def user(self) -> Any:
        """The official."""
        return self.request.user

    def find_layer(self, collection_id: str) -> EditableLayer:
        """Return the layer of the collection with that id; raise Http404 if there is none."""
        try:
            return editable_layers()[collection_id]
        except KeyError:
            raise Http404(_("Không có bộ dữ liệu “%s”.") % collection_id) from None

    def collections(self) -> dict[str, Collection]:
        """Return {id: EditableCollection} with the rows that the user may edit."""
        return {id: layer.collection_of(self.user) for id, layer in editable_layers().items()}

    def find_collection(self, collection_id: str) -> EditableCollection:
        """Return the collection with the rows that the user may edit; raise Http404."""
        return self.find_layer(collection_id).collection_of(self.user)

    def refuse_unless_allowed(self, request: Request) -> None:
        """Raise PermissionDenied unless the user may use the method of the request here."""
        if request.method not in self.rights:
            raise PermissionDenied


class LandingView(EditingView, views.DocumentView):
    """GET /: the landing page of the editing API."""

    def document(self, request: Request, found: None) -> dict[str, Any]:
        """Return the landing page with its links."""
        return {
            "title": f"{settings.SITE_NAME}: {_('sửa dữ liệu')}",
            "description": str(ABOUT),
            "links": [
                *self.self_links,
                self.link("service-desc", self.address("api"), OPENAPI, "OpenAPI 3.0"),
                self.link("conformance", self.address("conformance"), title=_("Các lớp tuân thủ")),
                self.link("data", self.address("collections"), title=_("Các bộ dữ liệu")),
            ],
        }


class ConformanceView(EditingView, views.ConformanceView):
    """GET /conformance: the conformance classes."""

    conforms_to = CONFORMS_TO


class CollectionsView(EditingView, views.CollectionsView):
    """GET /collections: the description of every editable collection."""

    def extent(self, collection: Collection) -> dict[str, Any]:
        """Return Collection.extent() of the rows that the user may edit."""
        return collection.extent()

    def links_to_items(self, collection: Collection) -> Iterator[dict[str, Any]]:
        """Yield the link to the features."""
        items = self.address("items", collection.id)
        yield self.link("items", items, GEOJSON, str(collection.title))

    def enclosures(self, collection: Collection) -> Iterator[dict[str, Any]]:
        """Yield nothing: there are no files."""
        yield from ()


class CollectionView(CollectionsView, views.CollectionView):
    """GET /collections/{id}: the description of one collection."""


class SchemaView(EditingView, views.SchemaView):
    """GET /collections/{id}/{schema}: one of the JSON Schemas of a collection."""

    def document(self, request: Request, collection: EditableCollection) -> dict[str, Any]:
        """Return the schema; that of the properties names those that must have a value."""
        document = super().document(request, collection)
        if self.describe is schemas.returnables:
            document["required"] = list(collection.required)
        return document


class ItemsView(EditingView, views.ItemsView):
    """GET and POST /collections/{id}/items: a page of features, and a new one."""

    def find_rights(self, collection_id: str) -> frozenset[str]:
        """Return POST if the user may create features."""
        may_create = self.find_layer(collection_id).may_create(self.user)
        return frozenset({"POST"}) if may_create else frozenset()

    def get_object(self, request: Request, collection_id: str) -> ItemsQuery:
        """Return the parsed query; raise Http404 for an unknown collection, or BadParameters."""
        collection = self.find_collection(collection_id)
        return EditableQuery.parse(collection, request.GET, also={"f": self.parse_format})

    def count(self, query: ItemsQuery) -> int:
        """Return how many features match the conditions of the query."""
        return query.matched().count()

    def links_of_first_page(self, query: ItemsQuery) -> Iterator[dict[str, Any]]:
        """Yield nothing: there is no change feed."""
        yield from ()

    @transaction.atomic
    def post(self, request: Request, collection_id: str) -> HttpResponse:
        """Create a feature; return 201 with its URL and how it is stored."""
        self.refuse_unless_allowed(request)
        layer = self.find_layer(collection_id)
        edit = read_edit(request, layer.collection)
        with pghistory.context(channel="api"):
            feature_id = layer.create(edit, by=self.user)
        response = stored_feature(self, layer, feature_id, request_crs(request))
        response.status_code = 201
        address = self.address("item", collection_id, feature_id)
        response.headers["Location"] = settings.SITE_URL + address
        return response


class ItemView(EditingView, views.ItemView):
    """GET, PUT, PATCH and DELETE /collections/{id}/items/{id}: one feature."""

    parser_classes = (FeatureParser, JsonParser, MergePatchParser)
    feature: EditableFeature

    def find_rights(self, collection_id: str, item_id: str) -> frozenset[str]:
        """Find the feature and return what the user may do with it; raise Http404 without one."""
        layer = self.find_layer(collection_id)
        feature = None if "\x00" in item_id else layer.find(item_id, self.user)
        if feature is None:
            shown = item_id.replace("\x00", "")
            raise Http404(_("Không có “%s” trong bộ dữ liệu này.") % shown)
        self.feature = feature
        return feature.methods

    def get(self, request: Request, **url_kwargs: str) -> HttpResponseBase:
        """Return the feature with its tag."""
        response = super().get(request, **url_kwargs)
        response.headers["ETag"] = self.feature.etag
        return response

    def put(self, request: Request, collection_id: str, item_id: str) -> HttpResponse:
        """Replace properties and geometry; what the body lacks is removed."""
        return self.write(request, collection_id, item_id, replaces=True)

    def patch(self, request: Request, collection_id: str, item_id: str) -> HttpResponse:
        """Change the properties that the body contains, and the geometry if it contains one."""
        return self.write(request, collection_id, item_id, replaces=False)

    @transaction.atomic
    def write(
        self, request: Request, collection_id: str, item_id: str, *, replaces: bool
    ) -> HttpResponse:
        """Write or propose the change; return the feature as the user sees it afterwards."""
        self.refuse_unless_allowed(request)
        self.require_match(request)
        crs = request_crs(request)
        layer = self.find_layer(collection_id)
        shown = _feature(layer, item_id, self.user, crs)
        edit = read_edit(request, layer.collection, shown=json.loads(shown), replaces=replaces)
        if edit:
            with pghistory.context(channel="api"):
                self.feature.change(edit)
        return stored_feature(self, layer, item_id, crs)

    @transaction.atomic
    def delete(self, request: Request, collection_id: str, item_id: str) -> HttpResponse:
        """Delete or withdraw the feature, or propose that it is withdrawn."""
        self.refuse_unless_allowed(request)
        self.require_match(request)
        with pghistory.context(channel="api"):
            self.feature.delete()
        return HttpResponse(status=204)

    def require_match(self, request: Request) -> None:
        """Raise PreconditionFailed if If-Match names other versions than the one that is shown."""
        tags = parse_etags(request.headers.get("If-Match", "*"))
        if tags != ["*"] and self.feature.etag not in tags:
            raise PreconditionFailed(
                _("Người khác vừa lưu hồ sơ này. Hãy tải lại lớp rồi sửa; chưa có gì bị ghi đè.")
            )


def request_crs(request: HttpRequest) -> Crs:
    """Return the CRS of the coordinates in the body, which the header Content-Crs names.

    Raises BadBody for one that is not offered.
    """
    uri = request.headers.get("Content-Crs", CRS84.uri).strip().removeprefix("<").removesuffix(">")
    try:
        return parameters.crs(uri, "Content-Crs")
    except ParameterError as error:
        raise BadBody([error]) from None


def read_edit(request: Request, collection: EditableCollection, **options: Any) -> Edit:
    """Return read_feature() of the body; options: as of read_feature()."""
    crs = request_crs(request)
    document = request.data.get("document")
    return read_feature(document, collection, crs, **options)


def _feature(layer, feature_id, user, crs):
    """Return the JSON text of a feature as the user sees it; raise Http404 if there is none."""
    rows = layer.collection_of(user).features(crs=crs).filter(feature_id=feature_id)
    feature = rows.values_list("feature", flat=True).first()
    if feature is None:
        raise Http404(_("Không có “%s” trong bộ dữ liệu này.") % feature_id)
    return feature


def stored_feature(
    view: EditingView, layer: EditableLayer, feature_id: str, crs: Crs
) -> HttpResponse:
    """Return the feature as the user sees it after a write, in the CRS of the request."""
    user = view.user
    text = _feature(layer, feature_id, user, crs)
    response = HttpResponse(text, content_type=GEOJSON)
    if written := layer.find(feature_id, user):
        response.headers["ETag"] = written.etag
        view.rights = view.rights if isinstance(view, ItemsView) else written.methods
    return views.in_crs(response, crs)
