"""The pages of decisions: form, PDF, ratings entered by hand, the preview of an annex."""

import datetime
import html
import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from frontend.workspace import decisions as pages
from geodata.spans import day_span, span_of
from products.ocop.annex import AnnexRow
from products.ocop.annex.files import read
from products.ocop.matching import Matcher
from products.ocop.models import Decision, OcopRating, Product
from products.register.models import Producer, Proposal
from tests.factories import (
    CategoryFactory,
    DecisionFactory,
    ProducerFactory,
    ProductFactory,
    RatingFactory,
    SourceFactory,
    UnitFactory,
    UserFactory,
    editor_of,
    publisher_of,
)
from tests.versions import version_of

pytestmark = pytest.mark.django_db

DAY = datetime.date(2024, 12, 10)
PDF = b"%PDF-1.7\n%\xe2\xe3"
HEADER = ["STT", "Tên sản phẩm", "Chủ thể", "Xã", "Nhóm sản phẩm", "Xếp hạng", "Điểm"]


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch):
    # A process for each file takes a second; test_annex.py and the browser test start it.
    monkeypatch.setattr(pages, "read_in_child", read)


@pytest.fixture
def commune():
    return UnitFactory(kind="xã", name="An Hậu")


@pytest.fixture
def official(client, commune):
    client.force_login(publisher_of(commune))
    return client


def page(decision, name):
    return reverse(f"admin:ocop_decision_{name}", args=[decision.pk])


def text_of(response):
    body = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(body).split())


def fields_of(response):
    """The data of the form that a browser would submit unchanged."""
    formset = response.context["formset"]
    data = {}
    for form in (formset.management_form, *formset.forms):
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = value
    return data


def annex(*rows):
    book = openpyxl.Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return SimpleUploadedFile("phu-luc.xlsx", stream.getvalue())


# --- the form ------------------------------------------------------------------------------


def decision_data(**values):
    return {
        "number": "12 / QĐ-UBND",
        "issuer": "UBND tỉnh Mẫu",
        "day": "10/12/2024",
        "revocation_reason": "",
    } | values


def test_a_decision_is_added_with_its_pdf_which_only_stewards_can_read(official, client):
    data = decision_data(file=SimpleUploadedFile("Quyết định.pdf", PDF))
    assert official.post(reverse("admin:ocop_decision_add"), data).status_code == 302

    decision = Decision.objects.get()
    assert (decision.number, decision.day) == ("12/QĐ-UBND", day_span(DAY))
    assert re.fullmatch(r"[0-9a-f]{32}\.pdf", decision.file.name)
    response = official.get(page(decision, "pdf"))
    assert b"".join(response.streaming_content) == PDF
    assert response.headers["Content-Type"] == "application/pdf"
    assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))

    assert client.get(f"/anh/{decision.file.name}").status_code == 404
    client.force_login(UserFactory())
    assert client.get(page(decision, "pdf")).status_code == 403
    client.logout()
    assert client.get(page(decision, "pdf")).status_code == 302


def test_a_file_that_is_no_pdf_is_reported_at_its_field(official):
    data = decision_data(file=SimpleUploadedFile("a.pdf", b"MZ\x90"))

    response = official.post(reverse("admin:ocop_decision_add"), data)

    assert "Tệp không phải là PDF." in text_of(response)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": "Quyết định của tỉnh"}, "number"),
        ({"day": "12/2023 – 1/2024"}, "day"),
        ({"revoked_on": "2025-01-01"}, "revocation_reason"),
        ({"revoked_on": "2024-01-01", "revocation_reason": "Sai"}, "revoked_on"),
    ],
)
def test_a_violated_rule_is_a_sentence_at_its_field(official, values, field):
    response = official.post(reverse("admin:ocop_decision_add"), decision_data(**values))

    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == [field]


def test_the_same_decision_is_refused_a_second_time(official):
    official.post(reverse("admin:ocop_decision_add"), decision_data())

    response = official.post(reverse("admin:ocop_decision_add"), decision_data())

    assert "Đã có quyết định mang số này" in text_of(response)


