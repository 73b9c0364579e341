"""A form widget for one point: two numbers, and a map where there is JavaScript."""

from django import forms
from django.forms import Script

from .mapview import map_data


class PointWidget(forms.MultiWidget):
    """Latitude and longitude in WGS 84 degrees, with a map that sets and shows them.

    outlines_url: polygons with a `name` to find one's way by; without it the base map alone.
    """

    template_name = "geodata/point_widget.html"

    def __init__(self, *, outlines_url="", attrs=None):
        self.outlines_url = outlines_url
        # Text, not number: a browser would refuse "11,565" and a pasted pair of numbers.
        number = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__({"lat": number, "lng": number}, attrs)

    @property
    def media(self):
        return forms.Media(
            css={
                "all": [
                    "leaflet/leaflet.css",
                    "geodata/css/tokens.css",
                    "geodata/css/mapview.css",
                    "geodata/css/point-editor.css",
                ]
            },
            js=["leaflet/leaflet.js", Script("geodata/js/point-editor.js", type="module")],
        )

    def decompress(self, value):
        return [value.y, value.x] if value else [None, None]

    def id_for_label(self, id_):
        return f"{id_}_lat" if id_ else id_

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        for part, axis in zip(widget["subwidgets"], ("lat", "lng"), strict=True):
            if "id" in part["attrs"]:
                part["attrs"]["id"] = f"{widget['attrs']['id']}_{axis}"
        return context | {"map": map_data(), "outlines_url": self.outlines_url}
