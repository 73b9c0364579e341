"""The first tables, and before them what they use: extensions, functions and grids."""

import datetime
import sys

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import (
    BtreeGistExtension,
    CreateExtension,
    TrigramExtension,
)
from django.db import migrations, models

# The folding of geodata/text.py in SQL. Not unaccent(), which is only STABLE and rewrites symbols
# (®, ½, ß) that neither Python nor JavaScript would, so that a slug would have two spellings.
FOLD = r"""
CREATE FUNCTION geodata_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT trim(regexp_replace(
        lower(translate(regexp_replace(normalize(value, NFD), '[\u0300-\u036f]', '', 'g'), 'đĐðÐ', 'dDdD')),
        '[^a-z0-9]+', ' ', 'g'))
$$
"""

# Full case folding as Unicode defines it, for CASEI in filters. The letters that lower() does not
# fold become one letter (ς, ſ, the Cherokee letters) or several (ß, ﬁ, letters with a Greek iota).
# Taken from Python's tables of Unicode: the folding of an assigned character never changes.
LEFT = [
    letter
    for letter in map(chr, range(0x80, sys.maxunicode + 1))
    if letter == letter.lower() and letter != letter.casefold()
]
ONE = [letter for letter in LEFT if len(letter.casefold()) == 1]
SEVERAL = [letter for letter in LEFT if len(letter.casefold()) > 1]


def replaced(text, letters):
    for letter in letters:
        text = f"replace({text}, '{letter}', '{letter.casefold()}')"
    return text


# The root locale of ICU knows all of Unicode, whatever the collation of the database or the column.
CASEFOLD = f"""
CREATE FUNCTION geodata_casefold(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    folded text := translate(
        lower(value COLLATE "und-x-icu"),
        '{"".join(ONE)}',
        '{"".join(letter.casefold() for letter in ONE)}'
    );
BEGIN
    IF folded ~ '[{"".join(SEVERAL)}]' THEN
        folded := {replaced("folded", SEVERAL)};
    END IF;
    RETURN folded;
END
$$
"""

# Rounds coordinates to the decimals that are published. ST_SnapToGrid() multiplies and divides, which
# leaves errors of the last bit; text does not.
PUBLISHED = """
CREATE FUNCTION geodata_published(value geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT ST_GeomFromText(ST_AsText(value, 7), ST_SRID(value))
$$
"""

# The transaction by which a row remembers that its version was raised. Not txid_current(), whose
# numbers start again in a database restored from a dump: a row could seem to have been raised by
# the transaction that is only now changing it.
TRANSACTION = """
CREATE FUNCTION geodata_transaction() RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('geodata.transaction', true), '') = '' THEN
        PERFORM set_config('geodata.transaction', gen_random_uuid()::text, true);
    END IF;
    RETURN current_setting('geodata.transaction')::uuid;
END
$$
"""

# PostGIS 3.3 has none of the provincial grids of VN-2000 (TM-3, 3° zones by central meridian). With
# the authority's name and code in the row PROJ looks the definition up itself, datum shift
# included; the text is not read.
VN2000_SRIDS = ", ".join(map(str, range(9205, 9219)))
VN2000 = """
INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text)
SELECT code, 'EPSG', code, 'VN-2000 / TM-3', '' FROM generate_series(9205, 9218) AS code
ON CONFLICT (srid) DO NOTHING
"""

