"""Officials import products, producers and ratings from spreadsheets."""

import json
import uuid

import pghistory.models
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from geodata.coordinates import default_grid, to_vn2000
from geodata.models import ImportRun, Source
from geodata.spans import span_of
from geodata.tables import MAX_ROWS
from products.ocop.models import OcopRating, Product
from products.ocop.resources import ProductResource, RatingResource
from products.register import workflow
from products.register.importing import resources, runs
from products.register.importing.resources import importable
from products.register.importing.templates import write_export, write_template
from products.register.models import Producer, Proposal
from products.register.resources import ProducerResource
from products.register.states import State
from tests.factories import (
    SINCE_THE_CHANGE,
    UNTIL_THE_CHANGE,
    CategoryFactory,
    ProducerFactory,
    ProductFactory,
    ProductTypeFactory,
    RatingFactory,
    SourceFactory,
    UnitFactory,
    UserFactory,
    at,
    editor_of,
    publisher_of,
    square,
)
from tests.spreadsheets import csv_text, table, workbook
from tests.versions import next_transaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("import_folder")]

NEW = {
    "Tên sản phẩm": "Mật nho",
    "Chủ thể": "HTX Tuấn Tú",
    "Nhóm sản phẩm": "II",
    "Lĩnh vực": "chế biến",
    "Xã": "xã An Hậu",
    "Huyện": "huyện Minh Phước",
    "Vĩ độ": "11,55",
    "Kinh độ": "109,05",
    "Vị trí lấy từ": "GPS",
    "Nguồn": "Báo cáo số 12/BC-SNN",
}
RunState = ImportRun.State


@pytest.fixture
def commune():
    district = UnitFactory(code="997", kind="huyện", name="Minh Phước", validity=UNTIL_THE_CHANGE)
    CategoryFactory(code="II", name="đồ uống")
    ProducerFactory(code="MAU-CT-001", name="HTX Tuấn Tú", published=True)
    return UnitFactory(
        code="82909",
        name="An Hậu",
        parent=district,
        validity=UNTIL_THE_CHANGE,
        area=square(109, 11.5),
    )


@pytest.fixture
def official(commune):
    return publisher_of(commune)


@pytest.fixture
def upload(tmp_path):
    """`upload("products", user, record, …)` uploads an XLSX with a row for each dict."""

    def start(kind, by, *records, rows=None, content=None, name="a.xlsx"):
        next_transaction()
        if content is None:
            content = workbook(tmp_path / "a.xlsx", *(rows or table(*records))).read_bytes()
        run = runs.start(kind, SimpleUploadedFile(name, content), by=by)
        run.refresh_from_db()
        return run

    return start


@pytest.fixture
def write(upload):
    """The same, and writes the rows with these decisions about conflicts."""

    def start(kind, by, *records, decisions=None, **options):
        run = upload(kind, by, *records, **options)
        assert (run.state, run.report.get("rows")) == (RunState.CHECKED, []), run.result
        next_transaction()
        runs.write(run, decisions or {}, by=by)
        run.refresh_from_db()
        return run

    return start


def problems(run):
    return [(row["line"], row["column"], row["message"]) for row in run.report["rows"]]


def counts(run):
    return tuple(run.report[name] for name in ("created", "updated", "unchanged"))


# --- new records ---------------------------------------------------------------------------


def test_a_new_row_is_checked_first_and_becomes_a_draft_when_it_is_written(upload, official):
    run = upload("products", official, NEW)

    assert (run.state, counts(run), Product.objects.count()) == (RunState.CHECKED, (1, 0, 0), 0)
    (change,) = run.report["changes"]
    assert (change["line"], change["is_new"], change["at"]) == (2, True, [109.05, 11.55])
    assert not Source.objects.filter(title=NEW["Nguồn"]).exists()

    runs.write(run, {}, by=official)

    run.refresh_from_db()
    product = Product.objects.get()
    assert (run.state, run.applied) == (RunState.WRITTEN, True)
    assert (product.state, product.code[:6]) == (State.DRAFT, "MAU-SP")
    assert (product.producer.code, product.producer_basis) == ("MAU-CT-001", "stated")
    assert (product.category.code, product.category_basis) == ("II", "stated")
    assert (product.sector, product.sector_basis, product.position) == (
        "processing",
        "stated",
        "gps",
    )
    assert (product.point.x, product.point.y) == (109.05, 11.55)
    assert (product.old_commune.name, product.source.title) == ("An Hậu", NEW["Nguồn"])


