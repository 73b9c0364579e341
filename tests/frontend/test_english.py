"""Pages under /en/ are English, and so is the workspace for users who prefer English."""

import datetime
import json
import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.urls import reverse

from frontend.labels import TEXTS, is_vietnamese
from geodata.spans import day_span, span, span_of
from products.register.models import Category
from products.register.states import State
from tests.factories import (
    CategoryFactory,
    IpRightFactory,
    PhotoFactory,
    ProducerFactory,
    ProductFactory,
    ProtectedProductFactory,
    RatingFactory,
    SourceFactory,
    UnitFactory,
    at,
    square,
)

pytestmark = pytest.mark.django_db

# Composed letters of Vietnamese that English does not have.
VIETNAMESE = re.compile("[À-ÖØ-öø-ÿĂăĐđĨĩŨũƠơƯưẠ-ỹ]")


@pytest.fixture
def records():
    """One complete record of each kind, with ASCII values only."""
    district = UnitFactory(code="997", kind="district", name="One")
    commune = UnitFactory(
        code="82888", kind="commune", name="Two", parent=district, area=square(109, 11.5)
    )
    producer = ProducerFactory(published=True, name="Maker", declared_commune=commune)
    product = ProductFactory(
        published=True,
        code="MAU-1",
        name="Grape",
        producer=producer,
        category=CategoryFactory(code="I", name="food"),
        sector="crops",
        point=at(109.05, 11.55),
    )
    RatingFactory(product=product, stars=4, decided=span_of(2018))
    RatingFactory(product=product, decided=span(datetime.date(2024, 1, 1), None), stars=None)
    ProductFactory(published=True, code="MAU-2", name="Pear", state_reason="")
    right = IpRightFactory(published=True, name="Mark", number="1", area=square(109, 11.5))
    right.granted = day_span(datetime.date(2020, 1, 1))
    right.save()
    ProtectedProductFactory(right=right, product=product)
    IpRightFactory(published=True, name="Sign", kind="geographical_indication")
    gone = ProductFactory(code="MAU-3", state=State.WITHDRAWN, state_reason="closed", name="Plum")
    return {
        "map": reverse("frontend:map"),
        "product": product.get_absolute_url(),
        "producer": producer.get_absolute_url(),
        "protections": reverse("frontend:protections"),
        "protection": right.get_absolute_url(),
        "units": reverse("frontend:units"),
        "district": district.get_absolute_url(),
        "commune": commune.get_absolute_url(),
        "statistics": reverse("frontend:statistics"),
        "gone": gone.get_absolute_url(),
        "open data": reverse("frontend:open-data"),
        "embed": reverse("frontend:embed"),
        "how to embed": reverse("frontend:how-to-embed"),
        "offline": reverse("frontend:offline"),
        "producers": reverse("frontend:producers"),
        "recognition": reverse("frontend:recognition"),
        "my products": reverse("frontend:my-products") + "?q=a",
        "my product": reverse("frontend:my-product", args=[product.code]),
        "about": reverse("frontend:about"),
        "privacy": reverse("frontend:privacy"),
        "accessibility": reverse("frontend:accessibility"),
        "nothing": "/nothing/",
        "bad": "/?q=%00",
    }


def in_english(client, address):
    return client.get(address, headers={"Accept-Language": "en-GB,en;q=0.8"})


class Words(HTMLParser):
    """Texts and attributes of a page outside of elements with lang="vi"."""

    VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}

    def __init__(self, body):
        super().__init__()
        self.found = []
        self._marked = []
        self.feed(body)

    def handle_starttag(self, tag, attributes):
        marked = dict(attributes).get("lang") == "vi" or self._inside
        if tag not in self.VOID:
            self._marked.append(marked)
        if not marked:
            self.found += [f"{tag}[{name}]: {value}" for name, value in attributes if value]

    def handle_endtag(self, tag):
        self._marked.pop()

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.VOID:
            self.handle_endtag(tag)

    def handle_data(self, data):
        if not self._inside:
            self.found += [line.strip() for line in data.splitlines()]

    @property
    def _inside(self):
        return bool(self._marked) and self._marked[-1]


def vietnamese_in(body):
    """Texts with Vietnamese letters that are not marked lang="vi", except the name of the place."""
    plain = body.replace("Minh Thuần", "").replace("QĐ-TTg", "")
    return [text for text in Words(plain).found if VIETNAMESE.search(text)]


def test_only_elements_marked_as_vietnamese_may_contain_vietnamese():
    body = """<p title="có">no<br>không</p><p lang="vi" title="có">có <b>cũng</b><img alt="và"></p>
        <svg><path d="M0"/><text lang="vi">đó</text></svg><p>thôi</p><script>"hết"</script>"""

    assert vietnamese_in(body) == ["p[title]: có", "không", "thôi", '"hết"']


PAGES = [
    *("map", "product", "producer", "protections", "protection"),
    *("units", "district", "commune", "statistics"),
    *("open data", "embed", "how to embed", "offline", "gone", "nothing", "bad"),
    *("my products", "my product"),
    *("producers", "recognition", "about", "privacy", "accessibility"),
]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_under_en_is_english(client, records, name):
    response = client.get("/en" + records[name])
    body = response.content.decode()

    assert vietnamese_in(body) == []
    assert '<html lang="en">' in body
    assert response["Content-Language"] == "en"


