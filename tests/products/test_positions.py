"""The live answer to a typed position: rules, address and who may ask."""

import pytest
from django.conf import settings
from django.urls import reverse

from geodata.coordinates import to_vn2000
from products.register import positions
from products.register.models.located import commune_centres
from tests.factories import (
    SINCE_THE_CHANGE,
    UNTIL_THE_CHANGE,
    UnitFactory,
    UserFactory,
    at,
    editor_of,
    square,
)

pytestmark = pytest.mark.django_db

# In the map extent of the example pack, on land of its base map.
WEST, SOUTH, SIZE = 106.5, 19.0, 0.1
INSIDE = at(WEST + 0.04, SOUTH + 0.03)
GRID = settings.PLACE.grids[0]


@pytest.fixture
def units():
    """The province, a district with one old commune, and the present one, all the same square."""
    area = square(WEST, SOUTH, SIZE)
    province = UnitFactory(code=settings.PLACE.province_code, name="Mẫu", area=area)
    district = UnitFactory(code="997", name="Cũ", parent=province, area=area)
    old = UnitFactory(
        code="99001", name="Xưa", parent=district, validity=UNTIL_THE_CHANGE, area=area
    )
    now = UnitFactory(
        code="99101", name="Nay", parent=province, validity=SINCE_THE_CHANGE, area=area
    )
    return {"province": province, "district": district, "old": old, "now": now}


def codes(found):
    return [(each.level, each.code) for each in found.findings]


def text_of(point):
    return f"{point.y}, {point.x}"


def grid_text(point, epsg):
    easting, northing = to_vn2000(point, epsg)
    return f"X={northing} Y={easting}"


def test_a_good_position_is_answered_with_its_communes_and_both_numbers(units):
    found = positions.answer(text_of(INSIDE), epsg=GRID)

    day = settings.PLACE.units_changed_on
    assert found.place == f"xã Nay (huyện Cũ trước {day.day}/{day.month}/{day.year})"
    assert codes(found) == []
    assert found.suggestion is None
    assert (found.vn2000.y, found.vn2000.x) == to_vn2000(INSIDE, GRID)
    assert found.text == "19.03, 106.54"


def test_a_position_outside_the_declared_commune_states_its_distance(units):
    far = UnitFactory(code="99102", name="Xa", area=square(WEST, SOUTH + 0.05, 0.05))

    found = positions.answer(text_of(INSIDE), commune=far)

    assert codes(found) == [("error", "outside_unit")]
    assert found.findings[0].text == "Điểm nằm ngoài xã Xa, cách ranh giới 2.214 m."


def test_a_position_within_the_tolerance_of_the_declared_commune_is_a_warning(units):
    near = UnitFactory(code="99102", name="Gần", area=square(WEST, SOUTH + 0.0305, 0.05))

    found = positions.answer(text_of(INSIDE), commune=near)

    assert codes(found) == [("warning", "near_unit")]
    assert "ngoài xã Gần 55 m, trong sai số" in found.findings[0].text


def test_a_position_in_the_sea_is_named_so(units):
    found = positions.answer("18.6, 107.5")

    assert codes(found) == [("error", "in_sea")]
    assert found.findings[0].text.startswith("Điểm nằm ngoài tỉnh Mẫu, cách ranh giới")
    assert found.findings[0].text.endswith("Chỗ này: ngoài biển.")
    assert found.place == ""


def test_a_position_in_another_province_names_it(units):
    """The base map of the example pack has one province around the square."""
    found = positions.answer(f"{SOUTH + 0.15}, {WEST + 0.05}")

    assert codes(found) == [("error", "outside_province")]
    assert "Chỗ này: tỉnh " in found.findings[0].text


@pytest.mark.parametrize("notation", ["degrees", "grid"])
def test_exchanged_axes_are_answered_with_the_place_of_the_exchange(units, notation):
    easting, northing = to_vn2000(INSIDE, GRID)
    exchanged = f"{INSIDE.x}, {INSIDE.y}" if notation == "degrees" else f"X={easting} Y={northing}"

    found = positions.answer(exchanged, epsg=GRID)

    assert codes(found) == [("error", "exchanged")]
    assert found.point is None
    assert "xã Nay (huyện Cũ trước" in found.suggestion.label
    again = positions.answer(found.suggestion.text, epsg=found.suggestion.epsg)
    assert again.place.startswith("xã Nay")


def test_a_position_on_the_wrong_grid_is_answered_with_the_one_that_fits(units):
    found = positions.answer(grid_text(INSIDE, GRID), epsg=9205)

    assert codes(found)[-1] == ("warning", "wrong_zone")
    assert found.suggestion.epsg == GRID
    assert "xã Nay" in found.suggestion.label
    assert positions.answer(found.suggestion.text, epsg=GRID).place.startswith("xã Nay")


def test_the_label_point_of_a_commune_is_no_address(units):
    centre = commune_centres([units["now"].pk])[units["now"].pk]

    found = positions.answer(text_of(centre))

    assert codes(found) == [("warning", "label_point")]
    assert "điểm đại diện của xã Nay" in found.findings[0].text


def test_the_centre_of_a_map_in_a_link_is_pointed_out(units):
    found = positions.answer(f"https://www.google.com/maps/@{INSIDE.y},{INSIDE.x},15z")

    assert codes(found) == [("warning", "note")]


@pytest.mark.parametrize("text", ["0, 0", "", "Chợ huyện", "https://maps.app.goo.gl/x"])
def test_a_text_without_a_position_is_answered_with_one_sentence(units, text):
    found = positions.answer(text)

    assert [each.level for each in found.findings] == ["error"]
    assert (found.point, found.vn2000, found.place) == (None, None, "")


def test_before_boundaries_are_loaded_nothing_is_outside():
    assert codes(positions.answer(text_of(INSIDE))) == []


# --- the address ---------------------------------------------------------------------------


def test_the_address_answers_a_steward_in_json(client, units):
    client.force_login(editor_of(units["now"]))
    far = UnitFactory(code="99102", name="Xa", area=square(WEST, SOUTH + 0.05, 0.05))

    response = client.get(
        reverse("workspace:position"),
        {"text": grid_text(INSIDE, GRID), "epsg": GRID, "commune": far.pk},
    )

    answer = response.json()
    assert answer["point"] == pytest.approx(INSIDE.coords, abs=2e-7)
    assert answer["place"].startswith("xã Nay")
    assert [each["code"] for each in answer["findings"]] == ["outside_unit"]
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "query",
    ["epsg=4326", "epsg=x", "epsg=99999999999999999999", "commune=0", "commune=x", "district=1e9"],
)
def test_a_bad_parameter_is_a_400_with_a_sentence(client, units, query):
    client.force_login(editor_of(units["now"]))

    response = client.get(f"{reverse('workspace:position')}?text=11,108&{query}")

    assert response.status_code == 400
    assert response.json()["error"].endswith("Hãy mở lại trang.")


def test_only_stewards_are_answered(client, units):
    address = reverse("workspace:position")
    assert client.get(address, {"text": "19, 106.5"}).status_code == 302

    client.force_login(UserFactory())
    assert client.get(address, {"text": "19, 106.5"}).status_code == 403
    client.force_login(editor_of(units["now"]))
    assert client.post(address, {"text": "19, 106.5"}).status_code == 405