@pytest.mark.parametrize("text", ["rượu vang", "Rượu Vang", "fruit_wine", "FRUIT_WINE"])
def test_a_type_is_written_by_its_name_or_code_and_is_stated(write, official, text):
    ProductTypeFactory(code="fruit_wine", name="rượu vang")

    write("products", official, NEW | {"Loại sản phẩm": text})

    product = Product.objects.get()
    assert (product.type.code, product.type_basis) == ("fruit_wine", "stated")


def test_an_unknown_type_is_refused_at_its_cell(upload, official):
    run = upload("products", official, NEW | {"Loại sản phẩm": "bia"})

    assert problems(run) == [(2, "Loại sản phẩm", "Không tìm thấy “bia”.")]


def test_an_exported_type_is_imported_again_without_a_change(upload, official, commune, tmp_path):
    kind = ProductTypeFactory(code="wine", name="rượu vang")
    ProductFactory(name="Vang", type=kind, declared_commune=commune)
    write_export(ProductResource(), Product.objects.all(), tmp_path / "b.xlsx")

    run = upload("products", official, content=(tmp_path / "b.xlsx").read_bytes())

    assert (run.report["rows"], counts(run)) == ([], (0, 0, 1))
    assert Product.objects.get().type_basis == "inferred"


def test_ingredients_are_imported_by_name_or_code_and_exported(write, upload, official, tmp_path):
    for code, name in (("grape", "nho"), ("sugar", "đường"), ("apple", "táo")):
        ProductTypeFactory(code=code, name=name)
    record = NEW | {"Mã sản phẩm": "MAU-SP-070"}

    def made_from(text):
        run = write("products", official, record | {"Làm từ": text})
        return counts(run), sorted(one.code for one in Product.objects.get().made_from.all())

    assert made_from("Nho; sugar ;nho") == ((1, 0, 0), ["grape", "sugar"])
    assert made_from("") == ((0, 0, 1), ["grape", "sugar"])
    write_export(ProductResource(), Product.objects.all(), tmp_path / "b.xlsx")
    again = upload("products", official, content=(tmp_path / "b.xlsx").read_bytes())
    assert (again.report["rows"], counts(again)) == ([], (0, 0, 1))
    assert made_from("nho; táo") == ((0, 1, 0), ["apple", "grape"])
    assert made_from("(xoá)") == ((0, 1, 0), [])

    run = upload("products", official, record | {"Làm từ": "nho; bia"})

    assert problems(run) == [(2, "Làm từ", "Không tìm thấy “bia”.")]


@pytest.mark.parametrize("code", ["", "MAU-SP-070"])
def test_importing_the_same_file_again_changes_nothing(write, official, code):
    record = NEW | {"Mã sản phẩm": code}
    write("products", official, record)
    before = Product.objects.get()

    run = write("products", official, record)

    assert counts(run) == (0, 0, 1)
    after = Product.objects.get()
    assert (after.version, after.code) == (before.version, before.code)
    assert Source.objects.filter(title=NEW["Nguồn"]).count() == 1


def test_a_row_without_code_of_another_producer_or_unit_is_another_product(write, official):
    write("products", official, NEW)

    run = write("products", official, NEW | {"Chủ thể": ""})

    assert counts(run) == (1, 0, 0)
    assert Product.objects.filter(name="Mật nho").count() == 2


def test_all_or_nothing(upload, official, monkeypatch):
    monkeypatch.setattr(resources, "CHUNK", 2)
    names = [f"Sản phẩm {number}" for number in range(5)]
    run = upload(
        "products",
        official,
        *(NEW | {"Tên sản phẩm": name} for name in names),
        NEW | {"Tên sản phẩm": "", "Mã sản phẩm": "MAU-SP-009"},
    )

    assert problems(run) == [(7, "Tên sản phẩm", "Cần có giá trị.")]
    with pytest.raises(ValidationError, match="Còn lỗi"):
        runs.write(run, {}, by=official)
    assert Product.objects.count() == 0


def test_the_digest_of_the_file_and_the_context_of_the_history_are_stored(write, official):
    second = NEW | {"Tên sản phẩm": "Rượu nho"}

    run = write("products", official, NEW, second)

    assert len(run.sha256) == 64
    events = pghistory.models.Context.objects.get(pk=run.context)
    assert events.metadata == {"import_run": run.pk, "act": "import", "user": official.pk}
    contexts = Product.pgh_event_model.objects.values_list("pgh_context_id", flat=True)
    assert set(contexts) == {run.context}
    assert isinstance(run.context, uuid.UUID)