def test_a_decision_of_products_elsewhere_is_displayed_but_not_changed(official):
    decision = DecisionFactory()
    RatingFactory(decision=decision, product__published=True)

    response = official.get(page(decision, "change"))

    assert 'name="_save"' not in response.content.decode()
    assert official.post(page(decision, "change"), decision_data()).status_code == 403


def test_nobody_without_stewardship_sees_decisions(client):
    decision = DecisionFactory()
    client.force_login(UserFactory())

    for name in ("change", "rate", "annex", "pdf"):
        assert client.get(page(decision, name)).status_code == 403


# --- the form of a rating ------------------------------------------------------------------


def test_with_a_decision_a_rating_needs_neither_day_nor_source(official, commune):
    product, decision = ProductFactory(declared_commune=commune), DecisionFactory(on=DAY)
    rating = RatingFactory(product=product, decided=span_of(2024), decision_text="đợt 2")
    product.refresh_from_db()
    url = reverse("admin:ocop_ocoprating_change", args=[rating.pk])
    data = {"stars": 4, "decision": decision.pk, "version": product.version, "source": ""}

    response = official.post(url, data)
    assert response.status_code == 302, response.context["adminform"].form.errors

    rating.refresh_from_db()
    assert (rating.decided, rating.source) == (day_span(DAY), decision.source)
    form = official.get(url).content.decode()
    assert re.search(r'<input type="hidden" name="decision_text"', form)
    assert re.search(r'name="decided"[^>]* readonly', form)


def test_without_a_decision_a_rating_needs_its_day(official, commune):
    rating = RatingFactory(product__declared_commune=commune)
    url = reverse("admin:ocop_ocoprating_change", args=[rating.pk])

    response = official.post(url, {"stars": 4, "version": version_of(rating.product)})

    assert set(response.context["adminform"].form.errors) == {"decided"}


# --- ratings by hand -----------------------------------------------------------------------


def test_ratings_of_many_products_are_entered_at_once(official, commune):
    decision = DecisionFactory(on=DAY)
    products = [ProductFactory(declared_commune=commune) for _ in range(2)]
    press = RatingFactory(product=products[1], decided=span_of(2024), stars=3)
    data = fields_of(official.get(page(decision, "rate")))
    for number, product in enumerate(products):
        data |= {f"form-{number}-product": product.pk, f"form-{number}-stars": 4}
    data["form-0-score"] = "75,5"

    offered = official.post(page(decision, "rate"), data)
    assert "thay hay bỏ dòng này" in text_of(offered)
    assert OcopRating.objects.get() == press

    data = fields_of(offered) | {"form-1-replace": "on"}
    assert official.post(page(decision, "rate"), data).status_code == 302
    rated = OcopRating.objects.order_by("product").values_list("product", "stars", "decision")
    assert list(rated) == [(product.pk, 4, decision.pk) for product in products]
    assert str(decision.ratings.get(product=products[0]).score) == "75.50"


def test_products_elsewhere_cannot_be_chosen(official):
    product, decision = ProductFactory(published=True), DecisionFactory()
    data = fields_of(official.get(page(decision, "rate")))
    data |= {"form-0-product": product.pk, "form-0-stars": 4}

    response = official.post(page(decision, "rate"), data)

    assert list(response.context["formset"].forms[0].errors) == ["product"]


# --- the annex -----------------------------------------------------------------------------


