"""How the workspace displays records: labels, values that cannot be edited, histories."""

import datetime
import html
import re

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.gis.geos import Point
from django.urls import reverse

from districts.models import Stewardship
from geodata.models import ImportRun, Source
from geodata.spans import span
from products.ocop.models import OcopRating, Product
from products.register.models import Producer, Proposal
from products.register.states import State
from products.rights.models import AreaUnit, IpRight
from tests.factories import (
    CHANGE,
    SINCE_THE_CHANGE,
    UNTIL_THE_CHANGE,
    CategoryFactory,
    CraftVillageFactory,
    DecisionFactory,
    IpRightFactory,
    PhotoFactory,
    ProducerFactory,
    ProductFactory,
    ProductTypeFactory,
    ProtectedProductFactory,
    RatingFactory,
    SalesPointFactory,
    SeasonUnitFactory,
    SourceFactory,
    SuccessionFactory,
    UnitFactory,
    UserFactory,
    editor_of,
    square,
)

pytestmark = pytest.mark.django_db

# Default representations of Python, GEOS and Django.
RAW_REPRESENTATION = re.compile(
    r"SRID=|POINT ?\(|POLYGON ?\(|Range\(|datetime\.|Decimal\(|\bNone\b|\bTrue\b|\bFalse\b"
    r"|<django\.|<class|object at 0x|DatabaseDefault|\d{4}-\d\d-\d\d|\{'|\['|\(\("
)
DECIDED = span(datetime.date(2024, 1, 1), datetime.date(2024, 3, 16))


@pytest.fixture
def units():
    old = UnitFactory(
        code=settings.PLACE.province_code, name="Minh Thuần", validity=UNTIL_THE_CHANGE
    )
    new = UnitFactory(code="98", name="Khánh Hậu", area=square(108.9, 11.5, 0.2))
    district = UnitFactory(code="996", name="Minh Hải", parent=old, validity=UNTIL_THE_CHANGE)
    then = UnitFactory(
        code="82858",
        name="Vĩnh Hậu",
        parent=district,
        validity=UNTIL_THE_CHANGE,
        area=square(109, 11.6),
    )
    now = UnitFactory(
        code="82858",
        name="Vĩnh Hậu",
        parent=new,
        validity=SINCE_THE_CHANGE,
        area=square(109, 11.6),
        official_area_km2="177.23",
    )
    SuccessionFactory(predecessor=then, successor=now)
    return {"old": old, "new": new, "district": district, "then": then, "now": now}


@pytest.fixture
def records(units):
    """One record of every model of the workspace with as many values as it can have."""
    source = SourceFactory(title="Quyết định 1", url="", dated=DECIDED)
    producer = ProducerFactory(
        state=State.REVIEW,
        kind=Producer.Kind.COOPERATIVE,
        kind_basis="inferred",
        website="https://example.org/",
        phone="0259 3822683",
        contact_consent_on=datetime.date(2024, 5, 6),
    )
    product = ProductFactory(
        state=State.REVIEW,
        name="Nho đỏ",
        declared_commune=units["then"],
        producer=producer,
        category=CategoryFactory(),
        type=ProductTypeFactory(),
        sector="crops",
        point=Point(109.05, 11.65, srid=4326),
        source=source,
    )
    RatingFactory(product=product, decided=DECIDED, score="69.5", revoked_on="2025-02-03")
    decision = DecisionFactory(
        on=datetime.date(2020, 2, 3), revoked_on="2021-02-03", revocation_reason="Sai"
    )
    RatingFactory(product=product, decision=decision)
    PhotoFactory(product=product)
    place = {
        "state": State.REVIEW,
        "declared_commune": units["then"],
        "producer": producer,
        "visit": True,
        "opening_hours": "Mo-Su 08:00-17:00",
        "last_seen": 2024,
        "point": Point(109.05, 11.65, srid=4326),
    }
    SalesPointFactory(sells=True, **place)
    CraftVillageFactory(recognised=True, **place)
    SeasonUnitFactory(unit=units["then"], season__from_month=11, season__to_month=2)
    right = IpRightFactory(
        state=State.REVIEW, filed=DECIDED, granted=DECIDED, expires=datetime.date(2034, 1, 1)
    )
    AreaUnit.objects.create(right=right, unit=units["now"])
    IpRight.objects.filter(pk=right.pk).update(area=square(109, 11.6), outline=square(109, 11.6))
    ProtectedProductFactory(right=right, product=product)
    ImportRun.objects.create(
        kind="products",
        file_name="a.csv",
        sha256="0",
        applied=False,
        report={"created": 1, "problems": ["dòng 2, name: Cần có tên."]},
    )
    Proposal.objects.create(
        kind="change",
        record=product,
        base_version=1,
        channel="public",
        changes={
            "point": {"base": None, "proposed": [109.05, 11.65]},
            "parts": [
                {
                    "model": "ocop.OcopRating",
                    "op": "add",
                    "id": None,
                    "base": {},
                    "fields": {"stars": 3, "decided": ["2024-01-01", "2024-03-16"]},
                }
            ],
        },
    )
    return {Product: product, Producer: producer, IpRight: right, Source: source}