# --- formats -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "encode"),
    [
        ("a.csv", lambda rows: csv_text(rows).encode()),
        ("a.csv", lambda rows: csv_text(rows, ";").encode("utf-8-sig")),
        ("a.txt", lambda rows: csv_text(rows, "\t").encode("utf-16")),
        ("a.csv", lambda rows: decomposed(csv_text(rows, ";")).encode("cp1258")),
    ],
)
def test_csv_gives_the_same_record_as_xlsx(write, official, name, encode):
    run = write("products", official, content=encode(table(NEW)), name=name)

    assert counts(run) == (1, 0, 0)
    assert Product.objects.get().declared_commune.full_name == "xã An Hậu"


def decomposed(text):
    """The text as Windows-1258 writes it: some tones are characters of their own."""
    import unicodedata

    def split(character):
        try:
            character.encode("cp1258")
        except UnicodeEncodeError:
            base, *tones = unicodedata.normalize("NFD", character)
            letter = unicodedata.normalize("NFC", base + "".join(t for t in tones if t in "̛̂̆"))
            return letter + "".join(t for t in tones if t not in "̛̂̆")
        return character

    return "".join(map(split, text))


def test_geojson_gives_name_and_position(write, official):
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [109.05, 11.55]},
        "properties": {"name": "Mật nho", "position": "gps", "source_url": "https://example.org/1"},
    }
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()

    write("products", official, content=content, name="a.geojson")

    product = Product.objects.get()
    assert (product.point.coords, product.position) == ((109.05, 11.55), "gps")
    assert product.source.url == "https://example.org/1"


# --- columns -------------------------------------------------------------------------------


def test_unknown_headings_are_chosen_once_and_remembered_for_the_same_headings(upload, official):
    record = {"Đặc sản": "Mật nho", "Căn cứ": "Báo cáo", "Xã": "xã An Hậu", "STT": "1"}
    run = upload("products", official, record)
    assert (run.state, run.mapping["headings"]) == (RunState.MAPPING, list(record))
    assert run.mapping["columns"] == {"Căn cứ": "source", "Xã": "commune"}

    columns = {"Đặc sản": "name", "Căn cứ": "source", "Xã": "commune"}
    runs.choose_columns(run, columns, {}, by=official)

    run.refresh_from_db()
    assert (run.state, counts(run)) == (RunState.CHECKED, (1, 0, 0))
    # Another file with these headings needs no choice; another person's does.
    again = upload("products", official, record | {"Đặc sản": "Tỏi"})
    assert (again.state, again.report["changes"][0]["name"]) == (RunState.CHECKED, "Tỏi")
    assert upload("products", publisher_of(UnitFactory()), record).state == RunState.MAPPING


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"Đặc sản": "name", "Căn cứ": "name"},
        {"Đặc sản": "state"},
        {"Không có": "name"},
    ],
)
def test_impossible_choices_of_columns_are_refused(upload, official, columns):
    run = upload("products", official, {"Đặc sản": "Mật nho", "Căn cứ": "Báo cáo"})

    with pytest.raises(ValidationError):
        runs.choose_columns(run, columns, {}, by=official)

    run.refresh_from_db()
    assert run.state == RunState.MAPPING


def test_the_headings_of_the_template_are_recognised(tmp_path):
    import openpyxl

    for resource in importable().values():
        write_template(resource, tmp_path / "t.xlsx")
        book = openpyxl.load_workbook(tmp_path / "t.xlsx")
        headings = [cell.value for cell in book.worksheets[0][1]]

        assert list(resource.guess_columns(headings).values()) == list(resource.template_columns())


# --- what is already there -----------------------------------------------------------------


@pytest.fixture
def stored(commune):
    """Products with everything that an export has to bring back."""
    present = UnitFactory(code="82909", name="An Hậu", validity=SINCE_THE_CHANGE)
    twin = UnitFactory(code="998", kind="huyện", name="Minh Hải", validity=UNTIL_THE_CHANGE)
    other = UnitFactory(code="82910", name="An Hậu", parent=twin, validity=UNTIL_THE_CHANGE)
    producer = Producer.objects.get()
    return [
        ProductFactory(
            declared_commune=commune,
            point=at(109.0512345, 11.5512345),
            producer=producer,
            name="=Nho",
            description="  Dòng 1\r\nDòng 2",
            gtin="00000017",
            source=SourceFactory(title="Báo", url="https://example.org/nho"),
        ),
        ProductFactory(declared_commune=present, source=SourceFactory(title="Đề án", url="")),
        ProductFactory(declared_commune=other, name="Táo 'ngọt'"),
        ProductFactory(declared_district=twin, note="-5 độ"),
        ProductFactory(),
    ]


