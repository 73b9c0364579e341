"""The list of changes of public features, and the one function that writes it."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# What it is to list a change: see geodata/tracking.py, whose triggers call it.
LIST_CHANGE = """
CREATE FUNCTION geodata_list_change(collection_id text, feature text, is_public boolean)
RETURNS void LANGUAGE plpgsql SET enable_sort = off AS $$
DECLARE
    revision geodata_revision;
    last geodata_change;
    was_public boolean;
BEGIN
    -- Without the lock on the revision numbers would not follow one another as commits do.
    IF current_setting('geodata.revised_by', true) IS DISTINCT FROM txid_current()::text THEN
        RAISE EXCEPTION 'A change is listed before the revision that it belongs to.';
    END IF;
    SELECT * INTO revision FROM geodata_revision;
    -- Said so that only the index change_of_feature will do, and nothing is sorted: the plan is made
    -- once, for a table that may be small then, and serves while a bulk change lets it grow.
    SELECT * INTO last FROM geodata_change
        WHERE (collection, feature_id, seq) <= (collection_id, feature, 9223372036854775807)
        ORDER BY collection DESC, feature_id DESC, seq DESC LIMIT 1;
    IF (last.collection, last.feature_id) IS DISTINCT FROM (collection_id, feature) THEN
        last := NULL;
    END IF;
    was_public := coalesce(last.op <> 'delete', false);
    IF was_public AND is_public AND last.revision = revision.number THEN
        RETURN;
    END IF;
    IF was_public OR is_public THEN
        INSERT INTO geodata_change (revision, collection, feature_id, op, at) VALUES (
            revision.number, collection_id, feature,
            CASE WHEN NOT is_public THEN 'delete' WHEN was_public THEN 'update' ELSE 'insert' END,
            revision.changed_at
        );
    END IF;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("geodata", "0003_bulk_file"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                ("revision", models.BigIntegerField()),
                ("collection", models.CharField(max_length=50)),
                ("feature_id", models.CharField(max_length=50)),
                (
                    "op",
                    models.CharField(
                        choices=[("insert", "thêm"), ("update", "sửa"), ("delete", "xoá hoặc rút")],
                        max_length=6,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["seq"],
                "indexes": [
                    models.Index(fields=["collection", "seq"], name="change_in_order"),
                    models.Index(
                        fields=["collection", "feature_id", "seq"], name="change_of_feature"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("op__in", ["insert", "update", "delete"])),
                        name="change_inserts_updates_or_deletes",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="change",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="76066fbe092c71f4caa4892d0fd7eed046cadfbe",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_0d01c",
                    table="geodata_change",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(LIST_CHANGE, "DROP FUNCTION geodata_list_change(text, text, boolean)"),
    ]