@pytest.mark.usefixtures("self_publish")
def test_an_annex_is_shown_corrected_and_written(official, commune):
    decision = DecisionFactory(on=DAY)
    maker = ProducerFactory(name="Hợp tác xã Nho Xanh", published=True)
    known = ProductFactory(name="Nho đỏ", producer=maker, declared_commune=commune, published=True)
    category = CategoryFactory(name="thực phẩm")
    rows = [
        [1, "Nho đỏ", "HTX Nho Xanh", "xã An Hậu", "Nhóm thực phẩm", "4 sao", "75,5"],
        [2, "Táo sấy", "HTX Nho Xanh", "An Hậu", "thực phẩm", "★★★", 60],
        [3, "Mật nho", "HTX Mới", "xã An Hậu", "", "3 sao", 61],
        [4, "Rượu nho", "HTX Mới", "xã An Hậu", "", "hai sao", 62],
    ]

    preview = official.post(page(decision, "annex"), {"file": annex(*rows)})
    data = fields_of(preview)
    assert not OcopRating.objects.exists()
    assert [data[f"form-{n}-match"] for n in range(4)] == [str(known.pk), "new", "new", "new"]
    assert "Trong tệp: hai sao" in text_of(preview)

    refused = official.post(page(decision, "annex"), data)
    assert "1 dòng có lỗi" in text_of(refused)
    assert not OcopRating.objects.exists()

    del data["form-3-use"]
    assert official.post(page(decision, "annex"), data).status_code == 302
    assert set(decision.ratings.values_list("product__name", "stars")) == {
        ("Nho đỏ", 4),
        ("Táo sấy", 3),
        ("Mật nho", 3),
    }
    new = Product.objects.get(name="Táo sấy")
    assert (new.state, new.producer, new.category) == ("draft", maker, category)
    assert (new.declared_commune, new.source) == (commune, decision.source)
    assert Producer.objects.get(name="HTX Mới").state == "draft"

    # A second time, the new products are found and nothing is added.
    again = fields_of(official.post(page(decision, "annex"), {"file": annex(*rows[:3])}))
    assert official.post(page(decision, "annex"), again).status_code == 302
    assert (Product.objects.count(), OcopRating.objects.count()) == (3, 3)


def test_products_of_the_same_name_are_to_be_chosen(official, commune):
    decision = DecisionFactory(on=DAY)
    same = [ProductFactory(name="Nho đỏ", declared_commune=commune) for _ in range(2)]
    row = [1, "Nho đỏ", "", "xã An Hậu", "", "4 sao", "75,5"]
    preview = official.post(page(decision, "annex"), {"file": annex(row)})
    data = fields_of(preview)
    assert data["form-0-match"] == ""

    response = official.post(page(decision, "annex"), data)
    assert list(response.context["formset"].forms[0].errors) == ["match"]

    # The chosen one is accepted although the corrected name is another.
    data |= {"form-0-match": str(same[1].pk), "form-0-name": "Nho đỏ An Hậu"}
    assert official.post(page(decision, "annex"), data).status_code == 302
    assert decision.ratings.get().product == same[1]


def test_a_product_is_found_by_its_code():
    product = ProductFactory(name="Nho", published=True)
    row = AnnexRow("dòng 1", code=product.code.lower(), name="Khác")

    assert Matcher(UserFactory(), [row]).match(row).product == product


def test_drafts_elsewhere_are_not_offered(official):
    decision = DecisionFactory(on=DAY)
    ProductFactory(name="Nho bí mật")
    row = [1, "Nho bí mật", "", "xã An Hậu", "", "4 sao", "75,5"]

    preview = official.post(page(decision, "annex"), {"file": annex(row)})

    assert fields_of(preview)["form-0-match"] == "new"


@pytest.mark.parametrize(
    ("agreed", "written"),
    [({}, False), ({"form-0-replace": "on"}, True), ({"replace_all": "on"}, True)],
)
def test_a_rating_of_the_press_is_replaced_if_the_official_agrees(
    official, commune, agreed, written
):
    decision = DecisionFactory(on=DAY)
    maker = ProducerFactory(name="HTX Nho", published=True)
    product = ProductFactory(name="Nho đỏ", producer=maker, declared_commune=commune)
    press = RatingFactory(product=product, decided=span_of(2024))
    row = [1, "Nho đỏ", "HTX Nho", "xã An Hậu", "", "4 sao", "75,5"]
    preview = official.post(page(decision, "annex"), {"file": annex(row)})
    assert "“3 sao (2024)” (example.org)" in text_of(preview)

    official.post(page(decision, "annex"), fields_of(preview) | agreed)

    assert decision.ratings.exists() == written
    assert OcopRating.objects.filter(pk=press.pk).exists() != written