@pytest.mark.parametrize("grid", [None, default_grid()])
def test_an_unchanged_exported_row_is_no_change(write, official, stored, tmp_path, grid):
    before = list(Product.objects.order_by("pk").values())
    write_export(ProductResource(grid=grid), Product.objects.all(), tmp_path / "e.xlsx")
    content = (tmp_path / "e.xlsx").read_bytes()

    run = write("products", official, content=content)

    assert counts(run) == (0, 0, len(stored))
    assert list(Product.objects.order_by("pk").values()) == before


def test_an_exported_row_is_no_change_where_its_record_is_read_only(write, stored, tmp_path):
    elsewhere = editor_of(UnitFactory())
    write_export(ProductResource(), Product.objects.all(), tmp_path / "e.xlsx")

    run = write("products", elsewhere, content=(tmp_path / "e.xlsx").read_bytes())

    assert counts(run) == (0, 0, len(stored))


def test_producers_and_ratings_come_back_unchanged_too(write, official, tmp_path):
    ProducerFactory(kind="company", kind_basis="inferred", website="https://example.org/")
    RatingFactory(
        decision_text="12/QĐ-UBND", issuer="UBND huyện", decided=span_of(2023), score="71.50"
    )
    RatingFactory(stars=None, nominated_stars=5)

    for resource, queryset, kind in (
        (ProducerResource(), Producer.objects.all(), "producers"),
        (RatingResource(), OcopRating.objects.all(), "ratings"),
    ):
        write_export(resource, queryset, tmp_path / "e.xlsx")
        run = write(kind, official, content=(tmp_path / "e.xlsx").read_bytes())

        assert counts(run) == (0, 0, 2)


def test_an_empty_cell_keeps_a_value_and_a_marked_one_empties_it(write, official, commune):
    product = ProductFactory(
        declared_commune=commune,
        description="Ngon",
        gtin="12345670",
        producer=Producer.objects.get(),
    )
    record = {"Mã sản phẩm": product.code, "Mô tả": "", "GTIN": "(xoá)", "Chủ thể": "(xóa)"}

    write("products", official, record)

    product.refresh_from_db()
    assert (product.description, product.gtin) == ("Ngon", "")
    assert (product.producer, product.producer_basis) == (None, "")


def test_a_value_that_is_known_otherwise_keeps_its_basis(write, official, commune):
    product = ProductFactory(
        declared_commune=commune, sector="crops", sector_basis="inferred", name="Nho"
    )
    same = {"Mã sản phẩm": product.code, "Lĩnh vực": "trồng trọt", "Tên sản phẩm": "Nho đỏ"}
    write("products", official, same)
    product.refresh_from_db()
    assert (product.name, product.sector_basis) == ("Nho đỏ", "inferred")

    write("products", official, same | {"Lĩnh vực": "chế biến"})

    product.refresh_from_db()
    assert (product.sector, product.sector_basis) == ("processing", "stated")


def test_a_record_edited_since_is_a_conflict_with_three_values_until_it_is_decided(
    upload, write, official
):
    write("products", official, NEW)
    product = Product.objects.get()
    next_transaction()
    workflow.change(product, {"name": "Tên sửa tay"}, by=official, base_version=product.version)
    row = {"Mã sản phẩm": product.code, "Tên sản phẩm": "Tên trong tệp"}

    run = upload("products", official, row)

    (conflict,) = run.report["conflicts"]
    assert (conflict["base"], conflict["file"], conflict["current"]) == (
        "Mật nho",
        "Tên trong tệp",
        "Tên sửa tay",
    )
    with pytest.raises(ValidationError, match="xung đột"):
        runs.write(run, {}, by=official)

    runs.write(run, {product.code: None}, by=official)
    product.refresh_from_db()
    assert product.name == "Tên sửa tay"

    run = upload("products", official, row)
    runs.write(run, {product.code: conflict["version"]}, by=official)
    product.refresh_from_db()
    assert product.name == "Tên trong tệp"


def test_a_record_edited_between_check_and_writing_is_a_conflict(upload, official):
    product = ProductFactory(declared_commune=official.stewardships.get().unit, name="Nho")
    run = upload("products", official, {"Mã sản phẩm": product.code, "Tên sản phẩm": "Nho đỏ"})
    next_transaction()
    product.refresh_from_db()
    workflow.change(product, {"name": "Nho tươi"}, by=official, base_version=product.version)
    next_transaction()

    runs.write(run, {}, by=official)

    run.refresh_from_db()
    assert (run.state, run.applied) == (RunState.CHECKED, False)
    assert [one["current"] for one in run.report["conflicts"]] == ["Nho tươi"]
    assert Product.objects.get(pk=product.pk).name == "Nho tươi"


