"""The register of protected names and rights, and the page of one."""

from django import forms
from django.db.models import Count
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from frontend import structured_data, words
from frontend.records import drawn, elsewhere, find, items, listed, rights
from geodata.mapview import map_data
from geodata.spans import today
from products.rights.models import IpRight

from .share_images import picture_of

# Endings and names of the files with the whole register.
FILES = {"csv": "CSV", "xlsx": "Excel", "geojson": "GeoJSON", "gpkg": "GeoPackage", "kml": "KML"}


class RegisterForm(forms.Form):
    """What the register is asked for, in its address: words, one kind, one status."""

    q = forms.CharField(label=_("Tìm"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Loại"), required=False)
    status = forms.ChoiceField(label=_("Hiệu lực"), required=False)

    # The names in the address, as on the map.
    NAMES = {"kind": "loai", "status": "hieu-luc"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        public = rights()
        for name, values, labels in (
            ("kind", IpRight.Kind, dict(IpRight.Kind.choices)),
            ("status", IpRight.Status, words.RIGHT_STATUSES),
        ):
            counts = dict(public.order_by().values_list(name).annotate(Count("pk")))
            self.fields[name].choices = [
                ("", _("Tất cả")),
                *(
                    (value, f"{str(labels[value]).capitalize()} ({counts.get(value, 0)})")
                    for value in values
                    # What was asked for stays chosen where there is none of it any more.
                    if value in counts or value == self.data.get(self.add_prefix(name))
                ),
            ]

    def add_prefix(self, field_name):
        return self.NAMES.get(field_name, field_name)

    @cached_property
    def asked(self):
        """Name → what is asked for; an answer that is none of the choices asks for nothing."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def found(self):
        """The rights that match."""
        found = rights()
        if "q" in self.asked:
            found = found.search(self.asked["q"])
        return found.filter(**{name: self.asked[name] for name in self.NAMES if name in self.asked})


def protections(request):
    """The register of protected names and other rights."""
    form = RegisterForm(request.GET, label_suffix="")
    kinds = list(IpRight.Kind)
    found = sorted(form.found(), key=lambda right: kinds.index(right.kind))
    return render(
        request,
        "frontend/protections.html",
        {
            "form": form,
            "rights": found,
            "count": len(found),
            "all": rights().count(),
            "asked": form.asked,
            "files": [
                (name, reverse("ogc:download", args=["protections", extension]))
                for extension, name in FILES.items()
            ],
            "structured": structured_data.register(found),
        },
    )


def protection(request, code, slug):
    """A right, its area, and the products that a source says it covers."""
    record = find(
        IpRight.objects.with_status_on(today())
        .defer("area", "outline")
        .select_related("source", "other_source"),
        code,
    )
    if answer := elsewhere(request, record, slug):
        return answer
    has_area = drawn(IpRight.objects.filter(pk=record.pk)).exists()
    units = list(record.area_units.select_related("parent"))
    return render(
        request,
        "frontend/protection.html",
        {
            "right": record,
            "units": units,
            "products": listed(record.products.all()),
            "map": map_data() if has_area else None,
            "area_url": reverse("ogc:item", args=["protections", record.code]),
            "districts_url": items("districts") + "?geometry=outline",
            "picture": picture_of(record) if has_area else None,
            "structured": structured_data.right(record, units),
        },
    )
