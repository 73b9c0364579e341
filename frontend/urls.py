from django.urls import path, register_converter

from . import views


class CodeConverter:
    """A record's public code: NT-OCOP-001."""

    regex = "[A-Z]+(?:-[A-Z]+)*-[0-9]+"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class NameConverter(CodeConverter):
    """What follows the code for people to read; empty for a name without Latin letters."""

    regex = "[a-z0-9-]*"


register_converter(CodeConverter, "code")
register_converter(NameConverter, "name")

app_name = "frontend"
urlpatterns = [
    path("", views.map_page, name="map"),
    path("san-pham/<code:code>-<name:slug>/", views.product, name="product"),
    path("chu-the/<code:code>-<name:slug>/", views.producer, name="producer"),
    path("bao-ho/", views.protections, name="protections"),
    path("bao-ho/<code:code>-<name:slug>/", views.protection, name="protection"),
    path("p/<code:code>", views.short, name="short"),
]
