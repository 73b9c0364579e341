"""Published texts contain no invisible or direction-changing characters."""

import csv

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.urls import reverse

from geodata import importing
from geodata.text import HIDDEN, HIDDEN_IN_LINES, VisibleText, hidden_character
from products.ocop.models import Product
from products.register import workflow
from products.register.importing.categories import load_categories
from tests.factories import ProductFactory, SourceFactory, UnitFactory, publisher_of

BIDIRECTIONAL = [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C]
INVISIBLE = [*range(1, 0x20), 0x7F, 0x85, 0xAD, 0x200B, 0x2028, 0x2029, 0x2060, 0xFEFF, 0xE0041]
# Composed and combining diacritics, no-break space, dashes, joiners, emoji with variation selector.
VISIBLE = "Nho đỏ “Ba Mọi” – 100 % ạ a\u0323 a\u00a0b – — ấ ꨆ ก \u200c \u200d 🍇\ufe0f"

# Derived from other columns, or restricted by a constraint of their own.
NOT_TYPED = {"slug", "search_text", "written_text", "full_name"} | {"code", "gtin"}


def texts(model):
    """The names of the columns with text that users type."""
    return {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and field.name not in NOT_TYPED
    }


def test_every_text_column_of_a_public_table_has_the_constraint():
    for model in apps.get_models():
        if hasattr(model, "pgh_event_model") and not model._meta.proxy:
            rules = [rule for rule in model._meta.constraints if isinstance(rule, VisibleText)]
            covered = {name for rule in rules for name in (*rule.fields, *rule.lines)}
            assert texts(model) - covered == set(), model
            several = {name for rule in rules for name in rule.lines}
            assert several == {
                name
                for name in texts(model)
                # The reason is a multi-line text.
                if isinstance(model._meta.get_field(name), models.TextField)
                or name == "state_reason"
            }


@pytest.mark.django_db
@pytest.mark.parametrize("lines", [False, True])
def test_python_and_the_database_refuse_the_same_characters(lines):
    pattern = HIDDEN_IN_LINES if lines else HIDDEN
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code FROM generate_series(1, 917999) AS code"
            " WHERE code NOT BETWEEN 55296 AND 57343 AND chr(code) ~ %s ORDER BY code",
            [pattern],
        )
        refused = [code for (code,) in cursor]

    assert refused == [
        code
        for code in range(1, 918000)
        if not 0xD800 <= code <= 0xDFFF and hidden_character(chr(code), lines=lines)
    ]
    breaks = {9, 10, 13}
    assert set(BIDIRECTIONAL + INVISIBLE) - set(refused) == (breaks if lines else set())
    assert len(refused) == (222 if lines else 225)


@pytest.mark.django_db
def test_visible_characters_are_accepted():
    assert hidden_character(VISIBLE) is None
    ProductFactory(name=VISIBLE, description=f"{VISIBLE}\r\n\t{VISIBLE}").full_clean()


@pytest.mark.django_db
@pytest.mark.parametrize("code", [0x202E, 0x2066, 0x200F, 0xFEFF, 0x0A])
def test_the_constraint_works_in_columns_with_another_collation(code):
    product = ProductFactory()

    with pytest.raises(IntegrityError, match="product_has_no_hidden"), transaction.atomic():
        Product.objects.filter(pk=product.pk).update(name=f"Nho{chr(code)}đỏ")


def form(**changes):
    counts = {
        f"{part}-{count}_FORMS": "0"
        for part in ("ratings", "photos")
        for count in ("TOTAL", "INITIAL")
    }
    return {
        "name": "Nho",
        "name_basis": "stated",
        "source": SourceFactory().pk,
        **counts,
        **changes,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "vi",
            "Ký tự thứ 5 (U+202E) không nhìn thấy được và có thể làm sai lệch chữ: hãy xoá nó.",
        ),
        ("en", "Character 5 (U+202E) is invisible and can distort the text: delete it."),
    ],
)
def test_a_form_names_the_character_at_its_field(admin_client, language, sentence):
    response = admin_client.post(
        reverse("admin:ocop_product_add"),
        form(name="Nho \u202eđỏ", description="Hai\r\ndòng", note="a\u200bb"),
        headers={"Accept-Language": language},
    )

    errors = response.context["adminform"].form.errors
    assert sorted(errors) == ["name", "note"]
    assert errors["name"] == [sentence]
    assert not Product.objects.exists()


@pytest.mark.django_db
def test_a_reason_is_refused_with_the_same_message():
    commune = UnitFactory()
    product = ProductFactory(published=True, declared_commune=commune)

    with pytest.raises(ValidationError, match=r"U\+202E"):
        workflow.move(
            product, "withdraw", by=publisher_of(commune), base_version=1, reason="Ngừng \u202eab"
        )
    workflow.move(
        product, "withdraw", by=publisher_of(commune), base_version=1, reason="Ngừng\r\nsản xuất"
    )


@pytest.mark.django_db
def test_an_import_names_line_and_column(tmp_path):
    path = tmp_path / "groups.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["scheme", "code", "name", "name_en", "source_url", "source_date"])
        rows.writerow(["QD148", "I", "nho", "grapes", "https://example.org/", "2024"])
        rows.writerow(["QD148", "II", "t\u202eáo", "apples", "https://example.org/", "2024"])

    report = importing.run("categories", path, load_categories)

    assert [(one.line, one.column) for one in report.problems] == [(3, "name")]
    assert "U+202E" in report.problems[0].message
