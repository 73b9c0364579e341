"""URLs of the workspace below /admin/ that belong to no ModelAdmin."""

from django.contrib import admin
from django.urls import path

from . import positions

app_name = "workspace"

urlpatterns = [
    path("vi-tri/", admin.site.admin_view(positions.answer), name="position"),
]