# --- positions -----------------------------------------------------------------------------


def test_vn2000_columns_give_the_same_point(write, official):
    easting, northing = to_vn2000(at(109.05, 11.55), default_grid())
    place = {
        "Vĩ độ": "",
        "Kinh độ": "",
        "X (m)": f"{northing:,.2f}",
        "Y (m)": f"{easting:.2f}".replace(".", ","),
        "Lưới VN-2000": "KTT 105°45'",
    }

    write("products", official, NEW | place)

    point = Product.objects.get().point
    assert (round(point.x, 6), round(point.y, 6)) == (109.05, 11.55)


def test_the_grid_and_the_method_can_be_stated_for_all_rows(upload, official):
    easting, northing = to_vn2000(at(109.05, 11.55), default_grid())
    record = {
        name: value
        for name, value in NEW.items()
        if name not in ("Vĩ độ", "Kinh độ", "Vị trí lấy từ")
    } | {"X (m)": northing, "Y (m)": easting}
    run = upload("products", official, record)
    assert problems(run) == [(2, "Lưới VN-2000", "Cần nêu lưới VN-2000 của X và Y.")]
    options = {"grid": default_grid(), "position": ""}
    runs.choose_columns(run, run.mapping["columns"], options, by=official)
    run.refresh_from_db()
    assert problems(run) == [(2, "Vị trí lấy từ", "Cần nêu cách lấy toạ độ.")]

    options["position"] = "survey"
    runs.choose_columns(run, run.mapping["columns"], options, by=official)

    run.refresh_from_db()
    assert (run.state, problems(run)) == (RunState.CHECKED, [])


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"Vĩ độ": "109,05", "Kinh độ": "11,55"}, "Vĩ độ", "bị đổi chỗ"),
        ({"Vĩ độ": "", "Kinh độ": "109"}, "Vĩ độ", "Cần cả vĩ độ lẫn kinh độ"),
        ({"Vĩ độ": "mười", "Kinh độ": "109"}, "Vĩ độ", "không phải là số độ"),
        ({"Vĩ độ": "1_1", "Kinh độ": "109"}, "Vĩ độ", "không phải là số độ"),
        ({"Vĩ độ": "12", "Kinh độ": "109"}, "Vĩ độ", "Điểm nằm ngoài xã An Hậu"),
        ({"X (m)": "1", "Y (m)": "", "Lưới VN-2000": "9210"}, "X (m)", "Cần cả X"),
        ({"X (m)": "1278000", "Y (m)": "x", "Lưới VN-2000": "9210"}, "Y (m)", "số mét"),
        ({"X (m)": "1278000", "Y (m)": "587000", "Lưới VN-2000": "1"}, "Lưới VN-2000", "mã EPSG"),
        (
            {"X (m)": "1290000", "Y (m)": "587000", "Lưới VN-2000": "EPSG:9210"},
            "X (m)",
            "hai nơi khác nhau",
        ),
    ],
)
def test_wrong_positions_are_problems_of_their_column(upload, official, cells, column, words):
    run = upload("products", official, NEW | cells)

    ((line, where, message),) = problems(run)
    assert (line, where) == (2, column)
    assert words in message


# --- problems ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"Xã": "xã Không Có"}, "Xã", "Không có đơn vị nào tên “xã Không Có”"),
        ({"Chủ thể": "HTX Lạ"}, "Chủ thể", "Không tìm thấy “HTX Lạ”"),
        ({"Mã chủ thể": "MAU-CT-001", "Chủ thể": "HTX Lạ"}, "Chủ thể", "là của “HTX Tuấn Tú”"),
        ({"Nhóm sản phẩm": "VII"}, "Nhóm sản phẩm", "Không tìm thấy “VII”"),
        ({"Lĩnh vực": "bán lẻ"}, "Lĩnh vực", "không thuộc: trồng trọt"),
        ({"GTIN": "123"}, "GTIN", "GTIN có 8, 12, 13 hoặc 14 chữ số"),
        ({"Mã sản phẩm": "7"}, "Mã sản phẩm", "Mã gồm chữ in hoa"),
        ({"Tên sản phẩm": "Nho\u202e"}, "Tên sản phẩm", "không nhìn thấy"),
        ({"Mô tả": "#REF!"}, "Mô tả", "lỗi #REF!"),
        ({"Nguồn": ""}, "Nguồn", "cần có nguồn"),
        ({"Nguồn": "http://["}, "Nguồn", "URL"),
        ({"Tên sản phẩm": "N" * 201}, "Tên sản phẩm", "200"),
        ({"Phiên bản": "x"}, "Phiên bản", "số nguyên"),
    ],
)
def test_a_wrong_cell_is_a_problem_of_its_row_and_column(upload, official, cells, column, words):
    run = upload("products", official, NEW, NEW | {"Tên sản phẩm": "Rượu nho"} | cells)

    ((line, where, message),) = problems(run)
    assert (line, where) == (3, column)
    assert words in message


