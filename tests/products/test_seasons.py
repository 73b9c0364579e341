"""Seasons: which products are in season on a day, the calendar, the workspace, the files."""

import datetime
import re

import pghistory
import pytest
from django.conf import settings
from django.urls import reverse

from geodata import importing
from geodata.feature_tables import compare
from products.ocop.collections import PRODUCTS
from products.ocop.models import Product
from products.ocop.season_changes import store_next_changes
from products.register.importing.seasons import load_seasons
from products.register.models import Season
from tests.factories import (
    UNTIL_THE_CHANGE,
    ProductCertificateFactory,
    ProductFactory,
    ProductTypeFactory,
    SeasonFactory,
    SeasonUnitFactory,
    SourceFactory,
    UnitFactory,
    UserFactory,
    editor_of,
    publisher_of,
    square,
)
from tests.products.test_conflicts import form_data
from tests.versions import next_transaction

pytestmark = pytest.mark.django_db


def season_on(product, day):
    return (
        Product.objects.with_season_on(datetime.date.fromisoformat(day)).get(pk=product.pk).season
    )


@pytest.fixture
def grape():
    return ProductTypeFactory(code="grape", name="nho", name_en="grape")


@pytest.fixture
def red(grape):
    return ProductFactory(code="MAU-SP-1", name="Nho đỏ", type=grape, published=True)


@pytest.fixture
def district():
    return UnitFactory(code="992", name="Minh Phước", validity=UNTIL_THE_CHANGE)


@pytest.fixture
def commune(district):
    return UnitFactory(
        name="An Hậu", parent=district, area=square(109, 11.5), validity=UNTIL_THE_CHANGE
    )


# --- on a day ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "day", "expected"),
    [
        (4, 5, "2026-03-31", "out_of_season"),
        (4, 5, "2026-04-01", "in_season"),
        (4, 5, "2026-05-31", "in_season"),
        (4, 5, "2026-06-01", "out_of_season"),
        (7, 7, "2026-07-15", "in_season"),
        (7, 7, "2026-08-01", "out_of_season"),
        # Over the turn of the year.
        (11, 2, "2026-10-31", "out_of_season"),
        (11, 2, "2026-11-01", "in_season"),
        (11, 2, "2026-12-31", "in_season"),
        (11, 2, "2027-01-01", "in_season"),
        (11, 2, "2027-02-28", "in_season"),
        (11, 2, "2027-03-01", "out_of_season"),
    ],
)
def test_a_product_is_in_season_in_the_stated_months_only(grape, red, first, last, day, expected):
    SeasonFactory(type=grape, from_month=first, to_month=last)

    assert season_on(red, day) == expected


def test_the_months_of_a_season_are_those_in_which_the_database_finds_it(grape):
    every = [(first, last) for first in range(1, 13) for last in range(1, 13)]
    source = SourceFactory()
    Season.objects.bulk_create(
        Season(type=grape, from_month=first, to_month=last, source=source) for first, last in every
    )

    found = {season.pk: [] for season in Season.objects.all()}
    for month in range(1, 13):
        for season in Season.objects.in_month(month):
            found[season.pk].append(month)

    assert found == {season.pk: sorted(season.months) for season in Season.objects.all()}
    winter = Season.objects.get(from_month=11, to_month=2)
    assert winter.months == [11, 12, 1, 2]


def test_the_whole_year_is_a_value_of_its_own(grape, red):
    SeasonFactory(type=grape, all_year=True)

    assert season_on(red, "2026-11-28") == "all_year"


def test_months_count_before_the_whole_year(grape, red):
    SeasonFactory(type=grape, all_year=True)
    SeasonFactory(type=grape, from_month=4, to_month=5)

    assert (season_on(red, "2026-04-10"), season_on(red, "2026-11-28")) == (
        "in_season",
        "all_year",
    )


def test_a_season_in_words_decides_nothing(grape, red):
    SeasonFactory(type=grape, statement="vụ tháng 11, thu quanh năm")

    assert season_on(red, "2026-11-28") == "unknown"
    assert list(red.seasons()) == [Season.objects.get()]


