"""The map for frames in other sites, and the page on which the code to embed it is made."""

import re

from csp.decorators import csp_replace
from django import forms
from django.conf import settings
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_exempt

from districts.models import Unit
from frontend import labels, language
from frontend.layers import layer_data
from products.ocop.models import Product
from products.register.models import Category, Producer

# Filters and settings of the map that the form does not show: the page is often opened from a map
# on which they are set. The names are those of static/frontend/js/map/state.js.
OTHER_PARAMETERS = (
    *("xa", "xa-cu", "loai", "nganh", "mua", "chung-nhan", "sao", "loai-bao-ho", "bao-ho"),
    *("gan", "sap-xep", "vung", "diem", "ban-do", "to-mau", "nen"),
)
# Pixels.
SMALLEST, LARGEST = 240, 3000
DEFAULT_HEIGHT = 600
UNKNOWN = "chua-ro"
# Those of a map without the parameter; the word for none.
DEFAULT_LAYERS, NO_LAYERS = ["huyen"], "khong"
# The code in a code or in the address of a product.
PRODUCT_CODE = re.compile("[A-Z]+(?:-[A-Z]+)*-[0-9]+")


def embeddable(view):
    """Decorate a view so that any site may frame it; base.html omits the site header."""
    return xframe_options_exempt(csp_replace({"frame-ancestors": ["*"]})(view))


