"""The addresses of the editing API, under /api/v1/editing/.

Each also answers with a slash at its end: a redirect would lose what is written.
"""

from django.urls import URLPattern, path, re_path

from geodata.problems import not_found

from . import schemas, transaction_openapi, transaction_views

app_name = "editing"


def _path(route, view, name):
    return [path(route, view, name=name), path(f"{route}/", view)]


COLLECTION = "collections/<str:collection_id>"

urlpatterns: list[URLPattern] = [
    path("", transaction_views.LandingView.as_view(), name="landing"),
    *_path("conformance", transaction_views.ConformanceView.as_view(), "conformance"),
    *_path("api", transaction_openapi.OpenApiView.as_view(), "api"),
    *_path("collections", transaction_views.CollectionsView.as_view(), "collections"),
    *_path(COLLECTION, transaction_views.CollectionView.as_view(), "collection"),
    *_path(f"{COLLECTION}/items", transaction_views.ItemsView.as_view(), "items"),
    *_path(f"{COLLECTION}/items/<str:item_id>", transaction_views.ItemView.as_view(), "item"),
    *(
        pattern
        for name, describe in schemas.SCHEMAS.items()
        for pattern in _path(
            f"{COLLECTION}/{name}", transaction_views.SchemaView.as_view(describe=describe), name
        )
    ),
    re_path(r"", not_found),
]