@pytest.fixture
def viewer(units):
    """An editor of the province with view permission for everything; public records read-only."""
    user = editor_of(units["old"])
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    Stewardship.objects.create(user=UserFactory(), unit=units["now"], role=1)
    ImportRun.objects.update(user=user)
    return user


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def text_of(response):
    """The text of the page, without markup and scripts."""
    body = re.sub(r"(?s)<(script|style|template)\b.*?</\1>", "", response.content.decode())
    return html.unescape(re.sub(r"<[^>]*>", " ", body))


MODELS = pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda m: m._meta.label)


@pytest.mark.parametrize(
    "model",
    # People are edited by superusers, and nobody else sees them.
    [model for model in admin.site._registry if model is not get_user_model()],
    ids=lambda m: m._meta.label,
)
def test_a_read_only_page_contains_no_python_or_database_representation(
    client, records, viewer, model
):
    client.force_login(viewer)
    record = records.get(model) or model.objects.last()

    for page in ("changelist", "change", "history"):
        response = client.get(address(model, page, *([] if page == "changelist" else [record.pk])))
        assert response.status_code == 200
        if page == "change":
            assert 'name="_save"' not in response.content.decode()
        assert re.findall(f".*(?:{RAW_REPRESENTATION.pattern}).*", text_of(response)) == []


@MODELS
def test_an_empty_form_contains_no_python_or_database_representation(admin_client, units, model):
    response = admin_client.get(address(model, "add"))

    if response.status_code != 403:
        assert response.status_code == 200
        assert re.findall(f".*(?:{RAW_REPRESENTATION.pattern}).*", text_of(response)) == []


def read_only(response):
    """{name: text} of the fields of the main form that cannot be edited."""
    return {
        field.field["name"]: html.unescape(re.sub("<[^>]*>", "", field.contents()))
        for fieldset in response.context["adminform"]
        for line in fieldset
        for field in line
        if getattr(field, "is_readonly", False)
    }


def test_read_only_values_use_the_display_formats(client, records, viewer):
    client.force_login(viewer)

    product = read_only(client.get(address(Product, "change", records[Product].pk)))
    rating = OcopRating.objects.get(decision=None)
    decided = read_only(client.get(address(OcopRating, "change", rating.pk)))
    right = read_only(client.get(address(IpRight, "change", records[IpRight].pk)))

    assert {name: product[name] for name in ("point", "position", "sector", "state", "gtin")} == {
        "point": "11.6500000, 109.0500000",
        "position": "đo đạc",
        "sector": "trồng trọt",
        "state": "chờ duyệt",
        "gtin": "-",
    }
    assert product["old_commune"] == "xã Vĩnh Hậu, huyện Minh Hải (đến hết 29/2/2024)"
    assert product["commune"] == "xã Vĩnh Hậu, tỉnh Khánh Hậu (từ 1/3/2024)"
    assert product["producer"] == f"{records[Producer].name} ({records[Producer].code})"
    assert (decided["decided"], decided["stars"]) == ("1/1/2024 – 15/3/2024", "3 sao")
    assert (right["granted"], right["kind"]) == ("1/1/2024 – 15/3/2024", "nhãn hiệu chứng nhận")


