"""Texts have no characters that hide; those that there are, are removed."""

from django.db import migrations, models

HIDDEN = r"[\u0001-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
HIDDEN_IN_LINES = HIDDEN.replace(r"[\u0001-\u001f", r"[\u0001-\u0008\u000b-\u000c\u000e-\u001f")

# Of each model: name of the constraint, texts of one line, texts of several.
TEXTS = {
    "category": ("category_has_no_hidden_characters", ["code", "name", "name_en"], []),
    "producer": (
        "producer_has_no_hidden_characters",
        ["name", "address", "activity", "website", "phone", "email"],
        ["state_reason", "note"],
    ),
    "product": (
        "product_has_no_hidden_characters",
        ["name", "name_en", "address", "trace_url", "quote"],
        ["description", "state_reason", "note"],
    ),
    "ocoprating": ("rating_has_no_hidden_characters", ["decision", "issuer"], []),
    "photo": ("photo_has_no_hidden_characters", ["alt", "alt_en", "credit", "licence"], []),
    "ipright": (
        "right_has_no_hidden_characters",
        ["name", "number", "decision", "owner", "status_note", "goods", "area_note", "quote"],
        ["state_reason", "note"],
    ),
}


def remove_hidden_characters(apps, schema_editor):
    """Write a break of a line as a blank where there is one line, and remove all others."""
    for model, (_name, fields, lines) in TEXTS.items():
        table = apps.get_model("products", model)._meta.db_table
        for field in (*fields, *lines):
            pattern = HIDDEN_IN_LINES if field in lines else HIDDEN
            text = field if field in lines else f"regexp_replace({field}, '[\\t\\n\\r]+', ' ', 'g')"
            schema_editor.execute(
                f"UPDATE {table} SET {field} = regexp_replace({text}, '{pattern}', '', 'g')"
                f" WHERE {field} ~ '{pattern}'",
                params=None,
            )
    # The triggers of changed rows run now: a table with waiting ones cannot be altered.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def without_hidden_characters(name, fields, lines):
    condition = models.Q()
    for field in fields:
        condition &= ~models.Q(**{f"{field}__regex": HIDDEN})
    for field in lines:
        condition &= ~models.Q(**{f"{field}__regex": HIDDEN_IN_LINES})
    return models.CheckConstraint(name=name, condition=condition)


class Migration(migrations.Migration):
    dependencies = [("products", "0007_published_coordinates")]

    operations = [
        migrations.RunPython(remove_hidden_characters, migrations.RunPython.noop),
        *(
            migrations.AddConstraint(model, without_hidden_characters(*texts))
            for model, texts in TEXTS.items()
        ),
    ]