def test_all_problems_of_a_row_are_reported_at_once(upload, official):
    cells = {"Lĩnh vực": "bán lẻ", "Chủ thể": "HTX Lạ", "Xã": "xã Không Có", "Kinh độ": ""}
    run = upload(
        "products", official, NEW | cells, {"Tên sản phẩm": "", "Nguồn": ""} | {"Mô tả": "x"}
    )

    assert [(line, column) for line, column, _message in problems(run)] == [
        (2, "Chủ thể"),
        (2, "Lĩnh vực"),
        (2, "Xã"),
        (2, "Vĩ độ"),
        (3, "Tên sản phẩm"),
        (3, "Nguồn"),
    ]


def test_two_rows_of_one_code_or_of_one_record_are_a_problem(upload, official, monkeypatch):
    coded = NEW | {"Mã sản phẩm": "mau-sp-070"}
    twin = NEW | {"Mã sản phẩm": "MAU-SP-071"}
    for chunk in (500, 1):
        monkeypatch.setattr(resources, "CHUNK", chunk)

        # Two products may have the same name, but then each row needs its code.
        run = upload("products", official, coded, twin, NEW, coded | {"Tên sản phẩm": "Táo"})

        assert [(line, column) for line, column, _message in problems(run)] == [
            (4, "Mã sản phẩm"),
            (5, "Mã sản phẩm"),
        ]


def test_two_rows_with_one_gtin_are_a_problem_also_in_different_chunks(
    upload, official, monkeypatch
):
    first = NEW | {"GTIN": "12345670"}
    second = first | {"Tên sản phẩm": "Rượu nho"}
    for chunk in (500, 1):
        monkeypatch.setattr(resources, "CHUNK", chunk)

        run = upload("products", official, first, second)

        assert [(line, column) for line, column, _message in problems(run)] == [(3, "GTIN")]


def test_a_record_outside_the_persons_area_is_a_problem_of_its_row(upload, commune):
    elsewhere = UnitFactory(validity=UNTIL_THE_CHANGE)
    foreign = [
        ProductFactory(declared_commune=elsewhere, published=published)
        for published in (False, True)
    ]

    run = upload(
        "products",
        editor_of(commune),
        *({"Mã sản phẩm": product.code, "Tên sản phẩm": "A"} for product in foreign),
    )

    text = "Hồ sơ này không thuộc quyền sửa của bạn."
    assert problems(run) == [(2, "", text), (3, "", text)]


@pytest.mark.parametrize("version", ["", "99"])
def test_a_record_outside_the_persons_area_is_not_shown(upload, commune, version):
    elsewhere = UnitFactory(validity=UNTIL_THE_CHANGE, area=square(109.2, 11.5))
    ProductFactory(code="MAU-SP-9", name="Bí mật", note="Nội bộ", declared_commune=elsewhere)
    row = {"Mã sản phẩm": "MAU-SP-9", "Tên sản phẩm": "x", "Ghi chú nội bộ": "y"}

    run = upload("products", editor_of(commune), row | {"Phiên bản": version})
    rating = {"Mã sản phẩm": "MAU-SP-9", "Tên sản phẩm": "x", "Số sao": "3 sao"}
    rated = upload("ratings", editor_of(commune), rating)

    for report in (run.report, rated.report):
        assert report["problem_count"]
        assert "Bí mật" not in str(report)
        assert "Nội bộ" not in str(report)


@pytest.mark.parametrize("column", ["Nguồn", "Phiên bản", "Mã sản phẩm", "Lưới VN-2000"])
def test_what_cannot_be_erased_is_a_problem_of_its_column(upload, official, column):
    run = upload("products", official, NEW | {column: "(xoá)"})

    assert [(name, text) for _line, name, text in problems(run)] == [
        (column, "Giá trị của cột này không xoá được.")
    ]


