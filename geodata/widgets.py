"""A form widget for one point: a line of text, and a map if the browser runs JavaScript."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.forms import Script

from .coordinates import MAX_LENGTH, offered_grids, point_text
from .mapview import map_data

# Any: the stubs of Media accept paths only.
POINT_EDITOR: Any = Script("build/point-editor.js", type="module")


@dataclass(frozen=True)
class Method:
    """The form fields with the method by which a position was obtained, and its accuracy.

    field: the name of the first. A position from the map sets it to `clicked` if its value is one
    of `vague`. accuracy: the name of the second, or ""; a position from the map empties it, because
    it stated that of another position.
    """

    field: str
    clicked: str
    vague: list[str]
    accuracy: str = ""


class PointWidget(forms.MultiWidget):
    """An input for a position as parse_position() reads it, the grid of VN-2000, and a map.

    outlines_url: URL of a GeoJSON FeatureCollection of polygons with a `name`, drawn for
    orientation; "" for the base map alone. method: a Method or None.
    answer_url: URL that answers what a text means, called with `text`, `epsg` and the values of
    other fields of the form while somebody types; "" for none. answer_fields: {parameter: name of
    the field}. The JSON of the answer has the members of products.register.positions.Answer.
    """

    template_name = "geodata/point_widget.html"

    def __init__(
        self,
        *,
        outlines_url: Any = "",
        method: Method | None = None,
        answer_url: Any = "",
        answer_fields: Mapping[str, str] | None = None,
        attrs: dict[str, Any] | None = None,
    ) -> None:
        self.outlines_url = outlines_url
        self.method = method
        self.answer_url = answer_url
        self.answer_fields = dict(answer_fields or {})
        text = forms.TextInput(
            attrs={"autocomplete": "off", "maxlength": MAX_LENGTH, "spellcheck": "false"}
        )
        # The text has the name of the field itself.
        super().__init__({"": text, "epsg": forms.Select(choices=offered_grids())}, attrs)

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

    def decompress(self, value: Any) -> list[Any]:
        """Return [text, None] of a Point; the grid is that of the province."""
        return [point_text(value) if value else "", None]

    def id_for_label(self, id_: str) -> str:
        """Return the id of the text input."""
        return id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the context of the template point_widget.html."""
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        text, grid = widget["subwidgets"]
        if "id" in widget["attrs"]:
            id_ = widget["attrs"]["id"]
            text["attrs"]["id"], grid["attrs"]["id"] = id_, f"{id_}_epsg"
            text["attrs"]["aria-describedby"] = f"{id_}_help"
        return context | {
            "map": map_data(),
            "outlines_url": self.outlines_url,
            "method": json.dumps(asdict(self.method)) if self.method else "",
            "answer_url": self.answer_url,
            "answer_fields": json.dumps(self.answer_fields),
        }
