"""Models that every app uses: sources, imports, the revision of the data and its changes."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import pgtrigger
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .constraints import ConstrainedModel
from .spans import format_span, within_the_calendar
from .text import VisibleText
from .tracking import BumpRevision, tracked

if TYPE_CHECKING:
    from .collection import Collection


@tracked()
class Source(ConstrainedModel):
    """Where a fact comes from: a decision, a page, a data set."""

    title = models.CharField(_("tên"), max_length=500, blank=True)
    publisher = models.CharField(_("nơi công bố"), max_length=200, blank=True)
    document_number = models.CharField(_("số văn bản"), max_length=100, blank=True)
    dated = DateRangeField(
        _("ngày"),
        null=True,
        blank=True,
        help_text=_("Ngày công bố, hoặc tháng hay năm nếu chỉ rõ đến đó."),
    )
    url = models.URLField(_("địa chỉ"), max_length=500, blank=True)
    licence = models.CharField(_("giấy phép"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("nguồn")
        verbose_name_plural = pgettext_lazy("plural", "nguồn")
        ordering = ["publisher", "title", "url"]
        constraints = [
            VisibleText(
                name="source_has_no_hidden_characters",
                fields=["title", "publisher", "document_number", "url", "licence"],
            ),
            models.CheckConstraint(
                name="source_has_a_title_or_an_address",
                condition=~Q(title="") | ~Q(url=""),
                violation_error_message=_("Nguồn cần có tên hoặc địa chỉ."),
            ),
            models.CheckConstraint(
                name="source_is_dated_within_the_calendar",
                condition=within_the_calendar("dated"),
                violation_error_message=_("Năm phải từ 1900 đến 2100."),
            ),
            models.UniqueConstraint(
                name="source_address_is_listed_once",
                fields=["url"],
                condition=~Q(url=""),
                violation_error_message=_("Địa chỉ này đã có trong danh sách nguồn."),
            ),
            models.UniqueConstraint(
                name="source_without_address_has_its_own_title",
                fields=["title"],
                condition=Q(url=""),
                violation_error_message=_("Đã có nguồn mang tên này."),
            ),
        ]

    def __str__(self):
        # Lists must distinguish two pages of one host.
        name = self.title or self.url
        parts = [name, self.publisher if self.title else "", self.dated_text]
        return ", ".join(part for part in parts if part)

    @property
    def name(self) -> str:
        """The name for the public: the title, else the publisher, else the host of the URL."""
        return self.title or self.publisher or urlsplit(self.url).netloc.removeprefix("www.")

    def was_added_by(self, user: AbstractBaseUser) -> bool:
        """Return whether the user has added the source, by its history."""
        model: Any = type(self)
        inserts = model.pgh_event_model.objects.filter(pgh_obj_id=self.pk, pgh_label="insert")
        return inserts.filter(pgh_context__metadata__user=user.pk).exists()

    @property
    def dated_text(self) -> str:
        """The date as format_span() writes it, "" if it is unknown."""
        return format_span(self.dated)


def import_storage() -> Storage:
    """Return the storage of the files to import: private, not the folder of photos."""
    return storages["imports"]


class ImportRun(models.Model):
    """One run of an import: which file, by whom, how far, with what result.

    A run from the workspace is a job (jobs.py): it reads the headings, then checks all rows, and
    writes them after a person has seen the check. A run of a command has no file and one step.
    """

    class Step(models.TextChoices):
        """What the job does, or did last."""

        READ = "read", _("đọc tiêu đề cột")
        CHECK = "check", _("chạy thử")
        WRITE = "write", _("ghi")

    class State(models.TextChoices):
        """How far the run is; only WRITTEN means that records were written."""

        MAPPING = "mapping", _("chờ ghép cột")
        QUEUED = "queued", _("chờ đến lượt")
        RUNNING = "running", _("đang xử lý")
        CHECKED = "checked", _("đã chạy thử")
        WRITTEN = "written", _("đã ghi")
        FAILED = "failed", _("không nhập được")
        CANCELLED = "cancelled", _("đã dừng")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("người nhập"),
    )
    kind = models.CharField(_("loại"), max_length=50)
    file_name = models.CharField(_("tệp"), max_length=255)
    sha256 = models.CharField(max_length=64)
    applied = models.BooleanField(_("đã ghi"), default=False)
    report = models.JSONField(_("báo cáo"), default=dict)
    ran_at = models.DateTimeField(_("lúc"), auto_now_add=True)
    step = models.CharField(_("bước"), max_length=10, choices=Step.choices, default=Step.WRITE)
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=State.choices, default=State.QUEUED
    )
    file = models.FileField(storage=import_storage, max_length=100, blank=True, editable=False)
    mapping = models.JSONField(
        default=dict, help_text="Headings of the file, their columns, options and decisions."
    )
    result = models.TextField(_("kết quả"), blank=True, help_text="One or two sentences.")
    done = models.PositiveIntegerField(default=0, help_text="Rows.")
    total = models.PositiveIntegerField(default=0, help_text="Rows; 0 as long as it is unknown.")
    cancel_requested = models.BooleanField(default=False)
    heartbeat = models.DateTimeField(
        null=True, help_text="When the process of the job was last seen alive."
    )
    context = models.UUIDField(
        null=True, help_text="Context of all history events of the run, once it is written."
    )

    class Meta:
        verbose_name = _("lần nhập dữ liệu")
        verbose_name_plural = _("các lần nhập dữ liệu")
        ordering = ["-ran_at"]
        indexes = [models.Index(fields=["kind", "sha256"])]
        constraints = [
            models.CheckConstraint(
                name="import_run_is_applied_if_written",
                condition=Q(applied=True, state="written")
                | (Q(applied=False) & ~Q(state="written")),
                violation_error_message=_("Lần nhập “đã ghi” là lần nhập có ghi dữ liệu."),
            ),
            models.CheckConstraint(
                name="running_import_run_has_a_heartbeat",
                condition=~Q(state="running") | Q(heartbeat__isnull=False),
                violation_error_message=_("Lần nhập đang xử lý cần có lúc máy báo về."),
            ),
        ]

    def __str__(self):
        return f"{self.kind}: {self.file_name}"

    @property
    def is_active(self) -> bool:
        """Whether a job is running or waiting for its turn."""
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def is_ready_to_write(self) -> bool:
        """Whether the check has found neither problems nor conflicts."""
        refused = self.report.get("problem_count") or self.report.get("conflicts")
        return self.state == self.State.CHECKED and not refused


class Revision(models.Model):
    """The single row with the revision of the public data; written by triggers only."""

    number = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="there_is_one_revision", condition=Q(pk=1)),
        ]

    def __str__(self):
        return str(self.number)


class SitePages(models.Model):
    """The single row with the URLs of the site's pages, which features contain.

    pages: {label of a model: [URL before code and slug, URL after them]}. fingerprint: of `pages`.
    Written by `migrate` and when a server starts; see pages.py.
    """

    pages = models.JSONField()
    fingerprint = models.CharField(max_length=8)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="there_is_one_site", condition=Q(pk=1)),
        ]

    def __str__(self):
        return self.fingerprint


class FeatureCount(models.Model):
    """The number of features of a collection.

    Written together with them: counting 1,000,000 rows takes longer than a page of them.
    """

    collection = models.TextField(primary_key=True)
    number = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.collection}: {self.number}"


class StaleFeature(models.Model):
    """A feature whose rows are to be written again before the transaction commits.

    Added by the triggers of tracking.ListChanges; the deferred trigger here writes and deletes all
    of a collection together. Nobody sees a row: it exists only within a transaction.
    """

    collection = models.TextField()
    feature_id = models.TextField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="feature_is_stale_once", fields=["collection", "feature_id"]
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="write_features",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=[("function_name", "text"), ("stale", "text[]")],
                # The first of many rows takes them all, so that one statement writes the features
                # of a bulk change. A collection that settings do not list has no function.
                func="""
                    IF NOT EXISTS (
                        SELECT FROM geodata_stalefeature
                        WHERE collection = NEW.collection AND feature_id = NEW.feature_id
                    ) THEN
                        RETURN NULL;
                    END IF;
                    WITH taken AS (
                        DELETE FROM geodata_stalefeature WHERE collection = NEW.collection
                        RETURNING feature_id
                    )
                    SELECT array_agg(feature_id ORDER BY feature_id) INTO stale FROM taken;
                    function_name := 'geodata_write_' || replace(NEW.collection, '-', '_');
                    IF to_regproc(function_name) IS NOT NULL THEN
                        EXECUTE format('SELECT %I($1)', function_name) USING stale;
                    END IF;
                    RETURN NULL;
                """,
            )
        ]

    def __str__(self):
        return f"{self.collection}/{self.feature_id}"


class BulkFile(models.Model):
    """The size in bytes of the file of a whole collection in one format, when last written.

    Files are generated for each request; the API publishes this size in advance.
    """

    collection = models.CharField(max_length=50)
    format = models.CharField(max_length=10)
    bytes = models.PositiveBigIntegerField()
    written_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="bulk_file_has_one_size", fields=["collection", "format"]),
        ]

    def __str__(self):
        return f"{self.collection}.{self.format}: {self.bytes}"


@pgtrigger.register(BumpRevision(name="bump_revision"))
class BaseExtract(models.Model):
    """The OpenStreetMap extract that the map draws; one row or none. See osm_extract.py.

    version: of what its squares contain. box: west, south, east, north in degrees of WGS 84.
    """

    file_name = models.CharField(max_length=200)
    version = models.CharField(max_length=12)
    box = ArrayField(models.FloatField(), size=4)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.file_name


class BaseSquare(models.Model):
    """What the map draws in one square of a level, as JSON compressed by gzip."""

    extract = models.ForeignKey(BaseExtract, on_delete=models.CASCADE)
    level = models.PositiveSmallIntegerField()
    x = models.PositiveIntegerField()
    y = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="base_square_is_stored_once", fields=["extract", "level", "x", "y"]
            ),
        ]

    def __str__(self):
        return f"{self.level}/{self.x}/{self.y}"


class ChangeQuerySet(models.QuerySet):
    """QuerySet of Change."""

    def of(self, collection: "Collection") -> Self:
        """Return the changes of the features of a Collection."""
        return self.filter(collection=collection.id)

    def newest(self) -> int:
        """Return the number of the last change, 0 if there is none."""
        return self.aggregate(newest=models.Max("seq"))["newest"] or 0

    def newest_at(self) -> datetime | None:
        """Return the datetime of the last change, None if there is none."""
        return self.order_by("-seq").values_list("at", flat=True).first()


class Change(models.Model):
    """An entry of the change feed: a public feature was added, changed or removed.

    Written only by the triggers of tracking.ListChanges, and never deleted.
    """

    class Op(models.TextChoices):
        """What happened to the feature, as seen by the public."""

        INSERT = "insert", _("thêm")
        UPDATE = "update", _("sửa")
        DELETE = "delete", _("xoá hoặc rút")

    # Assigned under a lock, in commit order: once a number is visible, no smaller one can appear.
    seq = models.BigAutoField(primary_key=True)
    revision = models.BigIntegerField()
    collection = models.CharField(max_length=50)
    feature_id = models.CharField(max_length=50)
    op = models.CharField(max_length=6, choices=Op.choices)
    at = models.DateTimeField()

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["collection", "seq"], name="change_in_order"),
            models.Index(fields=["collection", "feature_id", "seq"], name="change_of_feature"),
        ]
        constraints = [
            models.CheckConstraint(
                name="change_inserts_updates_or_deletes",
                condition=Q(op__in=["insert", "update", "delete"]),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.seq}: {self.op} {self.collection}/{self.feature_id}"


class AppPassword(ConstrainedModel):
    """A password of one program, such as QGIS, with which it edits in the name of a person.

    It opens only the editing API; see app_passwords.py. A revoked one stays in the list.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="app_passwords",
        verbose_name=_("cán bộ"),
    )
    name = models.CharField(
        _("dùng cho"),
        max_length=100,
        help_text=_("Chương trình và máy, ví dụ “QGIS, máy ở văn phòng”."),
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("tạo lúc"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("dùng lần cuối"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("mật khẩu ứng dụng")
        verbose_name_plural = pgettext_lazy("plural", "mật khẩu ứng dụng")
        default_permissions = ()
        ordering = ["-created_at"]
        constraints = [
            VisibleText(name="app_password_has_no_hidden_characters", fields=["name"]),
            models.CheckConstraint(
                name="app_password_names_its_program",
                condition=~Q(name__regex=r"^\s*$"),
                violation_error_message=_("Cần ghi mật khẩu dùng cho chương trình nào."),
            ),
        ]

    def __str__(self):
        return self.name


class SecondFactorReset(ConstrainedModel):
    """A superuser has removed the second factor of a person, who had lost it; never changed."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="second_factor_resets",
        verbose_name=_("cán bộ"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người đặt lại")
    )
    reason = models.CharField(_("lý do"), max_length=500)
    at = models.DateTimeField(_("lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("lần đặt lại xác thực hai lớp")
        verbose_name_plural = pgettext_lazy("plural", "lần đặt lại xác thực hai lớp")
        default_permissions = ()
        ordering = ["-at"]
        constraints = [
            VisibleText(name="second_factor_reset_has_no_hidden_characters", fields=["reason"]),
            models.CheckConstraint(
                name="second_factor_reset_states_a_reason",
                condition=~Q(reason__regex=r"^\s*$"),
                violation_error_message=_("Cần ghi lý do."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.user}: {self.reason}"
