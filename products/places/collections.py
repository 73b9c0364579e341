"""The public layers of sales points and craft villages."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from geodata.collection import Collection, MapLayer
from geodata.pages import PageAddress
from geodata.text import Relevance
from products.ocop.collections import PRODUCT_TITLES, of_public_producer
from products.register.collections import (
    UNIT_CODES,
    changed,
    empty_as_null,
    to_the_second,
    withdrawn,
)

from .models import CraftVillage, SalesPoint

TITLES = {
    **PRODUCT_TITLES,
    "sells": _("Có bán"),
    "goods": _("Bán hoặc trưng bày"),
    "craft": _("Nghề"),
    "recognised": _("Đã được công nhận"),
    "visit": _("Đón khách tham quan"),
    "opening_hours": _("Giờ mở cửa"),
    "season_note": _("Mùa"),
    "price_note": _("Giá"),
    "last_seen": _("Năm thấy lần cuối"),
}
# What a feature contains after its name, kind and what is special about its collection.
PLACE = {
    "producer_id": of_public_producer("code"),
    "commune": F("commune__full_name"),
    "old_commune": F("old_commune__full_name"),
    "district": F("district__full_name"),
    "position": empty_as_null("position"),
    "opening_hours": empty_as_null("opening_hours"),
    "season_note": empty_as_null("season_note"),
    "price_note": empty_as_null("price_note"),
    "last_seen": F("last_seen"),
}
INDEXED = ("name", "producer_id", *UNIT_CODES)

SALES_POINTS = Collection(
    id="sales-points",
    title=_("Điểm bán và nơi đón khách"),
    description=_(
        "Nơi bán, trưng bày đặc sản hoặc đón khách, như nguồn nêu; có thể nay không còn."
    ),
    queryset=lambda: SalesPoint.objects.published(),
    geometry="point",
    properties={
        "id": F("code"),
        "name": F("name"),
        "kind": F("kind"),
        "sells": F("sells"),
        "visit": F("visit"),
        "goods": empty_as_null("goods"),
        **PLACE,
        "url": PageAddress(SalesPoint),
        "source_url": empty_as_null("source__url"),
        "updated_at": to_the_second("updated_at"),
    },
    titles=TITLES,
    indexed=INDEXED,
    filters=UNIT_CODES,
    period=("updated_at", "updated_at"),
    during=changed,
    search=lambda places, text: places.search(text),
    relevance=Relevance,
    gone=withdrawn(SalesPoint),
    themes=("ECON", "AGRI"),
    keywords=(_("điểm bán"), _("đặc sản"), _("vườn đón khách"), _("du lịch cộng đồng")),
    map_layer=MapLayer(
        # A stall with an awning.
        symbol=(
            "M4.2 3h15.6L22 9.2a2.6 2.6 0 0 1-5 1.1 2.6 2.6 0 0 1-5 0 2.6 2.6 0 0 1"
            "-5 0A2.6 2.6 0 0 1 2 9.2zM4.2 14h15.6v7.5h-5V17H9.2v4.5h-5z"
        ),
        popup=("kind", "goods", "commune", "district", "position", "last_seen"),
    ),
)

CRAFT_VILLAGES = Collection(
    id="craft-villages",
    title=_("Làng nghề"),
    description=_("Làng nghề đã được công nhận và nơi có nghề mà nguồn nêu; có thể nay không còn."),
    queryset=lambda: CraftVillage.objects.published(),
    geometry="point",
    properties={
        "id": F("code"),
        "name": F("name"),
        "kind": F("kind"),
        "craft": F("craft"),
        "recognised": F("recognised"),
        "visit": F("visit"),
        **PLACE,
        "url": PageAddress(CraftVillage),
        "source_url": empty_as_null("source__url"),
        "updated_at": to_the_second("updated_at"),
    },
    titles=TITLES,
    indexed=INDEXED,
    filters=UNIT_CODES,
    period=("updated_at", "updated_at"),
    during=changed,
    search=lambda places, text: places.search(text),
    relevance=Relevance,
    gone=withdrawn(CraftVillage),
    themes=("EDUC", "ECON"),
    keywords=(_("làng nghề"), _("thủ công"), _("du lịch cộng đồng")),
    map_layer=MapLayer(
        # A jar with a band.
        symbol=(
            "M7.5 2h9v2.2l-2 1.8c3.6 1.4 5.9 4.1 5.9 7.3 0 3.3-2 6.2-4.9 8.2h-7c-2.9-2-4.9-4.9-4.9"
            "-8.2 0-3.2 2.3-5.9 5.9-7.3l-2-1.8zM4.3 13.1l2.6 2 2.6-2 2.5 2 2.6-2 2.5 2 2.6-2v-1.9"
            "l-2.6 2-2.5-2-2.6 2-2.5-2-2.6 2-2.6-2z"
        ),
        popup=("kind", "craft", "commune", "district", "position", "last_seen"),
    ),
)
