"""“Sản phẩm của tôi”: search, the end of a rating, its calendar file, poster and labels."""

import datetime
import io
import re
import threading

import pdfplumber
import pypdfium2
import pytest
import vobject
import zxingcpp

from frontend import printing
from geodata.spans import span_of
from products.ocop.models import Product
from products.register.states import State
from tests.factories import ProducerFactory, ProductFactory, RatingFactory

pytestmark = pytest.mark.django_db

DAY = "2026-11-23"
# All tones and vowels of Vietnamese in one name, which is nearly as long as names may be.
LONG = "Tỏi đặc sản Ví Dụ xa ngâm mật ong rừng ạảấầẩẫậắằẳẵặẹẻẽềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ " * 2
LENGTH = Product._meta.get_field("name").max_length


@pytest.fixture(autouse=True)
def day(on_day):
    on_day(DAY)


def rated(decided=None, **values):
    """A public product, with a rating of three stars if `decided` is given."""
    product = ProductFactory(published=True, **values)
    if decided:
        RatingFactory(product=product, stars=3, decided=decided)
    return product


def get(client, product, file=""):
    return client.get(f"/cua-toi/{product.code}/{file}")


def sheet(response):
    """The pages of a PDF file as (pdfplumber page, texts of its QR codes)."""
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    pages = pdfplumber.open(io.BytesIO(response.content)).pages
    drawn = pypdfium2.PdfDocument(response.content)
    codes = [
        [code.text for code in zxingcpp.read_barcodes(one.render(scale=150 / 72).to_pil())]
        for one in drawn
    ]
    return list(zip(pages, codes, strict=True))


# --- search --------------------------------------------------------------------------------


def test_products_are_found_by_their_name_or_that_of_the_producer(client):
    maker = ProducerFactory(published=True, name="HTX Thái An")
    rated(name="Nho đỏ", producer=maker)
    rated(name="Nước mắm")
    ProductFactory(name="Nho bí mật", state=State.DRAFT)

    def found(text):
        body = client.get("/cua-toi/", {"q": text}).text
        return re.findall(r'<span lang="vi">([^<]+)</span></a>', body)

    assert found("nho do") == found("thai an") == ["Nho đỏ"]
    assert found("") == found("xoài") == []
    assert "Không có sản phẩm nào khớp" in client.get("/cua-toi/?q=xoài").text


def test_a_search_that_matches_too_many_shows_the_first_and_states_it(client, monkeypatch):
    monkeypatch.setattr("frontend.views.my_products.MOST_FOUND", 2)
    for number in range(3):
        rated(name=f"Nho {number}")

    body = client.get("/cua-toi/?q=nho").text

    assert len(re.findall('class="item-name"', body)) == 2
    assert "Ở đây là 2 sản phẩm khớp nhất" in body


# --- the end of the rating -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("decided", "day", "notice"),
    [
        (span_of(2024, 12, 10), "10/12/2027", "10/11/2027"),
        (span_of(2025), "1/1/2028", "2/12/2027"),
        (span_of(2020), "Hết hạn từ 12/2023", None),
        (span_of(2023), "Chưa xác minh hạn", None),
        (None, "Chưa được xếp hạng", None),
    ],
)
def test_the_page_states_the_end_in_large_type_and_the_day_of_the_notice(
    client, decided, day, notice
):
    body = get(client, rated(decided)).text

    assert re.findall('class="until-day">([^<]+)', body) == [day]
    found = re.findall(r"Muộn nhất ngày (\S+), nơi cấp giấy phải báo", body)
    assert found == ([notice] if notice else [])
    # Without a rating that holds, the page explains why the sheets have no stars.
    assert ("không có sao" in body) is (notice is None)
    assert ("han-ocop.ics" in body) is (notice is not None)


def test_the_rules_are_those_of_the_page_about_recognition(client):
    """Written once, each with its source."""
    product = rated(span_of(2024, 12, 10))
    pages = [get(client, product).text, client.get("/cong-nhan-ocop/").text]

    for rule in ("Xã nhận hồ sơ, kiểm tra", "Muộn nhất 30 ngày", "tỉnh gửi lên Bộ"):
        (here,), (there,) = (re.findall(f"<[^>]*>[^<]*{rule}[^<]*<", page) for page in pages)
        assert here == there


# --- the calendar file ---------------------------------------------------------------------


