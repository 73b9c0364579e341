"""New boundaries in the workspace: compared with the present ones, shown, then written.

Two present communes share a border at 109.1° E. The file moves it to 109.06°, so that the product
at 109.08° is in the eastern one.
"""

import html
import json
import re

import pghistory
import pytest
import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from districts.models import Boundary, Succession, Unit
from geodata.importing import already_applied
from geodata.models import ImportRun, Source
from products.ocop.models import Product
from products.register import moves
from products.register.importing import runs
from products.register.models import Producer
from tests.factories import (
    CHANGE,
    SINCE_THE_CHANGE,
    UNTIL_THE_CHANGE,
    ProducerFactory,
    ProductFactory,
    SuccessionFactory,
    UnitFactory,
    UserFactory,
    at,
    editor_of,
    publisher_of,
    square,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("import_folder")]

ADD = "/admin/geodata/importrun/boundaries/"
State = ImportRun.State
WHOLE, WEST, EAST = "91", "90001", "90002"
NARROW = {WEST: (109, 11.5, 109.06, 11.6), EAST: (109.06, 11.5, 109.2, 11.6)}
PRESENT = {WEST: (109, 11.5, 109.1, 11.6), EAST: (109.1, 11.5, 109.2, 11.6)}


class Site:
    """Two present communes of a province, each with an editor, and an official who loads files."""

    def __init__(self):
        # The present communes belong to another province, whose boundary is not known.
        self.province = UnitFactory(code=settings.PLACE.province_code, area=square(108.5, 11, 2))
        self.whole = UnitFactory(code=WHOLE)
        self.west, self.east = (
            UnitFactory(
                code=code,
                name=name,
                validity=SINCE_THE_CHANGE,
                parent=self.whole,
                area=square(lng, 11.5),
                source=Source.objects.get_or_create(title="Bản đồ thử", url="")[0],
            )
            for code, name, lng in ((WEST, "Tây Hải", 109), (EAST, "Nam Hải", 109.1))
        )
        self.west_editor, self.east_editor = editor_of(self.west), editor_of(self.east)
        self.official = publisher_of(self.province)
        self.moving = ProductFactory(name="Nho", point=at(109.08, 11.55), published=True)
        self.staying = ProductFactory(name="Táo", point=at(109.02, 11.55), published=True)


@pytest.fixture
def site():
    return Site()


def feature(code, box, **properties):
    given = {
        "code": code,
        "kind": "xã",
        "name_vi": {WEST: "Tây Hải", EAST: "Nam Hải"}.get(code, f"Mới {code}"),
        "province_code": WHOLE,
        "valid_from": CHANGE.isoformat(),
        "source": "Bản đồ thử",
    }
    geometry = box if isinstance(box, shapely.Geometry) else shapely.box(*box)
    shape = json.loads(shapely.to_geojson(geometry))
    return {"type": "Feature", "properties": given | properties, "geometry": shape}


def layer(boxes, **collection):
    """The text of a boundary file; boxes: {code: (west, south, east, north) or a geometry}."""
    features = [feature(code, box) for code, box in boxes.items()]
    return json.dumps(
        {"type": "FeatureCollection", "features": features, **collection}, ensure_ascii=False
    )


def file_of(text, name="xa.geojson"):
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def check(site, text=None, **others):
    """Upload a file as the official; return its run after the check."""
    uploads = {"file": file_of(layer(NARROW) if text is None else text), **others}
    run = runs.start_boundaries(uploads, by=site.official)
    run.refresh_from_db()
    return run


def write(site, run):
    runs.write(run, {}, by=site.official)
    run.refresh_from_db()
    return run


def stored():
    """All that a load can write."""
    return (
        sorted(Unit.objects.values_list("public_id", "name")),
        sorted((one.unit.code, one.geometry.extent) for one in Boundary.objects.all()),
        sorted(Succession.objects.values_list("predecessor__code", "successor__code")),
        sorted(Source.objects.values_list("title", flat=True)),
        sorted(Product.objects.values_list("code", "commune__code", "version")),
        sorted(Producer.objects.values_list("code", "commune__code", "version")),
    )


# --- the comparison ------------------------------------------------------------------------


