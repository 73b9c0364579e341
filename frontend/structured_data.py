"""What pages tell search engines in schema.org's words: only what the page itself states.

A guess of ours is not stated, a point that stands for a commune is no position, a rating that may
have run out is no award, and a map is no picture of a product.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from geodata.collection import CC_BY
from geodata.spans import precision
from products.register.models import Basis
from products.rights.models import IpRight

from . import words

COUNTRY = "VN"


def website():
    """The site, and the address at which it is searched."""
    address = _full(reverse("frontend:map"))
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{address}?q={{q}}"},
        "query-input": "required name=q",
    }
    site = {"@type": "WebSite", "@id": f"{address}#website", "url": address}
    return _graph(site | {"name": str(settings.SITE_NAME), "potentialAction": search})


def product(record, naming, photos):
    """A product and its page; naming: the rights that a source says cover it."""
    page = _address(record)
    maker = _maker(record)
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
        "award": f"OCOP {words.stars_words(record.stars)}" if record.stars else "",
        "hasCertification": [{"@id": f"{_address(right)}#right"} for right in naming],
        **maker,
    }
    shown = {"about": {"@id": thing["@id"]}, "contentLocation": _place(record)}
    return _graph(_page(page, record.name, **shown), thing, _trail((record.name, page)))


def producer(record):
    """A producer; contacts are kept only where it agreed that they be published."""
    page = _address(record)
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
    return _graph(_page(page, record.name, **about), thing, _trail((record.name, page)))


def right(record, units):
    """A right: a certificate where one was given, else a name that somebody asked for."""
    page = _address(record)
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
    trail = _trail((_("Tên và quyền được bảo hộ"), register), (record.name, page))
    about = {"about": {"@id": thing["@id"]}}
    return _graph(_page(page, record.name, **about), thing, trail)


def register(rights):
    """The rights that the register shows."""
    page = _full(reverse("frontend:protections"))
    name = _("Tên và quyền được bảo hộ")
    listed = {
        "@type": "ItemList",
        "name": name,
        "numberOfItems": len(rights),
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": one.name, "url": _address(one)}
            for place, one in enumerate(rights, start=1)
        ],
    }
    return _graph(listed, _trail((name, page)))


def unit(unit):
    """A district or commune and the ground that it is part of."""
    page, name = _address(unit), str(unit)
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
    trail = _trail((_("Huyện, xã, phường xưa và nay"), units), (name, page))
    return _graph(_page(page, name, about={"@id": thing["@id"]}), thing, trail)


def figures(told):
    """The figures, each a data set with its files."""
    page = _full(reverse("frontend:figures"))
    files = {"csv": "text/csv", "json": "application/json"}
    return _graph(
        *(
            {
                "@type": "Dataset",
                "@id": f"{page}#{figure.id}",
                "url": f"{page}#{figure.id}",
                "name": str(figure.title),
                "description": f"{figure.title}. {figure.note or settings.PLACE.sample_details}",
                "license": CC_BY.url,
                "isAccessibleForFree": True,
                "distribution": [
                    {
                        "@type": "DataDownload",
                        "encodingFormat": media_type,
                        "contentUrl": _full(
                            reverse(f"frontend:figure-{extension}", args=[figure.id])
                        ),
                    }
                    for extension, media_type in files.items()
                ],
            }
            for figure in told
        )
    )


def _maker(record):
    maker = record.public_producer
    if maker is None:
        return {}
    if record.producer_basis == Basis.BRAND:
        return {"brand": {"@type": "Brand", "name": maker.name}}
    if record.producer_basis != Basis.STATED:
        return {}
    about = {"@type": "Organization", "name": maker.name, "url": _address(maker)}
    return {"manufacturer": {"@id": f"{_address(maker)}#producer", **about}}


def _place(record):
    """The place of today, with its position only where that is exact; None where it is unknown."""
    commune = record.commune
    if not (commune or record.is_exact):
        return None
    place = {"@type": "Place"}
    if commune:
        place["address"] = _told(
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


def _page(address, name, **more):
    return {"@type": "WebPage", "@id": address, "url": address, "name": name, **more}


def _trail(*steps):
    """The way from the map to the page."""
    steps = [(str(settings.SITE_NAME), _full(reverse("frontend:map"))), *steps]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(steps, start=1)
        ],
    }


def _graph(*nodes):
    return {"@context": "https://schema.org", "@graph": [_told(node) for node in nodes]}


def _told(node):
    """The node without what nobody said."""
    return {name: value for name, value in node.items() if value not in ("", None, [])}


def _exact_day(span):
    return span.lower.isoformat() if precision(span) == "day" else None


def _address(record):
    return _full(record.get_absolute_url())


def _full(path):
    return settings.SITE_URL + path