def test_an_editors_rating_of_a_published_product_is_proposed(client, commune):
    client.force_login(editor_of(commune))
    decision = DecisionFactory(on=DAY)
    public = ProductFactory(name="Nho", declared_commune=commune, published=True)
    draft = ProductFactory(name="Táo", declared_commune=commune)
    rows = [[n, name, "", "xã An Hậu", "", 3, 60] for n, name in ((1, "Nho"), (2, "Táo"))]
    data = fields_of(client.post(page(decision, "annex"), {"file": annex(*rows)}))
    for number, product in enumerate(Product.objects.order_by("name")):
        data[f"form-{number}-match"] = str(product.pk)

    client.post(page(decision, "annex"), data)

    assert (draft.ratings.get().stars, public.ratings.count()) == (3, 0)
    (operation,) = Proposal.objects.get(record_id=public.pk).parts
    assert (operation["op"], operation["fields"]["decision"]) == ("add", decision.pk)


def test_an_unknown_commune_is_reported_at_its_field(official):
    decision = DecisionFactory(on=DAY)
    row = [1, "Nho", "", "xã Không Có", "", "4 sao", "75,5"]
    data = fields_of(official.post(page(decision, "annex"), {"file": annex(row)}))

    response = official.post(page(decision, "annex"), data)

    assert response.context["formset"].forms[0].errors == {
        "commune": ["Không có đơn vị nào tên “xã Không Có”."]
    }


def test_a_file_that_is_no_annex_is_refused_in_words(official):
    decision = DecisionFactory()

    response = official.post(page(decision, "annex"), {"file": SimpleUploadedFile("a.docx", b"x")})

    assert "Tệp không phải là DOCX, XLSX hay PDF." in text_of(response)
    assert "Hãy chọn tệp" in text_of(official.post(page(decision, "annex"), {}))


@pytest.mark.usefixtures("self_publish")
def test_a_steward_of_a_province_may_rate_products_without_a_place(client):
    client.force_login(publisher_of(UnitFactory(code="98")))
    decision, source = DecisionFactory(on=DAY), SourceFactory()
    product = ProductFactory(name="Nho", source=source, published=True)
    row = [1, "Nho", "", "", "", "4 sao", "75,5"]
    data = fields_of(client.post(page(decision, "annex"), {"file": annex(row)}))

    client.post(page(decision, "annex"), data | {"form-0-match": str(product.pk)})

    assert decision.ratings.get().product == product


def test_drafts_of_other_areas_are_only_counted_on_the_page_of_a_decision(client, commune):
    decision = DecisionFactory(on=DAY)
    RatingFactory(decision=decision, product__name="Công khai", product__published=True)
    RatingFactory(decision=decision, product__name="Bí mật")
    RatingFactory(decision=decision, product__name="Của tôi", product__declared_commune=commune)
    client.force_login(editor_of(commune))

    text = text_of(client.get(page(decision, "change")))

    assert ("Công khai" in text, "Của tôi" in text, "Bí mật" in text) == (True, True, False)
    assert "Và 1 hồ sơ chưa công bố của địa bàn khác." in text


@pytest.mark.parametrize("values", [{"code": "A\0"}, {"match": "9" * 5000}, {"name": "N" * 9000}])
def test_a_row_of_an_annex_that_no_browser_sends_is_no_error_of_the_software(official, values):
    decision = DecisionFactory(on=DAY)
    data = fields_of(
        official.post(page(decision, "annex"), {"file": annex([1, "Nho", "", "", "", 3, 60])})
    )

    response = official.post(
        page(decision, "annex"), data | {f"form-0-{name}": text for name, text in values.items()}
    )

    assert response.status_code in (200, 302)