class EmbedForm(forms.Form):
    """Size, layers, filters and language of an embedded map, as the query string contains them."""

    width = forms.IntegerField(label=gettext_lazy("Chiều rộng (px)"), required=False)
    height = forms.IntegerField(label=gettext_lazy("Chiều cao (px)"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Ngôn ngữ"), choices=settings.LANGUAGES)
    layers = forms.MultipleChoiceField(
        label=gettext_lazy("Lớp bản đồ"), required=False, widget=forms.CheckboxSelectMultiple
    )
    group = forms.MultipleChoiceField(
        label=gettext_lazy("Nhóm sản phẩm"), required=False, widget=forms.CheckboxSelectMultiple
    )
    district = forms.MultipleChoiceField(
        label=gettext_lazy("Huyện, thành phố"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    status = forms.MultipleChoiceField(
        label=gettext_lazy("Hiệu lực xếp hạng"),
        required=False,
        choices=labels.STATUSES.items(),
        widget=forms.CheckboxSelectMultiple,
    )
    producer = forms.ChoiceField(label=gettext_lazy("Chủ thể"), required=False)
    words = forms.CharField(
        label=gettext_lazy("Từ khoá, ví dụ: nho"), required=False, max_length=200
    )
    product = forms.CharField(
        label=gettext_lazy("Chỉ một sản phẩm: mã hoặc địa chỉ trang"),
        required=False,
        max_length=400,
    )

    # As on the map, except size and language, which the map does not have.
    URL_NAMES = {
        "width": "rong",
        "height": "cao",
        "language": "ngon-ngu",
        "layers": "lop",
        "group": "nhom",
        "district": "huyen",
        "status": "trang-thai",
        "producer": "chu-the",
        "words": "q",
        "product": "chon",
    }
    # Of the address of the map, in its order.
    MAP_FIELDS = ("words", "district", "group", "status", "producer", "product")

    def __init__(self, query):
        query = query.copy()
        # The map writes several layers as one value, and none as a word; so does this form if it
        # was sent with none of its boxes checked.
        chosen = [one for value in query.getlist("lop") for one in value.split(".")]
        if not chosen and "da-chon-lop" not in query:
            chosen = DEFAULT_LAYERS
        query.setlist("lop", [one for one in chosen if one and one != NO_LAYERS])
        query.setdefault("ngon-ngu", translation.get_language())
        super().__init__(query, label_suffix="")
        self.fields["layers"].choices = list(layer_data()["names"].items())
        groups = Category.objects.filter(scheme=Category.Scheme.QD148)
        self.fields["group"].choices = [
            *((one.code, labels.GROUPS.get(one.code, one.name)) for one in groups),
            (UNKNOWN, _("Chưa rõ nhóm")),
        ]
        self.fields["district"].choices = [
            *((one.code, labels.unit_label(one)) for one in Unit.objects.old_districts()),
            (UNKNOWN, _("Chưa rõ huyện")),
        ]
        producers = Producer.objects.published().order_by("name", "code")
        self.fields["producer"].choices = [
            ("", _("Tất cả")),
            *producers.values_list("code", "name"),
        ]
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = _(
                    "“%(value)s” không có trong “{field}”."
                ).format(field=field.label)
            if isinstance(field, forms.IntegerField):
                field.error_messages["invalid"] = _("“{field}” phải là một số nguyên.").format(
                    field=field.label
                )
            field.widget.attrs["id"] = f"embed-{name}"

    def add_prefix(self, field_name):
        return self.URL_NAMES.get(field_name, field_name)

    def clean_width(self):
        return self._size("width")

    def clean_height(self):
        return self._size("height")

    def _size(self, name):
        value = self.cleaned_data[name]
        if value is not None and not SMALLEST <= value <= LARGEST:
            text = _("“{field}” phải từ {smallest} đến {largest}.")
            raise forms.ValidationError(
                text.format(field=self.fields[name].label, smallest=SMALLEST, largest=LARGEST)
            )
        return value

    def clean_product(self):
        """The code of the public product that the text contains."""
        text = self.cleaned_data["product"].strip()
        if not text:
            return ""
        found = PRODUCT_CODE.search(text)
        if not found or not Product.objects.published().filter(code=found[0]).exists():
            raise forms.ValidationError(
                _("Không có sản phẩm “{text}” trên bản đồ.").format(text=text)
            )
        return found[0]

    def clean(self):
        """Refuse parameters that neither the map nor this form has."""
        known = {*self.URL_NAMES.values(), *OTHER_PARAMETERS, "da-chon-lop"}
        for name in self.data:
            if name not in known:
                self.add_error(None, _("Không có tuỳ chọn “{name}”.").format(name=name))
        return super().clean()

    @property
    def others(self):
        """[(name, value)] of the parameters of the map that the form passes on."""
        return [(name, value) for name in OTHER_PARAMETERS for value in self.data.getlist(name)]

    def map_url(self):
        """The path of the embedded map with these options."""
        query = QueryDict(mutable=True)
        for name in self.MAP_FIELDS:
            value = self.cleaned_data[name]
            values = value if isinstance(value, list) else [value]
            query.setlist(self.add_prefix(name), [one for one in values if one])
        for name, value in self.others:
            query.appendlist(name, value)
        if self.cleaned_data["layers"] != DEFAULT_LAYERS:
            query["lop"] = ".".join(self.cleaned_data["layers"]) or NO_LAYERS
        path = language.in_language(reverse("frontend:embed"), self.cleaned_data["language"])
        text = query.urlencode(safe="/,")
        return path + (text and f"?{text}")

    def size(self):
        """Width and height as the attributes of an iframe contain them."""
        width, height = self.cleaned_data["width"], self.cleaned_data["height"]
        return str(width or "100%"), str(height or DEFAULT_HEIGHT)


def how_to_embed(request):
    """Choose size, layers, filters and language; preview, and the iframe element to copy."""
    form = EmbedForm(request.GET)
    context = {
        "form": form,
        "default_height": DEFAULT_HEIGHT,
        "languages": [code for code, _name in settings.LANGUAGES],
    }
    if not form.is_valid():
        return render(request, "frontend/embed.html", context, status=400)
    path = form.map_url()
    width, height = form.size()
    with translation.override(form.cleaned_data["language"]):
        title = _("Bản đồ sản phẩm OCOP và đặc sản")
    snippet = format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"'
        ' referrerpolicy="no-referrer" allow="geolocation; fullscreen" style="border:0">'
        "</iframe>",
        *(settings.SITE_URL + path, title, width, height),
    )
    context |= {
        "path": path,
        "snippet": str(snippet),
        "width": width,
        "height": height,
    }
    return render(request, "frontend/embed.html", context)
