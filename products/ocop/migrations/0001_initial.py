import datetime

import django.contrib.gis.db.models.fields
import django.contrib.gis.geos.polygon
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import geodata.text
import products.ocop.models.photos


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("register", "0001_initial"),
        ("districts", "0001_initial"),
        ("geodata", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("rights", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="OcopRating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stars",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(3, "3 sao"), (4, "4 sao"), (5, "5 sao")],
                        null=True,
                        verbose_name="số sao",
                    ),
                ),
                (
                    "nominated_stars",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="tiềm năng (số sao đề nghị)"
                    ),
                ),
                (
                    "score",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="điểm"
                    ),
                ),
                (
                    "decided",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="Ngày ký quyết định, hoặc khoảng thời gian chắc chắn chứa ngày đó.",
                        verbose_name="ngày quyết định",
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="quyết định hoặc đợt"
                    ),
                ),
                (
                    "issuer",
                    models.CharField(
                        blank=True,
                        help_text="Viết như trong nguồn: cơ quan công nhận có thể không còn.",
                        max_length=200,
                        verbose_name="nơi công nhận",
                    ),
                ),
                (
                    "revoked_on",
                    models.DateField(blank=True, null=True, verbose_name="thu hồi ngày"),
                ),
            ],
            options={
                "verbose_name": "xếp hạng OCOP",
                "verbose_name_plural": "xếp hạng OCOP",
                "ordering": ["product", "decided"],
            },
        ),
        migrations.CreateModel(
            name="OcopRatingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "stars",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(3, "3 sao"), (4, "4 sao"), (5, "5 sao")],
                        null=True,
                        verbose_name="số sao",
                    ),
                ),
                (
                    "nominated_stars",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="tiềm năng (số sao đề nghị)"
                    ),
                ),
                (
                    "score",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="điểm"
                    ),
                ),
                (
                    "decided",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="Ngày ký quyết định, hoặc khoảng thời gian chắc chắn chứa ngày đó.",
                        verbose_name="ngày quyết định",
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="quyết định hoặc đợt"
                    ),
                ),
                (
                    "issuer",
                    models.CharField(
                        blank=True,
                        help_text="Viết như trong nguồn: cơ quan công nhận có thể không còn.",
                        max_length=200,
                        verbose_name="nơi công nhận",
                    ),
                ),
                (
                    "revoked_on",
                    models.DateField(blank=True, null=True, verbose_name="thu hồi ngày"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "image",
                    models.ImageField(
                        upload_to=products.ocop.models.photos.file_name, verbose_name="ảnh"
                    ),
                ),
                ("width", models.PositiveIntegerField(editable=False)),
                ("height", models.PositiveIntegerField(editable=False)),
                (
                    "alt",
                    models.CharField(
                        help_text="Một câu cho người không nhìn thấy ảnh.",
                        max_length=200,
                        verbose_name="ảnh cho thấy gì",
                    ),
                ),
                (
                    "alt_en",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="ảnh cho thấy gì, tiếng Anh"
                    ),
                ),
                ("credit", models.CharField(max_length=200, verbose_name="tác giả ảnh")),
                (
                    "licence",
                    models.CharField(
                        help_text="Ví dụ CC BY 4.0, hoặc “chủ thể cho phép đăng”.",
                        max_length=200,
                        verbose_name="giấy phép",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=1, verbose_name="thứ tự")),
            ],
            options={
                "verbose_name": "ảnh",
                "verbose_name_plural": "ảnh",
                "ordering": ["product", "order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PhotoEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "image",
                    models.ImageField(
                        upload_to=products.ocop.models.photos.file_name, verbose_name="ảnh"
                    ),
                ),
                ("width", models.PositiveIntegerField(editable=False)),
                ("height", models.PositiveIntegerField(editable=False)),
                (
                    "alt",
                    models.CharField(
                        help_text="Một câu cho người không nhìn thấy ảnh.",
                        max_length=200,
                        verbose_name="ảnh cho thấy gì",
                    ),
                ),
                (
                    "alt_en",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="ảnh cho thấy gì, tiếng Anh"
                    ),
                ),
                ("credit", models.CharField(max_length=200, verbose_name="tác giả ảnh")),
                (
                    "licence",
                    models.CharField(
                        help_text="Ví dụ CC BY 4.0, hoặc “chủ thể cho phép đăng”.",
                        max_length=200,
                        verbose_name="giấy phép",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=1, verbose_name="thứ tự")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Product",
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
                    "name_en",
                    models.CharField(blank=True, max_length=200, verbose_name="tên tiếng Anh"),
                ),
                (
                    "name_basis",
                    models.CharField(
                        choices=[
                            ("stated", "nguồn nêu"),
                            ("inferred", "tự phân loại"),
                            ("back_translated", "dịch ngược từ tiếng nước ngoài"),
                            ("generic", "tên chung"),
                            ("brand", "theo nhãn hiệu trên sản phẩm"),
                        ],
                        default="stated",
                        max_length=20,
                        verbose_name="tên biết từ",
                    ),
                ),
                (
                    "category_basis",
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
                        verbose_name="nhóm biết từ",
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
                    "producer_basis",
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
                        verbose_name="chủ thể biết từ",
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="mô tả")),
                ("gtin", models.CharField(blank=True, max_length=14, verbose_name="GTIN")),
                (
                    "trace_url",
                    models.URLField(
                        blank=True, max_length=500, verbose_name="địa chỉ truy xuất nguồn gốc"
                    ),
                ),
                ("quote", models.CharField(blank=True, max_length=300, verbose_name="trích nguồn")),
            ],
            options={
                "verbose_name": "sản phẩm",
                "verbose_name_plural": "sản phẩm",
                "ordering": ["name", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ProductEvent",
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
                    "name_en",
                    models.CharField(blank=True, max_length=200, verbose_name="tên tiếng Anh"),
                ),
                (
                    "name_basis",
                    models.CharField(
                        choices=[
                            ("stated", "nguồn nêu"),
                            ("inferred", "tự phân loại"),
                            ("back_translated", "dịch ngược từ tiếng nước ngoài"),
                            ("generic", "tên chung"),
                            ("brand", "theo nhãn hiệu trên sản phẩm"),
                        ],
                        default="stated",
                        max_length=20,
                        verbose_name="tên biết từ",
                    ),
                ),
                (
                    "category_basis",
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
                        verbose_name="nhóm biết từ",
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
                    "producer_basis",
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
                        verbose_name="chủ thể biết từ",
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="mô tả")),
                ("gtin", models.CharField(blank=True, max_length=14, verbose_name="GTIN")),
                (
                    "trace_url",
                    models.URLField(
                        blank=True, max_length=500, verbose_name="địa chỉ truy xuất nguồn gốc"
                    ),
                ),
                ("quote", models.CharField(blank=True, max_length=300, verbose_name="trích nguồn")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ProtectedProduct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "sản phẩm được bảo hộ",
                "verbose_name_plural": "sản phẩm được bảo hộ",
            },
        ),
        migrations.CreateModel(
            name="ProtectedProductEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ProductCategory",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("register.category",),
        ),
        migrations.CreateModel(
            name="ProductProducer",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("register.producer",),
        ),
        migrations.CreateModel(
            name="ProductRight",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("rights.ipright",),
        ),
        migrations.CreateModel(
            name="ProductSource",
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
            name="ProductUnit",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("districts.unit",),
        ),
        migrations.AddField(
            model_name="ocoprating",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="geodata.source",
                verbose_name="nguồn",
            ),
        ),
        migrations.AddField(
            model_name="ocopratingevent",
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
            model_name="ocopratingevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="ocop.ocoprating",
            ),
        ),
        migrations.AddField(
            model_name="ocopratingevent",
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
            model_name="photo",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="geodata.source",
                verbose_name="nguồn",
            ),
        ),
        migrations.AddField(
            model_name="photoevent",
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
            model_name="photoevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="ocop.photo",
            ),
        ),
        migrations.AddField(
            model_name="photoevent",
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
            model_name="product",
            name="category",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="register.category",
                verbose_name="nhóm sản phẩm",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="commune",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="districts.unit",
                verbose_name="xã hiện nay",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="declared_commune",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="product",
            name="declared_district",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="product",
            name="district",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="district_%(class)ss",
                to="districts.unit",
                verbose_name="huyện cũ",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="old_commune",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss_of_old_commune",
                to="districts.unit",
                verbose_name="xã cũ",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="producer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="products",
                to="register.producer",
                verbose_name="chủ thể",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="geodata.source",
                verbose_name="nguồn",
            ),
        ),
        migrations.AddField(
            model_name="photoevent",
            name="product",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="ocop.product",
                verbose_name="sản phẩm",
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="photos",
                to="ocop.product",
                verbose_name="sản phẩm",
            ),
        ),
        migrations.AddField(
            model_name="ocopratingevent",
            name="product",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="ocop.product",
                verbose_name="sản phẩm",
            ),
        ),
        migrations.AddField(
            model_name="ocoprating",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="ratings",
                to="ocop.product",
                verbose_name="sản phẩm",
            ),
        ),
        migrations.AddField(
            model_name="productevent",
            name="category",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="register.category",
                verbose_name="nhóm sản phẩm",
            ),
        ),
        migrations.AddField(
            model_name="productevent",
            name="commune",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="productevent",
            name="declared_commune",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="productevent",
            name="declared_district",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="productevent",
            name="district",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="productevent",
            name="old_commune",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="productevent",
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
            model_name="productevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="ocop.product",
            ),
        ),
        migrations.AddField(
            model_name="productevent",
            name="producer",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="register.producer",
                verbose_name="chủ thể",
            ),
        ),
        migrations.AddField(
            model_name="productevent",
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
            model_name="protectedproduct",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="protected_by",
                to="ocop.product",
                verbose_name="sản phẩm",
            ),
        ),
        migrations.AddField(
            model_name="protectedproduct",
            name="right",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="protected_products",
                to="rights.ipright",
            ),
        ),
        migrations.AddField(
            model_name="protectedproduct",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="geodata.source",
                verbose_name="nguồn",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="rights",
            field=models.ManyToManyField(
                related_name="products",
                through="ocop.ProtectedProduct",
                to="rights.ipright",
                verbose_name="quyền sở hữu công nghiệp",
            ),
        ),
        migrations.AddField(
            model_name="protectedproductevent",
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
            model_name="protectedproductevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="ocop.protectedproduct",
            ),
        ),
        migrations.AddField(
            model_name="protectedproductevent",
            name="product",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="ocop.product",
                verbose_name="sản phẩm",
            ),
        ),
        migrations.AddField(
            model_name="protectedproductevent",
            name="right",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="rights.ipright",
            ),
        ),
        migrations.AddField(
            model_name="protectedproductevent",
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
            model_name="productcategory",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes_of_products",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.code, OLD.name) IS DISTINCT FROM ROW(NEW.code, NEW.name) THEN PERFORM geodata_list_change('products', code, true) FROM ocop_product WHERE state = 'published' AND (category_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nRETURN NULL;",
                    hash="c95fe237d8582f15cdc75c17ed3716ba78bdfe93",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_of_products_d0f02",
                    table="register_category",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="productproducer",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes_of_products",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(CASE WHEN OLD.state = 'published' THEN OLD.code END, CASE WHEN OLD.state = 'published' THEN OLD.name END) IS DISTINCT FROM ROW(CASE WHEN NEW.state = 'published' THEN NEW.code END, CASE WHEN NEW.state = 'published' THEN NEW.name END) THEN PERFORM geodata_list_change('products', code, true) FROM ocop_product WHERE state = 'published' AND (producer_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nRETURN NULL;",
                    hash="403cddae22ac4e7c8ce180d7c49a7a9ea817273a",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_of_products_a19e4",
                    table="register_producer",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="productproducer",
            trigger=pgtrigger.compiler.Trigger(
                name="renew_search_text_of_products",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="UPDATE ocop_product SET search_text = '' WHERE producer_id = NEW.id; RETURN NULL;",
                    hash="bc5ce890fae9e0ff5eacbfc38048f0d83e75221e",
                    operation='UPDATE OF "name", "state"',
                    pgid="pgtrigger_renew_search_text_of_products_b1e32",
                    table="register_producer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="productright",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes_of_products",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(CASE WHEN OLD.state = 'published' AND OLD.stage = 'registered' THEN OLD.name END) IS DISTINCT FROM ROW(CASE WHEN NEW.state = 'published' AND NEW.stage = 'registered' THEN NEW.name END) THEN PERFORM geodata_list_change('products', code, true) FROM ocop_product WHERE state = 'published' AND (id IN (SELECT product_id FROM ocop_protectedproduct WHERE right_id = ANY (ARRAY[OLD.id, NEW.id]))); END IF;\nRETURN NULL;",
                    hash="fb6f4f2b5de899430161644a37b2c109b3ce42c2",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_of_products_351fa",
                    table="rights_ipright",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="productsource",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes_of_products",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.url) IS DISTINCT FROM ROW(NEW.url) THEN PERFORM geodata_list_change('products', code, true) FROM ocop_product WHERE state = 'published' AND (source_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nRETURN NULL;",
                    hash="dd6db37cd9089b6bf54668c280400df5df7df285",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_of_products_c421c",
                    table="geodata_source",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="productunit",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes_of_products",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.code, OLD.full_name) IS DISTINCT FROM ROW(NEW.code, NEW.full_name) THEN PERFORM geodata_list_change('products', code, true) FROM ocop_product WHERE state = 'published' AND (commune_id = ANY (ARRAY[OLD.id, NEW.id]) OR old_commune_id = ANY (ARRAY[OLD.id, NEW.id]) OR district_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nRETURN NULL;",
                    hash="684dc99c1d387bac30930556ef585c0e8cda2760",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_of_products_e9d28",
                    table="districts_unit",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="photoevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c8726413e1a559181d915365c74659bb79d0bc1a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_4d8ec",
                    table="ocop_photoevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.UniqueConstraint(
                fields=("image",),
                name="photo_has_a_file_of_its_own",
                violation_error_message="Tệp ảnh này đã thuộc về một ảnh khác.",
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "alt__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "alt_en__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "credit__regex",
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
                name="photo_has_no_hidden_characters",
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(("alt__regex", "^\\s*$"), _negated=True),
                name="photo_says_what_it_shows",
                violation_error_message="Cần một câu nói ảnh cho thấy gì.",
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("credit__regex", "^\\s*$"), _negated=True),
                    models.Q(("licence__regex", "^\\s*$"), _negated=True),
                ),
                name="photo_names_its_author_and_licence",
                violation_error_message="Ảnh cần tác giả và giấy phép.",
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(("height__gte", 1), ("width__gte", 1)),
                name="photo_has_a_size",
                violation_error_message="Ảnh phải có chiều rộng và chiều cao.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="photo",
            trigger=pgtrigger.compiler.Trigger(
                name="raise_version_of_record",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF TG_OP <> 'UPDATE' OR OLD IS DISTINCT FROM NEW THEN\n                    UPDATE ocop_product SET version_transaction = geodata_transaction()\n                        WHERE id IN (OLD.product_id, NEW.product_id);\n                END IF;\n                RETURN NULL;\n            ",
                    hash="25699b691263a362fa11a6ba84ad34511d40d2d5",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_raise_version_of_record_27bd8",
                    table="ocop_photo",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="photo",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ocop_photoevent" ("alt", "alt_en", "credit", "height", "id", "image", "licence", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "source_id", "width") VALUES (NEW."alt", NEW."alt_en", NEW."credit", NEW."height", NEW."id", NEW."image", NEW."licence", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."product_id", NEW."source_id", NEW."width"); RETURN NULL;',
                    hash="df10fc94d0cf6e6d2be4fc0aa6014bcead1a7527",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0d69b",
                    table="ocop_photo",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="photo",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."alt" IS DISTINCT FROM NEW."alt" OR OLD."alt_en" IS DISTINCT FROM NEW."alt_en" OR OLD."credit" IS DISTINCT FROM NEW."credit" OR OLD."height" IS DISTINCT FROM NEW."height" OR OLD."id" IS DISTINCT FROM NEW."id" OR OLD."image" IS DISTINCT FROM NEW."image" OR OLD."licence" IS DISTINCT FROM NEW."licence" OR OLD."order" IS DISTINCT FROM NEW."order" OR OLD."product_id" IS DISTINCT FROM NEW."product_id" OR OLD."source_id" IS DISTINCT FROM NEW."source_id" OR OLD."width" IS DISTINCT FROM NEW."width")',
                    func='INSERT INTO "ocop_photoevent" ("alt", "alt_en", "credit", "height", "id", "image", "licence", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "source_id", "width") VALUES (NEW."alt", NEW."alt_en", NEW."credit", NEW."height", NEW."id", NEW."image", NEW."licence", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."product_id", NEW."source_id", NEW."width"); RETURN NULL;',
                    hash="0eb7f423889c525833366ce10991b427a96821fa",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1b2f0",
                    table="ocop_photo",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="photo",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ocop_photoevent" ("alt", "alt_en", "credit", "height", "id", "image", "licence", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "source_id", "width") VALUES (OLD."alt", OLD."alt_en", OLD."credit", OLD."height", OLD."id", OLD."image", OLD."licence", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."product_id", OLD."source_id", OLD."width"); RETURN NULL;',
                    hash="6dfe614ce4c480ebebe17e7fc8f0ef4499473871",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_cc3b2",
                    table="ocop_photo",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ocopratingevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="457c85aec3000d008e02f52b1bd19d50e88e2663",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_01e6b",
                    table="ocop_ocopratingevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="ocoprating",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "decision__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        (
                            "issuer__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
                        ),
                        _negated=True,
                    ),
                ),
                name="rating_has_no_hidden_characters",
            ),
        ),
        migrations.AddConstraint(
            model_name="ocoprating",
            constraint=models.CheckConstraint(
                condition=models.Q(("stars", None), ("stars__range", (3, 5)), _connector="OR"),
                name="rating_three_to_five_stars",
                violation_error_message="OCOP có 3, 4 hoặc 5 sao.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ocoprating",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("nominated_stars", None), ("nominated_stars__range", (4, 5)), _connector="OR"
                ),
                name="nomination_four_or_five_stars",
                violation_error_message="Đề nghị chỉ có 4 hoặc 5 sao.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ocoprating",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("score", None),
                    models.Q(("score__range", (0, 100)), ("stars", None)),
                    models.Q(("score__range", (50, 100)), ("stars", 3)),
                    models.Q(("score__range", (70, 100)), ("stars", 4)),
                    models.Q(("score__range", (90, 100)), ("stars", 5)),
                    _connector="OR",
                ),
                name="rating_stars_need_their_points",
                violation_error_message="5 sao từ 90 điểm, 4 sao từ 70, 3 sao từ 50; tối đa 100.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ocoprating",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided__isempty", False)),
                name="rating_decided_on_some_day",
                violation_error_message="Khoảng thời gian phải có ít nhất một ngày.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ocoprating",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided__startswith__isnull", True),
                        ("decided__startswith__gte", datetime.date(1900, 1, 1)),
                        _connector="OR",
                    ),
                    models.Q(
                        ("decided__endswith__isnull", True),
                        ("decided__endswith__lte", datetime.date(2101, 1, 1)),
                        _connector="OR",
                    ),
                    models.Q(
                        ("revoked_on__isnull", True),
                        ("revoked_on__gte", datetime.date(1900, 1, 1)),
                        _connector="OR",
                    ),
                    models.Q(
                        ("revoked_on__isnull", True),
                        ("revoked_on__lte", datetime.date(2101, 1, 1)),
                        _connector="OR",
                    ),
                ),
                name="rating_days_lie_within_the_calendar",
                violation_error_message="Năm phải từ 1900 đến 2100.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ocoprating",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("revoked_on", None),
                    ("decided__startswith", None),
                    ("revoked_on__gte", models.F("decided__startswith")),
                    _connector="OR",
                ),
                name="rating_revoked_after_it_was_decided",
                violation_error_message="Ngày thu hồi không thể trước ngày quyết định.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ocoprating",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("product", "="), ("decided", "&&")],
                name="rating_one_at_a_time",
                violation_error_message="Sản phẩm đã có xếp hạng khác trong thời gian này.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ocoprating",
            trigger=pgtrigger.compiler.Trigger(
                name="raise_version_of_record",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF TG_OP <> 'UPDATE' OR OLD IS DISTINCT FROM NEW THEN\n                    UPDATE ocop_product SET version_transaction = geodata_transaction()\n                        WHERE id IN (OLD.product_id, NEW.product_id);\n                END IF;\n                RETURN NULL;\n            ",
                    hash="d9cc1aa59891e28a28c11cb8653e3d9c1746d62a",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_raise_version_of_record_05114",
                    table="ocop_ocoprating",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ocoprating",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_revision",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\n        IF current_setting('geodata.revised_by', true) IS DISTINCT FROM txid_current()::text THEN\n            INSERT INTO geodata_revision (id, number, changed_at) VALUES (1, 1, clock_timestamp())\n                ON CONFLICT (id) DO UPDATE\n                SET number = geodata_revision.number + 1, changed_at = clock_timestamp();\n            PERFORM set_config('geodata.revised_by', txid_current()::text, true);\n        END IF;\n        RETURN NULL;\n    ",
                    hash="5eeb3729930e7faa5f2e0a62519b2039176fc8a4",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_bump_revision_b8d1a",
                    table="ocop_ocoprating",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ocoprating",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.product_id, OLD.stars, OLD.nominated_stars, OLD.decided, OLD.decision, OLD.revoked_on) IS DISTINCT FROM ROW(NEW.product_id, NEW.stars, NEW.nominated_stars, NEW.decided, NEW.decision, NEW.revoked_on) THEN PERFORM geodata_list_change('products', code, true) FROM ocop_product WHERE state = 'published' AND (id = ANY (ARRAY[OLD.product_id, NEW.product_id])); END IF;\nRETURN NULL;",
                    hash="24ecefc099d64dce0cf325003e916edc261d0724",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_51d57",
                    table="ocop_ocoprating",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ocoprating",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ocop_ocopratingevent" ("decided", "decision", "id", "issuer", "nominated_stars", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "revoked_on", "score", "source_id", "stars") VALUES (NEW."decided", NEW."decision", NEW."id", NEW."issuer", NEW."nominated_stars", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."product_id", NEW."revoked_on", NEW."score", NEW."source_id", NEW."stars"); RETURN NULL;',
                    hash="12d82f86340be12ee2f37b603133a17773c2725b",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c29be",
                    table="ocop_ocoprating",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ocoprating",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."decided" IS DISTINCT FROM NEW."decided" OR OLD."decision" IS DISTINCT FROM NEW."decision" OR OLD."id" IS DISTINCT FROM NEW."id" OR OLD."issuer" IS DISTINCT FROM NEW."issuer" OR OLD."nominated_stars" IS DISTINCT FROM NEW."nominated_stars" OR OLD."product_id" IS DISTINCT FROM NEW."product_id" OR OLD."revoked_on" IS DISTINCT FROM NEW."revoked_on" OR OLD."score" IS DISTINCT FROM NEW."score" OR OLD."source_id" IS DISTINCT FROM NEW."source_id" OR OLD."stars" IS DISTINCT FROM NEW."stars")',
                    func='INSERT INTO "ocop_ocopratingevent" ("decided", "decision", "id", "issuer", "nominated_stars", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "revoked_on", "score", "source_id", "stars") VALUES (NEW."decided", NEW."decision", NEW."id", NEW."issuer", NEW."nominated_stars", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."product_id", NEW."revoked_on", NEW."score", NEW."source_id", NEW."stars"); RETURN NULL;',
                    hash="c6c5a253615d3acee338738799f9a5c1cffbe4a0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_784e5",
                    table="ocop_ocoprating",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ocoprating",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ocop_ocopratingevent" ("decided", "decision", "id", "issuer", "nominated_stars", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "revoked_on", "score", "source_id", "stars") VALUES (OLD."decided", OLD."decision", OLD."id", OLD."issuer", OLD."nominated_stars", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."product_id", OLD."revoked_on", OLD."score", OLD."source_id", OLD."stars"); RETURN NULL;',
                    hash="544a229a9d7d8991a2de83b9bc66a9a255dfc5f4",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9adce",
                    table="ocop_ocoprating",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="productevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="bdcd49cb458bd625b34ae6d4e7732c9bf4d8dc51",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_fdf1d",
                    table="ocop_productevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="protectedproduct",
            constraint=models.UniqueConstraint(
                fields=("right", "product"),
                name="right_names_a_product_once",
                violation_error_message="Sản phẩm này đã có trong danh sách.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="protectedproduct",
            trigger=pgtrigger.compiler.Trigger(
                name="raise_version_of_record",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF TG_OP <> 'UPDATE' OR OLD IS DISTINCT FROM NEW THEN\n                    UPDATE rights_ipright SET version_transaction = geodata_transaction()\n                        WHERE id IN (OLD.right_id, NEW.right_id);\n                END IF;\n                RETURN NULL;\n            ",
                    hash="927c49cf5bc9c247927f885d165f1f8154d37e8a",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_raise_version_of_record_18e75",
                    table="ocop_protectedproduct",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="protectedproduct",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_revision",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\n        IF current_setting('geodata.revised_by', true) IS DISTINCT FROM txid_current()::text THEN\n            INSERT INTO geodata_revision (id, number, changed_at) VALUES (1, 1, clock_timestamp())\n                ON CONFLICT (id) DO UPDATE\n                SET number = geodata_revision.number + 1, changed_at = clock_timestamp();\n            PERFORM set_config('geodata.revised_by', txid_current()::text, true);\n        END IF;\n        RETURN NULL;\n    ",
                    hash="d4ce660fce6263fb467e1c0c55c0a7b240513ee2",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_bump_revision_4420c",
                    table="ocop_protectedproduct",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="protectedproduct",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.product_id, OLD.right_id) IS DISTINCT FROM ROW(NEW.product_id, NEW.right_id) THEN PERFORM geodata_list_change('products', code, true) FROM ocop_product WHERE state = 'published' AND (id = ANY (ARRAY[OLD.product_id, NEW.product_id])); END IF;\nIF ROW(OLD.product_id, OLD.right_id) IS DISTINCT FROM ROW(NEW.product_id, NEW.right_id) THEN PERFORM geodata_list_change('protections', code, true) FROM rights_ipright WHERE state = 'published' AND (id = ANY (ARRAY[OLD.right_id, NEW.right_id])); END IF;\nRETURN NULL;",
                    hash="a34c6a97644cdb695e53de0be0af6a2c27bd965b",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_dcf8c",
                    table="ocop_protectedproduct",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="protectedproduct",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ocop_protectedproductevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "right_id", "source_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."product_id", NEW."right_id", NEW."source_id"); RETURN NULL;',
                    hash="2b9ff815e3dc60585dce5452f2167b2911a5aa15",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_94b81",
                    table="ocop_protectedproduct",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="protectedproduct",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."product_id" IS DISTINCT FROM NEW."product_id" OR OLD."right_id" IS DISTINCT FROM NEW."right_id" OR OLD."source_id" IS DISTINCT FROM NEW."source_id")',
                    func='INSERT INTO "ocop_protectedproductevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "right_id", "source_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."product_id", NEW."right_id", NEW."source_id"); RETURN NULL;',
                    hash="c052833d0746df279e47631e8b7db5ed6a8f0538",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_828ee",
                    table="ocop_protectedproduct",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="protectedproduct",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ocop_protectedproductevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "right_id", "source_id") VALUES (OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."product_id", OLD."right_id", OLD."source_id"); RETURN NULL;',
                    hash="504292ba1602f8ca335e3e469a4e96d3aead0b5b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_dd6c7",
                    table="ocop_protectedproduct",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_text"], name="product_search", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[A-Z]+(-[A-Z]+)*-[0-9]{1,9}$")),
                name="product_code_is_letters_and_a_number",
                violation_error_message="Mã gồm chữ in hoa, gạch nối và một số.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "^\\s*$"), _negated=True),
                name="product_has_a_name",
                violation_error_message="Cần có tên.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    ("published_at__isnull", False),
                    _connector="OR",
                ),
                name="published_product_says_since_when",
                violation_error_message="Hồ sơ đã công bố cần có ngày công bố.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True),
                    models.Q(("state_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="withdrawn_product_says_why",
                violation_error_message="Rút khỏi trang công khai cần có lý do.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("point", None), ("position", "")),
                    models.Q(("point__isnull", False), models.Q(("position", ""), _negated=True)),
                    _connector="OR",
                ),
                name="product_point_and_position_go_together",
                violation_error_message="Vị trí cần cả toạ độ lẫn cách lấy toạ độ.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
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
                name="product_point_lies_in_viet_nam",
                violation_error_message="Toạ độ nằm ngoài Việt Nam.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("position", "commune"), _negated=True),
                    ("declared_commune__isnull", False),
                    _connector="OR",
                ),
                name="product_on_its_commune_declares_which",
                violation_error_message="Vị trí “theo xã” cần biết là xã nào.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("declared_commune", None), ("declared_district", None), _connector="OR"
                ),
                name="product_declares_commune_or_only_district",
                violation_error_message="Đã nêu xã thì không nêu huyện nữa.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
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
                            "name_en__regex",
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
                            "trace_url__regex",
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
                            "description__regex",
                            "[\\u0001-\\u0008\\u000b-\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]",
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
                name="product_has_no_hidden_characters",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("gtin", ""), ("gtin__regex", "^(\\d{8}|\\d{12,14})$"), _connector="OR"
                ),
                name="product_gtin_has_8_12_13_or_14_digits",
                violation_error_message="GTIN có 8, 12, 13 hoặc 14 chữ số.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(
                condition=models.Q(("gtin", ""), _negated=True),
                fields=("gtin",),
                name="product_gtin_belongs_to_one_product",
                violation_error_message="GTIN này đã thuộc về một sản phẩm khác.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("category", None), ("category_basis", "")),
                    models.Q(
                        ("category__isnull", False), models.Q(("category_basis", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="product_category_says_how_it_is_known",
                violation_error_message="Nhóm sản phẩm cần đi cùng cách biết.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sector", ""), ("sector_basis", "")),
                    models.Q(
                        models.Q(("sector", ""), _negated=True),
                        models.Q(("sector_basis", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="product_sector_says_how_it_is_known",
                violation_error_message="Lĩnh vực cần đi cùng cách biết.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("producer", None), ("producer_basis", "")),
                    models.Q(
                        ("producer__isnull", False), models.Q(("producer_basis", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="product_producer_says_how_it_is_known",
                violation_error_message="Chủ thể cần đi cùng cách biết.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="set_updated_at",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."address" IS DISTINCT FROM NEW."address" OR OLD."category_id" IS DISTINCT FROM NEW."category_id" OR OLD."category_basis" IS DISTINCT FROM NEW."category_basis" OR OLD."code" IS DISTINCT FROM NEW."code" OR OLD."commune_id" IS DISTINCT FROM NEW."commune_id" OR OLD."declared_commune_id" IS DISTINCT FROM NEW."declared_commune_id" OR OLD."declared_district_id" IS DISTINCT FROM NEW."declared_district_id" OR OLD."description" IS DISTINCT FROM NEW."description" OR OLD."district_id" IS DISTINCT FROM NEW."district_id" OR OLD."gtin" IS DISTINCT FROM NEW."gtin" OR OLD."id" IS DISTINCT FROM NEW."id" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."name_basis" IS DISTINCT FROM NEW."name_basis" OR OLD."name_en" IS DISTINCT FROM NEW."name_en" OR OLD."note" IS DISTINCT FROM NEW."note" OR OLD."old_commune_id" IS DISTINCT FROM NEW."old_commune_id" OR OLD."point"::bytea IS DISTINCT FROM NEW."point"::bytea OR OLD."position" IS DISTINCT FROM NEW."position" OR OLD."producer_id" IS DISTINCT FROM NEW."producer_id" OR OLD."producer_basis" IS DISTINCT FROM NEW."producer_basis" OR OLD."published_at" IS DISTINCT FROM NEW."published_at" OR OLD."quote" IS DISTINCT FROM NEW."quote" OR OLD."sector" IS DISTINCT FROM NEW."sector" OR OLD."sector_basis" IS DISTINCT FROM NEW."sector_basis" OR OLD."source_id" IS DISTINCT FROM NEW."source_id" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."state_reason" IS DISTINCT FROM NEW."state_reason" OR OLD."trace_url" IS DISTINCT FROM NEW."trace_url")',
                    func="NEW.updated_at = now(); RETURN NEW;",
                    hash="4be2fad2ba436f85b079c38fd1cb4375ed963ded",
                    operation="UPDATE",
                    pgid="pgtrigger_set_updated_at_25ef5",
                    table="ocop_product",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="set_search_text",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.search_text = geodata_fold(concat_ws(' ', NEW.name, NEW.name_en, (SELECT name FROM register_producer WHERE id = NEW.producer_id AND state = 'published'), (SELECT string_agg(concat_ws(' ', full_name, name_en), ' ') FROM districts_unit WHERE id IN (NEW.commune_id, NEW.old_commune_id, NEW.district_id)))); RETURN NEW;",
                    hash="622cf7ce462b51ca7c9a885b81f7ce43afb79659",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_set_search_text_a8d6d",
                    table="ocop_product",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="set_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='\n            IF OLD.version_transaction IS DISTINCT FROM geodata_transaction() AND (\n                NEW.version_transaction IS NOT DISTINCT FROM geodata_transaction()\n                OR OLD."id" IS DISTINCT FROM NEW."id" OR OLD."code" IS DISTINCT FROM NEW."code" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."state_reason" IS DISTINCT FROM NEW."state_reason" OR OLD."published_at" IS DISTINCT FROM NEW."published_at" OR OLD."source_id" IS DISTINCT FROM NEW."source_id" OR OLD."note" IS DISTINCT FROM NEW."note" OR OLD."point"::bytea IS DISTINCT FROM NEW."point"::bytea OR OLD."position" IS DISTINCT FROM NEW."position" OR OLD."address" IS DISTINCT FROM NEW."address" OR OLD."declared_commune_id" IS DISTINCT FROM NEW."declared_commune_id" OR OLD."declared_district_id" IS DISTINCT FROM NEW."declared_district_id" OR OLD."name_en" IS DISTINCT FROM NEW."name_en" OR OLD."name_basis" IS DISTINCT FROM NEW."name_basis" OR OLD."category_id" IS DISTINCT FROM NEW."category_id" OR OLD."category_basis" IS DISTINCT FROM NEW."category_basis" OR OLD."sector" IS DISTINCT FROM NEW."sector" OR OLD."sector_basis" IS DISTINCT FROM NEW."sector_basis" OR OLD."producer_id" IS DISTINCT FROM NEW."producer_id" OR OLD."producer_basis" IS DISTINCT FROM NEW."producer_basis" OR OLD."description" IS DISTINCT FROM NEW."description" OR OLD."gtin" IS DISTINCT FROM NEW."gtin" OR OLD."trace_url" IS DISTINCT FROM NEW."trace_url" OR OLD."quote" IS DISTINCT FROM NEW."quote"\n            ) THEN\n                NEW.version = OLD.version + 1;\n                NEW.version_transaction = geodata_transaction();\n            ELSE\n                NEW.version = OLD.version;\n                NEW.version_transaction = OLD.version_transaction;\n            END IF;\n            RETURN NEW;\n        ',
                    hash="4628edfbe025b10381f4f786997e5d93bc510869",
                    operation="UPDATE",
                    pgid="pgtrigger_set_version_ccbd2",
                    table="ocop_product",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="round_coordinates",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.point = geodata_published(NEW.point); RETURN NEW;",
                    hash="b16a0621604a59d9e3b0a25973898dd68e97defd",
                    operation='INSERT OR UPDATE OF "point"',
                    pgid="pgtrigger_round_coordinates_794dc",
                    table="ocop_product",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_revision",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func='IF TG_OP = \'UPDATE\' AND NOT (OLD."id" IS DISTINCT FROM NEW."id" OR OLD."code" IS DISTINCT FROM NEW."code" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."slug" IS DISTINCT FROM NEW."slug" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."state_reason" IS DISTINCT FROM NEW."state_reason" OR OLD."published_at" IS DISTINCT FROM NEW."published_at" OR OLD."updated_at" IS DISTINCT FROM NEW."updated_at" OR OLD."source_id" IS DISTINCT FROM NEW."source_id" OR OLD."note" IS DISTINCT FROM NEW."note" OR OLD."search_text" IS DISTINCT FROM NEW."search_text" OR OLD."point"::bytea IS DISTINCT FROM NEW."point"::bytea OR OLD."position" IS DISTINCT FROM NEW."position" OR OLD."address" IS DISTINCT FROM NEW."address" OR OLD."declared_commune_id" IS DISTINCT FROM NEW."declared_commune_id" OR OLD."declared_district_id" IS DISTINCT FROM NEW."declared_district_id" OR OLD."commune_id" IS DISTINCT FROM NEW."commune_id" OR OLD."old_commune_id" IS DISTINCT FROM NEW."old_commune_id" OR OLD."district_id" IS DISTINCT FROM NEW."district_id" OR OLD."name_en" IS DISTINCT FROM NEW."name_en" OR OLD."name_basis" IS DISTINCT FROM NEW."name_basis" OR OLD."category_id" IS DISTINCT FROM NEW."category_id" OR OLD."category_basis" IS DISTINCT FROM NEW."category_basis" OR OLD."sector" IS DISTINCT FROM NEW."sector" OR OLD."sector_basis" IS DISTINCT FROM NEW."sector_basis" OR OLD."producer_id" IS DISTINCT FROM NEW."producer_id" OR OLD."producer_basis" IS DISTINCT FROM NEW."producer_basis" OR OLD."description" IS DISTINCT FROM NEW."description" OR OLD."gtin" IS DISTINCT FROM NEW."gtin" OR OLD."trace_url" IS DISTINCT FROM NEW."trace_url" OR OLD."quote" IS DISTINCT FROM NEW."quote") THEN RETURN NULL; END IF;\n\n        IF current_setting(\'geodata.revised_by\', true) IS DISTINCT FROM txid_current()::text THEN\n            INSERT INTO geodata_revision (id, number, changed_at) VALUES (1, 1, clock_timestamp())\n                ON CONFLICT (id) DO UPDATE\n                SET number = geodata_revision.number + 1, changed_at = clock_timestamp();\n            PERFORM set_config(\'geodata.revised_by\', txid_current()::text, true);\n        END IF;\n        RETURN NULL;\n    ',
                    hash="b394e7e3f958129d6aef1e283bdfbd50ab6acd8e",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_bump_revision_5bd60",
                    table="ocop_product",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.code, OLD.state, OLD.updated_at) IS DISTINCT FROM ROW(NEW.code, NEW.state, NEW.updated_at) THEN PERFORM geodata_list_change('products', changed.id, EXISTS (SELECT FROM ocop_product WHERE code = changed.id AND state = 'published')) FROM (SELECT OLD.code UNION SELECT NEW.code) AS changed(id) WHERE changed.id IS NOT NULL; END IF;\nIF ROW(CASE WHEN OLD.state = 'published' THEN OLD.producer_id END) IS DISTINCT FROM ROW(CASE WHEN NEW.state = 'published' THEN NEW.producer_id END) THEN PERFORM geodata_list_change('producers', code, true) FROM register_producer WHERE state = 'published' AND (id = ANY (ARRAY[OLD.producer_id, NEW.producer_id])); END IF;\nIF ROW(CASE WHEN OLD.state = 'published' THEN OLD.id END) IS DISTINCT FROM ROW(CASE WHEN NEW.state = 'published' THEN NEW.id END) THEN PERFORM geodata_list_change('protections', code, true) FROM rights_ipright WHERE state = 'published' AND (id IN (SELECT right_id FROM ocop_protectedproduct WHERE product_id = ANY (ARRAY[OLD.id, NEW.id]))); END IF;\nRETURN NULL;",
                    hash="b0c78531bc6982ba94e42c59633d8a1790d89923",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_39b08",
                    table="ocop_product",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ocop_productevent" ("address", "category_basis", "category_id", "code", "commune_id", "declared_commune_id", "declared_district_id", "description", "district_id", "gtin", "id", "name", "name_basis", "name_en", "note", "old_commune_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point", "position", "producer_basis", "producer_id", "published_at", "quote", "sector", "sector_basis", "source_id", "state", "state_reason", "trace_url", "updated_at", "version") VALUES (NEW."address", NEW."category_basis", NEW."category_id", NEW."code", NEW."commune_id", NEW."declared_commune_id", NEW."declared_district_id", NEW."description", NEW."district_id", NEW."gtin", NEW."id", NEW."name", NEW."name_basis", NEW."name_en", NEW."note", NEW."old_commune_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."point", NEW."position", NEW."producer_basis", NEW."producer_id", NEW."published_at", NEW."quote", NEW."sector", NEW."sector_basis", NEW."source_id", NEW."state", NEW."state_reason", NEW."trace_url", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="b39bdc60c2abb96240e1f2410216d4b2dfe07a73",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_51846",
                    table="ocop_product",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."address" IS DISTINCT FROM NEW."address" OR OLD."category_id" IS DISTINCT FROM NEW."category_id" OR OLD."category_basis" IS DISTINCT FROM NEW."category_basis" OR OLD."code" IS DISTINCT FROM NEW."code" OR OLD."commune_id" IS DISTINCT FROM NEW."commune_id" OR OLD."declared_commune_id" IS DISTINCT FROM NEW."declared_commune_id" OR OLD."declared_district_id" IS DISTINCT FROM NEW."declared_district_id" OR OLD."description" IS DISTINCT FROM NEW."description" OR OLD."district_id" IS DISTINCT FROM NEW."district_id" OR OLD."gtin" IS DISTINCT FROM NEW."gtin" OR OLD."id" IS DISTINCT FROM NEW."id" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."name_basis" IS DISTINCT FROM NEW."name_basis" OR OLD."name_en" IS DISTINCT FROM NEW."name_en" OR OLD."note" IS DISTINCT FROM NEW."note" OR OLD."old_commune_id" IS DISTINCT FROM NEW."old_commune_id" OR OLD."point"::bytea IS DISTINCT FROM NEW."point"::bytea OR OLD."position" IS DISTINCT FROM NEW."position" OR OLD."producer_id" IS DISTINCT FROM NEW."producer_id" OR OLD."producer_basis" IS DISTINCT FROM NEW."producer_basis" OR OLD."published_at" IS DISTINCT FROM NEW."published_at" OR OLD."quote" IS DISTINCT FROM NEW."quote" OR OLD."sector" IS DISTINCT FROM NEW."sector" OR OLD."sector_basis" IS DISTINCT FROM NEW."sector_basis" OR OLD."source_id" IS DISTINCT FROM NEW."source_id" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."state_reason" IS DISTINCT FROM NEW."state_reason" OR OLD."trace_url" IS DISTINCT FROM NEW."trace_url" OR OLD."updated_at" IS DISTINCT FROM NEW."updated_at")',
                    func='INSERT INTO "ocop_productevent" ("address", "category_basis", "category_id", "code", "commune_id", "declared_commune_id", "declared_district_id", "description", "district_id", "gtin", "id", "name", "name_basis", "name_en", "note", "old_commune_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point", "position", "producer_basis", "producer_id", "published_at", "quote", "sector", "sector_basis", "source_id", "state", "state_reason", "trace_url", "updated_at", "version") VALUES (NEW."address", NEW."category_basis", NEW."category_id", NEW."code", NEW."commune_id", NEW."declared_commune_id", NEW."declared_district_id", NEW."description", NEW."district_id", NEW."gtin", NEW."id", NEW."name", NEW."name_basis", NEW."name_en", NEW."note", NEW."old_commune_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."point", NEW."position", NEW."producer_basis", NEW."producer_id", NEW."published_at", NEW."quote", NEW."sector", NEW."sector_basis", NEW."source_id", NEW."state", NEW."state_reason", NEW."trace_url", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="9eeccdeccfdd92ed9c8c9da301ae83f5bbda743d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_79fbd",
                    table="ocop_product",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ocop_productevent" ("address", "category_basis", "category_id", "code", "commune_id", "declared_commune_id", "declared_district_id", "description", "district_id", "gtin", "id", "name", "name_basis", "name_en", "note", "old_commune_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point", "position", "producer_basis", "producer_id", "published_at", "quote", "sector", "sector_basis", "source_id", "state", "state_reason", "trace_url", "updated_at", "version") VALUES (OLD."address", OLD."category_basis", OLD."category_id", OLD."code", OLD."commune_id", OLD."declared_commune_id", OLD."declared_district_id", OLD."description", OLD."district_id", OLD."gtin", OLD."id", OLD."name", OLD."name_basis", OLD."name_en", OLD."note", OLD."old_commune_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."point", OLD."position", OLD."producer_basis", OLD."producer_id", OLD."published_at", OLD."quote", OLD."sector", OLD."sector_basis", OLD."source_id", OLD."state", OLD."state_reason", OLD."trace_url", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="da9587bb3a68e9e913e983fc9e0c77bd2f1a5031",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_96fb3",
                    table="ocop_product",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="protectedproductevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="744c87c81148158accdb049d9b354519caf8d52d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_14962",
                    table="ocop_protectedproductevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
