"""A form widget for one point: two numbers, and a map where there is JavaScript."""

import json
from dataclasses import asdict, dataclass

from django import forms
from django.forms import Script

from .mapview import map_data


@dataclass(frozen=True)
class Method:
    """The field of the form that says how a position was obtained.

    A click on the map sets it to `clicked` where it holds one of `vague`.
    """

    field: str
    clicked: str
    vague: list[str]


class PointWidget(forms.MultiWidget):
    """Latitude and longitude in WGS 84 degrees, with a map that sets and shows them.

    outlines_url: polygons with a `name` to find one's way by; without it the base map alone.
    method: see Method.
    """

    template_name = "geodata/point_widget.html"

    def __init__(self, *, outlines_url="", method=None, attrs=None):
        self.outlines_url = outlines_url
        self.method = method
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
            js=["leaflet/leaflet.js", Script("build/point-editor.js", type="module")],
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
        method = json.dumps(asdict(self.method)) if self.method else ""
        return context | {
            "map": map_data(),
            "outlines_url": self.outlines_url,
            "method": method,
        }
