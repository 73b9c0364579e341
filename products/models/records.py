"""What products, producers and rights share: a public code, a state, a source."""

import pgtrigger
from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Now, Replace, Substr
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from geodata.constraints import ConstrainedModel
from geodata.models import Source
from geodata.text import Fold, fold
from geodata.tracking import AnyColumnChange
from geodata.versions import VERSION_FIELDS, RaiseVersion, Versioned

# What triggers and bulk updates compute from other columns; see record_triggers().
DERIVED = ("updated_at", "slug", "search_text")


class State(models.TextChoices):
    DRAFT = "draft", _("bản nháp")
    REVIEW = "review", _("chờ duyệt")
    PUBLISHED = "published", _("đã công bố")
    WITHDRAWN = "withdrawn", _("đã rút")


class RecordQuerySet(models.QuerySet):
    def published(self):
        """What is public: every door shows these rows and no others."""
        return self.filter(state=State.PUBLISHED)

    def once_public(self):
        """Records that were public and are no longer; their pages answer 410 with the reason."""
        return self.exclude(state=State.PUBLISHED).filter(
            Q(state=State.WITHDRAWN) | Q(published_at__isnull=False)
        )

    def search(self, text):
        """Rows whose text holds every word; where there are none, rows within small typos.

        Typos are forgiven only then: "nước" is more than 0.6 like "Phước", and whoever finds fish
        sauce does not want every village of that name.
        """
        wanted = fold(text)
        if not wanted:
            return self.none() if text.strip() else self
        every_word = Q()
        for word in wanted.split():
            every_word &= Q(search_text__contains=word)
        exact = self.filter(every_word)
        similar = Q(search_text__trigram_word_similar=wanted)
        return self.filter(every_word | (similar & ~Exists(exact)))

    def kept_by_people(self):
        """Rows that a person has changed; an import does not write over them."""
        return self.filter(Exists(people_changed(self.model, pgh_obj_id=OuterRef("pk"))))

    def update_derived(self):
        """Compute the columns that follow from others; models that have any override it."""


def people_changed(model, **which):
    """The events by which people, not an import, changed rows of a tracked model."""
    return model.pgh_event_model.objects.filter(pgh_context__metadata__user__isnull=False, **which)


def record_triggers(*, searched, derived=()):
    """The triggers of a record: its version, when it last changed, and what it is found by.

    searched: the SQL expressions that make up search_text; it is put together here and nowhere
    else. (A generated column cannot see other tables.)
    derived: further fields, beside DERIVED, whose change does not raise the version.
    """
    return [
        pgtrigger.Trigger(
            name="set_updated_at",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=AnyColumnChange(exclude=[*DERIVED, *VERSION_FIELDS]),
            func="NEW.updated_at = now(); RETURN NEW;",
        ),
        pgtrigger.Trigger(
            name="set_search_text",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            func=(
                f"NEW.search_text = geodata_fold(concat_ws(' ', {', '.join(searched)}));"
                " RETURN NEW;"
            ),
        ),
        RaiseVersion(derived=[*DERIVED, *derived]),
    ]


class Record(Versioned, ConstrainedModel):
    """A product, producer or right: a public code, a state and a source.

    `state` is assigned by products.workflow and nowhere else.
    """

    code = models.CharField(
        _("mã"), max_length=20, unique=True, editable=False, help_text=_("Không bao giờ dùng lại.")
    )
    name = models.CharField(_("tên"), max_length=200, db_collation="vi-x-icu")
    slug = models.GeneratedField(
        expression=Replace(
            Fold(F("name")), Value(" "), Value("-"), output_field=models.TextField()
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    state_reason = models.CharField(_("lý do"), max_length=500, blank=True, editable=False)
    published_at = models.DateTimeField(_("công bố lúc"), null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(_("sửa lần cuối"), db_default=Now(), editable=False)
    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("nguồn"))
    note = models.TextField(_("ghi chú nội bộ"), blank=True)
    search_text = models.TextField(
        editable=False, default="", help_text="Written by a trigger from name, producer and places."
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["name", "code"]
        indexes = [
            GinIndex(fields=["search_text"], name="%(class)s_search", opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_code_is_letters_and_a_number",
                condition=Q(code__regex=r"^[A-Z]+(-[A-Z]+)*-[0-9]{1,9}$"),
                violation_error_message=_(
                    "Mã gồm chữ in hoa, gạch nối và một số, như NT-OCOP-001."
                ),
            ),
            models.CheckConstraint(
                name="%(class)s_has_a_name",
                condition=~Q(name__regex=r"^\s*$"),
                violation_error_message=_("Cần có tên."),
            ),
            models.CheckConstraint(
                name="published_%(class)s_says_since_when",
                condition=~Q(state=State.PUBLISHED) | Q(published_at__isnull=False),
                violation_error_message=_("Hồ sơ đã công bố cần có ngày công bố."),
            ),
            models.CheckConstraint(
                name="withdrawn_%(class)s_says_why",
                condition=~Q(state=State.WITHDRAWN) | ~Q(state_reason=""),
                violation_error_message=_("Rút khỏi trang công khai cần có lý do."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def label(self):
        """The name with the code: two records may have the same name."""
        return f"{self.name} ({self.code})" if self.code else self.name

    @property
    def is_public(self):
        """Whether published() has it."""
        return self.state == State.PUBLISHED

    @property
    def public_withdrawal_reason(self):
        """Why a withdrawn record was withdrawn; "" for all others.

        What a publisher writes when sending a draft back is for its editor.
        """
        return self.state_reason if self.state == State.WITHDRAWN else ""

    @classmethod
    def refusals(cls, records):
        """Check the rules that fields and constraints cannot: {index: ValidationError}.

        records: rows with their new values, saved or not; what follows from the values, such as
        the point of a commune, is filled in. As many queries for a thousand rows as for one.
        """
        return {}

    def clean(self):
        super().clean()
        for error in type(self).refusals([self]).values():
            raise error

    def save(self, **kwargs):
        if self.code:
            return super().save(**kwargs)
        with transaction.atomic():
            self.assign_codes([self])
            return super().save(**kwargs)

    @classmethod
    def assign_codes(cls, records):
        """Give new records the codes after the highest ever used, deleted records included.

        Call it in the transaction that saves them.
        """
        with connection.cursor() as cursor:
            # Two who save at once take their numbers one after the other.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [cls.code_prefix])
        prefix = f"{cls.code_prefix}-"
        last = (
            cls.pgh_event_model.objects.filter(code__startswith=prefix)
            .annotate(serial=Cast(Substr("code", len(prefix) + 1), models.IntegerField()))
            .aggregate(last=models.Max("serial"))["last"]
        )
        for serial, record in enumerate(records, (last or 0) + 1):
            record.code = f"{prefix}{serial:03d}"

    def get_absolute_url(self):
        return reverse(
            self.page, kwargs={"code": self.code, "slug": fold(self.name).replace(" ", "-")}
        )
