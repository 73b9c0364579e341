"""An official's file overwrites the versions that it states; other rows are conflicts."""

import io

import pghistory
import pytest
from django.core.management import CommandError, call_command

from geodata import importing
from geodata.models import ImportRun
from products.ocop.importing import load_products
from products.ocop.models import OcopRating, Product
from products.register import workflow
from products.register.importing import runs
from products.register.states import State
from tests.factories import (
    UNTIL_THE_CHANGE,
    CategoryFactory,
    ProducerFactory,
    UnitFactory,
    publisher_of,
    square,
)
from tests.products.test_importing import PRODUCT
from tests.spreadsheets import csv_text, table
from tests.versions import next_transaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("self_publish")]

CODE = PRODUCT["record_id"]
SHIPPED_NAME = PRODUCT["product_name"]


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
def load(tmp_path, commune):
    """`load({changes}…)` loads a file of the project with one row per dict."""

    def run(*changes):
        next_transaction()
        path = tmp_path / "products.csv"
        rows = table(*(PRODUCT | change for change in changes or ({},)))
        path.write_text(csv_text(rows), encoding="utf-8")
        return importing.run("products", path, load_products)

    return run


@pytest.fixture
def write(tmp_path, official):
    """`write({cells}…)` imports the official's file with one row per dict; returns the ImportRun.

    Each row has the code of the shipped product, unless it states another.
    """

    def run(*rows, kind="products", decisions=None, dry_run=False):
        next_transaction()
        path = official_file(tmp_path, *rows)
        return runs.run_now(
            kind, path, by=official, options={}, decisions=decisions or {}, dry_run=dry_run
        )

    return run


def official_file(folder, *rows):
    path = folder / "own.csv"
    rows = table(*({"Mã sản phẩm": CODE} | row for row in rows))
    path.write_text(csv_text(rows), encoding="utf-8")
    return path


def edit_manually(**values):
    """Change the product as another official and return it."""
    next_transaction()
    product = the_product()
    by = publisher_of(product.old_commune)
    return workflow.change(product, values, by=by, base_version=product.version)


def edit_rating_manually(official):
    next_transaction()
    with pghistory.context(user=official.pk):
        OcopRating.objects.update(stars=5)


def the_product():
    return Product.objects.get(code=CODE)


def conflicts(run):
    return [
        (one["column"], one["base"], one["file"], one["current"]) for one in run.report["conflicts"]
    ]


# --- with a version column -----------------------------------------------------------------


def test_a_row_with_the_current_version_overwrites_a_manual_edit(load, write, official):
    load()
    before = edit_manually(name="Tên do người sửa").version

    run = write({"Tên sản phẩm": "Trà", "Phiên bản": before})

    assert (run.applied, run.report["updated"], conflicts(run)) == (True, 1, [])
    product = the_product()
    assert (product.name, product.version) == ("Trà", before + 1)
    event = Product.pgh_event_model.objects.filter(name="Trà").first()
    assert event.pgh_context.metadata == {
        "user": official.pk,
        "act": "import",
        "import_run": run.pk,
    }


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_row_with_another_version_is_a_conflict_with_three_values(load, write, dry_run):
    load()
    product = edit_manually(name="Tên do người sửa", description="Mới")
    row = {"Tên sản phẩm": "Tên trong tệp", "Phiên bản": product.version - 1}

    run = write(row, dry_run=dry_run)

    assert conflicts(run) == [("tên", SHIPPED_NAME, "Tên trong tệp", "Tên do người sửa")]
    (conflict,) = run.report["conflicts"]
    assert (conflict["line"], conflict["code"], conflict["version"]) == (2, CODE, product.version)
    assert f"trước đó “{SHIPPED_NAME}”" in str(importing.Conflict(**conflict))
    assert the_product().name == "Tên do người sửa"
    assert not run.applied


def test_one_conflict_prevents_the_whole_file_from_being_written(load, write):
    load({}, {"record_id": "MAU-SP-002"})
    edit_manually(name="Tên do người sửa")
    other = Product.objects.get(code="MAU-SP-002")
    new = {"Mã sản phẩm": "", "Xã": "xã An Hậu", "Nguồn": "Báo cáo"}

    run = write(
        {"Tên sản phẩm": "A", "Phiên bản": 1},
        {"Mã sản phẩm": "MAU-SP-002", "Tên sản phẩm": "B", "Phiên bản": other.version},
        new | {"Tên sản phẩm": "C"},
    )

    assert [one["code"] for one in run.report["conflicts"]] == [CODE]
    assert run.report["problem_count"] == 0
    assert not Product.objects.filter(name__in="ABC").exists()


def test_a_row_equal_to_the_record_is_not_a_conflict(load, write):
    load()
    edit_manually(name="Đúng")

    run = write({"Tên sản phẩm": "Đúng", "Phiên bản": 1})

    assert (run.applied, run.report["unchanged"]) == (True, 1)


