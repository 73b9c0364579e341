"""What every kind of record has: a public code, a state, a source, a version, a search text."""

import pgtrigger
from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, transaction
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Now, Replace, Substr
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from districts.models import Stewardship
from geodata.constraints import ConstrainedModel
from geodata.models import Source
from geodata.pages import page_name
from geodata.text import Fold, Relevance, fold
from geodata.tracking import AnyColumnChange
from geodata.versions import VERSION_FIELDS, RaiseVersion, Versioned
from products.register.states import State, is_published

# What triggers and bulk updates compute from other columns; see record_triggers().
DERIVED = ("updated_at", "slug", "search_text", "written_text")


class RecordQuerySet(models.QuerySet):
    def published(self):
        """Public records: every endpoint and page starts from these rows and no others."""
        return self.filter(is_published())

    def once_public(self):
        """Records that were public and are no longer; their pages answer 410 with the reason."""
        return self.exclude(is_published()).filter(
            Q(state=State.WITHDRAWN) | Q(published_at__isnull=False)
        )

    def search(self, text):
        """Records whose search text contains every word; if there are none, similar ones.

        Typos are tolerated only if no record matches exactly: the similarity of "nước" and "Phước"
        is above 0.6, and a search for fish sauce must not return every village of that name.
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

    def by_relevance(self, text):
        """The same records with `relevance` for that search, best first; see Relevance.

        Equally relevant ones are in the order of the Vietnamese alphabet.
        """
        return self.annotate(relevance=Relevance(text)).order_by("relevance", "name", "code")

    def incomplete(self):
        """Records that lack one of their essentials(), see Record."""
        complete = Q()
        for _label, condition in self.model.essentials().values():
            complete &= condition
        return self.exclude(complete) if complete else self.none()

    def lacking(self, name):
        """Records without that one of their essentials()."""
        return self.exclude(self.model.essentials()[name][1])

    def written_by(self, user):
        """Records that the user has created or changed."""
        own = people_changed(self.model, pgh_obj_id=OuterRef("pk"))
        return self.filter(Exists(own.filter(pgh_context__metadata__user=user.pk)))

    def edited_by_people(self):
        """Records that a person has changed; imports of shipped files do not overwrite them."""
        return self.filter(Exists(people_changed(self.model, pgh_obj_id=OuterRef("pk"))))

    def update_derived(self):
        """Compute the columns that are derived from others; models that have such override it."""


def people_changed(model, **which):
    """Return the history events by which people, not imports, changed rows of a tracked model.

    which: filters of the events, such as pgh_obj_id=….
    """
    return model.pgh_event_model.objects.filter(pgh_context__metadata__user__isnull=False, **which)


def record_triggers(*, searched, derived=()):
    """Return the triggers that maintain version, updated_at and the searched texts of a record.

    searched: SQL expressions over NEW, the most important first. Each value is one line of
    search_text, folded, and of written_text; see Relevance. A trigger computes them, because a
    generated column cannot read other tables.
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
            declare=[("searched", "text[]")],
            func=_set_search_text(searched),
        ),
        RaiseVersion(derived=[*DERIVED, *derived]),
    ]


def _set_search_text(searched):
    values = ", ".join(searched)
    return f"""
        searched := ARRAY[{values}];
        SELECT
            string_agg(coalesce(geodata_fold(value), ''), E'\\n' ORDER BY number),
            -- A line break within a value would begin another line.
            string_agg(
                coalesce(translate(
                    lower(normalize(value, NFC) COLLATE "und-x-icu"), E'\\r\\n', '  '
                ), ''),
                E'\\n' ORDER BY number
            )
        INTO NEW.search_text, NEW.written_text
        FROM unnest(searched) WITH ORDINALITY AS line(value, number);
        RETURN NEW;
    """


class Record(Versioned, ConstrainedModel):
    """A kind of record, such as a product: a public code, a state and a source.

    `state` is assigned by products.register.workflow and nowhere else. Subclasses define
    code_prefix, the first part of their codes, and may override may_be_added_by(), refusals() and
    lock_references().
    """

    code_prefix = None
    # Fields that keep today's values when a former version is restored.
    not_restored = ()
    # {field: the field of which it states the basis}: a proposal of both is decided as one.
    decided_with = {}

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
        editable=False,
        default="",
        help_text="Written by a trigger from name, producer and places, one line each; folded.",
    )
    written_text = models.TextField(
        editable=False, default="", help_text="The same lines in lower case, with diacritics."
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
                violation_error_message=_("Mã gồm chữ in hoa, gạch nối và một số."),
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
        """Whether published() contains it."""
        return self.state == State.PUBLISHED

    @property
    def public_withdrawal_reason(self):
        """Why a withdrawn record was withdrawn; "" for all others.

        The reason for which a publisher returns a draft is internal.
        """
        return self.state_reason if self.state == State.WITHDRAWN else ""

    @classmethod
    def refusals(cls, records):
        """Return the violations of rules that fields and constraints cannot express.

        records: list of rows with their new values, saved or not; values that follow from others,
        such as the point of a commune, are filled in.
        Returns {index in records: ValidationError}. The number of queries does not depend on the
        number of records.
        """
        return {}

    @classmethod
    def essentials(cls):
        """Return what a complete record has: {name: (label, condition of the QuerySet, a Q)}.

        settings.REQUIRED_TO_PUBLISH names those without which no record of a kind is published.
        """
        return {}

    def missing(self, names=None):
        """Return the labels of the essentials() that the stored record lacks.

        names: of those to look at, by default all. One query.
        """
        wanted = {
            name: entry
            for name, entry in self.essentials().items()
            if names is None or name in names
        }
        if not wanted:
            return []
        conditions = {
            f"has_{name}": ExpressionWrapper(condition, output_field=models.BooleanField())
            for name, (_label, condition) in wanted.items()
        }
        row = type(self).objects.filter(pk=self.pk).order_by().values(**conditions).get()
        return [str(label) for name, (label, _q) in wanted.items() if not row[f"has_{name}"]]

    @classmethod
    def may_be_added_by(cls, user):
        """Whether the user, a member of staff, may create records of this kind."""
        return Stewardship.objects.filter(user=user).exists()

    @classmethod
    def lock_references(cls, changes):
        """Lock the rows on whose state the records depend: {field: {id: locked row}}.

        changes: (record, {field: new value}) pairs. Called before the records are locked.
        """
        return {}

    @classmethod
    def derives_again(cls, changed):
        """Whether update_derived() may give a record other values after a change of these fields.

        changed: names of fields of the record; its parts may have changed as well.
        """
        return True

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

        The caller saves them in the same transaction.
        """
        with connection.cursor() as cursor:
            # Serialises the numbering of concurrent transactions.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [cls.code_prefix])
        prefix = f"{cls.code_prefix}-"
        # Codes of other series may begin in the same way.
        last = (
            cls.pgh_event_model.objects.filter(code__regex=f"^{prefix}[0-9]{{1,9}}$")
            .annotate(serial=Cast(Substr("code", len(prefix) + 1), models.IntegerField()))
            .aggregate(last=models.Max("serial"))["last"]
        )
        for serial, record in enumerate(records, (last or 0) + 1):
            record.code = f"{prefix}{serial:03d}"

    def get_absolute_url(self):
        slug = fold(self.name).replace(" ", "-")
        return reverse(page_name(type(self)), kwargs={"code": self.code, "slug": slug})