# --- labels --------------------------------------------------------------------------------


def suggested(client, term, model=Product, field="declared_commune"):
    response = client.get(
        reverse("admin:autocomplete"),
        {
            "app_label": model._meta.app_label,
            "model_name": model._meta.model_name,
            "field_name": field,
            "term": term,
        },
    )
    return [result["text"] for result in response.json()["results"]]


def test_suggestions_distinguish_units_with_the_same_name(admin_client, units):
    assert suggested(admin_client, "Vĩnh Hậu") == [
        "xã Vĩnh Hậu, huyện Minh Hải (đến hết 29/2/2024)",
        "xã Vĩnh Hậu, tỉnh Khánh Hậu (từ 1/3/2024)",
    ]


def test_the_label_of_a_unit_contains_both_known_dates(units):
    first = datetime.date(2009, 1, 1)
    unit = UnitFactory(name="Phước Khoa", validity=span(first, CHANGE), parent=units["district"])

    assert unit.label == "xã Phước Khoa, huyện Minh Hải (từ 1/1/2009 đến hết 29/2/2024)"


def test_the_number_of_queries_for_suggestions_is_constant(
    admin_client, units, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(10) as found:
            suggested(admin_client, "Hậu")
        return len(found)

    baseline = queries()
    for number in range(8):
        UnitFactory(name=f"Hậu {number}", parent=units["district"])

    assert queries() == baseline


def test_the_form_of_a_product_takes_few_queries(client, units, django_assert_max_num_queries):
    """Django asks about twenty times for one form whether the record may be changed."""
    product = ProductFactory(declared_commune=units["then"])
    client.force_login(editor_of(units["then"]))
    url = reverse("admin:ocop_product_change", args=[product.pk])
    assert client.get(url).status_code == 200

    with django_assert_max_num_queries(75):
        client.get(url)


def test_suggestions_distinguish_records_with_the_same_name(admin_client):
    for code in ("THU-1", "THU-2"):
        ProducerFactory(name="HTX Nho", code=code)

    assert suggested(admin_client, "nho", field="producer") == [
        "HTX Nho (THU-1)",
        "HTX Nho (THU-2)",
    ]


def test_a_selected_record_has_the_label_of_its_suggestion(admin_client, units):
    producer = ProducerFactory(name="HTX Nho", code="THU-1")
    product = ProductFactory(declared_commune=units["then"], producer=producer)
    right = IpRightFactory()
    AreaUnit.objects.create(right=right, unit=units["now"])
    person = editor_of(units["now"])
    SuccessionFactory(predecessor=units["then"], successor=units["new"])

    chosen = {
        record: re.findall(
            r"<option[^>]*selected[^>]*>([^<]*)</option>",
            admin_client.get(address(type(record), "change", record.pk)).content.decode(),
        )
        for record in (product, right, person, units["new"])
    }

    assert {"xã Vĩnh Hậu, huyện Minh Hải (đến hết 29/2/2024)", "HTX Nho (THU-1)"} <= set(
        chosen[product]
    )
    assert "xã Vĩnh Hậu, tỉnh Khánh Hậu (từ 1/3/2024)" in chosen[right]
    assert "xã Vĩnh Hậu, tỉnh Khánh Hậu (từ 1/3/2024)" in chosen[person]
    assert "xã Vĩnh Hậu, huyện Minh Hải (đến hết 29/2/2024)" in chosen[units["new"]]


def test_the_list_filter_offers_only_districts_with_records(admin_client, units):
    ProductFactory(declared_commune=units["then"])

    page = admin_client.get(address(Product, "changelist")).content.decode()

    offered = re.findall(r"\?district__id__exact=\d+[^>]*>\s*([^<]*?)\s*<", page)
    assert offered == ["huyện Minh Hải"]
