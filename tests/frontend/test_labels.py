"""Labels of ratings, units and shares, in Vietnamese and English."""

import datetime
from types import SimpleNamespace

import pytest
from django.utils import translation

from districts.models import Unit
from frontend import labels
from frontend.templatetags.frontend import (
    card_place,
    day_range,
    place_label,
    unit_heading,
    unit_name,
)
from geodata.spans import day_span, span, span_of
from products.register.models import Basis

DAY = "2026-11-23"
PROVINCE = Unit(kind="tỉnh", name="Khánh Hậu")
COMMUNE = Unit(kind="xã", name="Vĩnh Hậu", parent=PROVINCE)
CITY = Unit(kind="thành phố", name="Phan Lang")


def rating(decided, *, ends_by=None, **values):
    fields = {"pk": 1, "stars": 4, "nominated_stars": None, "revocation_day": None}
    return SimpleNamespace(**fields | {"decided": decided, "ends_by": ends_by} | values)


def product(stars=None, rating_pk=1):
    return SimpleNamespace(stars=stars, rating_pk=rating_pk)


@pytest.mark.parametrize(
    ("rating", "product", "text"),
    [
        (rating(span_of(2025)), product(stars=4), "4 sao"),
        # Its stars are those of another rating.
        (rating(span_of(2025)), product(stars=3, rating_pk=2), "Được xếp 4 sao (2025)"),
        (rating(span_of(2025)), product(), "Được xếp 4 sao (2025)"),
        (rating(day_span(datetime.date(2025, 3, 4))), product(), "Được xếp 4 sao (2025)"),
        (rating(span(datetime.date(2024, 5, 1), None)), product(), "Được xếp 4 sao"),
        (
            rating(span(datetime.date(2023, 12, 1), datetime.date(2024, 2, 1))),
            product(),
            "Được xếp 4 sao",
        ),
        (rating(None), product(), "Được xếp 4 sao"),
        (rating(span_of(2020), ends_by=datetime.date(2026, 11, 22)), product(), "Từng được 4 sao"),
        (
            rating(span_of(2023), ends_by=datetime.date(2026, 11, 23)),
            product(),
            "Được xếp 4 sao (2023)",
        ),
        (
            rating(span_of(2025), revocation_day=datetime.date(2026, 1, 1)),
            product(),
            "Từng được 4 sao, đã thu hồi",
        ),
        (
            rating(span_of(2025), stars=None),
            product(),
            "Nguồn gọi là sản phẩm OCOP, không nêu số sao",
        ),
        (rating(span_of(2025), stars=None, nominated_stars=5), product(), ""),
    ],
)
def test_a_rating_is_in_the_present_tense_only_while_it_is_known_to_be_valid(
    on_day, rating, product, text
):
    on_day(DAY)

    assert labels.rating_heading(rating, product) == text


@pytest.mark.parametrize(
    ("language", "unit", "label"),
    [
        ("vi", COMMUNE, "xã Vĩnh Hậu"),
        ("en", COMMUNE, "Vĩnh Hậu commune"),
        ("en", PROVINCE, "Khánh Hậu province"),
        ("en", CITY, "Phan Lang city"),
        # A kind that is not translated is shown as the register spells it.
        ("en", Unit(kind="đặc khu", name="Trường Sa"), "Trường Sa đặc khu"),
    ],
)
def test_a_unit_is_named_with_its_kind(language, unit, label):
    with translation.override(language):
        assert labels.unit_label(unit) == label


@pytest.mark.parametrize(
    ("language", "name", "heading"),
    [
        ("vi", '<span lang="vi">xã Vĩnh &lt;Hải</span>', "Xã Vĩnh <Hải"),
        (
            "en",
            '<span><span lang="vi">Vĩnh &lt;Hải</span> commune</span>',
            '<span><span lang="vi">Vĩnh &lt;Hải</span> commune</span>',
        ),
    ],
)
def test_the_vietnamese_part_of_a_unit_is_marked_and_escaped(language, name, heading):
    unit = Unit(kind="xã", name="Vĩnh <Hải")
    with translation.override(language):
        assert unit_name(unit) == name
        assert unit_heading(unit) == heading


@pytest.mark.parametrize(
    ("language", "place"),
    [
        (
            "vi",
            '<span class="place-now"><span lang="vi">xã Vĩnh Hậu</span>,'
            ' <span lang="vi">tỉnh Khánh Hậu</span></span>'
            ' <span class="place-before">trước 1/3/2024: <span lang="vi">xã Nhơn Hậu</span>,'
            ' <span lang="vi">huyện Minh Hải</span></span>',
        ),
        (
            "en",
            '<span class="place-now"><span><span lang="vi">Vĩnh Hậu</span> commune</span>,'
            ' <span><span lang="vi">Khánh Hậu</span> province</span></span>',
        ),
    ],
)
def test_present_and_former_units_of_a_place_are_apart(language, place):
    record = SimpleNamespace(
        commune=COMMUNE,
        old_commune=Unit(kind="xã", name="Nhơn Hậu"),
        district=Unit(kind="huyện", name="Minh Hải"),
    )
    with translation.override(language):
        assert place_label(record).startswith(place)


def test_the_present_commune_is_never_joined_to_the_former_district():
    old, district = Unit(kind="xã", name="Nhơn Hậu"), Unit(kind="huyện", name="Minh Hải")

    def label(commune, old_commune, district):
        units = {"commune": commune, "old_commune": old_commune, "district": district}
        return labels.place_label(SimpleNamespace(**units))

    now, then = "xã Vĩnh Hậu, tỉnh Khánh Hậu", "trước 1/3/2024: xã Nhơn Hậu, huyện Minh Hải"
    assert label(COMMUNE, old, district) == f"{now} ({then})"
    assert label(COMMUNE, None, None) == now
    assert label(None, old, district) == then
    assert label(None, None, district) == "trước 1/3/2024: huyện Minh Hải"
    # Present units may have no parent yet.
    assert label(Unit(kind="xã", name="An Hậu"), None, None) == "xã An Hậu"


