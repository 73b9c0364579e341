"""The OpenAPI 3.0 document of the editing API, generated from the editable collections."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from geodata.crs import CRS84, OFFERED
from geodata.property_types import json_schema

from . import openapi, schemas
from .openapi import VERSION, header, object_schema, parameter, problem_response, ref
from .transaction_views import ABOUT, MERGE_PATCH, EditingView
from .transactions import EditableCollection, EditableQuery, editable_layers
from .views import GEOJSON, JSON, OPENAPI, DocumentView

# Of every request.
REFUSED = (400, 401, 403)


class OpenApiView(EditingView, DocumentView):
    """GET /api: the OpenAPI document."""

    media_type = OPENAPI

    def document(self, request: Request, found: None) -> dict[str, Any]:
        """Return the OpenAPI document."""
        return describe(settings.SITE_URL + reverse("editing:landing"))


def describe(root: str) -> dict[str, Any]:
    """Return the OpenAPI document, in the current language.

    root: absolute URL of the landing page.
    """
    described = [layer.collection for layer in editable_layers().values()]
    paths = _common_paths()
    for collection in described:
        paths |= _paths_of(collection)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": f"{settings.SITE_NAME}: {_('sửa dữ liệu')}",
            "version": VERSION,
            "description": str(ABOUT),
        },
        "servers": [{"url": root.rstrip("/")}],
        "security": [{"basic": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": openapi.common_schemas()
            | openapi.feature_schemas(described)
            | {f"{c.id}.write": _written(c) for c in described},
            "securitySchemes": {
                "basic": {
                    "type": "http",
                    "scheme": "basic",
                    "description": _("Tên đăng nhập và một mật khẩu ứng dụng, qua https"),
                },
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": settings.SESSION_COOKIE_NAME,
                    "description": _("Phiên đăng nhập; khi ghi cần thêm mã CSRF"),
                },
            },
        },
    }


def _common_paths():
    about = {
        "landing": (_("Trang đầu của API"), "landingPage"),
        "conformance": (_("Các lớp tuân thủ"), "conformance"),
        "api": (_("Bản mô tả này"), "object"),
        "collections": (_("Các bộ dữ liệu"), "collections"),
    }
    return {
        _path(name): {"get": _read(name, summary, JSON, ref(schema))}
        for name, (summary, schema) in about.items()
    }


def _path(name, *args):
    return "/" + reverse(f"editing:{name}", args=args).removeprefix(reverse("editing:landing"))


def _paths_of(collection):
    id = collection.id
    about = _("Bộ dữ liệu “%s”") % collection.title
    paths = {
        _path("collection", id): {"get": _read(f"{id}.collection", about, JSON, ref("collection"))}
    }
    for name in schemas.SCHEMAS:
        summary = _("Lược đồ “%s”") % name
        operation = _read(f"{id}.{name}", summary, schemas.MEDIA_TYPE, ref("object"))
        paths[_path(name, id)] = {"get": operation}
    parsers = EditableQuery(collection).all_parsers()
    feature = ref(f"{id}.feature")
    paths[_path("items", id)] = {
        "get": {
            **_read(f"{id}.items", _("Các đối tượng được sửa"), GEOJSON, ref(f"{id}.features")),
            "parameters": openapi.parameters_of(collection, parsers),
        },
        "post": _write(
            f"{id}.create",
            _("Thêm một bản nháp"),
            collection,
            {
                "201": {
                    **_content(GEOJSON, feature),
                    "headers": {"Location": header(_("Địa chỉ của đối tượng mới"))},
                }
            },
            errors=(*REFUSED, 413, 415),
        ),
    }
    crs = parameter("crs", *openapi.own_parameters(collection)["crs"])
    shown = {"200": _content(GEOJSON, feature)}
    changing = (*REFUSED, 404, 409, 412, 413, 415)
    paths[_path("item", id, "ID").replace("ID", "{featureId}")] = {
        "parameters": [openapi.feature_id(collection)],
        "get": {
            **_read(f"{id}.item", _("Một đối tượng"), GEOJSON, feature, errors=(*REFUSED, 404)),
            "parameters": [crs],
        },
        "put": _write(f"{id}.replace", _("Thay cả đối tượng"), collection, shown, errors=changing),
        "patch": _write(
            f"{id}.update",
            _("Sửa những thuộc tính hay vị trí có trong nội dung"),
            collection,
            shown,
            media_types=(MERGE_PATCH, GEOJSON, JSON),
            errors=changing,
        ),
        "delete": {
            "operationId": f"{id}.delete",
            "summary": _("Xoá bản nháp; rút hay đề xuất rút hồ sơ đã công bố"),
            "parameters": [_if_match()],
            "responses": {
                "204": {"description": _("Đã xoá, đã rút hoặc đã đề xuất")},
                **_problems((*REFUSED, 404, 409, 412)),
            },
        },
    }
    return paths


def _content(media_type, schema):
    return {"description": "OK", "content": {media_type: {"schema": schema}}}


def _problems(statuses):
    return {str(status): problem_response(status) for status in statuses}


def _read(name, summary, media_type, schema, *, errors=REFUSED):
    responses = {"200": _content(media_type, schema), **_problems(errors)}
    return {"operationId": name, "summary": summary, "responses": responses}


def _write(name, summary, collection, responses, *, media_types=(GEOJSON, JSON), errors):
    body = {"schema": ref(f"{collection.id}.write")}
    content_crs = {
        **_if_match(),
        "name": "Content-Crs",
        "description": _("Hệ toạ độ của vị trí trong nội dung, giữa < và >"),
        "schema": {"type": "string", "enum": [f"<{uri}>" for uri in OFFERED]},
    }
    content_crs["schema"]["default"] = f"<{CRS84.uri}>"
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [content_crs, *([] if name.endswith(".create") else [_if_match()])],
        "requestBody": {"required": True, "content": dict.fromkeys(media_types, body)},
        "responses": {**responses, **_problems(errors)},
    }


def _if_match():
    return {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": _("ETag của bản đã đọc; nếu nay đã khác thì được 412"),
        "schema": {"type": "string"},
    }


def _written(collection: EditableCollection):
    """Return the schema of the body of a write; read-only properties may be sent unchanged."""
    properties = {}
    for name in collection.properties:
        schema = json_schema(collection.fields[name]) | {"title": collection.title_of(name)}
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
        schema["nullable"] = True
        if name not in collection.writable:
            schema["description"] = _("Chỉ đọc: gửi lại nguyên giá trị hoặc bỏ đi")
        properties[name] = schema
    point = object_schema(
        ["type", "coordinates"],
        {
            "type": {"type": "string", "enum": ["Point"]},
            "coordinates": {
                "type": "array",
                "items": {"type": "number"},
                "minItems": 2,
                "maxItems": 2,
            },
        },
    )
    return object_schema(
        [],
        {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {**point, "nullable": True},
            "properties": {
                "type": "object",
                "properties": properties,
                "additionalProperties": False,
            },
        },
    )
