"""The addresses of the open-data API, under /api/v1/."""

from django.urls import path, re_path

from geodata.problems import not_found

from . import catalog, changes, columns, downloads, openapi, schemas, views

app_name = "ogc"

urlpatterns = [
    path("", views.LandingView.as_view(), name="landing"),
    path("conformance", views.ConformanceView.as_view(), name="conformance"),
    path("openapi.json", openapi.OpenApiView.as_view(), name="openapi"),
    path("docs", openapi.DocsView.as_view(), name="docs"),
    path("catalog.jsonld", catalog.CatalogView.as_view(), name="catalog"),
    path("collections", views.CollectionsView.as_view(), name="collections"),
    path("collections/<str:collection_id>", views.CollectionView.as_view(), name="collection"),
    *(
        path(
            f"collections/<str:collection_id>/{name}",
            views.SchemaView.as_view(describe=describe),
            name=name,
        )
        for name, describe in schemas.SCHEMAS.items()
    ),
    path("collections/<str:collection_id>/items", views.ItemsView.as_view(), name="items"),
    path(
        "collections/<str:collection_id>/items/<str:item_id>", views.ItemView.as_view(), name="item"
    ),
    path("collections/<str:collection_id>/changes", changes.ChangesView.as_view(), name="changes"),
    path("collections/<str:collection_id>/columns", columns.ColumnsView.as_view(), name="columns"),
    path(
        "downloads/<str:collection_id>.<str:extension>",
        downloads.DownloadView.as_view(),
        name="download",
    ),
    re_path(r"", not_found),
]