def test_a_manually_edited_rating_is_a_conflict(load, write, official):
    load()
    edit_rating_manually(official)

    run = write({"Số sao": "4 sao", "Ngày quyết định": "2023", "Phiên bản": 1}, kind="ratings")

    # Which ratings a product had at a version is not stored.
    assert conflicts(run) == [("xếp hạng OCOP", "", "4 sao (2023)", "5 sao (2023)")]
    assert OcopRating.objects.get().stars == 5


@pytest.mark.parametrize("version", ["hai", "-1", "1.5"])
def test_an_invalid_version_is_reported_with_line_and_column(load, write, version):
    load()

    run = write({"Tên sản phẩm": "A", "Phiên bản": version})

    assert [(row["line"], row["column"]) for row in run.report["rows"]] == [(2, "Phiên bản")]
    assert the_product().name == SHIPPED_NAME


# --- without a version column --------------------------------------------------------------


def test_without_versions_a_record_unedited_since_the_last_import_is_overwritten(load, write):
    load()
    version = edit_manually(name="Tên do người sửa").version
    write({"Tên sản phẩm": "A", "Phiên bản": version})

    run = write({"Tên sản phẩm": "B"})

    assert (run.applied, run.report["updated"]) == (True, 1)
    assert the_product().name == "B"


def test_without_versions_an_edited_record_that_differs_is_a_conflict(load, write):
    load()
    edit_manually(name="Tên do người sửa")

    run = write({"Tên sản phẩm": "Tên trong tệp"})

    assert conflicts(run) == [("tên", SHIPPED_NAME, "Tên trong tệp", "Tên do người sửa")]


def test_without_versions_an_edited_rating_is_a_conflict(load, write, official):
    load()
    edit_rating_manually(official)

    run = write({"Số sao": "4 sao", "Ngày quyết định": "2023"}, kind="ratings")

    assert conflicts(run) == [("xếp hạng OCOP", "3 sao (2023)", "4 sao (2023)", "5 sao (2023)")]


# --- decisions -----------------------------------------------------------------------------


def test_overwriting_resolves_a_conflict_only_at_the_reviewed_version(load, write):
    load()
    reviewed = edit_manually(name="Tên do người sửa").version
    row = {"Tên sản phẩm": "Tên trong tệp", "Phiên bản": 1}
    now = edit_manually(description="lại sửa").version

    run = write(row, decisions={CODE: reviewed})
    assert [one["version"] for one in run.report["conflicts"]] == [now]

    run = write(row, decisions={CODE: now})
    assert (run.applied, run.report["updated"]) == (True, 1)
    assert the_product().name == "Tên trong tệp"


def test_a_record_that_people_decide_to_retain_is_counted_and_unchanged(load, write):
    load()
    edit_manually(name="Tên do người sửa")

    run = write({"Tên sản phẩm": "Tên trong tệp", "Phiên bản": 1}, decisions={CODE: None})

    assert (run.applied, run.report["retained"]) == (True, 1)
    assert "1 giữ bản do người sửa" in run.result
    assert the_product().name == "Tên do người sửa"


# --- files of the project and of officials -------------------------------------------------


def test_new_records_of_an_official_are_drafts_and_those_of_the_project_public(load, write):
    load()
    write({"Mã sản phẩm": "", "Tên sản phẩm": "Nho", "Xã": "xã An Hậu", "Nguồn": "Báo cáo"})

    assert the_product().state == State.PUBLISHED
    assert Product.objects.get(name="Nho").state == State.DRAFT


def test_a_shipped_file_does_not_overwrite_an_officials_import(load, write):
    load()
    write({"Tên sản phẩm": "Của cán bộ", "Phiên bản": the_product().version})

    report = load({"product_name": "Của dự án"})

    assert (report.retained, the_product().name) == (1, "Của cán bộ")


# --- the command ---------------------------------------------------------------------------


def test_the_command_lists_conflicts_and_accepts_decisions(load, official, tmp_path):
    load()
    product = edit_manually(name="Tên do người sửa")
    path = official_file(tmp_path, {"Tên sản phẩm": "Trà", "Phiên bản": 1})
    own = {"user": official.username}
    err = io.StringIO()

    with pytest.raises(CommandError, match="1 hồ sơ xung đột"):
        call_command("import_products", path, stderr=err, **own)
    assert "“Tên do người sửa”" in err.getvalue()
    with pytest.raises(CommandError, match="no user"):
        call_command("import_products", path, user="ai-do")
    with pytest.raises(CommandError, match="CODE=VERSION"):
        call_command("import_products", path, overwrite=[CODE], **own)

    call_command("import_products", path, keep=[CODE], **own)
    assert the_product().name == "Tên do người sửa"
    call_command("import_products", path, overwrite=[f"{CODE}={product.version}"], **own)

    assert the_product().name == "Trà"
    assert ImportRun.objects.filter(applied=True).latest("ran_at").user == official


def test_the_commands_that_load_files_of_the_project_take_no_user(tmp_path):
    for command in ("load_products", "load_producers", "load_protections"):
        with pytest.raises(TypeError, match="user"):
            call_command(command, tmp_path / "a.csv", user="ai-do")
