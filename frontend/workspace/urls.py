"""URLs of the workspace below /admin/ that belong to no ModelAdmin."""

from django.contrib import admin
from django.urls import path

from . import on_the_spot, positions

app_name = "workspace"

urlpatterns = [
    path("vi-tri/", admin.site.admin_view(positions.answer), name="position"),
    path("tai-cho/", admin.site.admin_view(on_the_spot.page), name="on-the-spot"),
    # They answer 401 instead of redirecting to the log-in: a script reads the answer.
    path("tai-cho/ho-so/", on_the_spot.records, name="on-the-spot-records"),
    path("tai-cho/gui/", on_the_spot.send, name="on-the-spot-send"),
    path("tai-cho/sw.js", on_the_spot.worker, name="on-the-spot-worker"),
]