def test_the_calendar_file_has_the_last_day_and_alarms_in_the_morning(client):
    product = rated(span_of(2024, 12, 10), name="Nho; táo, “khô” " + LONG[:80])
    response = get(client, product, "han-ocop.ics")
    # Another library than the one that wrote it.
    event = vobject.readOne(response.content.decode()).vevent

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert event.summary.value == f"Hết hạn OCOP: {product.name}"
    assert event.dtstart.value == datetime.date(2027, 12, 10)
    assert event.dtend.value == datetime.date(2027, 12, 11)
    assert event.url.value.endswith(f"/p/{product.code}")
    due = [datetime.datetime(2027, 12, 10) + alarm.trigger.value for alarm in event.valarm_list]
    days = [datetime.date(2027, 9, 11), datetime.date(2027, 10, 11), datetime.date(2027, 11, 10)]
    assert due == [datetime.datetime.combine(day, datetime.time(8)) for day in days]
    # RFC 5545: lines of at most 75 bytes, each ended by CRLF.
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    assert b"\n" not in response.content.replace(b"\r\n", b"")


def test_a_later_rating_moves_the_same_event(client, clear_caches):
    product = rated(span_of(2024, 12, 10))

    def event():
        return vobject.readOne(get(client, product, "han-ocop.ics").text).vevent

    before = event()
    RatingFactory(product=product, stars=4, decided=span_of(2026, 6, 1))
    # The revision increases at the commit, which a test has not.
    clear_caches()
    after = event()

    assert (after.uid.value, after.dtstart.value) == (before.uid.value, datetime.date(2029, 6, 1))
    # The version of the record, which every change increases.
    assert int(after.sequence.value) == Product.objects.get(pk=product.pk).version


# --- poster and labels ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "count"), [("ap-phich.pdf", 1), ("nhan.pdf", 24)], ids=["poster", "labels"]
)
def test_a_sheet_is_one_page_with_embedded_fonts_and_readable_codes(client, site_url, file, count):
    maker = ProducerFactory(published=True, name="HTX Thái An")
    name = LONG[:LENGTH].strip()
    product = rated(span_of(2024, 12, 10), name=name, producer=maker)

    ((page, codes),) = sheet(get(client, product, file))

    assert codes == count * [f"{site_url}/p/{product.code}"]
    assert (round(page.width), round(page.height)) == (595, 842)
    # Nothing is cut or replaced, and all letters are inside of the sheet.
    text = "".join(char["text"] for char in page.chars)
    squeezed = re.sub(r"\s", "", text)
    assert squeezed.count(re.sub(r"\s", "", name)) == count
    assert squeezed.count("OCOP3sao") == count
    assert all(char["x0"] > 0 and char["x1"] < page.width for char in page.chars)
    # Subsets have a prefix of six letters; other fonts are not in the file.
    assert all(re.match("[A-Z]{6}[+]", char["fontname"]) for char in page.chars)


@pytest.fixture
def site_url(settings):
    return settings.SITE_URL


@pytest.mark.parametrize("decided", [span_of(2020), span_of(2023), None])
def test_sheets_have_no_stars_unless_the_rating_is_known_to_hold(client, decided):
    product = rated(decided)

    for file in ("ap-phich.pdf", "nhan.pdf"):
        ((page, codes),) = sheet(get(client, product, file))
        assert "sao" not in page.extract_text()
        assert codes
    assert get(client, product, "han-ocop.ics").status_code == 404


def test_a_sheet_is_made_once_and_sent_again_only_after_a_change(client, monkeypatch):
    made = []
    monkeypatch.setattr("frontend.views.my_products.pdf", lambda *_: made.append(1) or b"%PDF")
    product = rated(span_of(2024, 12, 10))
    first = get(client, product, "nhan.pdf")
    get(client, product, "nhan.pdf")
    address = f"/cua-toi/{product.code}/nhan.pdf"

    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    # A query string makes no other sheet.
    client.get(f"{address}?x=1")
    assert len(made) == 1


def test_a_sheet_that_would_wait_too_long_is_refused_until_later(client, monkeypatch):
    monkeypatch.setattr(printing, "LONGEST_WAIT", 0.01)
    product = rated()
    with printing._one_at_a_time:
        response = get(client, product, "nhan.pdf")

    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "ETag" not in response


def test_few_requests_wait_for_a_sheet_and_the_others_are_refused_at_once(client, monkeypatch):
    """Otherwise requests for sheets would occupy the threads that pages need."""
    monkeypatch.setattr(printing, "_places", threading.BoundedSemaphore(1))
    # With a wait of this length the test would not end.
    monkeypatch.setattr(printing, "LONGEST_WAIT", 3_600)
    product = rated()
    with printing._places, printing._one_at_a_time:
        response = get(client, product, "nhan.pdf")

    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert get(client, product, "nhan.pdf").status_code == 200


@pytest.mark.parametrize("file", ["", "han-ocop.ics", "ap-phich.pdf", "nhan.pdf"])
def test_withdrawn_products_answer_410_and_unpublished_ones_404(client, file):
    gone = ProductFactory(state=State.WITHDRAWN, name="Bí mật")
    draft = ProductFactory(state=State.DRAFT)

    assert get(client, gone, file).status_code == 410
    assert get(client, draft, file).status_code == 404
    assert client.get(f"/cua-toi/MAU-SP-99999/{file}").status_code == 404
