"""The public layer of producers, and the expressions that collections of records share."""

from django.db.models import Case, CharField, DateTimeField, F, Func, TextChoices, Value, When
from django.db.models.functions import NullIf
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.models import CHANGED_ON
from geodata.collection import Collection
from geodata.pages import PageAddress
from geodata.text import Relevance

from .models import Position, Producer, ProducerCertificate


def empty_as_null(name):
    """Return the text field as an expression that is null where the text is empty."""
    return NullIf(F(name), Value(""))


def to_the_second(name):
    """Return the datetime field truncated to seconds; TruncSecond would drop the time zone."""
    return Func(Value("second"), F(name), function="date_trunc", output_field=DateTimeField())


class KnownUnit(TextChoices):
    """What is public of the position of a record without a point."""

    DISTRICT = "district", _("chỉ biết huyện")
    PROVINCE = "province", _("chỉ biết tỉnh")


def public_position():
    """Return the expression of how the place of a Located is known, never null.

    A Position where there is a point, else a KnownUnit. Records store "" for the latter.
    """
    return Case(
        When(point__isnull=False, then=F("position")),
        When(district__isnull=False, then=Value(KnownUnit.DISTRICT)),
        default=Value(KnownUnit.PROVINCE),
        output_field=CharField(choices=[*Position.choices, *KnownUnit.choices]),
    )


def withdrawn(model):
    """Return the function `gone` of a Collection of records of that model."""

    def gone(code):
        record = model.objects.once_public().only("state", "state_reason").filter(code=code).first()
        return record and record.public_withdrawal_reason

    return gone


def changed(records, interval):
    """Records whose `updated_at`, as published, is in the interval."""
    published = to_the_second("updated_at")
    if interval.first:
        records = records.filter(GreaterThanOrEqual(published, Value(interval.first)))
    if interval.last:
        records = records.filter(LessThanOrEqual(published, Value(interval.last)))
    return records


# Headings of tables; a property name has the same meaning in every collection.
TITLES = {
    "id": _("Mã"),
    "code": _("Mã"),
    "name": _("Tên"),
    "kind": _("Loại"),
    "sector": _("Lĩnh vực"),
    "certificates": _("Chứng nhận chất lượng (mã)"),
    "commune_code": _("Mã xã"),
    "commune": _("Xã"),
    "old_commune_code": format_lazy(pgettext_lazy("property", "Mã xã trước {day}"), day=CHANGED_ON),
    "old_commune": format_lazy(pgettext_lazy("property", "Xã trước {day}"), day=CHANGED_ON),
    "district_code": format_lazy(pgettext_lazy("property", "Mã huyện trước {day}"), day=CHANGED_ON),
    "district": format_lazy(pgettext_lazy("property", "Huyện trước {day}"), day=CHANGED_ON),
    "position": _("Vị trí lấy từ"),
    "products": _("Số sản phẩm"),
    "website": _("Trang web"),
    "url": _("Trang trên bản đồ"),
    "source_url": _("Nguồn"),
    "updated_at": _("Sửa lần cuối"),
}

# Codes of the units of a record, by which features are filtered without having them as properties.
UNIT_CODES = {
    "commune_code": F("commune__code"),
    "old_commune_code": F("old_commune__code"),
    "district_code": F("district__code"),
}


PRODUCERS = Collection(
    id="producers",
    title=_("Chủ thể"),
    description=_("Hợp tác xã, doanh nghiệp, hộ kinh doanh làm ra sản phẩm."),
    queryset=lambda: Producer.objects.published(),
    on_day=lambda producers, day: producers.annotate(
        certificate_kinds=ProducerCertificate.objects.kinds_on(day)
    ),
    change_days=lambda: ProducerCertificate.objects.change_days(),
    geometry="point",
    properties={
        "id": F("code"),
        "name": F("name"),
        "kind": empty_as_null("kind"),
        "commune": F("commune__full_name"),
        "old_commune": F("old_commune__full_name"),
        "district": F("district__full_name"),
        "position": public_position(),
        "certificates": F("certificate_kinds"),
        "website": empty_as_null("website"),
        "url": PageAddress(Producer),
        "source_url": NullIf(F("source__url"), Value("")),
        "updated_at": to_the_second("updated_at"),
    },
    titles=TITLES,
    indexed=("name", *UNIT_CODES),
    filters=UNIT_CODES,
    period=("updated_at", "updated_at"),
    during=changed,
    search=lambda producers, text: producers.search(text),
    relevance=Relevance,
    gone=withdrawn(Producer),
    themes=("ECON", "AGRI"),
    keywords=("OCOP", _("Mỗi xã một sản phẩm"), _("hợp tác xã"), _("cơ sở sản xuất")),
)
