"""The pages that header and footer link to. A new page is one line here."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """A link of the footer, and of the header if in_header.

    page: name of the URL in "frontend:". title: short, because the header has one line.
    keeps_query: the linked page understands the filters in the address of the map.
    template: of the link in the header, if it is more than a link.
    """

    page: str
    title: str | Promise
    in_header: bool = False
    keeps_query: bool = False
    template: str = ""


# In this order. The header of a wide window has room for about ten.
ENTRIES = [
    Entry("map", _("Bản đồ")),
    Entry("sales-points", _("Mua ở đâu"), in_header=True),
    Entry("craft-villages", _("Làng nghề"), in_header=True),
    Entry("seasons", _("Mùa vụ"), in_header=True),
    Entry("trip", _("Chuyến đi"), in_header=True, template="frontend/trip_link.html"),
    Entry("producers", _("Các chủ thể"), in_header=True),
    Entry("protections", _("Bảo hộ"), in_header=True),
    Entry("units", _("Huyện, xã"), in_header=True),
    Entry("statistics", _("Số liệu"), in_header=True),
    Entry("open-data", _("Dữ liệu mở"), in_header=True),
    Entry("my-products", _("Sản phẩm của tôi")),
    Entry("recognition", _("Muốn được công nhận OCOP")),
    Entry("how-to-embed", _("Nhúng bản đồ"), keeps_query=True),
    Entry("about", _("Giới thiệu")),
    Entry("privacy", _("Quyền riêng tư")),
    Entry("accessibility", _("Khả năng tiếp cận")),
]


def links(path, *, in_header=False):
    """The links of the page at that path: {url, title, current, keeps_query, template} each.

    in_header: only those of the header.
    current: the value of aria-current: "page" for the page itself, "true" for the list that it
    belongs to, else "".
    """
    return [
        {
            "url": url,
            "title": entry.title,
            "current": _current(path, url, is_home=entry.page == "map"),
            "keeps_query": entry.keeps_query,
            "template": entry.template,
        }
        for entry in ENTRIES
        if entry.in_header or not in_header
        for url in [reverse(f"frontend:{entry.page}")]
    ]


def _current(path, url, *, is_home):
    if path == url:
        return "page"
    return "true" if path.startswith(url) and not is_home else ""