def test_the_check_lists_what_moves_and_writes_nothing(site):
    before = stored()

    run = check(site)

    assert stored() == before
    assert (run.state, run.applied, run.context) == (State.CHECKED, False, None)
    found = run.report["comparison"]
    west, east = (f"xã {name}, {site.whole} (từ {format_change()})" for name in NAMES)
    assert found["records"] == [
        {
            "kind": "ocop.product",
            "id": site.moving.pk,
            "code": site.moving.code,
            "name": "Nho",
            "state": "đã công bố",
            "at": [109.08, 11.55],
            "changes": [["xã hiện nay", west, east]],
        }
    ]
    editors = {site.west_editor: (2, 1), site.east_editor: (0, 1)}
    assert [
        (row["person"], row["unit"], row["role"], row["before"], row["after"])
        for row in found["stewardships"]
    ] == [
        (user.username, unit, "biên tập", *numbers)
        for (user, numbers), unit in zip(editors.items(), (west, east), strict=True)
    ]
    assert [(row["lost"], row["gained"]) for row in found["stewardships"]] == [
        ([site.moving.code], []),
        ([], [site.moving.code]),
    ]
    figures = {row["unit"]: row for row in found["figures"]}
    assert figures[west]["counts"] == {"ocop.product": [2, 1]}
    assert figures[east]["counts"] == {"ocop.product": [0, 1]}
    assert figures[west]["area"][0] > figures[west]["area"][1]
    assert figures[east]["area"][0] < figures[east]["area"][1]
    assert found["units"] == {
        "created": [],
        "changed": [{"unit": unit, "what": ["ranh giới"]} for unit in (west, east)],
        "unchanged": 2,
        "successions": 0,
    }
    assert run.result == (
        "Nếu ghi: 1 sản phẩm đổi đơn vị hoặc ra ngoài ranh giới, 2 phân công đổi phạm vi,"
        " 2 đơn vị đổi số liệu."
    )


NAMES = ("Tây Hải", "Nam Hải")


def format_change():
    return f"{CHANGE.day}/{CHANGE.month}/{CHANGE.year}"


def test_the_figures_are_those_of_the_statistics_page(site, client):
    run = write(site, check(site))

    rows = client.get("/thong-ke/communes.json").json()["rows"]
    published = {row["name"]: row["count"] for row in rows}
    figures = run.report["comparison"]["figures"]
    assert {
        name: next(row["counts"]["ocop.product"][1] for row in figures if name in row["unit"])
        for name in NAMES
    } == {name: published[f"xã {name}"] for name in NAMES}


def test_a_record_that_is_left_outside_its_declared_commune_is_listed(site):
    declared = ProducerFactory(point=at(109.08, 11.55), declared_commune=site.west)
    ProducerFactory(point=at(109.02, 11.55), declared_commune=site.west)

    found = check(site).report["comparison"]

    changes = {row["code"]: row["changes"] for row in found["records"]}
    assert changes.keys() == {declared.code, site.moving.code}
    assert changes[declared.code] == [["đơn vị theo nguồn", "trong ranh giới", "ngoài ranh giới"]]


def test_a_point_that_represents_its_commune_moves_with_it_and_is_counted(site):
    producer = ProducerFactory(declared_commune=site.west)
    Producer.objects.place_on_declared_commune()

    run = check(site)
    found = run.report["comparison"]

    assert found["centres"] == 1
    assert producer.code not in {row["code"] for row in found["records"]}
    assert "1 điểm đại diện của xã dời theo" in run.result


def test_a_stewardship_of_a_former_commune_loses_what_the_division_gives_elsewhere(site):
    former = UnitFactory(code="80001", validity=UNTIL_THE_CHANGE, area=square(109, 11.5, 0.2))
    for successor in (site.west, site.east):
        SuccessionFactory(predecessor=former, successor=successor, share=0.5)
    divided = ProductFactory(point=at(109.09, 11.55), declared_commune=former)
    editor_of(former)

    found = check(site).report["comparison"]

    moved = {row["code"]: row["changes"][0][0] for row in found["records"]}
    assert moved[divided.code] == "xã hiện nay"
    # The record remains in the former commune, whose steward still edits it.
    assert {row["unit"].split(",")[0] for row in found["stewardships"]} == {
        f"xã {name}" for name in NAMES
    }


def test_boundaries_that_move_nothing_are_reported_as_such(site):
    run = check(site, layer(PRESENT))

    found = run.report["comparison"]
    assert (found["records"], found["stewardships"], found["figures"]) == ([], [], [])
    assert found["shapes"] == []
    assert run.result == "Nếu ghi: không hồ sơ, phân công hay số liệu nào đổi."


def test_the_number_of_queries_does_not_depend_on_the_number_of_records(site):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            moves.compare(moves.take_snapshot(), moves.take_snapshot())
        return len(captured)

    few = queries()
    for number in range(20):
        ProductFactory(point=at(109.01 + number / 1000, 11.55))
    assert queries() == few


