"""A form widget for one point: two numbers, and a map if the browser runs JavaScript."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.forms import Script

from .mapview import map_data

# Any: the stubs of Media accept paths only.
POINT_EDITOR: Any = Script("build/point-editor.js", type="module")


@dataclass(frozen=True)
class Method:
    """The form field with the method by which a position was obtained.

    field: its name. A click on the map sets it to `clicked` if its value is one of `vague`.
    """

    field: str
    clicked: str
    vague: list[str]


class PointWidget(forms.MultiWidget):
    """Inputs for latitude and longitude in WGS 84 degrees, with a map that sets and displays them.

    outlines_url: URL of a GeoJSON FeatureCollection of polygons with a `name`, drawn for
    orientation; "" for the base map alone. method: a Method or None.
    """

    template_name = "geodata/point_widget.html"

    def __init__(self, *, outlines_url="", method=None, attrs=None):
        self.outlines_url = outlines_url
        self.method = method
        # Text, not number: a browser would refuse "11,565" and a pasted pair of numbers.
        number = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__({"lat": number, "lng": number}, attrs)

    @property
    def media(self) -> forms.Media:
        """Styles and scripts of the map."""
        return forms.Media(
            css={
                "all": [
                    "leaflet/leaflet.css",
                    "geodata/css/tokens.css",
                    "geodata/css/mapview.css",
                    "geodata/css/point-editor.css",
                ]
            },
            js=["leaflet/leaflet.js", POINT_EDITOR],
        )

    def decompress(self, value: Any) -> list[float | None]:
        """Return [latitude, longitude] of a Point; two None for None."""
        return [value.y, value.x] if value else [None, None]

    def id_for_label(self, id_: str) -> str:
        """Return the id of the input for the latitude."""
        return f"{id_}_lat" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the context of the template point_widget.html."""
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
