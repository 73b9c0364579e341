"""An official's file overwrites the versions that it states; other rows are conflicts."""

import csv
import io

import pghistory
import pytest
from django.core.management import CommandError, call_command

from geodata import importing as imports
from geodata.models import ImportRun
from products.ocop.importing import load_products
from products.ocop.models import OcopRating, Product
from products.register import workflow
from products.register.importing.writing import OfficialFile
from products.register.states import State
from products.rights.importing import load_protections
from products.rights.models import IpRight
from tests.factories import (
    UNTIL_THE_CHANGE,
    CategoryFactory,
    ProducerFactory,
    UnitFactory,
    editor_of,
    publisher_of,
    square,
)
from tests.products.test_importing import PRODUCT, RIGHT
from tests.versions import next_transaction, version_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("self_publish")]


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
    """`load(mode, {changes}…)` imports a file with one row per dict; mode None: a shipped file."""

    def run(mode, *changes, rows=PRODUCT, read=load_products, **options):
        next_transaction()
        path = tmp_path / "products.csv"
        path.write_text(table(*(rows | change for change in changes)), encoding="utf-8")
        user = mode and mode.user
        return imports.run(
            "products", path, lambda path, report: read(path, report, mode), user=user, **options
        )

    return run


def table(*rows):
    text = io.StringIO()
    writer = csv.DictWriter(
        text, fieldnames=list(dict.fromkeys(name for row in rows for name in row))
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def edit_manually(**values):
    """Change the product as an official and return it."""
    next_transaction()
    product = Product.objects.get(code=PRODUCT["record_id"])
    by = publisher_of(product.old_commune)
    return workflow.change(product, values, by=by, base_version=product.version)


# --- with a version column -----------------------------------------------------------------


def test_a_row_with_the_current_version_overwrites_a_manual_edit(load, official):
    load(None, {})
    before = edit_manually(name="Tên do người sửa").version

    report = load(OfficialFile(official), {"product_name": "Trà", "version": before})

    assert (report.ok, report.updated, report.conflicts) == (True, 1, [])
    product = Product.objects.get()
    assert (product.name, product.version) == ("Trà", before + 1)
    event = Product.pgh_event_model.objects.filter(name="Trà").first()
    assert event.pgh_context.metadata == {"user": official.pk, "act": "import"}


def test_a_row_with_another_version_is_a_conflict_with_three_values(load, official):
    load(None, {})
    product = edit_manually(name="Tên do người sửa", description="Mới")
    row = {"product_name": "Tên trong tệp", "version": product.version - 1}

    for dry_run in (True, False):
        report = load(OfficialFile(official), row, dry_run=dry_run)

        assert report.ok is False
        (conflict,) = report.conflicts
        assert (conflict.line, conflict.code, conflict.version) == (
            2,
            product.code,
            product.version,
        )
        assert (conflict.column, conflict.base, conflict.file, conflict.current) == (
            "tên",
            "Trà măng tây",
            "Tên trong tệp",
            "Tên do người sửa",
        )
        assert "trước đó “Trà măng tây”" in str(conflict)
    assert Product.objects.get().name == "Tên do người sửa"
    assert ImportRun.objects.filter(user=official, applied=True).count() == 0


def test_one_conflict_prevents_the_whole_file_from_being_written(load, official):
    load(None, {}, {"record_id": "MAU-SP-002"})
    edit_manually(name="Tên do người sửa")
    other = Product.objects.get(code="MAU-SP-002")

    report = load(
        OfficialFile(official),
        {"product_name": "A", "version": 1},
        {"record_id": "MAU-SP-002", "product_name": "B", "version": other.version},
        {"record_id": "MAU-SP-003", "product_name": "C"},
    )

    assert [conflict.code for conflict in report.conflicts] == ["MAU-SP-001"]
    assert not Product.objects.filter(name__in="ABC").exists()


def test_a_row_equal_to_the_record_is_not_a_conflict(load, official):
    load(None, {})
    edit_manually(name="Đúng")

    report = load(OfficialFile(official), {"product_name": "Đúng", "version": 1})

    assert (report.ok, report.unchanged) == (True, 1)


def test_a_manually_edited_rating_is_a_conflict(load, official):
    load(None, {})
    next_transaction()
    with pghistory.context(user=official.pk):
        OcopRating.objects.update(stars=5)

    report = load(OfficialFile(official), {"ocop_star": "4", "version": 1})

    (conflict,) = report.conflicts
    assert (conflict.column, conflict.file, conflict.current) == (
        "xếp hạng OCOP",
        "4 sao (2023)",
        "5 sao (2023)",
    )
    assert OcopRating.objects.get().stars == 5


@pytest.mark.parametrize("version", ["hai", "-1", "1.0"])
def test_an_invalid_version_is_reported_with_line_and_column(load, official, version):
    load(None, {})

    report = load(OfficialFile(official), {"product_name": "A", "version": version})

    assert [(problem.line, problem.column) for problem in report.problems] == [(2, "version")]


# --- without a version column --------------------------------------------------------------


def test_without_versions_a_record_unedited_since_the_last_import_is_overwritten(load, official):
    load(None, {})
    version = edit_manually(name="Tên do người sửa").version
    load(OfficialFile(official), {"product_name": "A", "version": version})

    report = load(OfficialFile(official), {"product_name": "B"})

    assert (report.ok, report.updated) == (True, 1)
    assert Product.objects.get().name == "B"


def test_without_versions_an_edited_record_that_differs_is_a_conflict(load, official):
    load(None, {})
    edit_manually(name="Tên do người sửa")

    report = load(OfficialFile(official), {"product_name": "Tên trong tệp"})

    (conflict,) = report.conflicts
    assert (conflict.base, conflict.file, conflict.current) == (
        "Trà măng tây",
        "Tên trong tệp",
        "Tên do người sửa",
    )


def test_without_versions_an_edited_rating_is_a_conflict(load, official):
    load(None, {})
    next_transaction()
    with pghistory.context(user=official.pk):
        OcopRating.objects.update(stars=5)

    report = load(OfficialFile(official), {"ocop_star": "4"})

    (conflict,) = report.conflicts
    assert (conflict.base, conflict.file, conflict.current) == (
        "3 sao (2023)",
        "4 sao (2023)",
        "5 sao (2023)",
    )


# --- decisions -----------------------------------------------------------------------------


def test_overwrite_resolves_a_conflict_only_at_the_reviewed_version(load, official):
    load(None, {})
    product = edit_manually(name="Tên do người sửa")
    row = {"product_name": "Tên trong tệp", "version": 1}
    reviewed = {product.code: product.version}
    now = edit_manually(description="lại sửa").version

    report = load(OfficialFile(official, overwrite=reviewed), row)
    assert [conflict.version for conflict in report.conflicts] == [now]

    report = load(OfficialFile(official, overwrite={product.code: now}), row)
    assert (report.ok, report.updated) == (True, 1)
    assert Product.objects.get().name == "Tên trong tệp"


def test_keep_resolves_a_conflict_in_favour_of_the_record(load, official):
    load(None, {})
    product = edit_manually(name="Tên do người sửa")
    row = {"product_name": "Tên trong tệp", "version": 1}

    report = load(OfficialFile(official, keep={product.code}), row)

    assert (report.ok, report.kept) == (True, 1)
    assert Product.objects.get().name == "Tên do người sửa"


# --- permissions of an official's file -----------------------------------------------------


def test_new_records_in_an_officials_file_are_drafts_and_decisions_are_added(load, official):
    load(OfficialFile(official), {})
    product = Product.objects.get()
    assert (product.state, product.ratings.get().stars) == (State.DRAFT, 3)

    report = load(OfficialFile(official), {"ocop_star": "4", "recognised_year": "2026"})

    assert (report.ok, report.updated) == (True, 1)
    assert list(product.ratings.values_list("stars", flat=True)) == [3, 4]


def test_an_official_cannot_import_records_of_another_unit(load):
    load(None, {})
    elsewhere = editor_of(UnitFactory())

    row = {"product_name": "A", "version": version_of(the_product())}
    report = load(OfficialFile(elsewhere), row)

    assert [problem.line for problem in report.problems] == [2]
    assert "không thuộc quyền sửa" in report.problems[0].message
    assert Product.objects.get().name == PRODUCT["product_name"]


def test_a_shipped_file_does_not_overwrite_an_officials_import(load, official):
    load(None, {})
    load(
        OfficialFile(official), {"product_name": "Của cán bộ", "version": version_of(the_product())}
    )

    report = load(None, {"product_name": "Của dự án"})

    assert (report.kept, the_product().name) == (1, "Của cán bộ")


def the_product():
    return Product.objects.get()


def test_the_area_of_a_right_is_part_of_its_version(load, official, commune):
    province = UnitFactory(code="99", validity=UNTIL_THE_CHANGE)
    steward = publisher_of(province)
    rights = {"rows": RIGHT, "read": load_protections}
    load(None, {}, **rights)
    right = IpRight.objects.get()
    more = UnitFactory(
        code="82910", name="Phước Hoài", parent=commune.parent, validity=UNTIL_THE_CHANGE
    )
    next_transaction()
    with pghistory.context(user=steward.pk):
        right.area_parts.create(unit=more)

    stale = load(OfficialFile(steward), {"version": right.version}, **rights)
    assert [c.current for c in stale.conflicts] == ["xã An Hậu; xã Phước Hoài"]
    right.refresh_from_db()
    report = load(OfficialFile(steward), {"version": right.version}, **rights)
    assert (report.ok, list(right.area_units.all())) == (True, [commune])


# --- the command ---------------------------------------------------------------------------


def test_the_command_lists_conflicts_and_accepts_decisions(load, official, tmp_path, capsys):
    load(None, {})
    product = edit_manually(name="Tên do người sửa")
    path = tmp_path / "own.csv"
    path.write_text(table(PRODUCT | {"product_name": "Trà", "version": 1}), encoding="utf-8")

    with pytest.raises(CommandError, match="1 hồ sơ xung đột"):
        call_command("load_products", path, user=official.username)
    assert "“Tên do người sửa”" in capsys.readouterr().err
    with pytest.raises(CommandError, match="no user"):
        call_command("load_products", path, user="ai-do")
    with pytest.raises(CommandError, match="official's file"):
        call_command("load_products", path, keep=[product.code])
    with pytest.raises(CommandError, match="CODE=VERSION"):
        call_command("load_products", path, user=official.username, overwrite=["MAU-SP-001"])

    decided = [f"{product.code}={product.version}"]
    call_command("load_products", path, user=official.username, overwrite=decided)

    assert the_product().name == "Trà"
    assert ImportRun.objects.filter(applied=True).latest("ran_at").user == official
