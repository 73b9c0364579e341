"""The OpenAPI 3.0 document of the open-data API, generated from the Collections.

The editing API (/api/v1/editing/) is not open data; transaction_openapi.py describes it.

Every path is literal, so that a client like GDAL finds the queryables of each collection.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from geodata import property_types
from geodata.collection import Collection, collections
from geodata.crs import CRS84, OFFERED
from geodata.formats.registry import FORMATS
from geodata.models import Change
from geodata.problems import TYPE as PROBLEM

from . import cql2, docs_page, paging, parameters, schemas, views
from .catalog import CatalogView
from .changes import ChangesQuery, ChangesView, about_changes
from .columns import ColumnsQuery, ColumnsView, describe_columns
from .downloads import DownloadQuery
from .query import ItemsQuery, Parser
from .views import HTML, OPENAPI

# Version of the API, not of the data.
VERSION = "1.0.0"

# A date or date-time of RFC 3339, or an interval, of which an end may be open.
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
_INSTANT = f"{_DAY}({_TIME})?"
_OPEN = r"(\.\.)?"
_DATETIME = f"^({_INSTANT}(/({_INSTANT}|{_OPEN}))?|{_OPEN}/({_INSTANT}|{_OPEN}))$"

# Text that is not only white space.
_TEXT = {"type": "string", "minLength": 1, "pattern": r"\S"}

LINKS = {"$ref": "#/components/schemas/links"}


class OpenApiView(views.DocumentView):
    """GET /openapi.json: the OpenAPI document."""

    media_type = OPENAPI
    template = "geodata/api/docs.html"

    def document(self, request: Request, found: None) -> dict[str, Any]:
        """Return the OpenAPI document."""
        return describe(settings.SITE_URL + reverse("ogc:landing"))

    def html_response(
        self, request: Request, document: dict[str, Any], **context: Any
    ) -> HttpResponse:
        """Return the page that documents the API."""
        sections = docs_page.sections(document, self.revision)
        return super().html_response(request, document, sections=sections, **context)


class DocsView(OpenApiView):
    """GET /docs: the HTML representation of the OpenAPI document at a URL of its own."""

    formats = {"html": HTML}


def describe(root: str) -> dict[str, Any]:
    """Return the OpenAPI document, in the current language.

    root: absolute URL of the landing page.
    """
    paths = _common_paths()
    for collection in collections().values():
        paths |= _paths_of(collection)
    licenses = {c.license.url: c.license.title for c in collections().values()}
    url, name = next(iter(licenses.items()))
    return {
        "openapi": "3.0.3",
        "info": {
            "title": str(settings.SITE_NAME),
            "version": VERSION,
            "description": _(
                "Dữ liệu mở theo OGC API – Features. Mọi câu trả lời có ETag; dữ liệu đổi hay sang"
                " ngày mới thì ETag đổi. Lỗi viết theo RFC 9457 và nêu tên tham số. Một địa chỉ dài"
                " nhất 8.000 ký tự; chữ có dấu viết trong địa chỉ chiếm đến chín ký tự."
            ),
            "license": {"name": name, "url": url},
        },
        "servers": [{"url": root.rstrip("/")}],
        "tags": [
            {"name": "api", "description": _("Về API này")},
            *(
                {"name": collection.id, "description": str(collection.title)}
                for collection in collections().values()
            ),
        ],
        "paths": paths,
        "components": {"schemas": common_schemas() | feature_schemas(collections().values())},
    }


# --- paths ---------------------------------------------------------------------------------


def _common_paths():
    about = {
        "landing": (views.LandingView, _("Trang đầu của API"), "landingPage"),
        "conformance": (views.ConformanceView, _("Các lớp tuân thủ"), "conformance"),
        "openapi": (OpenApiView, _("Bản mô tả này"), "object"),
        "catalog": (CatalogView, _("Danh mục dữ liệu (DCAT-AP, schema.org)"), "object"),
        "collections": (views.CollectionsView, _("Các bộ dữ liệu"), "collections"),
    }
    return {
        _path(name): _get("api", name, summary, view, ref(schema))
        for name, (view, summary, schema) in about.items()
    }


def _paths_of(collection):
    id = collection.id
    about = _("Bộ dữ liệu “%s”") % collection.title
    paths = {
        _path("collection", id): _get(
            id, f"{id}.collection", about, views.CollectionView, ref("collection")
        ),
        _path("items", id): _get(
            id,
            f"{id}.items",
            _("Các đối tượng, lọc được theo mọi thuộc tính"),
            views.ItemsView,
            ref(f"{id}.features"),
            parameters_of(collection, ItemsQuery(collection).all_parsers()),
            headers=_content_crs(),
        ),
        _path("item", id, "ID").replace("ID", "{featureId}"): _get(
            id,
            f"{id}.item",
            _("Một đối tượng"),
            views.ItemView,
            ref(f"{id}.feature"),
            [feature_id(collection), parameter("crs", *own_parameters(collection)["crs"])],
            headers=_content_crs(),
            errors=(400, 404, 406, 410),
        ),
    }
    paths[_path("changes", id)] = _get(
        id,
        f"{id}.changes",
        _("Các thay đổi theo thứ tự, kể cả xoá và rút"),
        ChangesView,
        ref("changes"),
        parameters_of(collection, ChangesQuery(collection).parsers()),
        description=about_changes(),
    )
    if collection.columns:
        paths[_path("columns", id)] = _get(
            id,
            f"{id}.columns",
            _("Mọi đối tượng, dạng cột gọn"),
            ColumnsView,
            describe_columns(collection),
            parameters_of(collection, ColumnsQuery(collection).all_parsers()),
            description=_(
                "Tên thuộc tính và giá trị lặp lại chỉ ghi một lần, toạ độ là số nguyên tính từ"
                " một góc: dùng để vẽ hay đếm mọi đối tượng một lần."
            ),
        )
    properties = _("Thuộc tính của đối tượng")
    titles = {
        "schema": properties,
        "feature": f"{properties} (GeoJSON)",
        "queryables": _("Lọc được theo gì"),
        "sortables": _("Sắp xếp được theo gì"),
    }
    for name in schemas.SCHEMAS:
        paths[_path(name, id)] = _get(
            id, f"{id}.{name}", titles[name], views.SchemaView, ref("object")
        )
    for extension, file_format in FORMATS.items():
        parsers = DownloadQuery(collection, extension=extension).all_parsers()
        paths[_path("download", id, extension)] = _operation(
            id,
            f"{id}.{extension}",
            _("Cả bộ dữ liệu thành một tệp %s") % file_format.title,
            {file_format.media_type: {"schema": _file(id, file_format)}},
            [] if file_format.whole else parameters_of(collection, parsers),
            headers=_content_crs() if file_format.media_type == views.GEOJSON else None,
            errors=(400,),
        )
    return paths


def _path(name, *args):
    return "/" + reverse(f"ogc:{name}", args=args).removeprefix(reverse("ogc:landing"))


def _get(tag, name, summary, view, schema, params=(), **options):
    """Return the operation of a view's URL.

    schema: of its representation for programs. options: as of _operation().
    """
    formats = view().formats
    content = {
        media_type: {"schema": {"type": "string"} if media_type == HTML else schema}
        for media_type in formats.values()
    }
    names = {"type": "string", "enum": list(formats)}
    f = parameter("f", names, _("Dạng của câu trả lời; nếu không nêu thì theo Accept"))
    return _operation(tag, name, summary, content, [*params, f], **options)


def _operation(
    tag: str,
    name: str,
    summary: str,
    content: dict[str, Any],
    params: Sequence[dict[str, Any]],
    *,
    description: str = "",
    headers: dict[str, Any] | None = None,
    errors: Iterable[int] = (400, 406),
) -> dict[str, Any]:
    """Return a path item with the operation GET.

    name: the operationId. content: media type → media type object. params: parameter objects.
    headers: further headers of the response 200. errors: statuses of problem documents.
    """
    responses = {
        "200": {
            "description": "OK",
            "headers": _validators() | _links() | (headers or {}),
            "content": content,
        },
        "304": {
            "description": _("Vẫn như câu trả lời đã giữ (If-None-Match)"),
            "headers": _validators(),
        },
        **{str(status): problem_response(status) for status in errors},
        "412": problem_response(412),
        "414": {"description": _("Địa chỉ quá dài")},
        "500": problem_response(500),
        "503": problem_response(503),
    }
    about: dict[str, Any] = {"tags": [tag], "operationId": name, "summary": summary}
    about |= {"description": description} if description else {}
    return {"get": {**about, "parameters": [*params, _if_none_match()], "responses": responses}}


def _file(id, file_format):
    if file_format.media_type == views.GEOJSON:
        return ref(f"{id}.features")
    return {"type": "string", "format": "binary"}


def ref(name: str) -> dict[str, Any]:
    """Return the reference to a schema by its name; "object" is any object."""
    return {"type": "object"} if name == "object" else {"$ref": f"#/components/schemas/{name}"}


def problem_response(status: int) -> dict[str, Any]:
    """Return the response object of a problem document with that status."""
    words = {
        400: _("Yêu cầu có tham số không dùng được"),
        401: _("Cần đăng nhập"),
        403: _("Không được phép"),
        404: _("Không có"),
        406: _("Không có dạng mà Accept muốn"),
        410: _("Đã rút khỏi dữ liệu công khai, kèm lý do"),
        409: _("Tình trạng hiện nay của dữ liệu không cho phép"),
        412: _("Không còn là bản mà If-Match hay If-Unmodified-Since nêu"),
        413: _("Nội dung gửi lên quá lớn"),
        415: _("Nội dung gửi lên không ở dạng mà địa chỉ này nhận"),
        500: _("Lỗi ở phía máy chủ"),
        503: _("Cơ sở dữ liệu đang tạm nghỉ"),
    }
    content = {PROBLEM: {"schema": ref("problem")}}
    return {"description": words[status], "content": content}


def header(description: str) -> dict[str, Any]:
    """Return the header object of a text."""
    return {"description": description, "schema": {"type": "string"}}


def _content_crs():
    return {"Content-Crs": header(_("Hệ toạ độ của câu trả lời, giữa < và >"))}


def _validators():
    """Return the headers that a client sends back to validate a cached response."""
    return {
        "ETag": header(_("Dấu của câu trả lời này, để gửi lại trong If-None-Match")),
        "Last-Modified": header(_("Lúc dữ liệu hay tình trạng theo ngày đổi lần cuối")),
    }


def _links():
    return {"Link": header(_("Liên kết theo RFC 8288: dạng khác, giấy phép của tệp"))}


def _if_none_match():
    return {
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": _("ETag của câu trả lời đã giữ; nếu vẫn đúng thì được 304"),
        "schema": {"type": "string"},
    }


# --- parameters ----------------------------------------------------------------------------


def parameters_of(collection: Collection, parsers: Mapping[str, Parser]) -> list[dict[str, Any]]:
    """Return a parameter object for each of the parsers, which ItemsQuery.all_parsers() returns."""
    own = own_parameters(collection)
    return [
        parameter(name, *own[name]) if name in own else _queryable(collection, name)
        for name in parsers
    ]


def parameter(name: str, schema: dict[str, Any], description: str, **more: Any) -> dict[str, Any]:
    """Return the parameter object of a query parameter; more: further members."""
    return {
        "name": name,
        "in": "query",
        "description": description,
        "required": False,
        "schema": schema,
        "style": "form",
        "explode": False,
        **more,
    }


def _queryable(collection, name):
    schema = property_types.json_schema(collection.fields[name])
    if schema in ({"type": "string"}, {"type": "string", "format": "uri"}):
        # Any text is valid in a query, even for a property whose values are URIs.
        schema = _TEXT
    codes = property_types.code_titles(collection.fields[name]) if "enum" in schema else {}
    meaning = "; ".join(f"{code} = {title}" for code, title in codes.items())
    title = collection.title_of(name)
    return parameter(name, schema, f"{title}: {meaning}" if meaning else title)


def feature_id(collection: Collection) -> dict[str, Any]:
    """Return the parameter object of the id in the path of a feature."""
    return {
        "name": "featureId",
        "in": "path",
        "required": True,
        "description": _("Mã của đối tượng, không bao giờ đổi"),
        "schema": {"type": "string"},
    }


def own_parameters(collection: Collection) -> dict[str, tuple[dict[str, Any], str]]:
    """Return {name: (schema, description)} of the parameters that are not queryables."""
    crs = {"type": "string", "format": "uri", "enum": list(OFFERED), "default": CRS84.uri}
    names = {"type": "array", "items": {"type": "string", "enum": list(collection.properties)}}
    sortable = [sign + name for name in collection.properties for sign in ("", "+", "-")]
    sortable += collection.orders
    if collection.relevance:
        sortable.append(paging.RELEVANCE)
    orders = "".join(f"; {name}: {collection.title_of(name)}" for name in collection.orders)
    return {
        "limit": (
            {
                "type": "integer",
                "minimum": 1,
                "maximum": parameters.MAX_LIMIT,
                "default": parameters.DEFAULT_LIMIT,
            },
            _("Nhiều nhất bao nhiêu đối tượng một trang; số lớn hơn được hạ xuống"),
        ),
        "since": (
            {"type": "integer", "minimum": 0, "maximum": parameters.MAX_SINCE, "default": 0},
            _("Số (seq) của thay đổi cuối cùng đã biết; 0 là từ đầu"),
        ),
        "cursor": (
            {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
            _("Chỗ trang bắt đầu, lấy nguyên từ liên kết “next”"),
        ),
        "bbox": (
            {
                "type": "array",
                "minItems": 4,
                "maxItems": 6,
                "items": {"type": "number"},
                "oneOf": [{"minItems": n, "maxItems": n} for n in (4, 6)],
            },
            _(
                "Khung tây,nam,đông,bắc; đối tượng không có vị trí luôn được giữ. Khung trong hệ"
                " toạ độ phẳng được nới mỗi phía nửa đơn vị của chữ số cuối được công bố (5 mm) và"
                " 1 mm"
            ),
        ),
        "bbox-crs": (crs, _("Hệ toạ độ của bbox")),
        "crs": (crs, _("Hệ toạ độ của câu trả lời")),
        "filter": (
            {"type": "string", "minLength": 1, "maxLength": cql2.MAX_CHARACTERS},
            _(
                "Điều kiện bằng ngôn ngữ CQL2 trên các thuộc tính lọc được và “geometry”; cả địa"
                " chỉ không dài quá 8.000 ký tự"
            ),
        ),
        "filter-lang": (
            {"type": "string", "enum": list(cql2.LANGUAGES), "default": cql2.TEXT},
            _("Cách viết của filter"),
        ),
        "filter-crs": (crs, _("Hệ toạ độ của các hình trong filter")),
        "datetime": (
            {"type": "string", "pattern": _DATETIME},
            _("Ngày, thời điểm hoặc khoảng a/b theo RFC 3339, “..” là không giới hạn"),
        ),
        "q": (_TEXT, _("Tìm chữ, có dấu hay không dấu")),
        "sortby": (
            {"type": "array", "items": {"type": "string", "enum": sortable}, "minItems": 1},
            _("Sắp xếp theo các thuộc tính; dấu - là giảm dần; mặc định khi có q: relevance")
            + orders,
        ),
        "properties": ({**names, "minItems": 1}, _("Chỉ ghi những thuộc tính này")),
        "geometry": (
            {"type": "string", "enum": ["outline"]},
            _("outline: đường bao đơn giản để vẽ"),
        ),
        "bom": (
            {"type": "string", "enum": ["0", "1"], "default": "1"},
            _("0: không có dấu nhận UTF-8 ở đầu tệp"),
        ),
    }


# --- schemas -------------------------------------------------------------------------------


def object_schema(required: list[str], properties: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object; required: names of its required members."""
    return {"type": "object", "required": required, "properties": properties}