def test_the_season_of_another_type_does_not_apply(red):
    SeasonFactory(from_month=1, to_month=12)
    untyped = ProductFactory(type=None)

    assert season_on(red, "2026-11-28") == season_on(untyped, "2026-11-28") == "unknown"
    assert list(red.seasons()) == list(untyped.seasons()) == []


def test_wine_has_no_season_because_it_is_made_from_grapes(grape):
    SeasonFactory(type=grape, from_month=1, to_month=12)
    wine = ProductFactory(type=ProductTypeFactory(code="wine"))
    wine.made_from.add(grape)

    assert season_on(wine, "2026-11-28") == "unknown"


def test_the_season_of_a_variety_decides_nothing_for_a_product(grape, red):
    """Products do not state their variety."""
    SeasonFactory(type=grape, from_month=1, to_month=12, variety="NH01-152")

    assert season_on(red, "2026-11-28") == "unknown"
    assert [season.variety for season in red.seasons()] == ["NH01-152"]


@pytest.mark.parametrize("of", ["commune", "district"])
def test_a_season_with_a_place_applies_only_to_products_of_it(grape, commune, district, of):
    here = ProductFactory(type=grape, declared_commune=commune)
    in_the_district = ProductFactory(type=grape, declared_district=district)
    elsewhere = ProductFactory(type=grape, declared_commune=UnitFactory())
    anywhere = ProductFactory(type=grape)
    unit = commune if of == "commune" else district
    season = SeasonFactory(type=grape, from_month=11, to_month=2)
    SeasonUnitFactory(season=season, unit=unit)
    SeasonUnitFactory(season=season, unit=UnitFactory())

    expected = {
        here: "in_season",
        in_the_district: "in_season" if of == "district" else "unknown",
        elsewhere: "unknown",
        anywhere: "unknown",
    }
    Product.objects.all().assign_units()
    for product, value in expected.items():
        product.refresh_from_db()
        assert season_on(product, "2026-11-28") == value
        assert list(product.seasons()) == ([] if value == "unknown" else [season])


def test_a_season_with_two_units_of_a_product_is_listed_once(grape, commune, district):
    product = ProductFactory(type=grape, declared_commune=commune)
    Product.objects.all().assign_units()
    product.refresh_from_db()
    season = SeasonFactory(type=grape)
    season.units.set([commune, district])

    assert list(product.seasons()) == [season]


def test_a_season_whose_place_is_known_in_words_alone_applies_to_no_product(grape, red):
    SeasonFactory(type=grape, from_month=1, to_month=12, place="Ba Mùi")

    assert season_on(red, "2026-11-28") == "unknown"
    assert list(red.seasons()) == []


# --- API -----------------------------------------------------------------------------------


ITEMS = "/api/v1/collections/products/items"
# The stored periods are those of the years around the current one.
YEAR = datetime.date.today().year


def published_seasons(client, query=""):
    """{id: season} of the products in the API, and how they are as records."""
    found = client.get(f"{ITEMS}?{query}").json()["features"]
    return {one["id"]: one["properties"]["season"] for one in found}


def test_the_api_states_the_season_of_each_day_without_a_job(client, red, grape, on_day):
    ProductFactory(code="MAU-SP-2", published=True)
    SeasonFactory(type=grape, from_month=11, to_month=2)

    for day, state in (
        (f"{YEAR}-10-31", "out_of_season"),
        (f"{YEAR}-11-01", "in_season"),
        (f"{YEAR + 1}-02-28", "in_season"),
        (f"{YEAR + 1}-03-01", "out_of_season"),
        (f"{YEAR + 2}-11-01", "in_season"),
    ):
        on_day(day)
        assert published_seasons(client) == {"MAU-SP-1": state, "MAU-SP-2": "unknown"}
        assert published_seasons(client, f"season={state}") == {"MAU-SP-1": state}
        assert compare(PRODUCTS).different == []


