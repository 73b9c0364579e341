from django.urls import path, register_converter

from . import map_page, offline, open_data, views


class CodeConverter:
    """A record's public code: NT-OCOP-001."""

    regex = "[A-Z]+(?:-[A-Z]+)*-[0-9]+"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class NameConverter(CodeConverter):
    """What follows the code for people to read; whatever it is, the code decides."""

    regex = "[^/]*"


register_converter(CodeConverter, "code")
register_converter(NameConverter, "name")

app_name = "frontend"
urlpatterns = [
    path("", map_page.map_page, name="map"),
    # Without a name the code alone leads to the page.
    path("san-pham/<code:code>/", views.product, {"slug": None}),
    path("chu-the/<code:code>/", views.producer, {"slug": None}),
    path("bao-ho/<code:code>/", views.protection, {"slug": None}),
    path("san-pham/<code:code>-<name:slug>/", views.product, name="product"),
    path("chu-the/<code:code>-<name:slug>/", views.producer, name="producer"),
    path("bao-ho/", views.protections, name="protections"),
    path("bao-ho/<code:code>-<name:slug>/", views.protection, name="protection"),
    path("du-lieu-mo/", open_data.open_data, name="open-data"),
    path("ngoai-tuyen/", offline.offline, name="offline"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
]

# What has one address whatever the language; the addresses above begin with that of the reader.
one_address = (
    [
        path("p/<code:code>", views.short, name="short"),
        # At the root, where its address lets it serve every page.
        path("sw.js", offline.worker, name="worker"),
    ],
    "one",
)