def test_a_new_point_does_not_have_the_accuracy_of_the_former_one(write, official, commune):
    product = ProductFactory(
        code="MAU-SP-9", declared_commune=commune, point=at(109.05, 11.55), accuracy_m="3"
    )
    row = {"Mã sản phẩm": "MAU-SP-9", "Vĩ độ": "11,56", "Kinh độ": "109,05"}

    write("products", official, row)

    product.refresh_from_db()
    assert (product.point.coords, product.accuracy_m) == ((109.05, 11.56), None)


def test_a_change_of_a_public_record_becomes_a_proposal(write, commune):
    product = ProductFactory(declared_commune=commune, published=True, name="Nho")

    run = write(
        "products",
        editor_of(commune),
        {"Mã sản phẩm": product.code, "Tên sản phẩm": "Nho đỏ"},
    )

    product.refresh_from_db()
    assert (product.name, run.report["proposed"], counts(run)) == ("Nho", 1, (0, 0, 0))
    assert Proposal.objects.get().author == run.user


def test_only_stewards_import_and_nobody_continues_the_run_of_another(upload, official, commune):
    run = upload("products", official, NEW)
    with pytest.raises(PermissionDenied):
        upload("products", UserFactory(), NEW)
    for other in (UserFactory(), publisher_of(commune)):
        with pytest.raises(PermissionDenied):
            runs.write(run, {}, by=other)
        assert not runs.visible_runs(other).exists()
    province = UnitFactory(code="99")
    assert runs.visible_runs(publisher_of(province)).get() == run
    assert not runs.visible_runs(editor_of(province)).exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"A,B\r\n1,S\xb6n ph\xc8m\r\n", "bảng mã"),
        ("a.csv", "Tên,Nguồn\r\n1\r\n".encode(), "Dòng 2 có 1 ô"),
        ("a.csv", b"A\r\n" + b"1\r\n" * (MAX_ROWS + 1), "100.001 dòng"),
        ("a.geojson", b"{}", "không có danh sách đối tượng"),
    ],
)
def test_a_file_that_the_job_cannot_read_fails_the_run_in_words(
    upload, official, name, content, words
):
    run = upload("products", official, content=content, name=name)

    assert (run.state, run.applied) == (RunState.FAILED, False)
    assert words in run.result


def test_a_refused_upload_leaves_nothing(upload, official, import_folder):
    with pytest.raises(ValidationError, match="không phải bảng tính"):
        upload("products", official, content=b"%PDF-1.7", name="a.pdf")

    assert not ImportRun.objects.exists()
    assert not import_folder.exists()


# --- ratings and producers -----------------------------------------------------------------


def test_ratings_are_added_and_corrected_by_code_and_time(write, official, commune):
    product = ProductFactory(declared_commune=commune)
    press = RatingFactory(product=product, decided=span_of(2023), stars=3, decision_text="")
    record = {
        "Mã sản phẩm": product.code,
        "Số sao": "★★★★",
        "Ngày quyết định": "10/12/2023",
        "Quyết định": "12/QĐ-UBND",
    }
    later = record | {"Ngày quyết định": "5/1/2026", "Số sao": "hạng 5", "Quyết định": "7/QĐ-UBND"}

    run = write("ratings", official, record, later)

    assert counts(run) == (0, 1, 0)
    press.refresh_from_db()
    assert (press.stars, press.decision_text) == (4, "12/QĐ-UBND")
    assert press.decided.lower.isoformat() == "2023-12-10"
    new = OcopRating.objects.exclude(pk=press.pk).get()
    assert (new.stars, new.source.title) == (5, "7/QĐ-UBND")
    assert counts(write("ratings", official, record, later)) == (0, 0, 1)


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"Mã sản phẩm": "MAU-SP-999"}, "Mã sản phẩm", "Không tìm thấy"),
        ({"Số sao": "nhiều"}, "Số sao", "không phải là số sao"),
        ({"Số sao": "2"}, "Số sao", ""),
        ({"Ngày quyết định": "hôm qua"}, "Ngày quyết định", "không phải là ngày"),
        ({"Ngày quyết định": ""}, "Ngày quyết định", "Cần có giá trị"),
        ({"Tên sản phẩm": "Tỏi"}, "Tên sản phẩm", "tên là “Nho”"),
        ({"Điểm": "bảy"}, "Điểm", "không phải là số"),
        ({"Quyết định": ""}, "Nguồn", "cần có nguồn"),
    ],
)
def test_wrong_ratings_are_problems_of_row_and_column(
    upload, official, commune, cells, column, words
):
    product = ProductFactory(declared_commune=commune, name="Nho")
    record = {
        "Mã sản phẩm": product.code,
        "Số sao": "3",
        "Ngày quyết định": "10/12/2024",
        "Quyết định": "12/QĐ-UBND",
    }

    run = upload("ratings", official, record | cells)

    ((line, where, message),) = problems(run)
    assert (line, where) == (2, column)
    assert words in message