def test_long_lists_are_cut_and_the_counts_complete(site, monkeypatch):
    ProductFactory(point=at(109.07, 11.55))
    monkeypatch.setattr(moves, "LISTED", 1)
    monkeypatch.setattr(moves, "LISTED_CODES", 1)

    found = check(site).report["comparison"]

    assert len(found["records"]) == 1
    assert found["record_counts"] == {"ocop.product": 2}
    assert (found["stewardship_count"], len(found["stewardships"])) == (2, 1)
    assert found["stewardships"][0]["before"] - found["stewardships"][0]["after"] == 2
    assert len(found["stewardships"][0]["lost"]) == 1


# --- writing -------------------------------------------------------------------------------


def test_what_was_shown_is_written_under_the_name_of_the_run(site):
    run = check(site)
    shown = run.report["comparison"]

    write(site, run)

    assert (run.state, run.applied) == (State.WRITTEN, True)
    assert run.report["comparison"] == shown
    assert run.result.startswith("Đã ghi: 1 sản phẩm")
    extents = {one.unit.code: one.geometry.extent for one in Boundary.objects.all()}
    assert {code: extents[code] for code in NARROW} == NARROW
    site.moving.refresh_from_db()
    site.staying.refresh_from_db()
    assert (site.moving.commune, site.staying.commune) == (site.east, site.west)
    event = Boundary.pgh_event_model.objects.filter(pgh_obj__unit=site.west).latest("pgh_id")
    assert event.pgh_context_id == run.context
    metadata = pghistory.models.Context.objects.get(pk=run.context).metadata
    assert metadata["import_run"] == run.pk
    assert "xa.geojson" in metadata["reason"]
    # The records followed their unit: nobody has edited them.
    assert not Product.objects.edited_by_people().exists()


def test_new_units_come_with_boundaries_and_successions(site):
    boxes = {**NARROW, EAST: (109.06, 11.5, 109.2, 11.6), "90003": (109.2, 11.5, 109.3, 11.6)}
    UnitFactory(code="80003", name="Cũ", validity=UNTIL_THE_CHANGE)
    rows = "old_code,new_code,part,share_of_old_area\r\n80003,90003,toàn bộ,1\r\n"
    others = {
        "outline": file_of(layer(boxes)),
        "succession": file_of(rows, "chuyen-tiep.csv"),
    }

    run = check(site, layer(boxes), **others)

    units = run.report["comparison"]["units"]
    assert [name.split(",")[0] for name in units["created"]] == ["xã Mới 90003"]
    assert units["successions"] == 1
    assert not Unit.objects.filter(code="90003").exists()
    write(site, run)
    new = Unit.objects.get(code="90003")
    assert new.boundary.outline.extent == (109.2, 11.5, 109.3, 11.6)
    assert Succession.objects.get(successor=new).predecessor.code == "80003"


@pytest.mark.parametrize("change", ["record", "stewardship", "boundary"])
def test_a_change_since_the_check_stops_the_write_and_is_shown(site, change):
    run = check(site)
    if change == "record":
        Product.objects.filter(pk=site.staying.pk).update(point=at(109.07, 11.55))
        Product.objects.assign_units()
    elif change == "stewardship":
        editor_of(site.west)
    else:
        moved = square(108.98, 11.5, 0.12)
        Boundary.objects.filter(unit=site.west).update(geometry=moved)
    before = stored()

    write(site, run)

    assert (run.state, run.applied) == (State.CHECKED, False)
    assert stored() == before
    assert run.result.startswith("Từ lần chạy thử trước, dữ liệu đã đổi; chưa có gì được ghi.")
    if change == "record":
        codes = {row["code"] for row in run.report["comparison"]["records"]}
        assert codes == {site.moving.code, site.staying.code}
    # The new comparison has been shown: now it can be written.
    assert write(site, run).state == State.WRITTEN


def test_a_file_of_the_project_with_the_same_name_is_not_loaded_again(site, tmp_path):
    shipped = tmp_path / "xa.geojson"
    shipped.write_text(layer(PRESENT))
    ImportRun.objects.create(
        kind="boundaries",
        file_name=shipped.name,
        sha256=runs.digest(shipped),
        applied=True,
        state=State.WRITTEN,
    )

    write(site, check(site))

    assert already_applied("boundaries", shipped)


# --- refusals ------------------------------------------------------------------------------

