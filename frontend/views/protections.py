"""The register of protected names and rights, and the page of one."""

from django import forms
from django.db.models import Count
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from frontend import labels, structured_data
from geodata.mapview import map_data
from geodata.page_cache import cached_page
from geodata.spans import today
from products.rights.models import IpRight

from .filter_form import FilterForm
from .records import (
    card_photo_rows,
    district_outlines_url,
    for_list,
    get_public_or_withdrawn,
    public_rights,
    redirect_or_gone,
    with_area,
)
from .share_images import share_image_url

# Extension → name of the files with the whole register.
FILES = {"csv": "CSV", "xlsx": "Excel", "geojson": "GeoJSON", "gpkg": "GeoPackage", "kml": "KML"}


class RegisterForm(FilterForm):
    """The filters of the register: search text, one kind, one status."""

    q = forms.CharField(label=_("Tìm"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Loại"), required=False)
    status = forms.ChoiceField(label=_("Hiệu lực"), required=False)

    # As on the map.
    URL_NAMES = {"kind": "loai", "status": "hieu-luc"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        public = public_rights()
        statuses = {status: labels.RIGHT_STATUSES[status] for status in IpRight.Status}
        for name, titles in (("kind", dict(IpRight.Kind.choices)), ("status", statuses)):
            counts = dict(public.order_by().values_list(name).annotate(Count("pk")))
            self.offer(name, titles, counts)

    def matching(self):
        """Public rights that match all filters."""
        matching = public_rights()
        if "q" in self.filters:
            matching = matching.search(self.filters["q"])
        return matching.filter(
            **{name: self.filters[name] for name in self.URL_NAMES if name in self.filters}
        )


@cached_page(uses_query=True)
def protections(request, revision):
    """The register of protected names and other rights."""
    form = RegisterForm(request.GET, label_suffix="")
    kinds = list(IpRight.Kind)
    matching = sorted(form.matching(), key=lambda right: kinds.index(right.kind))
    return render(
        request,
        "frontend/protections.html",
        {
            "form": form,
            "rights": matching,
            "count": len(matching),
            "total": public_rights().count(),
            "is_filtered": bool(form.filters),
            "files": [
                (name, reverse("ogc:download", args=["protections", extension]))
                for extension, name in FILES.items()
            ],
            "structured": structured_data.listing(
                "protections", _("Tên và quyền được bảo hộ"), matching
            ),
        },
    )


@cached_page(state=card_photo_rows)
def protection(request, revision, code, slug):
    """A right, its area, and the products that a source states it covers."""
    record = get_public_or_withdrawn(
        IpRight.objects.with_status_on(today())
        .with_owner_dissolved(today())
        .defer("area", "outline")
        .select_related("source", "other_source"),
        code,
    )
    if answer := redirect_or_gone(request, record, slug):
        return answer
    is_drawn = with_area(IpRight.objects.filter(pk=record.pk)).exists()
    units = list(record.area_units.select_related("parent"))
    return render(
        request,
        "frontend/protection.html",
        {
            "right": record,
            "units": units,
            "goods": record.goods_parts.select_related("type").order_by("type__name"),
            "products": for_list(record.products.all()),
            "map": map_data() if is_drawn else None,
            "area_url": reverse("ogc:item", args=["protections", record.code]),
            "districts_url": district_outlines_url(),
            "share_image": share_image_url(record) if is_drawn else None,
            "structured": structured_data.right(record, units),
        },
    )
