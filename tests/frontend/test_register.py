"""The register of protected names: searched and filtered by its query string."""

import datetime
import re

import pytest
from django.urls import reverse

from geodata.spans import span_of
from products.register.states import State
from tests.factories import IpRightFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rights():
    IpRightFactory(published=True, name="Nho Minh Thuần", kind="geographical_indication")
    IpRightFactory(published=True, name="Táo Minh Thuần", granted=span_of(2008))
    IpRightFactory(published=True, name="Tỏi Phan Lang", expires=datetime.date(2030, 1, 1))
    IpRightFactory(published=True, name="Rong sụn", stage="pending")
    IpRightFactory(name="Nho bí mật", state=State.DRAFT)


def search(client, **query):
    body = client.get(reverse("frontend:protections"), query).content.decode()
    names = re.findall(r'class="register-name"[^>]*>([^<]+)', body)
    return body, names, re.search(r'class="register-count">([^<]+)', body)[1]


@pytest.mark.parametrize(
    ("query", "names", "count"),
    [
        ({}, ["Nho Minh Thuần", "Rong sụn", "Táo Minh Thuần", "Tỏi Phan Lang"], "4 quyền"),
        ({"q": "toi phan lang"}, ["Tỏi Phan Lang"], "1 trong 4 quyền"),
        ({"loai": "geographical_indication"}, ["Nho Minh Thuần"], "1 trong 4 quyền"),
        ({"hieu-luc": "pending"}, ["Rong sụn"], "1 trong 4 quyền"),
        ({"hieu-luc": "renewal_unknown", "q": "minh"}, ["Táo Minh Thuần"], "1 trong 4 quyền"),
        ({"q": "cam"}, [], "0 trong 4 quyền"),
        # Values that are not a choice are ignored.
        (
            {"loai": "x"},
            ["Nho Minh Thuần", "Rong sụn", "Táo Minh Thuần", "Tỏi Phan Lang"],
            "4 quyền",
        ),
        ({"loai": "x", "q": "minh"}, ["Nho Minh Thuần", "Táo Minh Thuần"], "2 trong 4 quyền"),
        # A bookmarked choice that no longer has rights shows none, not all.
        ({"hieu-luc": "refused"}, [], "0 trong 4 quyền"),
        ({"loai": "patent"}, [], "0 trong 4 quyền"),
    ],
)
def test_the_register_is_filtered_by_text_kind_and_status(
    client, rights, on_day, query, names, count
):
    on_day("2026-11-23")

    assert search(client, **query)[1:] == (names, count)


def test_every_choice_shows_its_count(client, rights, on_day):
    on_day("2026-11-23")
    body = search(client, loai="certification_mark")[0]

    assert re.findall(r"<option value=\"(\w*)\"( selected)?>([^<]+)", body) == [
        ("", "", "Tất cả"),
        ("geographical_indication", "", "Chỉ dẫn địa lý (1)"),
        ("certification_mark", " selected", "Nhãn hiệu chứng nhận (3)"),
        ("", " selected", "Tất cả"),
        ("in_force", "", "Đang được bảo hộ (2)"),
        ("renewal_unknown", "", "Chưa rõ đã gia hạn (1)"),
        ("pending", "", "Đang xin bảo hộ, chưa được bảo hộ (1)"),
    ]


def test_a_requested_choice_without_rights_remains_selected(client, rights):
    body = search(client, loai="patent")[0]

    assert '<option value="patent" selected>Sáng chế (0)' in body


def test_an_empty_result_suggests_removing_filters(client, rights):
    body = search(client, q="cam")[0]

    assert "Hãy bỏ bớt điều kiện hoặc xoá tất cả" in body
    assert f'href="{reverse("frontend:protections")}">Xoá tất cả' in body


def test_the_whole_register_can_be_downloaded(client, rights):
    links = re.findall(r'href="(/api/v1/downloads/protections\.\w+)"', search(client)[0])

    assert links == [
        f"/api/v1/downloads/protections.{ending}"
        for ending in ("csv", "xlsx", "geojson", "gpkg", "kml")
    ]
    assert client.get(links[0]).getvalue().count(b"\r\n") == 5