OVERLAPPING = {WEST: (109, 11.5, 109.07, 11.6), EAST: (109.06, 11.5, 109.2, 11.6)}
APART = {WEST: shapely.box(109, 11.5, 109.2, 11.6) - shapely.box(109.05, 11.54, 109.06, 11.55)}
BOW_TIE = shapely.Polygon([(109, 11.5), (109.1, 11.6), (109.1, 11.5), (109, 11.6)])
WITHOUT_SOURCE = layer(NARROW).replace("Bản đồ thử", " ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (layer(OVERLAPPING), "Chồng lên 90002"),
        (layer(APART | {EAST: (109.2, 11.5, 109.3, 11.6)}), "khoảng trống"),
        (layer({WEST: (109, 11.5, 109.12, 11.6)}), "Chồng lên xã Nam Hải, không có trong tệp"),
        (layer(NARROW | {WEST: shapely.Point(109, 11.5)}), "Không phải vùng mà là Point"),
        (layer(NARROW | {WEST: BOW_TIE}), "Hình hỏng"),
        (layer({WEST: (560_000, 1_270_000, 570_000, 1_280_000)}), "nằm ngoài Việt Nam"),
        (layer(NARROW, crs=None), "hệ toạ độ"),
        (layer(NARROW).replace('"91"', '"57"'), "Chưa có đơn vị 57"),
        (WITHOUT_SOURCE, "Mọi dữ kiện cần có nguồn"),
        (layer({}), "lớp ranh giới"),
        ('{"type": "Topology", "features": []}', "Không phải GeoJSON FeatureCollection"),
        ('{"type": "FeatureCollection", "features": [{}]}', "Không phải GeoJSON"),
        ("{", "Không phải GeoJSON"),
        (b'{"type": "\xff"', "UTF-8"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)
def test_an_unusable_file_is_refused_in_words_and_nothing_is_written(site, text, words):
    before = stored()

    run = check(site, text)

    assert words in " ".join(run.report["problems"])
    assert (run.state, run.is_ready_to_write) == (State.CHECKED, False)
    assert "comparison" not in run.report
    assert run.result == f"{run.report['problem_count']} lỗi; chưa có gì được ghi."
    with pytest.raises(runs.ValidationError, match="Còn lỗi"):
        runs.write(run, {}, by=site.official)
    assert stored() == before


def test_a_gap_that_a_stored_neighbour_encloses_is_refused(site):
    frame = shapely.box(108.9, 11.4, 109.3, 11.7) - shapely.box(109, 11.5, 109.2, 11.6)
    area = MultiPolygon(GEOSGeometry(memoryview(shapely.to_wkb(frame)), srid=4326), srid=4326)
    UnitFactory(validity=SINCE_THE_CHANGE, area=area)

    assert check(site).is_ready_to_write
    run = check(site, layer(NARROW | {EAST: (109.07, 11.5, 109.2, 11.6)}))

    (problem,) = run.report["problems"]
    assert re.fullmatch(
        r"tệp: Có khoảng trống 12[\d.]+ m² giữa tệp và các đơn vị bên cạnh"
        r" quanh 109\.06500, 11\.55000\.",
        problem,
    )


@pytest.mark.parametrize(
    ("field", "content", "words"),
    [
        ("file", "", "rỗng"),
        ("file", "code,name\r\n1,2\r\n", "Cần tệp GeoJSON."),
        ("file", b"PK\x03\x04 broken", "bị hỏng"),
        ("file", b"SQLite format 3\x00", "không phải bảng tính"),
        ("outline", "code,name\r\n1,2\r\n", "Cần tệp GeoJSON."),
        ("succession", "{}", "Cần tệp CSV."),
    ],
)
def test_a_wrong_file_is_an_error_of_its_field_and_nothing_is_stored(
    site, client, field, content, words
):
    client.force_login(site.official)
    files = {"file": file_of(layer(NARROW)), field: file_of(content, "a.txt")}

    response = client.post(ADD, files)

    assert response.status_code == 200
    assert words in " ".join(response.context["form"].errors[field])
    assert not ImportRun.objects.exists()


def test_a_file_that_is_too_large_is_refused(site, client, monkeypatch):
    monkeypatch.setattr(runs.boundaries, "MAX_FILE_BYTES", 100)
    client.force_login(site.official)

    response = client.post(ADD, {"file": file_of(layer(NARROW))})

    assert "nhiều nhất" in str(response.context["form"].errors["file"])
    assert not ImportRun.objects.exists()


# --- who may -------------------------------------------------------------------------------


def test_only_superusers_and_publishers_of_a_province_load_boundaries(site, client):
    users = {
        "editor of the province": editor_of(site.province),
        "publisher of a commune": publisher_of(site.west),
        "staff": UserFactory(),
        "publisher of the province": site.official,
        "superuser": UserFactory(is_superuser=True),
    }
    answers = {}
    for name, user in users.items():
        client.force_login(user)
        links = [
            ADD in client.get(page).content.decode()
            for page in ("/admin/districts/unit/", "/admin/geodata/importrun/")
        ]
        sent = client.post(ADD, {"file": file_of(layer(NARROW))}).status_code
        answers[name] = (sent, *links)

    assert answers == {
        "editor of the province": (403, False, False),
        "publisher of a commune": (403, False, False),
        "staff": (403, False, False),
        "publisher of the province": (302, True, True),
        "superuser": (302, True, True),
    }


def test_who_has_lost_the_role_since_the_check_writes_nothing(site, client):
    run = check(site)
    site.official.stewardships.all().delete()
    editor_of(site.west)
    site.official.stewardships.create(unit=site.west, role=2)
    before = stored()
    client.force_login(site.official)

    assert client.post(page(run, "write")).status_code == 403
    assert stored() == before


# --- the page ------------------------------------------------------------------------------


def page(run, name="change"):
    return reverse(f"admin:geodata_importrun_{name}", args=[run.pk])


def text_of(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def rows_of(response, table):
    body = re.search(rf'id="{table}".*?<tbody>(.*?)</tbody>', response.content.decode(), re.S)
    return [
        [
            " ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split())
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
        ]
        for row in re.findall(r"<tr.*?</tr>", body[1], re.S)
    ]


def test_the_page_lists_and_draws_the_same_and_writes(site, client):
    ProductFactory(name="Muối", point=at(109.07, 11.52))
    client.force_login(site.official)

    response = client.post(ADD, {"file": file_of(layer(NARROW))}, follow=True)

    run = ImportRun.objects.get()
    assert "Nếu ghi: 2 sản phẩm đổi đơn vị" in text_of(response)
    drawn = json.loads(
        re.search(r'id="boundary-changes"[^>]*>(.*?)</script>', response.content.decode())[1]
    )
    listed = rows_of(response, "boundary-records")
    assert {
        f"{place['number']} {place['name']} sản phẩm {place['code']}" for place in drawn["places"]
    } == {f"{number} {name}" for number, name, *_rest in listed}
    assert {place["code"]: place["at"] for place in drawn["places"]}[site.moving.code] == [
        109.08,
        11.55,
    ]
    shapes = {
        shape["unit"].split(",")[0]: tuple(
            shapely.from_geojson(json.dumps(shape[when])).bounds for when in ("before", "after")
        )
        for shape in drawn["shapes"]
    }
    assert shapes == {
        f"xã {name}": (PRESENT[code], NARROW[code])
        for name, code in zip(NAMES, (WEST, EAST), strict=True)
    }
    stewardships = rows_of(response, "boundary-stewardships")
    assert [row[2] for row in stewardships] == ["3 → 1", "0 → 2"]
    figures = rows_of(response, "boundary-figures")
    assert [row[1] for row in figures] == ["2 → 1", "0 → 1"]
    assert len(rows_of(response, "boundary-units")) == 2

    response = client.post(page(run, "write"), follow=True)

    assert "Đã ghi: 2 sản phẩm đổi đơn vị" in text_of(response)
    assert "Đã đổi" in text_of(response)
    assert len(rows_of(response, "boundary-records")) == 2
    assert "không hoàn tác được" in text_of(response)
    assert "/admin/undo/" not in response.content.decode()
    # The history of the unit names the run.
    history = client.get(f"/admin/districts/unit/{site.west.pk}/history/")
    assert f"Nạp ranh giới từ tệp xa.geojson, lần nhập số {run.pk}" in text_of(history)


def test_written_boundaries_are_not_undone_by_the_button(site, client):
    producer = ProducerFactory(declared_commune=site.west)
    Producer.objects.place_on_declared_commune()
    run = write(site, check(site))
    producer.refresh_from_db()
    point = producer.point
    client.force_login(site.official)

    response = client.post(reverse("admin:undo", args=[run.context]), follow=True)

    assert "không hoàn tác được" in text_of(response)
    producer.refresh_from_db()
    assert producer.point == point


def test_refused_boundaries_lead_back_to_their_own_upload(site, client):
    client.force_login(site.official)

    response = client.post(ADD, {"file": file_of(layer(OVERLAPPING))}, follow=True)

    assert "Chồng lên 90002" in text_of(response)
    assert f'href="{ADD}"' in response.content.decode()
    assert 'value="Ghi"' not in response.content.decode()