def test_a_change_of_seasons_changes_the_products_of_its_type(client, red, grape, commune):
    everywhere = ProductFactory(code="MAU-SP-2", type=grape, published=True)
    ProductFactory(code="MAU-SP-3", published=True)
    red.declared_commune = commune
    red.save()
    Product.objects.all().assign_units()

    def states():
        found = published_seasons(client)
        assert compare(PRODUCTS).different == []
        return found["MAU-SP-1"], found["MAU-SP-2"], found["MAU-SP-3"]

    season = SeasonFactory(type=grape)
    assert states() == ("unknown", "unknown", "unknown")
    season.all_year = True
    season.save()
    assert states() == ("all_year", "all_year", "unknown")
    SeasonUnitFactory(season=season, unit=commune)
    assert states() == ("all_year", "unknown", "unknown")
    Product.objects.filter(pk=everywhere.pk).update(type=ProductTypeFactory())
    season.units.clear()
    assert states() == ("all_year", "unknown", "unknown")
    season.delete()
    assert states() == ("unknown", "unknown", "unknown")


def test_the_next_changes_are_stored_when_the_last_ones_have_passed(client, red, grape, on_day):
    SeasonFactory(type=grape, from_month=4, to_month=5)
    whole_year = ProductTypeFactory(code="aloe")
    SeasonFactory(type=whole_year, all_year=True)
    ProductFactory(type=whole_year, published=True)
    assert store_next_changes(None) is None
    # As if they had been written two years ago.
    rows = PRODUCTS.model.objects.filter(feature_id="MAU-SP-1")
    rows.filter(first_day__gt=datetime.date(YEAR, 1, 1)).delete()
    last = rows.order_by("first_day").last()
    rows.filter(pk=last.pk).update(until_day=datetime.date(9999, 12, 31))

    assert store_next_changes(None) == "Đã tính tiếp mùa vụ của 1 sản phẩm."

    on_day(f"{YEAR + 2}-04-01")
    assert published_seasons(client, "season=in_season") == {"MAU-SP-1": "in_season"}
    on_day(f"{YEAR}-01-01")
    assert store_next_changes(None) is None


def test_the_next_changes_are_stored_although_a_certificate_ends_later(client, red, grape, on_day):
    SeasonFactory(type=grape, from_month=4, to_month=5)
    end = datetime.date(YEAR + 10, 12, 31)
    ProductCertificateFactory(product=red, until_day=end)
    # Of the same type, with all its changes.
    ProductFactory(code="MAU-SP-2", type=grape, published=True)
    assert store_next_changes(None) is None
    # As if they had been written when the last stored change of season was in this year.
    rows = PRODUCTS.model.objects.filter(feature_id="MAU-SP-1")
    current = rows.on(datetime.date.today())
    assert rows.filter(first_day__gt=datetime.date.today(), first_day__lte=end).delete()[0] > 1
    assert current.update(until_day=end + datetime.timedelta(days=1)) == 1

    assert store_next_changes(None) == "Đã tính tiếp mùa vụ của 1 sản phẩm."

    on_day(f"{YEAR + 2}-04-01")
    assert published_seasons(client, "season=in_season").keys() == {"MAU-SP-1", "MAU-SP-2"}
    on_day(f"{YEAR + 2}-06-01")
    assert published_seasons(client, "season=in_season") == {}


def test_an_unknown_season_is_refused(client):
    response = client.get(f"{ITEMS}?season=spring")

    assert response.status_code == 400
    assert "in_season, all_year, out_of_season, unknown" in response.content.decode()


