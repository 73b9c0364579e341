"""The feeds that every page names: their titles, formats and addresses."""

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from products.ocop.models import EXPIRING_DAYS

# Name in the address → title and description.
FEEDS = {
    "newly-rated": (
        _("Mới được xếp hạng OCOP"),
        _("Sản phẩm có xếp hạng OCOP còn hiệu lực, quyết định mới nhất trước."),
    ),
    "newly-protected": (
        _("Mới được bảo hộ"),
        _("Chỉ dẫn địa lý, nhãn hiệu và các quyền khác đã cấp, mới nhất trước."),
    ),
    "expiring": (
        _("Xếp hạng OCOP sắp hết hạn"),
        format_lazy(
            _("Xếp hạng có thể hết hạn trong {days} ngày tới, sớm nhất trước."), days=EXPIRING_DAYS
        ),
    ),
}
# Extension in the address → media type and name.
FORMATS = {
    "atom": ("application/atom+xml", "Atom"),
    "json": ("application/feed+json", "JSON Feed"),
}


def links():
    """Every feed in every format, in the active language: dicts of title, path, type, format."""
    return [
        {
            "title": str(title),
            "path": reverse("frontend:feed", kwargs={"name": name, "extension": extension}),
            "type": media_type,
            "format": format_name,
        }
        for name, (title, _description) in FEEDS.items()
        for extension, (media_type, format_name) in FORMATS.items()
    ]