# Names in what the scripts of these buttons read.
BUTTON_LABELS = ("trip-heart[label]", "button[data-share]")


def test_vietnamese_content_of_records_is_marked_as_vietnamese(client):
    """For screen readers. Page titles, labels of options and of buttons cannot be marked."""

    def source():
        return SourceFactory(title="Báo tỉnh", publisher="Sở Nông nghiệp", document_number="1/QĐ")

    attribution = {"quote": "ngọt đậm", "source": source()}
    commune = UnitFactory(
        name="Phước Hiếu",
        area=square(109, 11.5),
        official_area_km2="1",
        official_area_source="Niên giám thống kê",
        source=source(),
    )
    product = ProductFactory(
        published=True,
        name="Nho đỏ",
        category=CategoryFactory(code="I", name="thực phẩm", name_en="food"),
        description="Ngọt lắm",
        address="thôn Thái An",
        declared_commune=commune,
        **attribution,
    )
    PhotoFactory(
        product=product, alt="Giàn nho", credit="Lê Bé", licence="được phép", source=source()
    )
    RatingFactory(product=product, decision_text="Quyết định", issuer="Ủy ban", source=source())
    right = IpRightFactory(
        published=True,
        name="Nho tỉnh",
        owner="Sở Nông nghiệp",
        decision="Quyết định",
        goods="nho tươi",
        area_note="cả xã",
        **attribution,
    )
    ProtectedProductFactory(right=right, product=product, source=source())

    for page in ("/", *(one.get_absolute_url() for one in (product, right, commune))):
        body = client.get(f"/en{page}").content.decode()

        main = re.search("<main.*</main>", body, re.DOTALL)[0]
        found = [text for text in vietnamese_in(main) if not text.startswith(BUTTON_LABELS)]
        assert (page, found) == (page, [])


def test_quotations_are_marked_if_they_are_vietnamese(client, records):
    source = SourceFactory(title="Quyết định 194", publisher="Sở Công Thương")
    for code, quote in [("MAU-8", "được bốn sao (nho NH01)"), ("MAU-9", "Grapes of Thái An")]:
        ProductFactory(published=True, code=code, name="Fig", source=source, quote=quote)

    bodies = [
        client.get(f"/en/san-pham/{code}-fig/").content.decode() for code in ("MAU-8", "MAU-9")
    ]

    assert (
        '<blockquote><span lang="vi">… được bốn sao (nho NH01) …</span></blockquote>' in bodies[0]
    )
    assert "<blockquote>Grapes of Thái An …</blockquote>" in bodies[1]
    assert '<span lang="vi">Quyết định 194</span></a>, <span lang="vi">Sở Công' in bodies[0]


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("đạt 4 sao (nho NH01-152, nho xanh, táo, tỏi", True),
        ("Decision No. 194/QĐ‑SHTT, granting Certificate No. 00030", False),
        ("Le café à Đà Lạt est très apprécié de tous", False),
        ("baoninhthuan.com.vn", False),
        ("2025", False),
    ],
)
def test_a_text_with_a_few_vietnamese_names_is_not_vietnamese(text, is_so):
    assert is_vietnamese(text) is is_so


def test_filter_choices_have_the_lang_attribute_of_their_language(client, records):
    IpRightFactory(
        published=True, name="Nước mắm", kind="collective_mark", number="2", area=square(109, 11.5)
    )
    Category.objects.filter(code="I").update(name="thực phẩm", name_en="food")

    body = client.get("/en/").content.decode()

    assert '<label class="option" title="Food">' in body
    assert re.findall('<optgroup label="([^"]+)"><option [^>]+ lang="vi">([^<]+)<', body) == [
        ("Certification mark", "Mark"),
        ("Collective mark", "Nước mắm"),
    ]


@pytest.mark.parametrize(
    ("address", "any_stars"), [("/en/", "{count} stars"), ("/", "{count} sao")]
)
def test_map_texts_are_in_the_language_of_the_page(client, records, address, any_stars):
    body = client.get(address).content.decode()

    texts = json.loads(re.search(r'<script id="texts"[^>]*>(.*?)</script>', body)[1])
    assert texts.keys() == TEXTS.keys()
    assert texts["stars"] == any_stars


@pytest.mark.parametrize(("products", "text"), [(1, "1 product"), (2, "2 products")])
def test_the_product_count_has_singular_and_plural(client, products, text):
    for _ in range(products):
        ProductFactory(published=True)

    assert f">{text}</p>" in client.get("/en/").content.decode()


def test_the_workspace_is_english_for_an_official_who_prefers_it(client, admin_user, records):
    client.force_login(admin_user)
    ours = [model for model in admin.site._registry if model not in (User, Group)]
    addresses = ["/admin/"]
    for model in ours:
        place = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        addresses.append(reverse(f"{place}_changelist"))
        if record := model._default_manager.first():
            addresses.append(reverse(f"{place}_change", args=[record.pk]))
            addresses.append(reverse(f"{place}_history", args=[record.pk]))

    found = {}
    for address in addresses:
        response = in_english(client, address)
        assert response.status_code == 200
        assert '<html lang="en"' in response.content.decode()
        if lines := vietnamese_in(response.content.decode()):
            found[address] = lines

    assert found == {}
    assert len(addresses) > 15