# --- pages ---------------------------------------------------------------------------------


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def table(page):
    """{header of a row: its cells as text} of the calendar."""

    def plain(html):
        return " ".join(re.sub("<[^>]*>", " ", html).split())

    (body,) = re.findall(r'<div class="calendar".*?</div>', page, re.S)
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', body, re.S)
    return {
        plain(header): [plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", cells, re.S)]
        for header, cells in rows
    }


@pytest.fixture
def several(grape, commune):
    """Seasons with months, over the turn of the year, of the whole year and in words."""
    SeasonFactory(type=grape, from_month=4, to_month=5, statement="vụ chính")
    SeasonFactory(type=grape, from_month=11, to_month=2, statement="vụ đông")
    season = SeasonFactory(type=grape, all_year=True, place="Ba Mùi", statement="thu so le")
    SeasonUnitFactory(season=season, unit=commune)
    onion = ProductTypeFactory(code="onion", name="hành tím", name_en="onion")
    SeasonFactory(type=onion, statement="vụ Tết")
    SeasonFactory(type=onion, statement="5 vụ/năm")


def test_the_calendar_has_a_row_for_each_type_place_and_variety(client, several):
    page = text_of(client, "/mua-vu/")

    rows = table(page)
    assert list(rows) == ["Hành tím", "Nho", "Nho Ở: Ba Mùi"]
    assert rows["Hành tím"] == ["vụ Tết ; 5 vụ/năm"]
    marked = [number for number, cell in enumerate(rows["Nho"], 1) if cell == "● vào mùa"]
    assert (len(rows["Nho"]), marked) == (12, [1, 2, 4, 5, 11, 12])
    assert {cell for cell in rows["Nho"] if "vào mùa" not in cell} == {""}
    assert rows["Nho Ở: Ba Mùi"] == ["quanh năm"]


def test_the_calendar_marks_the_month_of_today(client, several, on_day, clear_caches):
    for day, month in (("2026-11-30", "11"), ("2026-12-01", "12")):
        on_day(day)
        page = text_of(client, "/mua-vu/")
        marked = re.findall(r'<th scope="col" class="now" aria-current="date">(.*?)</th>', page)
        assert [re.sub("<.*?>", " ", text).split()[0] for text in marked] == [month]


def test_the_calendar_lists_each_season_with_place_source_and_products(client, several):
    source = Season.objects.get(statement="thu so le").source
    page = text_of(client, "/mua-vu/")

    section = page.partition('<section id="grape">')[2].partition("</section>")[0]
    assert "<strong>Tháng 11 đến tháng 2</strong>: " in section
    assert "<strong>Quanh năm</strong>: " in section
    assert source.url in section
    assert 'href="/?q=nho"' in section
    assert 'id="onion"' in page


def test_the_english_calendar_has_english_months_and_types(client, several):
    page = text_of(client, "/en/mua-vu/")

    assert 'href="/en/?q=grape"' in page
    assert ">Apr</span>" in page
    assert ">April" in page


@pytest.mark.django_db(transaction=True)
def test_a_change_of_a_season_is_on_the_page_at_once(client):
    season = SeasonFactory(statement="vụ Tết")
    assert "vụ Tết" in text_of(client, "/mua-vu/")

    Season.objects.filter(pk=season.pk).update(statement="vụ hè")
    assert "vụ hè" in text_of(client, "/mua-vu/")

    season.units.set([UnitFactory(name="An Hậu")])
    assert "An Hậu" in text_of(client, "/mua-vu/")


def test_an_empty_calendar_says_so(client):
    assert "Chưa có mùa nào được công bố." in text_of(client, "/mua-vu/")


@pytest.mark.parametrize(("day", "is_now"), [("2026-11-28", True), ("2026-10-28", False)])
def test_the_page_of_a_product_states_its_season(client, grape, red, on_day, day, is_now):
    SeasonFactory(type=grape, from_month=11, to_month=2, statement="vụ đông")
    SeasonFactory(statement="của loại khác")
    on_day(day)

    page = text_of(client, red.get_absolute_url())

    assert "<dt>Mùa</dt>" in page
    assert "<strong>Tháng 11 đến tháng 2</strong>" in page
    assert ("Đang vào mùa" in page) == is_now
    assert "của loại khác" not in page


def test_the_page_of_a_product_without_a_season_does_not_mention_one(client, red):
    assert "<dt>Mùa</dt>" not in text_of(client, red.get_absolute_url())


def test_the_calendar_takes_as_many_queries_for_ten_seasons_as_for_one(
    client, commune, django_assert_num_queries, clear_caches
):
    for number in range(10):
        SeasonUnitFactory(unit=commune, season__from_month=1 + number, season__to_month=12)

    # The revision, twice; the seasons, their units.
    with django_assert_num_queries(4):
        client.get("/mua-vu/")


def test_the_map_offers_the_season_as_a_filter(client):
    page = text_of(client, "/")

    names = re.findall(r'name="mua" value="(\w+)"><span class="option-name">([^<]+)<', page)
    assert names == [
        ("in_season", "Đang vào mùa"),
        ("all_year", "Quanh năm"),
        ("out_of_season", "Không vào mùa"),
        ("unknown", "Chưa rõ mùa"),
    ]


# --- officials -----------------------------------------------------------------------------


@pytest.fixture
def province():
    return UnitFactory(code=settings.PLACE.province_code)


@pytest.fixture
def publisher(client, province):
    user = publisher_of(province)
    client.force_login(user)
    return user


ADD = {
    "variety": "",
    "from_month": "11",
    "to_month": "2",
    "statement": "vụ đông",
    "place": "",
    "places-TOTAL_FORMS": "1",
    "places-INITIAL_FORMS": "0",
}


def test_publishers_of_the_province_add_a_season_with_its_units(client, publisher, grape, commune):
    data = ADD | {"type": grape.pk, "source": SourceFactory().pk, "places-0-unit": commune.pk}

    response = client.post(reverse("admin:register_season_add"), data)

    assert response.status_code == 302
    season = Season.objects.get()
    assert (season.type, season.months, list(season.units.all())) == (
        grape,
        [11, 12, 1, 2],
        [commune],
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"from_month": "0"}, "from_month"),
        ({"to_month": "13"}, "to_month"),
        ({"to_month": ""}, "from_month"),
        ({"all_year": "on"}, "from_month"),
        ({"from_month": "", "to_month": "", "statement": " "}, "statement"),
        ({"variety": "NH01\u202e"}, "variety"),
    ],
)
def test_a_contradiction_is_an_error_of_a_field(client, publisher, grape, values, field):
    data = ADD | {"type": grape.pk, "source": SourceFactory().pk, "places-TOTAL_FORMS": "0"}

    response = client.post(reverse("admin:register_season_add"), data | values)

    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == [field]
    assert not Season.objects.exists()


