import django.contrib.gis.db.models.fields
import django.contrib.gis.geos.polygon
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import geodata.text


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("districts", "0001_initial"),
        ("geodata", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProducerSource",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("geodata.source",),
        ),
        migrations.CreateModel(
            name="ProducerUnit",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("districts.unit",),
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scheme",
                    models.CharField(
                        choices=[
                            ("QD1048", "Quyết định 1048/QĐ-TTg (2019)"),
                            ("QD148", "Quyết định 148/QĐ-TTg (2023)"),
                        ],
                        max_length=10,
                        verbose_name="bộ tiêu chí",
                    ),
                ),
                ("code", models.CharField(max_length=10, verbose_name="mã")),
                ("name", models.CharField(max_length=200, verbose_name="tên")),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=200, verbose_name="tên tiếng Anh"),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="geodata.source",
                        verbose_name="nguồn",
                    ),
                ),
            ],
            options={
                "verbose_name": "nhóm sản phẩm",
                "verbose_name_plural": "nhóm sản phẩm",
                "ordering": ["scheme", "code"],
            },
        ),
        migrations.CreateModel(
            name="CategoryEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "scheme",
                    models.CharField(
                        choices=[
                            ("QD1048", "Quyết định 1048/QĐ-TTg (2019)"),
                            ("QD148", "Quyết định 148/QĐ-TTg (2023)"),
                        ],
                        max_length=10,
                        verbose_name="bộ tiêu chí",
                    ),
                ),
                ("code", models.CharField(max_length=10, verbose_name="mã")),
                ("name", models.CharField(max_length=200, verbose_name="tên")),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=200, verbose_name="tên tiếng Anh"),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="register.category",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="geodata.source",
                        verbose_name="nguồn",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Producer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        db_default=1, default=1, editable=False, verbose_name="phiên bản"
                    ),
                ),
                (
                    "version_transaction",
                    models.UUIDField(
                        editable=False,
                        help_text="The transaction that raised the version last.",
                        null=True,
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        editable=False,
                        help_text="Không bao giờ dùng lại.",
                        max_length=20,
                        unique=True,
                        verbose_name="mã",
                    ),
                ),
                (
                    "name",
                    models.CharField(db_collation="vi-x-icu", max_length=200, verbose_name="tên"),
                ),
                (
                    "slug",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Replace(
                            geodata.text.Fold(models.F("name")),
                            models.Value(" "),
                            models.Value("-"),
                            output_field=models.TextField(),
                        ),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "bản nháp"),
                            ("review", "chờ duyệt"),
                            ("published", "đã công bố"),
                            ("withdrawn", "đã rút"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                (
                    "state_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=500, verbose_name="lý do"
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="công bố lúc"
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="sửa lần cuối",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="ghi chú nội bộ")),
                (
                    "search_text",
                    models.TextField(
                        default="",
                        editable=False,
                        help_text="Written by a trigger from name, producer and places.",
                    ),
                ),
                (
                    "point",
                    django.contrib.gis.db.models.fields.PointField(
                        blank=True, null=True, srid=4326, verbose_name="vị trí"
                    ),
                ),
                (
                    "position",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("survey", "đo đạc"),
                            ("gps", "GPS"),
                            ("map", "chấm trên bản đồ"),
                            ("address", "theo địa chỉ"),
                            ("commune", "theo xã"),
                        ],
                        help_text="“Theo xã”: điểm chỉ đại diện cho xã, không phải địa chỉ.",
                        max_length=10,
                        verbose_name="vị trí lấy từ",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="địa chỉ")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("cooperative", "hợp tác xã"),
                            ("company", "doanh nghiệp"),
                            ("household", "hộ kinh doanh"),
                            ("group", "tổ hợp tác"),
                        ],
                        max_length=20,
                        verbose_name="loại",
                    ),
                ),
                (
                    "kind_basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("stated", "nguồn nêu"),
                            ("inferred", "tự phân loại"),
                            ("back_translated", "dịch ngược từ tiếng nước ngoài"),
                            ("generic", "tên chung"),
                            ("brand", "theo nhãn hiệu trên sản phẩm"),
                        ],
                        max_length=20,
                        verbose_name="loại biết từ",
                    ),
                ),
                (
                    "activity",
                    models.CharField(blank=True, max_length=300, verbose_name="hoạt động"),
                ),
                ("website", models.URLField(blank=True, verbose_name="trang web")),
                (
                    "phone",
                    models.CharField(
                        blank=True, max_length=30, verbose_name="điện thoại kinh doanh"
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="thư điện tử kinh doanh"
                    ),
                ),
                (
                    "contact_consent_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="ngày đồng ý công bố liên hệ"
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="districts.unit",
                        verbose_name="xã hiện nay",
                    ),
                ),
                (
                    "declared_commune",
                    models.ForeignKey(
                        blank=True,
                        help_text="Xã mà nguồn nêu, cũ hoặc mới.",
                        limit_choices_to={"level": 3},
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="districts.unit",
                        verbose_name="xã theo nguồn",
                    ),
                ),
                (
                    "declared_district",
                    models.ForeignKey(
                        blank=True,
                        help_text="Chỉ điền khi nguồn không nêu xã.",
                        limit_choices_to={"level": 2},
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="districts.unit",
                        verbose_name="huyện theo nguồn",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="district_%(class)ss",
                        to="districts.unit",
                        verbose_name="huyện cũ",
                    ),
                ),
                (
                    "old_commune",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss_of_old_commune",
                        to="districts.unit",
                        verbose_name="xã cũ",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="geodata.source",
                        verbose_name="nguồn",
                    ),
                ),
            ],
            options={
                "verbose_name": "chủ thể",
                "verbose_name_plural": "chủ thể",
                "ordering": ["name", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ProducerEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "version",
                    models.PositiveIntegerField(
                        db_default=1, default=1, editable=False, verbose_name="phiên bản"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        editable=False,
                        help_text="Không bao giờ dùng lại.",
                        max_length=20,
                        verbose_name="mã",
                    ),
                ),
                (
                    "name",
                    models.CharField(db_collation="vi-x-icu", max_length=200, verbose_name="tên"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "bản nháp"),
                            ("review", "chờ duyệt"),
                            ("published", "đã công bố"),
                            ("withdrawn", "đã rút"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                (
                    "state_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=500, verbose_name="lý do"
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="công bố lúc"
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="sửa lần cuối",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="ghi chú nội bộ")),
                (
                    "point",
                    django.contrib.gis.db.models.fields.PointField(
                        blank=True, null=True, srid=4326, verbose_name="vị trí"
                    ),
                ),
                (
                    "position",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("survey", "đo đạc"),
                            ("gps", "GPS"),
                            ("map", "chấm trên bản đồ"),
                            ("address", "theo địa chỉ"),
                            ("commune", "theo xã"),
                        ],
                        help_text="“Theo xã”: điểm chỉ đại diện cho xã, không phải địa chỉ.",
                        max_length=10,
                        verbose_name="vị trí lấy từ",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="địa chỉ")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("cooperative", "hợp tác xã"),
                            ("company", "doanh nghiệp"),
                            ("household", "hộ kinh doanh"),
                            ("group", "tổ hợp tác"),
                        ],
                        max_length=20,
                        verbose_name="loại",
                    ),
                ),
                (
                    "kind_basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("stated", "nguồn nêu"),
                            ("inferred", "tự phân loại"),
                            ("back_translated", "dịch ngược từ tiếng nước ngoài"),
                            ("generic", "tên chung"),
                            ("brand", "theo nhãn hiệu trên sản phẩm"),
                        ],
                        max_length=20,
                        verbose_name="loại biết từ",
                    ),
                ),
                (
                    "activity",
                    models.CharField(blank=True, max_length=300, verbose_name="hoạt động"),
                ),
                ("website", models.URLField(blank=True, verbose_name="trang web")),
                (
                    "contact_consent_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="ngày đồng ý công bố liên hệ"
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="districts.unit",
                        verbose_name="xã hiện nay",
                    ),
                ),
                (
                    "declared_commune",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Xã mà nguồn nêu, cũ hoặc mới.",
                        limit_choices_to={"level": 3},
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="districts.unit",
                        verbose_name="xã theo nguồn",
                    ),
                ),
                (
                    "declared_district",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Chỉ điền khi nguồn không nêu xã.",
                        limit_choices_to={"level": 2},
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="districts.unit",
                        verbose_name="huyện theo nguồn",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="districts.unit",
                        verbose_name="huyện cũ",
                    ),
                ),
                (
                    "old_commune",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="districts.unit",
                        verbose_name="xã cũ",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="register.producer",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="geodata.source",
                        verbose_name="nguồn",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="producersource",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes_of_producers",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.url) IS DISTINCT FROM ROW(NEW.url) THEN PERFORM geodata_list_change('producers', code, true) FROM register_producer WHERE state = 'published' AND (source_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nRETURN NULL;",
                    hash="1bbb38541a0fef7ecca30b8327f8ddc3144cd717",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_of_producers_75382",
                    table="geodata_source",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="producerunit",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes_of_producers",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.code, OLD.full_name) IS DISTINCT FROM ROW(NEW.code, NEW.full_name) THEN PERFORM geodata_list_change('producers', code, true) FROM register_producer WHERE state = 'published' AND (commune_id = ANY (ARRAY[OLD.id, NEW.id]) OR old_commune_id = ANY (ARRAY[OLD.id, NEW.id]) OR district_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nRETURN NULL;",
                    hash="5ea23892a86fb3e184effad571af7f4ebee24473",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_of_producers_5e708",
                    table="districts_unit",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "code__regex",
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
                ),
                name="category_has_no_hidden_characters",
            ),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.UniqueConstraint(
                fields=("scheme", "code"),
                name="category_code_is_unique_in_its_scheme",
                violation_error_message="Bộ tiêu chí này đã có nhóm mang mã này.",
            ),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.UniqueConstraint(
                fields=("scheme", "name"),
                name="category_name_is_unique_in_its_scheme",
                violation_error_message="Bộ tiêu chí này đã có nhóm mang tên này.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="category",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_revision",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\n        IF current_setting('geodata.revised_by', true) IS DISTINCT FROM txid_current()::text THEN\n            INSERT INTO geodata_revision (id, number, changed_at) VALUES (1, 1, clock_timestamp())\n                ON CONFLICT (id) DO UPDATE\n                SET number = geodata_revision.number + 1, changed_at = clock_timestamp();\n            PERFORM set_config('geodata.revised_by', txid_current()::text, true);\n        END IF;\n        RETURN NULL;\n    ",
                    hash="674fff49756e0862edb119d5967721a18aa0d105",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_bump_revision_1503d",
                    table="register_category",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="category",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "register_categoryevent" ("code", "id", "name", "name_en", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme", "source_id") VALUES (NEW."code", NEW."id", NEW."name", NEW."name_en", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."scheme", NEW."source_id"); RETURN NULL;',
                    hash="4e876e65f03b17d98baffded2dd1ab5d57393e9f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_41a85",
                    table="register_category",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="category",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."code" IS DISTINCT FROM NEW."code" OR OLD."id" IS DISTINCT FROM NEW."id" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."name_en" IS DISTINCT FROM NEW."name_en" OR OLD."scheme" IS DISTINCT FROM NEW."scheme" OR OLD."source_id" IS DISTINCT FROM NEW."source_id")',
                    func='INSERT INTO "register_categoryevent" ("code", "id", "name", "name_en", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme", "source_id") VALUES (NEW."code", NEW."id", NEW."name", NEW."name_en", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."scheme", NEW."source_id"); RETURN NULL;',
                    hash="383b9fcd3a339ee9bf39d84bc068a6381a43e10a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3af5a",
                    table="register_category",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="category",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "register_categoryevent" ("code", "id", "name", "name_en", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme", "source_id") VALUES (OLD."code", OLD."id", OLD."name", OLD."name_en", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."scheme", OLD."source_id"); RETURN NULL;',
                    hash="c5c71afb0a5b83b86a3a90fa93e1c178f8d94d05",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_727f0",
                    table="register_category",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="categoryevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b3c9540b54146f090b75034871283edfb59ced1f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6ea2b",
                    table="register_categoryevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="producer",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_text"], name="producer_search", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="producer",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[A-Z]+(-[A-Z]+)*-[0-9]{1,9}$")),
                name="producer_code_is_letters_and_a_number",
                violation_error_message="Mã gồm chữ in hoa, gạch nối và một số.",
            ),
        ),
        migrations.AddConstraint(
            model_name="producer",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "^\\s*$"), _negated=True),
                name="producer_has_a_name",
                violation_error_message="Cần có tên.",
            ),
        ),
        migrations.AddConstraint(
            model_name="producer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    ("published_at__isnull", False),
                    _connector="OR",
                ),
                name="published_producer_says_since_when",
                violation_error_message="Hồ sơ đã công bố cần có ngày công bố.",
            ),
        ),
        migrations.AddConstraint(
            model_name="producer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True),
                    models.Q(("state_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="withdrawn_producer_says_why",
                violation_error_message="Rút khỏi trang công khai cần có lý do.",
            ),
        ),
        migrations.AddConstraint(
            model_name="producer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("point", None), ("position", "")),
                    models.Q(("point__isnull", False), models.Q(("position", ""), _negated=True)),
                    _connector="OR",
                ),
                name="producer_point_and_position_go_together",
                violation_error_message="Vị trí cần cả toạ độ lẫn cách lấy toạ độ.",
            ),
        ),
        migrations.AddConstraint(
            model_name="producer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("point", None),
                    (
                        "point__coveredby",
                        django.contrib.gis.geos.polygon.Polygon(
                            ((102, 6), (118, 6), (118, 24), (102, 24), (102, 6)), srid=4326
                        ),
                    ),
                    _connector="OR",
                ),
                name="producer_point_lies_in_viet_nam",
                violation_error_message="Toạ độ nằm ngoài Việt Nam.",
            ),
        ),
        migrations.AddConstraint(
            model_name="producer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("position", "commune"), _negated=True),
                    ("declared_commune__isnull", False),
                    _connector="OR",
                ),
                name="producer_on_its_commune_declares_which",
                violation_error_message="Vị trí “theo xã” cần biết là xã nào.",
            ),
        ),
        migrations.AddConstraint(
            model_name="producer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("declared_commune", None), ("declared_district", None), _connector="OR"
                ),
                name="producer_declares_commune_or_only_district",
                violation_error_message="Đã nêu xã thì không nêu huyện nữa.",
            ),
        ),
        migrations.AddConstraint(
            model_name="producer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "name__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "address__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "activity__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "website__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "phone__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "email__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "state_reason__regex",
                            "[\\u0001-\\u0008\\u000b-\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "note__regex",
                            "[\\u0001-\\u0008\\u000b-\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                ),
                name="producer_has_no_hidden_characters",
            ),
        ),
        migrations.AddConstraint(
            model_name="producer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("email", ""), ("phone", "")),
                    ("contact_consent_on__isnull", False),
                    _connector="OR",
                ),
                name="producer_contact_is_kept_with_consent_only",
                violation_error_message="Chỉ lưu liên hệ khi chủ thể đã đồng ý công bố.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="producer",
            trigger=pgtrigger.compiler.Trigger(
                name="set_updated_at",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."activity" IS DISTINCT FROM NEW."activity" OR OLD."address" IS DISTINCT FROM NEW."address" OR OLD."code" IS DISTINCT FROM NEW."code" OR OLD."commune_id" IS DISTINCT FROM NEW."commune_id" OR OLD."contact_consent_on" IS DISTINCT FROM NEW."contact_consent_on" OR OLD."declared_commune_id" IS DISTINCT FROM NEW."declared_commune_id" OR OLD."declared_district_id" IS DISTINCT FROM NEW."declared_district_id" OR OLD."district_id" IS DISTINCT FROM NEW."district_id" OR OLD."email" IS DISTINCT FROM NEW."email" OR OLD."id" IS DISTINCT FROM NEW."id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."kind_basis" IS DISTINCT FROM NEW."kind_basis" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."note" IS DISTINCT FROM NEW."note" OR OLD."old_commune_id" IS DISTINCT FROM NEW."old_commune_id" OR OLD."phone" IS DISTINCT FROM NEW."phone" OR OLD."point"::bytea IS DISTINCT FROM NEW."point"::bytea OR OLD."position" IS DISTINCT FROM NEW."position" OR OLD."published_at" IS DISTINCT FROM NEW."published_at" OR OLD."source_id" IS DISTINCT FROM NEW."source_id" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."state_reason" IS DISTINCT FROM NEW."state_reason" OR OLD."website" IS DISTINCT FROM NEW."website")',
                    func="NEW.updated_at = now(); RETURN NEW;",
                    hash="fb56bdec36458bb81e525085ca4277c75f861792",
                    operation="UPDATE",
                    pgid="pgtrigger_set_updated_at_68677",
                    table="register_producer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="producer",
            trigger=pgtrigger.compiler.Trigger(
                name="set_search_text",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.search_text = geodata_fold(concat_ws(' ', NEW.name, (SELECT string_agg(concat_ws(' ', full_name, name_en), ' ') FROM districts_unit WHERE id IN (NEW.commune_id, NEW.old_commune_id, NEW.district_id)))); RETURN NEW;",
                    hash="f8beabe1d0eaa4e7f3de0d54c107e5e3de1e12c1",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_set_search_text_88239",
                    table="register_producer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="producer",
            trigger=pgtrigger.compiler.Trigger(
                name="set_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='\n            IF OLD.version_transaction IS DISTINCT FROM geodata_transaction() AND (\n                NEW.version_transaction IS NOT DISTINCT FROM geodata_transaction()\n                OR OLD."id" IS DISTINCT FROM NEW."id" OR OLD."code" IS DISTINCT FROM NEW."code" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."state_reason" IS DISTINCT FROM NEW."state_reason" OR OLD."published_at" IS DISTINCT FROM NEW."published_at" OR OLD."source_id" IS DISTINCT FROM NEW."source_id" OR OLD."note" IS DISTINCT FROM NEW."note" OR OLD."point"::bytea IS DISTINCT FROM NEW."point"::bytea OR OLD."position" IS DISTINCT FROM NEW."position" OR OLD."address" IS DISTINCT FROM NEW."address" OR OLD."declared_commune_id" IS DISTINCT FROM NEW."declared_commune_id" OR OLD."declared_district_id" IS DISTINCT FROM NEW."declared_district_id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."kind_basis" IS DISTINCT FROM NEW."kind_basis" OR OLD."activity" IS DISTINCT FROM NEW."activity" OR OLD."website" IS DISTINCT FROM NEW."website" OR OLD."phone" IS DISTINCT FROM NEW."phone" OR OLD."email" IS DISTINCT FROM NEW."email" OR OLD."contact_consent_on" IS DISTINCT FROM NEW."contact_consent_on"\n            ) THEN\n                NEW.version = OLD.version + 1;\n                NEW.version_transaction = geodata_transaction();\n            ELSE\n                NEW.version = OLD.version;\n                NEW.version_transaction = OLD.version_transaction;\n            END IF;\n            RETURN NEW;\n        ',
                    hash="8ad0dd5353041895249d0041669ba2cd9a4bf4d1",
                    operation="UPDATE",
                    pgid="pgtrigger_set_version_8c131",
                    table="register_producer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="producer",
            trigger=pgtrigger.compiler.Trigger(
                name="round_coordinates",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.point = geodata_published(NEW.point); RETURN NEW;",
                    hash="2a7595d3c7e2e7bf95512d811db96919848923fe",
                    operation='INSERT OR UPDATE OF "point"',
                    pgid="pgtrigger_round_coordinates_38c78",
                    table="register_producer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="producer",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_revision",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func='IF TG_OP = \'UPDATE\' AND NOT (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."code" IS DISTINCT FROM NEW."code" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."slug" IS DISTINCT FROM NEW."slug" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."state_reason" IS DISTINCT FROM NEW."state_reason" OR OLD."published_at" IS DISTINCT FROM NEW."published_at" OR OLD."updated_at" IS DISTINCT FROM NEW."updated_at" OR OLD."source_id" IS DISTINCT FROM NEW."source_id" OR OLD."note" IS DISTINCT FROM NEW."note" OR OLD."search_text" IS DISTINCT FROM NEW."search_text" OR OLD."point"::bytea IS DISTINCT FROM NEW."point"::bytea OR OLD."position" IS DISTINCT FROM NEW."position" OR OLD."address" IS DISTINCT FROM NEW."address" OR OLD."declared_commune_id" IS DISTINCT FROM NEW."declared_commune_id" OR OLD."declared_district_id" IS DISTINCT FROM NEW."declared_district_id" OR OLD."commune_id" IS DISTINCT FROM NEW."commune_id" OR OLD."old_commune_id" IS DISTINCT FROM NEW."old_commune_id" OR OLD."district_id" IS DISTINCT FROM NEW."district_id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."kind_basis" IS DISTINCT FROM NEW."kind_basis" OR OLD."activity" IS DISTINCT FROM NEW."activity" OR OLD."website" IS DISTINCT FROM NEW."website" OR OLD."phone" IS DISTINCT FROM NEW."phone" OR OLD."email" IS DISTINCT FROM NEW."email" OR OLD."contact_consent_on" IS DISTINCT FROM NEW."contact_consent_on") THEN RETURN NULL; END IF;\n\n        IF current_setting(\'geodata.revised_by\', true) IS DISTINCT FROM txid_current()::text THEN\n            INSERT INTO geodata_revision (id, number, changed_at) VALUES (1, 1, clock_timestamp())\n                ON CONFLICT (id) DO UPDATE\n                SET number = geodata_revision.number + 1, changed_at = clock_timestamp();\n            PERFORM set_config(\'geodata.revised_by\', txid_current()::text, true);\n        END IF;\n        RETURN NULL;\n    ',
                    hash="f1a860b5cf8acf111a410e935c320e9c75340fe8",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_bump_revision_bb397",
                    table="register_producer",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="producer",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.code, OLD.state, OLD.updated_at) IS DISTINCT FROM ROW(NEW.code, NEW.state, NEW.updated_at) THEN PERFORM geodata_list_change('producers', changed.id, EXISTS (SELECT FROM register_producer WHERE code = changed.id AND state = 'published')) FROM (SELECT OLD.code UNION SELECT NEW.code) AS changed(id) WHERE changed.id IS NOT NULL; END IF;\nRETURN NULL;",
                    hash="5adca3149d29bdd663a03736ec931bccad919685",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_dc984",
                    table="register_producer",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="producer",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "register_producerevent" ("activity", "address", "code", "commune_id", "contact_consent_on", "declared_commune_id", "declared_district_id", "district_id", "id", "kind", "kind_basis", "name", "note", "old_commune_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point", "position", "published_at", "source_id", "state", "state_reason", "updated_at", "version", "website") VALUES (NEW."activity", NEW."address", NEW."code", NEW."commune_id", NEW."contact_consent_on", NEW."declared_commune_id", NEW."declared_district_id", NEW."district_id", NEW."id", NEW."kind", NEW."kind_basis", NEW."name", NEW."note", NEW."old_commune_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."point", NEW."position", NEW."published_at", NEW."source_id", NEW."state", NEW."state_reason", NEW."updated_at", NEW."version", NEW."website"); RETURN NULL;',
                    hash="bda36b0c8d8be29ef04b9ced424f77b9a80ac0aa",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f231d",
                    table="register_producer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="producer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."activity" IS DISTINCT FROM NEW."activity" OR OLD."address" IS DISTINCT FROM NEW."address" OR OLD."code" IS DISTINCT FROM NEW."code" OR OLD."commune_id" IS DISTINCT FROM NEW."commune_id" OR OLD."contact_consent_on" IS DISTINCT FROM NEW."contact_consent_on" OR OLD."declared_commune_id" IS DISTINCT FROM NEW."declared_commune_id" OR OLD."declared_district_id" IS DISTINCT FROM NEW."declared_district_id" OR OLD."district_id" IS DISTINCT FROM NEW."district_id" OR OLD."id" IS DISTINCT FROM NEW."id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."kind_basis" IS DISTINCT FROM NEW."kind_basis" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."note" IS DISTINCT FROM NEW."note" OR OLD."old_commune_id" IS DISTINCT FROM NEW."old_commune_id" OR OLD."point"::bytea IS DISTINCT FROM NEW."point"::bytea OR OLD."position" IS DISTINCT FROM NEW."position" OR OLD."published_at" IS DISTINCT FROM NEW."published_at" OR OLD."source_id" IS DISTINCT FROM NEW."source_id" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."state_reason" IS DISTINCT FROM NEW."state_reason" OR OLD."updated_at" IS DISTINCT FROM NEW."updated_at" OR OLD."website" IS DISTINCT FROM NEW."website")',
                    func='INSERT INTO "register_producerevent" ("activity", "address", "code", "commune_id", "contact_consent_on", "declared_commune_id", "declared_district_id", "district_id", "id", "kind", "kind_basis", "name", "note", "old_commune_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point", "position", "published_at", "source_id", "state", "state_reason", "updated_at", "version", "website") VALUES (NEW."activity", NEW."address", NEW."code", NEW."commune_id", NEW."contact_consent_on", NEW."declared_commune_id", NEW."declared_district_id", NEW."district_id", NEW."id", NEW."kind", NEW."kind_basis", NEW."name", NEW."note", NEW."old_commune_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."point", NEW."position", NEW."published_at", NEW."source_id", NEW."state", NEW."state_reason", NEW."updated_at", NEW."version", NEW."website"); RETURN NULL;',
                    hash="762c9d837c677f0cf0236b5a8130477c3b3bbe12",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4cb51",
                    table="register_producer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="producer",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "register_producerevent" ("activity", "address", "code", "commune_id", "contact_consent_on", "declared_commune_id", "declared_district_id", "district_id", "id", "kind", "kind_basis", "name", "note", "old_commune_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point", "position", "published_at", "source_id", "state", "state_reason", "updated_at", "version", "website") VALUES (OLD."activity", OLD."address", OLD."code", OLD."commune_id", OLD."contact_consent_on", OLD."declared_commune_id", OLD."declared_district_id", OLD."district_id", OLD."id", OLD."kind", OLD."kind_basis", OLD."name", OLD."note", OLD."old_commune_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."point", OLD."position", OLD."published_at", OLD."source_id", OLD."state", OLD."state_reason", OLD."updated_at", OLD."version", OLD."website"); RETURN NULL;',
                    hash="3c2185f80f00ee524c45b739b1dd064948146790",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_af4d0",
                    table="register_producer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="producerevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="82b6323c4e8139b606d1f18df33b8bd92b98c793",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_10228",
                    table="register_producerevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