def test_two_overlapping_new_ratings_are_a_problem(upload, official, commune):
    product = ProductFactory(declared_commune=commune)
    record = {"Mã sản phẩm": product.code, "Số sao": 3, "Quyết định": "12/QĐ-UBND"}

    run = upload(
        "ratings",
        official,
        record | {"Ngày quyết định": "2024"},
        record | {"Ngày quyết định": "10/12/2024"},
    )

    assert [(column, message) for _line, column, message in problems(run)] == [
        ("Ngày quyết định", "Sản phẩm đã có xếp hạng khác trong thời gian này.")
    ]


def test_producers_are_imported(write, official):
    write(
        "producers",
        official,
        {"Tên chủ thể": "HTX Mới", "Loại": "Hợp tác xã", "Xã": "xã An Hậu", "Nguồn": "Danh sách"},
    )

    producer = Producer.objects.get(name="HTX Mới")
    assert (producer.kind, producer.kind_basis) == ("cooperative", "stated")
    # It has only a commune: the point represents it.
    assert (producer.state, producer.position) == (State.DRAFT, "commune")


# --- places -------------------------------------------------------------------------------


def test_the_code_of_a_producer_may_be_in_lower_case(write, official):
    write("products", official, NEW | {"Mã chủ thể": "mau-ct-001", "Chủ thể": ""})

    assert Product.objects.get().producer.code == "MAU-CT-001"


PLACE_ROWS = {
    "sales_points": {
        "Tên điểm bán": "Gian hàng An",
        "Loại điểm bán": "gian hàng",
        "Có bán": "có",
        "Bán hoặc trưng bày": "nho",
    },
    "craft_villages": {
        "Tên làng nghề": "Làng An",
        "Loại làng nghề": "làng nghề",
        "Nghề": "gốm",
        "Đã được công nhận": "có",
    },
}
PLACE_CELLS = {
    "Mã chủ thể": "mau-ct-001",
    "Đón khách tham quan": "không",
    "Giờ mở cửa": "Mo-Sa 07:00-17:00",
    "Năm thấy lần cuối": "2025",
    "Xã": "xã An Hậu",
    "Huyện": "huyện Minh Phước",
    "Vĩ độ": "11,55",
    "Kinh độ": "109,05",
    "Vị trí lấy từ": "GPS",
    "Nguồn": "Sổ tay",
}


@pytest.mark.parametrize("kind", PLACE_ROWS)
def test_places_are_imported_and_an_export_comes_back_unchanged(
    write,
    upload,
    official,
    tmp_path,
    kind,
):
    resource = importable()[kind]
    write(kind, official, PLACE_ROWS[kind] | PLACE_CELLS)

    place = resource.model.objects.get()
    assert (place.producer.code, place.visit, place.last_seen) == ("MAU-CT-001", False, 2025)
    assert (place.point.coords, place.position) == ((109.05, 11.55), "gps")
    assert getattr(place, "sells", None) or place.recognised
    write_export(resource(), resource.model.objects.all(), tmp_path / "b.xlsx")
    again = upload(kind, official, content=(tmp_path / "b.xlsx").read_bytes())
    assert (again.report["rows"], counts(again)) == ([], (0, 0, 1))


def test_wrong_cells_of_places_are_problems_of_their_columns(upload, official):
    wrong = {
        "Có bán": "đôi khi",
        "Năm thấy lần cuối": "năm nay",
        "Loại điểm bán": "chợ",
        "Mã chủ thể": "X",
    }

    run = upload("sales_points", official, PLACE_ROWS["sales_points"] | PLACE_CELLS | wrong)
    hours = upload(
        "sales_points",
        official,
        PLACE_ROWS["sales_points"] | PLACE_CELLS | {"Mã chủ thể": "", "Giờ mở cửa": "sáng"},
    )

    assert {column for _line, column, _message in problems(run)} == set(wrong)
    assert [column for _line, column, _message in problems(hours)] == ["Giờ mở cửa"]


# --- queries -------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(
    upload, official, django_assert_max_num_queries
):
    records = [
        NEW | {"Tên sản phẩm": f"Sản phẩm {number}", "Nguồn": f"Văn bản {number}"}
        for number in range(60)
    ]
    upload("products", official, *records[:2])

    with django_assert_max_num_queries(70):
        run = upload("products", official, *records)

    assert counts(run) == (60, 0, 0)