def test_the_list_of_seasons_has_their_months(client, publisher, grape):
    SeasonFactory(type=grape, from_month=11, to_month=2)

    page = text_of(client, reverse("admin:register_season_changelist"))

    assert "tháng 11 đến tháng 2" in page


def test_an_editor_reads_seasons_but_does_not_write_them(client, province, grape):
    season = SeasonFactory(type=grape)
    client.force_login(editor_of(province))
    page = reverse("admin:register_season_change", args=[season.pk])

    assert client.get(page).status_code == 200
    assert client.post(page, ADD).status_code == 403


def test_the_units_of_a_season_are_in_its_history(client, publisher, grape, commune):
    season = SeasonFactory(type=grape)
    page = reverse("admin:register_season_change", args=[season.pk])
    next_transaction()

    row = {"places-TOTAL_FORMS": "1", "places-0-unit": commune.pk}
    response = client.post(page, form_data(client, season) | row)

    assert response.status_code == 302
    history = text_of(client, reverse("admin:register_season_history", args=[season.pk]))
    assert "An Hậu" in history


# --- the files of the project --------------------------------------------------------------

FILE = """season_id,type,variety,pattern_as_stated,from_month,to_month,all_year,place_as_stated,\
units,source_url,source_date
MAU-MV-1,grape,,vụ đông,11,2,,An Hậu,xã An Hậu (huyện Minh Phước),https://example.org/mua,2026-06
MAU-MV-2,grape; onion,,thu quanh năm,,,yes,,,https://example.org/mua,2026-06
MAU-MV-3,,,không phải mùa,,,,,,https://example.org/mua,2026-06
"""


@pytest.fixture
def load(tmp_path, grape, commune):
    """`load(text)` imports that file of seasons; returns the report."""
    ProductTypeFactory(code="onion", name="hành tím")

    def run(text):
        next_transaction()
        path = tmp_path / "file.csv"
        path.write_text(text, encoding="utf-8")
        return importing.run("again", path, load_seasons)

    return run


def numbers(report):
    assert report.ok, report.problems
    return (report.created, report.updated, report.unchanged, report.retained)