# Lists a change; the triggers of geodata/tracking.py call it.
LIST_CHANGE = """
CREATE FUNCTION geodata_list_change(collection_id text, feature text, is_public boolean)
RETURNS void LANGUAGE plpgsql SET enable_sort = off AS $$
DECLARE
    revision geodata_revision;
    last geodata_change;
    was_public boolean;
BEGIN
    -- The lock on the revision makes sequence numbers follow the order of the commits.
    IF current_setting('geodata.revised_by', true) IS DISTINCT FROM txid_current()::text THEN
        RAISE EXCEPTION 'A change is listed before the revision that it belongs to.';
    END IF;
    SELECT * INTO revision FROM geodata_revision;
    -- Written so that the planner uses the index change_of_feature and does not sort: the plan is
    -- made once, for a table that may be small then, and is used while a bulk change lets it grow.
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
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateExtension("postgis"),
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.RunSQL(FOLD, "DROP FUNCTION geodata_fold(text)"),
        migrations.RunSQL(CASEFOLD, "DROP FUNCTION geodata_casefold(text)"),
        migrations.RunSQL(PUBLISHED, "DROP FUNCTION geodata_published(geometry)"),
        migrations.RunSQL(TRANSACTION, "DROP FUNCTION geodata_transaction()"),
        migrations.RunSQL(VN2000, f"DELETE FROM spatial_ref_sys WHERE srid IN ({VN2000_SRIDS})"),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
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
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(("pk", 1)), name="there_is_one_revision"
            ),
        ),
        migrations.RunSQL(LIST_CHANGE, "DROP FUNCTION geodata_list_change(text, text, boolean)"),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=50, verbose_name="loại")),
                ("file_name", models.CharField(max_length=255, verbose_name="tệp")),
                ("sha256", models.CharField(max_length=64)),
                ("applied", models.BooleanField(verbose_name="đã ghi")),
                ("report", models.JSONField(verbose_name="báo cáo")),
                ("ran_at", models.DateTimeField(auto_now_add=True, verbose_name="lúc")),
            ],
            options={
                "verbose_name": "lần nhập dữ liệu",
                "verbose_name_plural": "các lần nhập dữ liệu",
                "ordering": ["-ran_at"],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=500, verbose_name="tên")),
                (
                    "publisher",
                    models.CharField(blank=True, max_length=200, verbose_name="nơi công bố"),
                ),
                (
                    "document_number",
                    models.CharField(blank=True, max_length=100, verbose_name="số văn bản"),
                ),
                (
                    "dated",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        blank=True,
                        help_text="Ngày công bố, hoặc tháng hay năm nếu chỉ rõ đến đó.",
                        null=True,
                        verbose_name="ngày",
                    ),
                ),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="địa chỉ")),
                ("licence", models.CharField(blank=True, max_length=200, verbose_name="giấy phép")),
            ],
            options={
                "verbose_name": "nguồn",
                "verbose_name_plural": "nguồn",
                "ordering": ["publisher", "title", "url"],
            },
        ),
        migrations.CreateModel(
            name="SourceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("title", models.CharField(blank=True, max_length=500, verbose_name="tên")),
                (
                    "publisher",
                    models.CharField(blank=True, max_length=200, verbose_name="nơi công bố"),
                ),
                (
                    "document_number",
                    models.CharField(blank=True, max_length=100, verbose_name="số văn bản"),
                ),
                (
                    "dated",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        blank=True,
                        help_text="Ngày công bố, hoặc tháng hay năm nếu chỉ rõ đến đó.",
                        null=True,
                        verbose_name="ngày",
                    ),
                ),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="địa chỉ")),
                ("licence", models.CharField(blank=True, max_length=200, verbose_name="giấy phép")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BulkFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("collection", models.CharField(max_length=50)),
                ("format", models.CharField(max_length=10)),
                ("bytes", models.PositiveBigIntegerField()),
                ("written_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("collection", "format"), name="bulk_file_has_one_size"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="importrun",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to=settings.AUTH_USER_MODEL,
                verbose_name="người nhập",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "title__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "publisher__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "document_number__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "url__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "licence__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                ),
                name="source_has_no_hidden_characters",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("title", ""), _negated=True),
                    models.Q(("url", ""), _negated=True),
                    _connector="OR",
                ),
                name="source_has_a_title_or_an_address",
                violation_error_message="Nguồn cần có tên hoặc địa chỉ.",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("dated__startswith__isnull", True),
                        ("dated__startswith__gte", datetime.date(1900, 1, 1)),
                        _connector="OR",
                    ),
                    models.Q(
                        ("dated__endswith__isnull", True),
                        ("dated__endswith__lte", datetime.date(2101, 1, 1)),
                        _connector="OR",
                    ),
                ),
                name="source_is_dated_within_the_calendar",
                violation_error_message="Năm phải từ 1900 đến 2100.",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(
                condition=models.Q(("url", ""), _negated=True),
                fields=("url",),
                name="source_address_is_listed_once",
                violation_error_message="Địa chỉ này đã có trong danh sách nguồn.",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(
                condition=models.Q(("url", "")),
                fields=("title",),
                name="source_without_address_has_its_own_title",
                violation_error_message="Đã có nguồn mang tên này.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_revision",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\n        IF current_setting('geodata.revised_by', true) IS DISTINCT FROM txid_current()::text THEN\n            INSERT INTO geodata_revision (id, number, changed_at) VALUES (1, 1, clock_timestamp())\n                ON CONFLICT (id) DO UPDATE\n                SET number = geodata_revision.number + 1, changed_at = clock_timestamp();\n            PERFORM set_config('geodata.revised_by', txid_current()::text, true);\n        END IF;\n        RETURN NULL;\n    ",
                    hash="7b8aa566625302efcdd939382d4e02a3e9b786d8",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_bump_revision_2848f",
                    table="geodata_source",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "geodata_sourceevent" ("dated", "document_number", "id", "licence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publisher", "title", "url") VALUES (NEW."dated", NEW."document_number", NEW."id", NEW."licence", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."publisher", NEW."title", NEW."url"); RETURN NULL;',
                    hash="e7228d7b5aebd80aff417cb0e3bcb219db11183f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_3c8f9",
                    table="geodata_source",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."dated" IS DISTINCT FROM NEW."dated" OR OLD."document_number" IS DISTINCT FROM NEW."document_number" OR OLD."id" IS DISTINCT FROM NEW."id" OR OLD."licence" IS DISTINCT FROM NEW."licence" OR OLD."publisher" IS DISTINCT FROM NEW."publisher" OR OLD."title" IS DISTINCT FROM NEW."title" OR OLD."url" IS DISTINCT FROM NEW."url")',
                    func='INSERT INTO "geodata_sourceevent" ("dated", "document_number", "id", "licence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publisher", "title", "url") VALUES (NEW."dated", NEW."document_number", NEW."id", NEW."licence", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."publisher", NEW."title", NEW."url"); RETURN NULL;',
                    hash="7a44fe0681110a262b3742a5f0c41275060ceff1",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b8513",
                    table="geodata_source",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "geodata_sourceevent" ("dated", "document_number", "id", "licence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publisher", "title", "url") VALUES (OLD."dated", OLD."document_number", OLD."id", OLD."licence", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."publisher", OLD."title", OLD."url"); RETURN NULL;',
                    hash="30b84423ce88238f99b055034f7b5ae39d185ae9",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_700e2",
                    table="geodata_source",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="sourceevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="sourceevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="geodata.source",
            ),
        ),
        migrations.AddIndex(
            model_name="importrun",
            index=models.Index(fields=["kind", "sha256"], name="geodata_imp_kind_4661bc_idx"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sourceevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a672703a080cf96fc0ba34c314151744eb35a1a1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3f998",
                    table="geodata_sourceevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
