"""Products have photos."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import products.models.photos


class Migration(migrations.Migration):
    dependencies = [
        ("geodata", "0004_changes"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("products", "0003_changes"),
    ]

    operations = [
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
                        upload_to=products.models.photos.file_name, verbose_name="ảnh"
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
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="products.product",
                        verbose_name="sản phẩm",
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
                        upload_to=products.models.photos.file_name, verbose_name="ảnh"
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
                        to="products.photo",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="products.product",
                        verbose_name="sản phẩm",
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
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.UniqueConstraint(
                fields=("image",), name="photo_has_a_file_of_its_own"
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
                condition=models.Q(("height__gte", 1), ("width__gte", 1)), name="photo_has_a_size"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="photo",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "products_photoevent" ("alt", "alt_en", "credit", "height", "id", "image", "licence", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "source_id", "width") VALUES (NEW."alt", NEW."alt_en", NEW."credit", NEW."height", NEW."id", NEW."image", NEW."licence", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."product_id", NEW."source_id", NEW."width"); RETURN NULL;',
                    hash="9255b0f972827e283543215af0e8732207292304",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5a2f2",
                    table="products_photo",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="photo",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "products_photoevent" ("alt", "alt_en", "credit", "height", "id", "image", "licence", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "source_id", "width") VALUES (NEW."alt", NEW."alt_en", NEW."credit", NEW."height", NEW."id", NEW."image", NEW."licence", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."product_id", NEW."source_id", NEW."width"); RETURN NULL;',
                    hash="bd293cabf9a43e70da0c7cb28de8bbc3167d4011",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_9ca87",
                    table="products_photo",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="photo",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "products_photoevent" ("alt", "alt_en", "credit", "height", "id", "image", "licence", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "source_id", "width") VALUES (OLD."alt", OLD."alt_en", OLD."credit", OLD."height", OLD."id", OLD."image", OLD."licence", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."product_id", OLD."source_id", OLD."width"); RETURN NULL;',
                    hash="f35e0b36f874bc42a7d7a7ec1a7791cd320a5c96",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f1ad9",
                    table="products_photo",
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
                    hash="098e0767c93a181d59791b61840f2db8c0cde1ba",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_24a7f",
                    table="products_photoevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