def test_a_file_is_loaded_once_and_corrected_by_the_next(load, commune, district):
    assert numbers(load(FILE)) == (3, 0, 0, 0)
    assert numbers(load(FILE)) == (0, 0, 3, 0)
    assert numbers(load(FILE.replace("vụ đông,11,2", "vụ đông,11,3"))) == (0, 1, 2, 0)
    assert numbers(load(FILE)) == (0, 1, 2, 0)
    winter = Season.objects.get(code="MAU-MV-1")
    assert (winter.months, winter.place, list(winter.units.all())) == (
        [11, 12, 1, 2],
        "An Hậu",
        [commune],
    )
    whole_district = FILE.replace("xã An Hậu (huyện Minh Phước)", "huyện Minh Phước")
    assert numbers(load(whole_district)) == (0, 1, 2, 0)
    assert list(winter.units.all()) == [district]
    both = Season.objects.filter(code="MAU-MV-2").values_list("type__code", "all_year")
    assert sorted(both) == [("grape", True), ("onion", True)]


def test_seasons_that_an_official_changed_are_not_loaded_again(load, district):
    load(FILE)
    with pghistory.context(user=UserFactory().pk):
        Season.objects.filter(code="MAU-MV-2", type__code="onion").update(statement="sửa")
        Season.objects.get(code="MAU-MV-1").units.set([district])

    assert numbers(load(FILE.replace("thu quanh năm", "thu mãi"))) == (0, 1, 0, 2)
    assert list(Season.objects.get(code="MAU-MV-1").units.all()) == [district]
    stored = Season.objects.filter(code="MAU-MV-2").values_list("type__code", "statement")
    assert sorted(stored) == [("grape", "thu mãi"), ("onion", "sửa")]


@pytest.mark.parametrize(
    ("before", "after", "column"),
    [
        ("MAU-MV-1,grape", "MAU-MV-1,beer", "type"),
        ("11,2", "11,13", "to_month"),
        ("11,2", "11,", "from_month"),
        ("yes", "ja", "all_year"),
        ("thu quanh năm,,", "thu quanh năm,1,12", "from_month"),
        ("xã An Hậu", "xã An Hầu", "units"),
        ("huyện Minh Phước", "huyện Minh Phướt", "units"),
        ("xã An Hậu (", "xã An Hậu (a)(", "units"),
        ("vụ đông,11", "vụ\u202e đông,11", "pattern_as_stated"),
        ("https://example.org/mua", "", "source_url"),
        ("MAU-MV-2", "MAU-MV-1", "season_id"),
    ],
)
def test_a_wrong_row_is_refused_with_its_column(load, before, after, column):
    report = load(FILE.replace(before, after, 1))

    # A row of two types is two seasons.
    assert {problem.column for problem in report.problems} == {column}
    assert not Season.objects.exists()


def types_of(code):
    return sorted(Season.objects.filter(code=code).values_list("type__code", flat=True))


@pytest.mark.parametrize("changed", ["season", "units"])
def test_a_type_that_an_official_corrected_is_not_loaded_again(load, district, changed):
    load(FILE)
    apple = ProductTypeFactory(code="apple", name="táo")
    season = Season.objects.filter(code="MAU-MV-1")
    if changed == "units":
        with pghistory.context(user=UserFactory().pk):
            season.get().units.set([district])
        season.update(type=apple)
    else:
        with pghistory.context(user=UserFactory().pk):
            season.update(type=apple)

    assert numbers(load(FILE)) == (0, 0, 2, 1)
    assert types_of("MAU-MV-1") == ["apple"]


def test_a_type_that_the_file_no_longer_names_loses_its_season(load):
    load(FILE)

    assert numbers(load(FILE.replace("grape; onion", "onion"))) == (0, 1, 2, 0)
    assert types_of("MAU-MV-2") == ["onion"]
    with pghistory.context(user=UserFactory().pk):
        Season.objects.filter(code="MAU-MV-2").update(statement="sửa")
    assert numbers(load(FILE.replace("grape; onion", ""))) == (0, 0, 1, 0)
    assert types_of("MAU-MV-2") == ["onion"]
