"""The addresses of the open-data API, under /api/v1/."""

from django.urls import path, re_path

from . import downloads, ogc
from .problems import not_found

app_name = "ogc"

urlpatterns = [
    path("", ogc.LandingView.as_view(), name="landing"),
    path("collections", ogc.CollectionsView.as_view(), name="collections"),
    path("collections/<str:collection_id>", ogc.CollectionView.as_view(), name="collection"),
    path("collections/<str:collection_id>/items", ogc.ItemsView.as_view(), name="items"),
    path(
        "collections/<str:collection_id>/items/<str:item_id>", ogc.ItemView.as_view(), name="item"
    ),
    path(
        "downloads/<str:collection_id>.<str:extension>",
        downloads.DownloadView.as_view(),
        name="download",
    ),
    re_path(r"", not_found),
]
