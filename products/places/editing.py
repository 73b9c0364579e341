"""Sales points and craft villages in the editing API; see products/register/editing.py."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from geodata.ogc.transactions import EditableCollection
from products.ocop.editing import producer_with_code
from products.register.collections import UNIT_CODES, changed, empty_as_null
from products.register.editing import (
    EDITING_TITLES,
    OWN_PLACE,
    STATUS,
    Column,
    RecordLayer,
    stored_position,
)

from .collections import TITLES
from .models import CraftVillage, SalesPoint


def read_boolean(text):
    """Return the bool of "true" or "false", as EditableCollection passes it."""
    return text == "true"


def as_it_is(value):
    """Return a value that is shown as it is stored, such as a bool."""
    return value


BOOLEAN = {"shown": as_it_is, "read": read_boolean}
VISITORS = {
    "visit": Column("visit", **BOOLEAN),
    "opening_hours": Column("opening_hours"),
    "season_note": Column("season_note"),
    "price_note": Column("price_note"),
    "last_seen": Column("last_seen", read=int),
}
PLACE = {
    "producer_id": Column(
        "producer", shown=lambda producer: producer and producer.code, read=producer_with_code
    ),
    "position": Column("position", read=stored_position),
    "address": Column("address"),
}


class PlaceLayer(RecordLayer):
    """An editable layer of places, whose coordinates may have a source of their own."""

    def values(self, edit, *, position):
        """See RecordLayer.values(): the source of the former point is not that of the new one."""
        values = super().values(edit, position=position)
        return values | {"position_source": None} if edit.geometry else values


def _layer(model, own, required, **description):
    """Return the layer of a kind of places. own: property → Column, beside VISITORS and PLACE."""
    columns = {**own, **VISITORS, **PLACE}
    texts = {"goods", "opening_hours", "season_note", "price_note"}
    properties = {
        name: empty_as_null(column.field) if name in texts else F(column.field)
        for name, column in {**own, **VISITORS}.items()
    }
    return PlaceLayer(
        model,
        EditableCollection(
            queryset=lambda: model.objects.all(),
            geometry="point",
            properties={
                "code": F("code"),
                **properties,
                "producer_id": F("producer__code"),
                "producer": F("producer__name"),
                **OWN_PLACE,
                **STATUS,
            },
            titles={**TITLES, **EDITING_TITLES, "code": _("Mã")},
            filters=UNIT_CODES,
            period=("updated_at", "updated_at"),
            during=changed,
            search=lambda places, text: places.search(text),
            writable=tuple(columns),
            required=required,
            **description,
        ),
        {
            **columns,
            "producer": Column("producer", shown=lambda producer: producer and producer.name),
        },
    )


SALES_POINTS = _layer(
    SalesPoint,
    {
        "name": Column("name"),
        "kind": Column("kind"),
        "sells": Column("sells", **BOOLEAN),
        "goods": Column("goods"),
    },
    ("name", "kind"),
    id="sales-points",
    title=_("Điểm bán và nơi đón khách"),
    description=_("Điểm bán và nơi đón khách mà bạn được sửa, mọi trạng thái."),
)

CRAFT_VILLAGES = _layer(
    CraftVillage,
    {
        "name": Column("name"),
        "kind": Column("kind"),
        "craft": Column("craft"),
        "recognised": Column("recognised", **BOOLEAN),
    },
    ("name", "kind", "craft"),
    id="craft-villages",
    title=_("Làng nghề"),
    description=_("Làng nghề mà bạn được sửa, mọi trạng thái."),
)
