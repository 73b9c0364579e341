import datetime

import django.contrib.gis.db.models.fields
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import geodata.geometry


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("geodata", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Boundary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "geometry",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=4326, verbose_name="ranh giới"
                    ),
                ),
                (
                    "outline",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True, null=True, srid=4326, verbose_name="đường bao đơn giản"
                    ),
                ),
                (
                    "area_km2",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            models.F("geometry"),
                            output_field=models.FloatField(),
                            template="ST_Area(%(expressions)s::geography) / 1e6",
                        ),
                        output_field=models.FloatField(),
                        verbose_name="diện tích đo được (km²)",
                    ),
                ),
            ],
            options={
                "verbose_name": "ranh giới",
                "verbose_name_plural": "ranh giới",
            },
        ),
        migrations.CreateModel(
            name="BoundaryEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "geometry",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=4326, verbose_name="ranh giới"
                    ),
                ),
                (
                    "outline",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True, null=True, srid=4326, verbose_name="đường bao đơn giản"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Stewardship",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "biên tập"), (2, "duyệt công bố")], verbose_name="quyền"
                    ),
                ),
            ],
            options={
                "verbose_name": "phân công địa bàn",
                "verbose_name_plural": "phân công địa bàn",
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        help_text="toàn bộ, hoặc những thôn nào",
                        max_length=100,
                        verbose_name="phần",
                    ),
                ),
                (
                    "share",
                    models.DecimalField(
                        decimal_places=4,
                        help_text="0–1, đo trên ranh giới",
                        max_digits=5,
                        verbose_name="phần diện tích",
                    ),
                ),
            ],
            options={
                "verbose_name": "chuyển tiếp",
                "verbose_name_plural": "chuyển tiếp",
                "ordering": ["predecessor", "successor"],
            },
        ),
        migrations.CreateModel(
            name="SuccessionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "part",
                    models.CharField(
                        help_text="toàn bộ, hoặc những thôn nào",
                        max_length=100,
                        verbose_name="phần",
                    ),
                ),
                (
                    "share",
                    models.DecimalField(
                        decimal_places=4,
                        help_text="0–1, đo trên ranh giới",
                        max_digits=5,
                        verbose_name="phần diện tích",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        editable=False,
                        help_text="{code}, or {code}-{first day} where that is known; given once, never changed.",
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        help_text="Mã của Tổng cục Thống kê.", max_length=5, verbose_name="mã"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "tỉnh"), (2, "huyện"), (3, "xã")], verbose_name="cấp"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        help_text="phường, xã, thị trấn, huyện…", max_length=20, verbose_name="loại"
                    ),
                ),
                (
                    "name",
                    models.CharField(db_collation="vi-x-icu", max_length=100, verbose_name="tên"),
                ),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=100, verbose_name="tên tiếng Anh"),
                ),
                (
                    "full_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Concat(
                            models.F("kind"), models.Value(" "), models.F("name")
                        ),
                        output_field=models.CharField(db_collation="vi-x-icu", max_length=121),
                        verbose_name="tên đầy đủ",
                    ),
                ),
                (
                    "validity",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="Từ ngày đầu đến ngày đầu tiên không còn; để trống nếu chưa rõ.",
                        verbose_name="tồn tại",
                    ),
                ),
                (
                    "official_area_km2",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=8,
                        null=True,
                        verbose_name="diện tích công bố (km²)",
                    ),
                ),
                (
                    "official_area_source",
                    models.CharField(blank=True, max_length=300, verbose_name="nguồn diện tích"),
                ),
            ],
            options={
                "verbose_name": "đơn vị hành chính",
                "verbose_name_plural": "đơn vị hành chính",
                "ordering": ["code", "public_id"],
            },
        ),
        migrations.CreateModel(
            name="UnitEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "public_id",
                    models.CharField(
                        editable=False,
                        help_text="{code}, or {code}-{first day} where that is known; given once, never changed.",
                        max_length=20,
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        help_text="Mã của Tổng cục Thống kê.", max_length=5, verbose_name="mã"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "tỉnh"), (2, "huyện"), (3, "xã")], verbose_name="cấp"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        help_text="phường, xã, thị trấn, huyện…", max_length=20, verbose_name="loại"
                    ),
                ),
                (
                    "name",
                    models.CharField(db_collation="vi-x-icu", max_length=100, verbose_name="tên"),
                ),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=100, verbose_name="tên tiếng Anh"),
                ),
                (
                    "validity",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="Từ ngày đầu đến ngày đầu tiên không còn; để trống nếu chưa rõ.",
                        verbose_name="tồn tại",
                    ),
                ),
                (
                    "official_area_km2",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=8,
                        null=True,
                        verbose_name="diện tích công bố (km²)",
                    ),
                ),
                (
                    "official_area_source",
                    models.CharField(blank=True, max_length=300, verbose_name="nguồn diện tích"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UnitSource",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("geodata.source",),
        ),
        migrations.AddField(
            model_name="boundary",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="geodata.source",
                verbose_name="nguồn",
            ),
        ),
        migrations.AddField(
            model_name="boundaryevent",
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
            model_name="boundaryevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="districts.boundary",
            ),
        ),
        migrations.AddField(
            model_name="boundaryevent",
            name="source",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="geodata.source",
                verbose_name="nguồn",
            ),
        ),
        migrations.AddField(
            model_name="stewardship",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="stewardships",
                to=settings.AUTH_USER_MODEL,
                verbose_name="cán bộ",
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="geodata.source",
                verbose_name="nghị quyết",
            ),
        ),
        migrations.AddField(
            model_name="successionevent",
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
            model_name="successionevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="districts.succession",
            ),
        ),
        migrations.AddField(
            model_name="successionevent",
            name="source",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="geodata.source",
                verbose_name="nghị quyết",
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="districts.unit",
                verbose_name="thuộc",
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="geodata.source",
                verbose_name="nguồn",
            ),
        ),
        migrations.AddField(
            model_name="successionevent",
            name="predecessor",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="districts.unit",
                verbose_name="đơn vị trước",
            ),
        ),
        migrations.AddField(
            model_name="successionevent",
            name="successor",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="districts.unit",
                verbose_name="đơn vị sau",
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="predecessor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="successions",
                to="districts.unit",
                verbose_name="đơn vị trước",
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="successor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="predecessions",
                to="districts.unit",
                verbose_name="đơn vị sau",
            ),
        ),
        migrations.AddField(
            model_name="stewardship",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="stewardships",
                to="districts.unit",
                verbose_name="địa bàn",
            ),
        ),
        migrations.AddField(
            model_name="boundaryevent",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="districts.unit",
                verbose_name="đơn vị",
            ),
        ),
        migrations.AddField(
            model_name="boundary",
            name="unit",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="boundary",
                to="districts.unit",
                verbose_name="đơn vị",
            ),
        ),
        migrations.AddField(
            model_name="unitevent",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="districts.unit",
                verbose_name="thuộc",
            ),
        ),
        migrations.AddField(
            model_name="unitevent",
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
            model_name="unitevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="districts.unit",
            ),
        ),
        migrations.AddField(
            model_name="unitevent",
            name="source",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="geodata.source",
                verbose_name="nguồn",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitsource",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes_of_units",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.title) IS DISTINCT FROM ROW(NEW.title) THEN PERFORM geodata_list_change('districts', public_id, true) FROM districts_unit WHERE level = 2 AND (source_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nIF ROW(OLD.title) IS DISTINCT FROM ROW(NEW.title) THEN PERFORM geodata_list_change('communes', public_id, true) FROM districts_unit WHERE level = 3 AND (source_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nRETURN NULL;",
                    hash="7af9e78b59be14a404159d927ae0807273804785",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_of_units_5ce30",
                    table="geodata_source",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "public_id__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "kind__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "name__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "name_en__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "official_area_source__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                ),
                name="unit_has_no_hidden_characters",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("code__regex", "^\\d{2}$"), ("level", 1)),
                    models.Q(("code__regex", "^\\d{3}$"), ("level", 2)),
                    models.Q(("code__regex", "^\\d{5}$"), ("level", 3)),
                    _connector="OR",
                ),
                name="unit_code_has_two_three_or_five_digits",
                violation_error_message="Mã tỉnh có 2 chữ số, mã huyện 3, mã xã 5.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("validity__isempty", False)),
                name="unit_exists_for_at_least_a_day",
                violation_error_message="Đơn vị phải tồn tại ít nhất một ngày.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("validity__startswith__isnull", True),
                        ("validity__startswith__gte", datetime.date(1900, 1, 1)),
                        _connector="OR",
                    ),
                    models.Q(
                        ("validity__endswith__isnull", True),
                        ("validity__endswith__lte", datetime.date(2101, 1, 1)),
                        _connector="OR",
                    ),
                ),
                name="unit_exists_within_the_calendar",
                violation_error_message="Năm phải từ 1900 đến 2100.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent", None),
                    models.Q(("parent", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="unit_is_not_its_own_parent",
                violation_error_message="Đơn vị không thể trực thuộc chính nó.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("code", "="), ("validity", "&&")],
                name="unit_code_belongs_to_one_unit_at_a_time",
                violation_error_message="Trong thời gian này mã đã thuộc về một đơn vị khác.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_revision",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\n        IF current_setting('geodata.revised_by', true) IS DISTINCT FROM txid_current()::text THEN\n            INSERT INTO geodata_revision (id, number, changed_at) VALUES (1, 1, clock_timestamp())\n                ON CONFLICT (id) DO UPDATE\n                SET number = geodata_revision.number + 1, changed_at = clock_timestamp();\n            PERFORM set_config('geodata.revised_by', txid_current()::text, true);\n        END IF;\n        RETURN NULL;\n    ",
                    hash="8cfb46390400886eca96fbe84ba1a8e11ad80356",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_bump_revision_ff4ec",
                    table="districts_unit",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.public_id, OLD.level, OLD.code, OLD.kind, OLD.name, OLD.name_en, OLD.parent_id, OLD.validity, OLD.source_id) IS DISTINCT FROM ROW(NEW.public_id, NEW.level, NEW.code, NEW.kind, NEW.name, NEW.name_en, NEW.parent_id, NEW.validity, NEW.source_id) THEN PERFORM geodata_list_change('districts', changed.id, EXISTS (SELECT FROM districts_unit WHERE public_id = changed.id AND level = 2)) FROM (SELECT OLD.public_id UNION SELECT NEW.public_id) AS changed(id) WHERE changed.id IS NOT NULL; END IF;\nIF ROW(OLD.public_id, OLD.level, OLD.code, OLD.kind, OLD.name, OLD.name_en, OLD.parent_id, OLD.validity, OLD.source_id) IS DISTINCT FROM ROW(NEW.public_id, NEW.level, NEW.code, NEW.kind, NEW.name, NEW.name_en, NEW.parent_id, NEW.validity, NEW.source_id) THEN PERFORM geodata_list_change('communes', changed.id, EXISTS (SELECT FROM districts_unit WHERE public_id = changed.id AND level = 3)) FROM (SELECT OLD.public_id UNION SELECT NEW.public_id) AS changed(id) WHERE changed.id IS NOT NULL; END IF;\nIF ROW(OLD.code, OLD.full_name) IS DISTINCT FROM ROW(NEW.code, NEW.full_name) THEN PERFORM geodata_list_change('districts', public_id, true) FROM districts_unit WHERE level = 2 AND (parent_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nIF ROW(OLD.code, OLD.full_name) IS DISTINCT FROM ROW(NEW.code, NEW.full_name) THEN PERFORM geodata_list_change('communes', public_id, true) FROM districts_unit WHERE level = 3 AND (parent_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nIF ROW(OLD.code) IS DISTINCT FROM ROW(NEW.code) THEN PERFORM geodata_list_change('districts', public_id, true) FROM districts_unit WHERE level = 2 AND (id IN (SELECT successor_id FROM districts_succession WHERE predecessor_id = ANY (ARRAY[OLD.id, NEW.id]) UNION SELECT predecessor_id FROM districts_succession WHERE successor_id = ANY (ARRAY[OLD.id, NEW.id]))); END IF;\nIF ROW(OLD.code) IS DISTINCT FROM ROW(NEW.code) THEN PERFORM geodata_list_change('communes', public_id, true) FROM districts_unit WHERE level = 3 AND (id IN (SELECT successor_id FROM districts_succession WHERE predecessor_id = ANY (ARRAY[OLD.id, NEW.id]) UNION SELECT predecessor_id FROM districts_succession WHERE successor_id = ANY (ARRAY[OLD.id, NEW.id]))); END IF;\nRETURN NULL;",
                    hash="9f66c081d746070eeeb3040c3e5712d8cad71efc",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_30577",
                    table="districts_unit",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "districts_unitevent" ("code", "id", "kind", "level", "name", "name_en", "official_area_km2", "official_area_source", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "source_id", "validity") VALUES (NEW."code", NEW."id", NEW."kind", NEW."level", NEW."name", NEW."name_en", NEW."official_area_km2", NEW."official_area_source", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."source_id", NEW."validity"); RETURN NULL;',
                    hash="9390b584673a66f3c21c63be24532dffbd7660ed",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c830e",
                    table="districts_unit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."code" IS DISTINCT FROM NEW."code" OR OLD."id" IS DISTINCT FROM NEW."id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."level" IS DISTINCT FROM NEW."level" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."name_en" IS DISTINCT FROM NEW."name_en" OR OLD."official_area_km2" IS DISTINCT FROM NEW."official_area_km2" OR OLD."official_area_source" IS DISTINCT FROM NEW."official_area_source" OR OLD."parent_id" IS DISTINCT FROM NEW."parent_id" OR OLD."public_id" IS DISTINCT FROM NEW."public_id" OR OLD."source_id" IS DISTINCT FROM NEW."source_id" OR OLD."validity" IS DISTINCT FROM NEW."validity")',
                    func='INSERT INTO "districts_unitevent" ("code", "id", "kind", "level", "name", "name_en", "official_area_km2", "official_area_source", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "source_id", "validity") VALUES (NEW."code", NEW."id", NEW."kind", NEW."level", NEW."name", NEW."name_en", NEW."official_area_km2", NEW."official_area_source", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."source_id", NEW."validity"); RETURN NULL;',
                    hash="30db27a7f4611ea9fd0c307a6fdc14a42ff605a5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7b538",
                    table="districts_unit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "districts_unitevent" ("code", "id", "kind", "level", "name", "name_en", "official_area_km2", "official_area_source", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "source_id", "validity") VALUES (OLD."code", OLD."id", OLD."kind", OLD."level", OLD."name", OLD."name_en", OLD."official_area_km2", OLD."official_area_source", OLD."parent_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."source_id", OLD."validity"); RETURN NULL;',
                    hash="be4e0be98b59195e113fb8916bfa15a32c19695d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ec437",
                    table="districts_unit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="successionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="30114e1dcbd4597399d40ce919178eecb8c6d905",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_87a7d",
                    table="districts_successionevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "part__regex",
                        "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                    ),
                    _negated=True,
                ),
                name="succession_has_no_hidden_characters",
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.UniqueConstraint(
                fields=("predecessor", "successor"),
                name="succession_is_stated_once",
                violation_error_message="Chuyển tiếp này đã có.",
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                name="unit_does_not_succeed_itself",
                violation_error_message="Đơn vị không thể chuyển tiếp từ chính nó.",
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__gt", 0), ("share__lte", 1)),
                name="succession_share_is_above_zero_up_to_one",
                violation_error_message="Phần diện tích phải lớn hơn 0 và nhiều nhất là 1.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="succession",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_revision",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\n        IF current_setting('geodata.revised_by', true) IS DISTINCT FROM txid_current()::text THEN\n            INSERT INTO geodata_revision (id, number, changed_at) VALUES (1, 1, clock_timestamp())\n                ON CONFLICT (id) DO UPDATE\n                SET number = geodata_revision.number + 1, changed_at = clock_timestamp();\n            PERFORM set_config('geodata.revised_by', txid_current()::text, true);\n        END IF;\n        RETURN NULL;\n    ",
                    hash="aeb41719a09fb30a0459a25dc8cedc938e0c3046",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_bump_revision_109ec",
                    table="districts_succession",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="succession",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.predecessor_id, OLD.successor_id) IS DISTINCT FROM ROW(NEW.predecessor_id, NEW.successor_id) THEN PERFORM geodata_list_change('districts', public_id, true) FROM districts_unit WHERE level = 2 AND (id = ANY (ARRAY[OLD.predecessor_id, NEW.predecessor_id]) OR id = ANY (ARRAY[OLD.successor_id, NEW.successor_id])); END IF;\nIF ROW(OLD.predecessor_id, OLD.successor_id) IS DISTINCT FROM ROW(NEW.predecessor_id, NEW.successor_id) THEN PERFORM geodata_list_change('communes', public_id, true) FROM districts_unit WHERE level = 3 AND (id = ANY (ARRAY[OLD.predecessor_id, NEW.predecessor_id]) OR id = ANY (ARRAY[OLD.successor_id, NEW.successor_id])); END IF;\nRETURN NULL;",
                    hash="2f117981e31aa1040f7b04d38945f8bc1cc34c96",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_d75c0",
                    table="districts_succession",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="succession",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "districts_successionevent" ("id", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "predecessor_id", "share", "source_id", "successor_id") VALUES (NEW."id", NEW."part", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."predecessor_id", NEW."share", NEW."source_id", NEW."successor_id"); RETURN NULL;',
                    hash="ca269f7d1c9ef90bb2f85565d329b15cc6deae26",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d360c",
                    table="districts_succession",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="succession",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."part" IS DISTINCT FROM NEW."part" OR OLD."predecessor_id" IS DISTINCT FROM NEW."predecessor_id" OR OLD."share" IS DISTINCT FROM NEW."share" OR OLD."source_id" IS DISTINCT FROM NEW."source_id" OR OLD."successor_id" IS DISTINCT FROM NEW."successor_id")',
                    func='INSERT INTO "districts_successionevent" ("id", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "predecessor_id", "share", "source_id", "successor_id") VALUES (NEW."id", NEW."part", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."predecessor_id", NEW."share", NEW."source_id", NEW."successor_id"); RETURN NULL;',
                    hash="0b73ae5c458a7604b3e794ce8b58caf6196a486c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_17775",
                    table="districts_succession",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="succession",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "districts_successionevent" ("id", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "predecessor_id", "share", "source_id", "successor_id") VALUES (OLD."id", OLD."part", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."predecessor_id", OLD."share", OLD."source_id", OLD."successor_id"); RETURN NULL;',
                    hash="a802a712954fe5766e0211a867e739c84041b916",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e9e54",
                    table="districts_succession",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="stewardship",
            constraint=models.UniqueConstraint(
                fields=("user", "unit"),
                name="one_role_for_a_user_in_a_unit",
                violation_error_message="Cán bộ này đã có quyền trên địa bàn này.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="boundaryevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3c0d00b58eed259c8fb43195124b1846d73a455a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_2a1ce",
                    table="districts_boundaryevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="boundary",
            constraint=models.CheckConstraint(
                condition=geodata.geometry.IsValid("geometry"),
                name="boundary_is_a_valid_polygon",
                violation_error_message="Ranh giới không phải là đa giác hợp lệ.",
            ),
        ),
        migrations.AddConstraint(
            model_name="boundary",
            constraint=models.CheckConstraint(
                condition=geodata.geometry.IsValid("outline"),
                name="outline_is_a_valid_polygon",
                violation_error_message="Đường bao không phải là đa giác hợp lệ.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="boundary",
            trigger=pgtrigger.compiler.Trigger(
                name="round_coordinates",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.geometry = geodata_published(NEW.geometry); NEW.outline = geodata_published(NEW.outline); RETURN NEW;",
                    hash="d3c2f91faa0cbd583e16f6ad784387eec00904ad",
                    operation='INSERT OR UPDATE OF "geometry", "outline"',
                    pgid="pgtrigger_round_coordinates_56429",
                    table="districts_boundary",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="boundary",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_revision",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\n        IF current_setting('geodata.revised_by', true) IS DISTINCT FROM txid_current()::text THEN\n            INSERT INTO geodata_revision (id, number, changed_at) VALUES (1, 1, clock_timestamp())\n                ON CONFLICT (id) DO UPDATE\n                SET number = geodata_revision.number + 1, changed_at = clock_timestamp();\n            PERFORM set_config('geodata.revised_by', txid_current()::text, true);\n        END IF;\n        RETURN NULL;\n    ",
                    hash="4fc1c73cef353808fc42dfa0e59477b60ddbce9f",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_bump_revision_95fb6",
                    table="districts_boundary",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="boundary",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.unit_id, OLD.geometry, OLD.outline) IS DISTINCT FROM ROW(NEW.unit_id, NEW.geometry, NEW.outline) THEN PERFORM geodata_list_change('districts', public_id, true) FROM districts_unit WHERE level = 2 AND (id = ANY (ARRAY[OLD.unit_id, NEW.unit_id])); END IF;\nIF ROW(OLD.unit_id, OLD.geometry, OLD.outline) IS DISTINCT FROM ROW(NEW.unit_id, NEW.geometry, NEW.outline) THEN PERFORM geodata_list_change('communes', public_id, true) FROM districts_unit WHERE level = 3 AND (id = ANY (ARRAY[OLD.unit_id, NEW.unit_id])); END IF;\nRETURN NULL;",
                    hash="e988fa25f7b83fdb91231b34e263b93995174006",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_53aad",
                    table="districts_boundary",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="boundary",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "districts_boundaryevent" ("geometry", "id", "outline", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id", "unit_id") VALUES (NEW."geometry", NEW."id", NEW."outline", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source_id", NEW."unit_id"); RETURN NULL;',
                    hash="c93aafd08eebbb11966d898adab41afafbb1390d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9ff78",
                    table="districts_boundary",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="boundary",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."geometry"::bytea IS DISTINCT FROM NEW."geometry"::bytea OR OLD."id" IS DISTINCT FROM NEW."id" OR OLD."outline"::bytea IS DISTINCT FROM NEW."outline"::bytea OR OLD."source_id" IS DISTINCT FROM NEW."source_id" OR OLD."unit_id" IS DISTINCT FROM NEW."unit_id")',
                    func='INSERT INTO "districts_boundaryevent" ("geometry", "id", "outline", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id", "unit_id") VALUES (NEW."geometry", NEW."id", NEW."outline", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source_id", NEW."unit_id"); RETURN NULL;',
                    hash="2e3c3c53c2ee6ff99c2fc2a2a265bcf36ae71bda",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_908c6",
                    table="districts_boundary",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="boundary",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "districts_boundaryevent" ("geometry", "id", "outline", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id", "unit_id") VALUES (OLD."geometry", OLD."id", OLD."outline", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source_id", OLD."unit_id"); RETURN NULL;',
                    hash="1206d2bbb5930b5dceccfed128d79d4384f814ad",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1d2a8",
                    table="districts_boundary",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ec13e38f47abeafb705f8150de6db8a7f3de072f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ef532",
                    table="districts_unitevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
