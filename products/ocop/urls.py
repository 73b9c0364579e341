"""URLs of the editing API, under /api/v1/editing/."""

from django.urls import path

from . import api

app_name = "editing"

urlpatterns = [
    path("products/<str:code>", api.ProductPlaceView.as_view(), name="product-place"),
]