def test_a_card_names_the_smallest_known_unit_and_of_a_former_one_its_kind():
    district = Unit(kind="huyện", name="Minh Hải")
    record = SimpleNamespace(commune=COMMUNE, old_commune=None, district=district)
    assert card_place(record) == '<span lang="vi">Vĩnh Hậu</span>'
    record.commune = None
    assert card_place(record) == '<span lang="vi">Minh Hải</span> (huyện cũ)'


@pytest.mark.parametrize(
    ("status", "rated_to", "at_least_to", "term"),
    [
        ("valid", (2027, 12, 10), (2027, 12, 10), "đến 12/2027"),
        ("expiring", (2027, 12, 31), (2027, 1, 1), "ít nhất đến 1/2027"),
        ("expired", (2023, 12, 31), (2023, 1, 1), "đến 12/2023"),
        ("unknown", (2026, 12, 31), (2026, 9, 25), ""),
        ("revoked", (2027, 12, 10), (2027, 12, 10), ""),
    ],
)
def test_a_card_has_the_month_in_which_a_rating_ends(status, rated_to, at_least_to, term):
    days = {
        "rated_to": datetime.date(*rated_to),
        "holds_at_least_to": datetime.date(*at_least_to),
    }
    assert labels.term_label(SimpleNamespace(ocop_status=status, **days)) == term


def test_a_record_without_units_has_a_text_instead():
    nowhere = SimpleNamespace(commune=None, old_commune=None, district=None)

    assert card_place(nowhere) == "chưa rõ nơi"
    assert labels.place_label(nowhere) == place_label(nowhere) == "chưa rõ nơi"


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("Nho được xếp hạng 4 sao.", "Nho được xếp hạng 4 sao."),
        ("Ông nói: “Rất ngọt.”", "Ông nói: “Rất ngọt.”"),
        ("mật nho, vang nho của cơ sở", "… mật nho, vang nho của cơ sở …"),
        ("Nho sấy, siro nho (xã", "Nho sấy, siro nho (xã …"),
        ("Còn nữa…", "Còn nữa…"),
    ],
)
def test_a_quotation_cut_inside_of_a_sentence_has_an_ellipsis(quote, shown):
    assert labels.quotation(quote) == shown


def test_the_name_of_a_source_contains_no_path_of_a_repository():
    name = "ai/ranh-gioi@cd580632 (json/geojson/56/wards), gốc: example.org (bản 2/2025); (đã sửa)"

    shown = labels.without_repository_paths(name)

    assert shown == "ai/ranh-gioi, gốc: example.org (bản 2/2025); (đã sửa)"


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("vi", "họp 10/12/2024, số 5/12/2024-A và 31/2/2024"),
        ("en", "họp 10 December 2024, số 5 December 2024-A và 31/2/2024"),
    ],
)
def test_dates_in_vietnamese_texts_are_clear_on_english_pages(language, shown):
    with translation.override(language):
        assert labels.with_clear_dates("họp 10/12/2024, số 5/12/2024-A và 31/2/2024") == shown


def test_a_period_of_one_day_has_one_date():
    one, other = datetime.date(2026, 11, 27), datetime.date(2026, 11, 28)
    noon = datetime.datetime(2026, 11, 27, 12, tzinfo=datetime.UTC)
    assert day_range((one, one)) == day_range((one, noon)) == "27/11/2026"
    assert day_range((one, other)) == "27/11/2026 – 28/11/2026"
    assert day_range((None, other)) == "… – 28/11/2026"


@pytest.mark.parametrize(
    ("language", "share", "text"),
    [("vi", 0.1417, "14 %"), ("en", 0.1417, "14%"), ("en", 1, "100%"), ("en", 0, "0%")],
)
def test_a_share_is_written_in_percent(language, share, text):
    with translation.override(language):
        assert labels.percent_label(share) == text


@pytest.mark.parametrize(
    ("basis", "note"),
    [
        ("", ""),
        (Basis.STATED, ""),
        (Basis.INFERRED, "tự phân loại"),
        (Basis.BRAND, "theo nhãn hiệu trên sản phẩm"),
    ],
)
def test_a_value_that_its_source_does_not_state_has_a_note(basis, note):
    assert labels.basis_note(basis) == note


@pytest.mark.parametrize(
    ("basis", "note"),
    [
        (Basis.STATED, ""),
        (Basis.BACK_TRANSLATED, "Tên dịch ngược, có thể khác tên gốc."),
        (Basis.GENERIC, "Tên chung: nguồn không nêu tên riêng của sản phẩm."),
    ],
)
def test_a_name_that_its_producer_does_not_use_has_a_note(basis, note):
    assert labels.name_note(SimpleNamespace(name_basis=basis)) == note


@pytest.mark.parametrize(
    ("basis", "status", "mark"),
    [
        (Basis.BACK_TRANSLATED, "valid", "tên dịch ngược, chưa xác minh"),
        (Basis.BACK_TRANSLATED, "expiring", "tên dịch ngược, chưa xác minh"),
        (Basis.BACK_TRANSLATED, "expired", "tên dịch ngược"),
        (Basis.STATED, "valid", ""),
        (Basis.GENERIC, "valid", ""),
    ],
)
def test_a_name_that_was_translated_back_is_marked_in_lists(basis, status, mark):
    product = SimpleNamespace(name_basis=basis, ocop_status=status)

    assert labels.name_mark(product) == mark
