import datetime

import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import geodata.geometry
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
            name="IpRightSource",
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
            name="AreaUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="protected_areas",
                        to="districts.unit",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "đơn vị trong khu vực",
                "verbose_name_plural": "khu vực gồm các đơn vị",
            },
        ),
        migrations.CreateModel(
            name="IpRight",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("geographical_indication", "chỉ dẫn địa lý"),
                            ("certification_mark", "nhãn hiệu chứng nhận"),
                            ("collective_mark", "nhãn hiệu tập thể"),
                            ("trademark", "nhãn hiệu"),
                            ("patent", "sáng chế"),
                            ("utility_solution", "giải pháp hữu ích"),
                            ("industrial_design", "kiểu dáng công nghiệp"),
                            ("plant_variety", "giống cây trồng"),
                        ],
                        max_length=30,
                        verbose_name="loại quyền",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("registered", "đã đăng ký"),
                            ("pending", "đang xin bảo hộ"),
                            ("refused", "bị từ chối"),
                            ("withdrawn", "đã rút đơn"),
                            ("expired", "đã chấm dứt"),
                        ],
                        default="registered",
                        max_length=20,
                        verbose_name="kết quả",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        blank=True,
                        help_text="Để trống nếu chưa rõ số.",
                        max_length=30,
                        verbose_name="số",
                    ),
                ),
                (
                    "decision",
                    models.CharField(blank=True, max_length=200, verbose_name="quyết định"),
                ),
                (
                    "owner",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="chủ sở hữu hoặc nơi quản lý"
                    ),
                ),
                (
                    "filed",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        blank=True, null=True, verbose_name="ngày nộp đơn"
                    ),
                ),
                (
                    "granted",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        blank=True, null=True, verbose_name="ngày cấp"
                    ),
                ),
                ("expires", models.DateField(blank=True, null=True, verbose_name="hết hạn ngày")),
                (
                    "status_note",
                    models.CharField(
                        blank=True,
                        help_text="Ghi chép nội bộ khi gom dữ liệu, không công bố.",
                        max_length=300,
                        verbose_name="hiệu lực theo nguồn",
                    ),
                ),
                (
                    "goods",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="sản phẩm được bảo hộ, theo nguồn"
                    ),
                ),
                (
                    "sector",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("crops", "trồng trọt"),
                            ("livestock", "chăn nuôi"),
                            ("aquaculture", "thủy sản"),
                            ("processing", "chế biến"),
                            ("crafts", "thủ công"),
                            ("services", "dịch vụ"),
                        ],
                        max_length=20,
                        verbose_name="lĩnh vực",
                    ),
                ),
                (
                    "sector_basis",
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
                        verbose_name="lĩnh vực biết từ",
                    ),
                ),
                (
                    "area_note",
                    models.CharField(
                        blank=True,
                        help_text="Viết như trong nguồn.",
                        max_length=500,
                        verbose_name="khu vực theo nguồn",
                    ),
                ),
                (
                    "area",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True, null=True, srid=4326, verbose_name="khu vực bảo hộ"
                    ),
                ),
                (
                    "outline",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True,
                        editable=False,
                        null=True,
                        srid=4326,
                        verbose_name="khu vực, đường bao đơn giản",
                    ),
                ),
                ("quote", models.CharField(blank=True, max_length=300, verbose_name="trích nguồn")),
                (
                    "area_units",
                    models.ManyToManyField(
                        related_name="rights",
                        through="rights.AreaUnit",
                        to="districts.unit",
                        verbose_name="gồm các đơn vị",
                    ),
                ),
                (
                    "other_source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="geodata.source",
                        verbose_name="nguồn khác",
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
                "verbose_name": "quyền sở hữu công nghiệp",
                "verbose_name_plural": "quyền sở hữu công nghiệp",
                "ordering": ["name", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AreaUnitEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
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
                        to="rights.areaunit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="districts.unit",
                        verbose_name="đơn vị",
                    ),
                ),
                (
                    "right",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="rights.ipright",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="areaunit",
            name="right",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="area_parts",
                to="rights.ipright",
            ),
        ),
        migrations.CreateModel(
            name="IpRightEvent",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("geographical_indication", "chỉ dẫn địa lý"),
                            ("certification_mark", "nhãn hiệu chứng nhận"),
                            ("collective_mark", "nhãn hiệu tập thể"),
                            ("trademark", "nhãn hiệu"),
                            ("patent", "sáng chế"),
                            ("utility_solution", "giải pháp hữu ích"),
                            ("industrial_design", "kiểu dáng công nghiệp"),
                            ("plant_variety", "giống cây trồng"),
                        ],
                        max_length=30,
                        verbose_name="loại quyền",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("registered", "đã đăng ký"),
                            ("pending", "đang xin bảo hộ"),
                            ("refused", "bị từ chối"),
                            ("withdrawn", "đã rút đơn"),
                            ("expired", "đã chấm dứt"),
                        ],
                        default="registered",
                        max_length=20,
                        verbose_name="kết quả",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        blank=True,
                        help_text="Để trống nếu chưa rõ số.",
                        max_length=30,
                        verbose_name="số",
                    ),
                ),
                (
                    "decision",
                    models.CharField(blank=True, max_length=200, verbose_name="quyết định"),
                ),
                (
                    "owner",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="chủ sở hữu hoặc nơi quản lý"
                    ),
                ),
                (
                    "filed",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        blank=True, null=True, verbose_name="ngày nộp đơn"
                    ),
                ),
                (
                    "granted",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        blank=True, null=True, verbose_name="ngày cấp"
                    ),
                ),
                ("expires", models.DateField(blank=True, null=True, verbose_name="hết hạn ngày")),
                (
                    "status_note",
                    models.CharField(
                        blank=True,
                        help_text="Ghi chép nội bộ khi gom dữ liệu, không công bố.",
                        max_length=300,
                        verbose_name="hiệu lực theo nguồn",
                    ),
                ),
                (
                    "goods",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="sản phẩm được bảo hộ, theo nguồn"
                    ),
                ),
                (
                    "sector",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("crops", "trồng trọt"),
                            ("livestock", "chăn nuôi"),
                            ("aquaculture", "thủy sản"),
                            ("processing", "chế biến"),
                            ("crafts", "thủ công"),
                            ("services", "dịch vụ"),
                        ],
                        max_length=20,
                        verbose_name="lĩnh vực",
                    ),
                ),
                (
                    "sector_basis",
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
                        verbose_name="lĩnh vực biết từ",
                    ),
                ),
                (
                    "area_note",
                    models.CharField(
                        blank=True,
                        help_text="Viết như trong nguồn.",
                        max_length=500,
                        verbose_name="khu vực theo nguồn",
                    ),
                ),
                (
                    "area",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True, null=True, srid=4326, verbose_name="khu vực bảo hộ"
                    ),
                ),
                (
                    "outline",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True,
                        editable=False,
                        null=True,
                        srid=4326,
                        verbose_name="khu vực, đường bao đơn giản",
                    ),
                ),
                ("quote", models.CharField(blank=True, max_length=300, verbose_name="trích nguồn")),
                (
                    "other_source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="geodata.source",
                        verbose_name="nguồn khác",
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
                        to="rights.ipright",
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
            model_name="iprightsource",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes_of_protections",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.url) IS DISTINCT FROM ROW(NEW.url) THEN PERFORM geodata_list_change('protections', code, true) FROM rights_ipright WHERE state = 'published' AND (source_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nRETURN NULL;",
                    hash="7260bf9f9ff6c7205ae5fed3de500d8f71663535",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_of_protections_f2bd3",
                    table="geodata_source",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="ipright",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_text"], name="ipright_search", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="ipright",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[A-Z]+(-[A-Z]+)*-[0-9]{1,9}$")),
                name="ipright_code_is_letters_and_a_number",
                violation_error_message="Mã gồm chữ in hoa, gạch nối và một số.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ipright",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "^\\s*$"), _negated=True),
                name="ipright_has_a_name",
                violation_error_message="Cần có tên.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ipright",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    ("published_at__isnull", False),
                    _connector="OR",
                ),
                name="published_ipright_says_since_when",
                violation_error_message="Hồ sơ đã công bố cần có ngày công bố.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ipright",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True),
                    models.Q(("state_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="withdrawn_ipright_says_why",
                violation_error_message="Rút khỏi trang công khai cần có lý do.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ipright",
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
                            "number__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "decision__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "owner__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "status_note__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "goods__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "area_note__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "quote__regex",
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
                name="right_has_no_hidden_characters",
            ),
        ),
        migrations.AddConstraint(
            model_name="ipright",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("kind", "number"),
                name="right_number_is_unique_in_its_kind",
                violation_error_message="Số này đã có ở một quyền cùng loại.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ipright",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "geographical_indication"), _negated=True),
                    ("expires", None),
                    _connector="OR",
                ),
                name="geographical_indication_does_not_expire",
                violation_error_message="Chỉ dẫn địa lý được bảo hộ vô thời hạn.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ipright",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("filed__startswith__isnull", True),
                        ("filed__startswith__gte", datetime.date(1900, 1, 1)),
                        _connector="OR",
                    ),
                    models.Q(
                        ("filed__endswith__isnull", True),
                        ("filed__endswith__lte", datetime.date(2101, 1, 1)),
                        _connector="OR",
                    ),
                    models.Q(
                        ("granted__startswith__isnull", True),
                        ("granted__startswith__gte", datetime.date(1900, 1, 1)),
                        _connector="OR",
                    ),
                    models.Q(
                        ("granted__endswith__isnull", True),
                        ("granted__endswith__lte", datetime.date(2101, 1, 1)),
                        _connector="OR",
                    ),
                    models.Q(
                        ("expires__isnull", True),
                        ("expires__gte", datetime.date(1900, 1, 1)),
                        _connector="OR",
                    ),
                    models.Q(
                        ("expires__isnull", True),
                        ("expires__lte", datetime.date(2101, 1, 1)),
                        _connector="OR",
                    ),
                ),
                name="right_days_lie_within_the_calendar",
                violation_error_message="Năm phải từ 1900 đến 2100.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ipright",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("filed__startswith", None),
                    ("granted__endswith", None),
                    ("granted__endswith__gt", models.F("filed__startswith")),
                    _connector="OR",
                ),
                name="right_is_granted_after_it_was_filed",
                violation_error_message="Ngày cấp không thể trước ngày nộp đơn.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ipright",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expires", None),
                    ("granted__startswith", None),
                    ("expires__gte", models.F("granted__startswith")),
                    _connector="OR",
                ),
                name="right_expires_after_it_was_granted",
                violation_error_message="Ngày hết hạn không thể trước ngày cấp.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ipright",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stage", "pending"), _negated=True),
                    models.Q(("granted", None), ("number", "")),
                    _connector="OR",
                ),
                name="pending_right_is_not_granted",
                violation_error_message="Đơn đang xét chưa có số và ngày cấp.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ipright",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("area", None), ("outline", None)),
                    ("stage", "registered"),
                    _connector="OR",
                ),
                name="right_that_does_not_protect_has_no_area",
                violation_error_message="Chỉ quyền đã đăng ký mới có khu vực bảo hộ.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ipright",
            constraint=models.CheckConstraint(
                condition=geodata.geometry.IsValid("area"),
                name="right_area_is_a_valid_polygon",
                violation_error_message="Khu vực bảo hộ không phải là đa giác hợp lệ.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ipright",
            trigger=pgtrigger.compiler.Trigger(
                name="set_updated_at",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."area"::bytea IS DISTINCT FROM NEW."area"::bytea OR OLD."area_note" IS DISTINCT FROM NEW."area_note" OR OLD."code" IS DISTINCT FROM NEW."code" OR OLD."decision" IS DISTINCT FROM NEW."decision" OR OLD."expires" IS DISTINCT FROM NEW."expires" OR OLD."filed" IS DISTINCT FROM NEW."filed" OR OLD."goods" IS DISTINCT FROM NEW."goods" OR OLD."granted" IS DISTINCT FROM NEW."granted" OR OLD."id" IS DISTINCT FROM NEW."id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."note" IS DISTINCT FROM NEW."note" OR OLD."number" IS DISTINCT FROM NEW."number" OR OLD."other_source_id" IS DISTINCT FROM NEW."other_source_id" OR OLD."outline"::bytea IS DISTINCT FROM NEW."outline"::bytea OR OLD."owner" IS DISTINCT FROM NEW."owner" OR OLD."published_at" IS DISTINCT FROM NEW."published_at" OR OLD."quote" IS DISTINCT FROM NEW."quote" OR OLD."sector" IS DISTINCT FROM NEW."sector" OR OLD."sector_basis" IS DISTINCT FROM NEW."sector_basis" OR OLD."source_id" IS DISTINCT FROM NEW."source_id" OR OLD."stage" IS DISTINCT FROM NEW."stage" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."state_reason" IS DISTINCT FROM NEW."state_reason" OR OLD."status_note" IS DISTINCT FROM NEW."status_note")',
                    func="NEW.updated_at = now(); RETURN NEW;",
                    hash="d18732b57c497c0b763c18c79247e9802d528ced",
                    operation="UPDATE",
                    pgid="pgtrigger_set_updated_at_439fa",
                    table="rights_ipright",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ipright",
            trigger=pgtrigger.compiler.Trigger(
                name="set_search_text",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.search_text = geodata_fold(concat_ws(' ', NEW.name, NEW.goods, NEW.owner)); RETURN NEW;",
                    hash="0154a818c05c4d4727eaec928e386d99a794e35c",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_set_search_text_2cf2d",
                    table="rights_ipright",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ipright",
            trigger=pgtrigger.compiler.Trigger(
                name="set_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='\n            IF OLD.version_transaction IS DISTINCT FROM geodata_transaction() AND (\n                NEW.version_transaction IS NOT DISTINCT FROM geodata_transaction()\n                OR OLD."id" IS DISTINCT FROM NEW."id" OR OLD."code" IS DISTINCT FROM NEW."code" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."state_reason" IS DISTINCT FROM NEW."state_reason" OR OLD."published_at" IS DISTINCT FROM NEW."published_at" OR OLD."source_id" IS DISTINCT FROM NEW."source_id" OR OLD."note" IS DISTINCT FROM NEW."note" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."stage" IS DISTINCT FROM NEW."stage" OR OLD."number" IS DISTINCT FROM NEW."number" OR OLD."decision" IS DISTINCT FROM NEW."decision" OR OLD."owner" IS DISTINCT FROM NEW."owner" OR OLD."filed" IS DISTINCT FROM NEW."filed" OR OLD."granted" IS DISTINCT FROM NEW."granted" OR OLD."expires" IS DISTINCT FROM NEW."expires" OR OLD."status_note" IS DISTINCT FROM NEW."status_note" OR OLD."goods" IS DISTINCT FROM NEW."goods" OR OLD."sector" IS DISTINCT FROM NEW."sector" OR OLD."sector_basis" IS DISTINCT FROM NEW."sector_basis" OR OLD."area_note" IS DISTINCT FROM NEW."area_note" OR OLD."quote" IS DISTINCT FROM NEW."quote" OR OLD."other_source_id" IS DISTINCT FROM NEW."other_source_id"\n            ) THEN\n                NEW.version = OLD.version + 1;\n                NEW.version_transaction = geodata_transaction();\n            ELSE\n                NEW.version = OLD.version;\n                NEW.version_transaction = OLD.version_transaction;\n            END IF;\n            RETURN NEW;\n        ',
                    hash="d49a2b1ba9747afd1e20e8b6c36769ea287de037",
                    operation="UPDATE",
                    pgid="pgtrigger_set_version_115ac",
                    table="rights_ipright",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ipright",
            trigger=pgtrigger.compiler.Trigger(
                name="round_coordinates",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.area = geodata_published(NEW.area); NEW.outline = geodata_published(NEW.outline); RETURN NEW;",
                    hash="0dac4e590ecca61688185d314007436be97bf7af",
                    operation='INSERT OR UPDATE OF "area", "outline"',
                    pgid="pgtrigger_round_coordinates_5c225",
                    table="rights_ipright",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ipright",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_revision",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func='IF TG_OP = \'UPDATE\' AND NOT (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."code" IS DISTINCT FROM NEW."code" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."slug" IS DISTINCT FROM NEW."slug" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."state_reason" IS DISTINCT FROM NEW."state_reason" OR OLD."published_at" IS DISTINCT FROM NEW."published_at" OR OLD."updated_at" IS DISTINCT FROM NEW."updated_at" OR OLD."source_id" IS DISTINCT FROM NEW."source_id" OR OLD."note" IS DISTINCT FROM NEW."note" OR OLD."search_text" IS DISTINCT FROM NEW."search_text" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."stage" IS DISTINCT FROM NEW."stage" OR OLD."number" IS DISTINCT FROM NEW."number" OR OLD."decision" IS DISTINCT FROM NEW."decision" OR OLD."owner" IS DISTINCT FROM NEW."owner" OR OLD."filed" IS DISTINCT FROM NEW."filed" OR OLD."granted" IS DISTINCT FROM NEW."granted" OR OLD."expires" IS DISTINCT FROM NEW."expires" OR OLD."status_note" IS DISTINCT FROM NEW."status_note" OR OLD."goods" IS DISTINCT FROM NEW."goods" OR OLD."sector" IS DISTINCT FROM NEW."sector" OR OLD."sector_basis" IS DISTINCT FROM NEW."sector_basis" OR OLD."area_note" IS DISTINCT FROM NEW."area_note" OR OLD."area"::bytea IS DISTINCT FROM NEW."area"::bytea OR OLD."outline"::bytea IS DISTINCT FROM NEW."outline"::bytea OR OLD."quote" IS DISTINCT FROM NEW."quote" OR OLD."other_source_id" IS DISTINCT FROM NEW."other_source_id") THEN RETURN NULL; END IF;\n\n        IF current_setting(\'geodata.revised_by\', true) IS DISTINCT FROM txid_current()::text THEN\n            INSERT INTO geodata_revision (id, number, changed_at) VALUES (1, 1, clock_timestamp())\n                ON CONFLICT (id) DO UPDATE\n                SET number = geodata_revision.number + 1, changed_at = clock_timestamp();\n            PERFORM set_config(\'geodata.revised_by\', txid_current()::text, true);\n        END IF;\n        RETURN NULL;\n    ',
                    hash="adda0dd4a27824f120efa41f9504c6fa2fa3625f",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_bump_revision_39d14",
                    table="rights_ipright",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ipright",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.code, OLD.state, OLD.updated_at) IS DISTINCT FROM ROW(NEW.code, NEW.state, NEW.updated_at) THEN PERFORM geodata_list_change('protections', changed.id, EXISTS (SELECT FROM rights_ipright WHERE code = changed.id AND state = 'published')) FROM (SELECT OLD.code UNION SELECT NEW.code) AS changed(id) WHERE changed.id IS NOT NULL; END IF;\nRETURN NULL;",
                    hash="5e32bce7178418a0351eb6e69d2a53920e1f7e5c",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_67675",
                    table="rights_ipright",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ipright",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "rights_iprightevent" ("area", "area_note", "code", "decision", "expires", "filed", "goods", "granted", "id", "kind", "name", "note", "number", "other_source_id", "outline", "owner", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "quote", "sector", "sector_basis", "source_id", "stage", "state", "state_reason", "status_note", "updated_at", "version") VALUES (NEW."area", NEW."area_note", NEW."code", NEW."decision", NEW."expires", NEW."filed", NEW."goods", NEW."granted", NEW."id", NEW."kind", NEW."name", NEW."note", NEW."number", NEW."other_source_id", NEW."outline", NEW."owner", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."published_at", NEW."quote", NEW."sector", NEW."sector_basis", NEW."source_id", NEW."stage", NEW."state", NEW."state_reason", NEW."status_note", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="86b5e7f0f0c483fdc16ffd164aa9478126c5be91",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2eedc",
                    table="rights_ipright",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ipright",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."area"::bytea IS DISTINCT FROM NEW."area"::bytea OR OLD."area_note" IS DISTINCT FROM NEW."area_note" OR OLD."code" IS DISTINCT FROM NEW."code" OR OLD."decision" IS DISTINCT FROM NEW."decision" OR OLD."expires" IS DISTINCT FROM NEW."expires" OR OLD."filed" IS DISTINCT FROM NEW."filed" OR OLD."goods" IS DISTINCT FROM NEW."goods" OR OLD."granted" IS DISTINCT FROM NEW."granted" OR OLD."id" IS DISTINCT FROM NEW."id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."note" IS DISTINCT FROM NEW."note" OR OLD."number" IS DISTINCT FROM NEW."number" OR OLD."other_source_id" IS DISTINCT FROM NEW."other_source_id" OR OLD."outline"::bytea IS DISTINCT FROM NEW."outline"::bytea OR OLD."owner" IS DISTINCT FROM NEW."owner" OR OLD."published_at" IS DISTINCT FROM NEW."published_at" OR OLD."quote" IS DISTINCT FROM NEW."quote" OR OLD."sector" IS DISTINCT FROM NEW."sector" OR OLD."sector_basis" IS DISTINCT FROM NEW."sector_basis" OR OLD."source_id" IS DISTINCT FROM NEW."source_id" OR OLD."stage" IS DISTINCT FROM NEW."stage" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."state_reason" IS DISTINCT FROM NEW."state_reason" OR OLD."status_note" IS DISTINCT FROM NEW."status_note" OR OLD."updated_at" IS DISTINCT FROM NEW."updated_at")',
                    func='INSERT INTO "rights_iprightevent" ("area", "area_note", "code", "decision", "expires", "filed", "goods", "granted", "id", "kind", "name", "note", "number", "other_source_id", "outline", "owner", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "quote", "sector", "sector_basis", "source_id", "stage", "state", "state_reason", "status_note", "updated_at", "version") VALUES (NEW."area", NEW."area_note", NEW."code", NEW."decision", NEW."expires", NEW."filed", NEW."goods", NEW."granted", NEW."id", NEW."kind", NEW."name", NEW."note", NEW."number", NEW."other_source_id", NEW."outline", NEW."owner", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."published_at", NEW."quote", NEW."sector", NEW."sector_basis", NEW."source_id", NEW."stage", NEW."state", NEW."state_reason", NEW."status_note", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="dc2bdf753320f768627527cb4843804b9a70a83d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_05123",
                    table="rights_ipright",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ipright",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "rights_iprightevent" ("area", "area_note", "code", "decision", "expires", "filed", "goods", "granted", "id", "kind", "name", "note", "number", "other_source_id", "outline", "owner", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "quote", "sector", "sector_basis", "source_id", "stage", "state", "state_reason", "status_note", "updated_at", "version") VALUES (OLD."area", OLD."area_note", OLD."code", OLD."decision", OLD."expires", OLD."filed", OLD."goods", OLD."granted", OLD."id", OLD."kind", OLD."name", OLD."note", OLD."number", OLD."other_source_id", OLD."outline", OLD."owner", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."published_at", OLD."quote", OLD."sector", OLD."sector_basis", OLD."source_id", OLD."stage", OLD."state", OLD."state_reason", OLD."status_note", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="74378717496bab2ba62f246cbdd9ccea131694d9",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6782a",
                    table="rights_ipright",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="areaunitevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="30539f1386c0103575ae7e5020447119f867d705",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e9252",
                    table="rights_areaunitevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="areaunit",
            constraint=models.UniqueConstraint(
                fields=("right", "unit"),
                name="area_names_a_unit_once",
                violation_error_message="Đơn vị này đã có trong khu vực.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="areaunit",
            trigger=pgtrigger.compiler.Trigger(
                name="raise_version_of_record",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF TG_OP <> 'UPDATE' OR OLD IS DISTINCT FROM NEW THEN\n                    UPDATE rights_ipright SET version_transaction = geodata_transaction()\n                        WHERE id IN (OLD.right_id, NEW.right_id);\n                END IF;\n                RETURN NULL;\n            ",
                    hash="7e50caab0a39584a313aa37e445963d8c901439e",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_raise_version_of_record_1fbb4",
                    table="rights_areaunit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="areaunit",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_revision",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\n        IF current_setting('geodata.revised_by', true) IS DISTINCT FROM txid_current()::text THEN\n            INSERT INTO geodata_revision (id, number, changed_at) VALUES (1, 1, clock_timestamp())\n                ON CONFLICT (id) DO UPDATE\n                SET number = geodata_revision.number + 1, changed_at = clock_timestamp();\n            PERFORM set_config('geodata.revised_by', txid_current()::text, true);\n        END IF;\n        RETURN NULL;\n    ",
                    hash="5ac44ffd627616d9c56bf1a57f6d7c443445c7d4",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_bump_revision_ad6d8",
                    table="rights_areaunit",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="areaunit",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "rights_areaunitevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "right_id", "unit_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."right_id", NEW."unit_id"); RETURN NULL;',
                    hash="a1bb35e87b0c83172771a92563f147bd61818da7",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_73ff0",
                    table="rights_areaunit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="areaunit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."right_id" IS DISTINCT FROM NEW."right_id" OR OLD."unit_id" IS DISTINCT FROM NEW."unit_id")',
                    func='INSERT INTO "rights_areaunitevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "right_id", "unit_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."right_id", NEW."unit_id"); RETURN NULL;',
                    hash="9ca85d1142288d03afe152bd8511bd4a8cda2a52",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2edb2",
                    table="rights_areaunit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="areaunit",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "rights_areaunitevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "right_id", "unit_id") VALUES (OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."right_id", OLD."unit_id"); RETURN NULL;',
                    hash="e9f46237d400f928e9dfb634d5a8cff6cf19730a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_de4d2",
                    table="rights_areaunit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="iprightevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2d94ba3a6557dd2d0277031351ae9f6b4025e1fe",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a5a20",
                    table="rights_iprightevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
