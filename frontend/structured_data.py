"""Structured data of the pages (schema.org JSON-LD): only what the page itself states.

Left out: values that this site inferred, points that represent a commune, ratings that may have
expired, and maps as images of a product.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from geodata.collection import CC_BY
from geodata.spans import precision
from products.places.models import CraftVillage
from products.register.models import Basis
from products.rights.models import IpRight

from . import labels

COUNTRY = "VN"


def website():
    """The site and the URL of its search."""
    url = _full(reverse("frontend:map"))
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{url}?q={{q}}"},
        "query-input": "required name=q",
    }
    site = {"@type": "WebSite", "@id": f"{url}#website", "url": url}
    return _graph(site | {"name": str(settings.SITE_NAME), "potentialAction": search})


def product(record, stated_rights, photos):
    """A product and its page; stated_rights: those that a source states cover it."""
    page = _url(record)
    thing = {
        "@type": "Product",
        "@id": f"{page}#product",
        "name": record.name,
        "alternateName": record.name_en,
        "description": record.description,
        "image": [_full(photo.image.url) for photo in photos],
        "url": page,
        "sku": record.code,
        "gtin": record.gtin,
        "category": record.category.name if record.category_basis == Basis.STATED else "",
        "award": f"OCOP {labels.stars_label(record.stars)}" if record.stars else "",
        "hasCertification": [{"@id": f"{_url(right)}#right"} for right in stated_rights],
        **_producer(record),
    }
    shown = {"about": {"@id": thing["@id"]}, "contentLocation": _place(record)}
    return _graph(_page(page, record.name, **shown), thing, _breadcrumbs((record.name, page)))


def producer(record):
    """A producer; contacts are stored only with its consent to publish them."""
    page = _url(record)
    thing = {
        "@type": "Organization",
        "@id": f"{page}#producer",
        "name": record.name,
        "description": record.activity,
        "url": record.website or page,
        "telephone": record.phone,
        "email": record.email,
        "location": _place(record),
    }
    about = {"about": {"@id": thing["@id"]}}
    directory = (_("Danh bạ chủ thể"), _full(reverse("frontend:producers")))
    trail = _breadcrumbs(directory, (record.name, page))
    return _graph(_page(page, record.name, **about), thing, trail)


def right(record, units):
    """A right: a certification if registered, else the name applied for as a defined term."""
    page = _url(record)
    register = _full(reverse("frontend:protections"))
    thing = {
        "@id": f"{page}#right",
        "name": record.name,
        "url": page,
        "description": record.goods,
    }
    if record.stage == IpRight.Stage.REGISTERED:
        thing |= {
            "@type": "Certification",
            "certificationIdentification": record.number,
            "validFrom": _exact_day(record.granted),
            "expires": record.expires and record.expires.isoformat(),
            "validIn": [{"@type": "AdministrativeArea", "name": unit.full_name} for unit in units],
        }
        if record.status == IpRight.Status.IN_FORCE:
            thing["certificationStatus"] = "https://schema.org/CertificationActive"
    else:
        thing |= {"@type": "DefinedTerm", "inDefinedTermSet": register}
    trail = _breadcrumbs((_("Tên và quyền được bảo hộ"), register), (record.name, page))
    about = {"about": {"@id": thing["@id"]}}
    return _graph(_page(page, record.name, **about), thing, trail)


def destination(record):
    """A sales point or craft village; without its hours and prices, of which sources only hint."""
    page = _url(record)
    thing = {
        "@type": _types_of(record),
        "@id": f"{page}#place",
        "name": record.name,
        "url": page,
        **_where(record),
    }
    about = {"about": {"@id": thing["@id"]}}
    name, address = _list_of(record)
    trail = _breadcrumbs((name, address), (record.name, page))
    return _graph(_page(page, record.name, **about), thing, trail)


def listing(page, name, records):
    """A page that lists these records. page: its URL name. name: its title."""
    name = str(name)
    url = _full(reverse(f"frontend:{page}"))
    listed = {
        "@type": "ItemList",
        "name": name,
        "numberOfItems": len(records),
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": one.name, "url": _url(one)}
            for position, one in enumerate(records, start=1)
        ],
    }
    return _graph(listed, _breadcrumbs((name, url)))


def _types_of(record):
    """The types of a place: what it certainly is; a place that is only planned is none of them."""
    types = []
    if getattr(record, "sells", False):
        types.append("Store")
    if record.visit:
        types.append("TouristAttraction")
    return types or "Place"


def _where(record):
    """Address and coordinates of a place, as properties of the place itself."""
    place = _place(record) or {}
    return {name: value for name, value in place.items() if name != "@type"}


def _list_of(record):
    if isinstance(record, CraftVillage):
        return _("Làng nghề và nơi đón khách"), _full(reverse("frontend:craft-villages"))
    return _("Mua ở đâu"), _full(reverse("frontend:sales-points"))


def unit(unit):
    """A district or commune and the unit that contains it."""
    page, name = _url(unit), str(unit)
    thing = {
        "@type": "AdministrativeArea",
        "@id": f"{page}#unit",
        "name": name,
        "alternateName": unit.name_en,
        "identifier": unit.public_id,
        "url": page,
    }
    if unit.parent:
        thing["containedInPlace"] = {"@type": "AdministrativeArea", "name": str(unit.parent)}
    units = _full(reverse("frontend:units"))
    trail = _breadcrumbs((_("Huyện, xã, phường xưa và nay"), units), (name, page))
    return _graph(_page(page, name, about={"@id": thing["@id"]}), thing, trail)


def statistics(statistics):
    """Each statistic as a data set with its files."""
    page = _full(reverse("frontend:statistics"))
    files = {"csv": "text/csv", "json": "application/json"}
    return _graph(
        *(
            {
                "@type": "Dataset",
                "@id": f"{page}#{statistic.id}",
                "url": f"{page}#{statistic.id}",
                "name": str(statistic.title),
                "description": (
                    f"{statistic.title}. {statistic.note or settings.PLACE.sample_details}"
                ),
                "license": CC_BY.url,
                "isAccessibleForFree": True,
                "distribution": [
                    {
                        "@type": "DataDownload",
                        "encodingFormat": media_type,
                        "contentUrl": _full(
                            reverse(f"frontend:statistic-{extension}", args=[statistic.id])
                        ),
                    }
                    for extension, media_type in files.items()
                ],
            }
            for statistic in statistics
        )
    )


def _producer(record):
    """`manufacturer` or `brand` of a product, as far as a source states it."""
    producer = record.public_producer
    if producer is None:
        return {}
    if record.producer_basis == Basis.BRAND:
        return {"brand": {"@type": "Brand", "name": producer.name}}
    if record.producer_basis != Basis.STATED:
        return {}
    about = {"@type": "Organization", "name": producer.name, "url": _url(producer)}
    return {"manufacturer": {"@id": f"{_url(producer)}#producer", **about}}


def _place(record):
    """The current commune, with coordinates only if they are exact; None if both are unknown."""
    commune = record.commune
    if not (commune or record.is_exact):
        return None
    place = {"@type": "Place"}
    if commune:
        place["address"] = _without_empty(
            {
                "@type": "PostalAddress",
                "streetAddress": record.address,
                "addressLocality": commune.full_name,
                "addressRegion": commune.parent.full_name if commune.parent else "",
                "addressCountry": COUNTRY,
            }
        )
    if record.is_exact:
        lng, lat = record.point.coords
        place["geo"] = {"@type": "GeoCoordinates", "latitude": lat, "longitude": lng}
    return place


def _page(url, name, **more):
    return {"@type": "WebPage", "@id": url, "url": url, "name": name, **more}


def _breadcrumbs(*steps):
    """The breadcrumbs from the map to the page; steps: (name, URL)."""
    steps = [(str(settings.SITE_NAME), _full(reverse("frontend:map"))), *steps]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": url}
            for position, (name, url) in enumerate(steps, start=1)
        ],
    }


def _graph(*nodes):
    return {"@context": "https://schema.org", "@graph": [_without_empty(node) for node in nodes]}


def _without_empty(node):
    """The node without empty values."""
    return {name: value for name, value in node.items() if value not in ("", None, [])}


def _exact_day(span):
    return span.lower.isoformat() if precision(span) == "day" else None


def _url(record):
    return _full(record.get_absolute_url())


def _full(path):
    return settings.SITE_URL + path