def common_schemas() -> dict[str, Any]:
    """Return the schemas of documents that are no features, by name."""
    text = {"type": "string"}
    texts = {"type": "array", "items": text}
    uri = {"type": "string", "format": "uri"}
    times = {"type": "array", "items": {"type": "string", "nullable": True}}
    link = {"href": uri, "rel": text, "type": text, "title": text, "length": {"type": "integer"}}
    extent = {
        "spatial": object_schema(
            ["bbox"],
            {"bbox": {"type": "array", "items": {"type": "array", "items": {"type": "number"}}}},
        ),
        "temporal": object_schema(["interval"], {"interval": {"type": "array", "items": times}}),
    }
    return {
        "links": {"type": "array", "items": object_schema(["href", "rel"], link)},
        "landingPage": object_schema(
            ["title", "links"], {"title": text, "description": text, "links": LINKS}
        ),
        "conformance": object_schema(["conformsTo"], {"conformsTo": texts, "links": LINKS}),
        "collections": object_schema(
            ["collections", "links"],
            {"collections": {"type": "array", "items": ref("collection")}, "links": LINKS},
        ),
        "collection": object_schema(
            ["id", "links"],
            {
                "id": text,
                "title": text,
                "description": text,
                "itemType": text,
                "extent": {"type": "object", "properties": extent},
                "crs": texts,
                "storageCrs": text,
                "links": LINKS,
            },
        ),
        "changes": object_schema(
            ["collection", "changes", "numberReturned", "lastSeq", "timeStamp", "links"],
            {
                "collection": text,
                "description": text,
                "changes": {"type": "array", "items": _change()},
                "numberReturned": {"type": "integer", "minimum": 0},
                "lastSeq": {"type": "integer", "minimum": 0},
                "timeStamp": {"type": "string", "format": "date-time"},
                "links": LINKS,
            },
        ),
        "problem": object_schema(
            ["type", "title", "status"],
            {
                "type": text,
                "title": text,
                "status": {"type": "integer"},
                "detail": text,
                "errors": {
                    "type": "array",
                    "items": object_schema(
                        ["parameter", "detail"], {"parameter": text, "detail": text}
                    ),
                },
            },
        ),
    }


def _change():
    return object_schema(
        ["seq", "op", "id", "at"],
        {
            "seq": {"type": "integer", "minimum": 1},
            "op": {"type": "string", "enum": Change.Op.values},
            "id": {"type": "string"},
            "at": {"type": "string", "format": "date-time"},
        },
    )


def feature_schemas(described: Iterable[Collection]) -> dict[str, Any]:
    """Return the schemas of a feature and of a page of features of each collection."""
    named = {}
    for collection in described:
        id = collection.id
        properties = {
            name: _nullable(
                property_types.json_schema(collection.fields[name]), name in collection.nullable
            )
            for name in collection.properties
        }
        members = {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": _geometry(collection),
            "properties": {"type": "object", "properties": properties},
            "links": LINKS,
        }
        count = {"type": "integer", "minimum": 0}
        named[f"{id}.feature"] = object_schema(["type", "id", "geometry", "properties"], members)
        named[f"{id}.features"] = object_schema(
            ["type", "features", "links", "timeStamp", "numberMatched", "numberReturned"],
            {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "features": {"type": "array", "items": ref(f"{id}.feature")},
                "links": LINKS,
                "timeStamp": {"type": "string", "format": "date-time"},
                "numberMatched": count,
                "numberReturned": count,
            },
        )
    return named


def _nullable(schema, can_be_null):
    if not can_be_null:
        return schema
    schema = {**schema, "nullable": True}
    # In OpenAPI 3.0 a list of values that leaves null out forbids it.
    return schema | ({"enum": [*schema["enum"], None]} if "enum" in schema else {})


def _geometry(collection):
    return {
        **object_schema(
            ["type", "coordinates"],
            {
                "type": {"type": "string", "enum": [collection.geometry_type]},
                "coordinates": {"type": "array", "items": {}},
            },
        ),
        "nullable": "geometry" in collection.nullable,
    }
