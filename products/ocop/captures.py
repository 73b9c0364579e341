"""Captures on the spot: what an official records beside a farm or a workshop, with a phone.

The phone stores captures while it has no network and sends each until it is answered, so the same
one may arrive twice; it is written once. What it may change is the place of a record, the internal
note and, of a product, the photos.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.gis.geos import Point
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from districts.models import Role
from geodata.coordinates import in_viet_nam
from geodata.models import Source
from geodata.spans import format_day, today
from products.register import proposals
from products.register.models import Channel, Position, Producer
from products.register.models.located import Metres, point_value
from products.register.states import State
from products.register.values import decode, encode
from products.register.workflow import StaleVersion

from . import photos
from .models import Capture, Photo, Product

# Kind of record, as phones name it → its model.
KINDS = {"products": Product, "producers": Producer}
# Photos of one capture: a request with more would take minutes on a slow line.
MAX_PHOTOS = 8
# Records that a phone stores for its list: those of a district, not of a country.
MAX_NEARBY = 1000
# Fields that a capture replaces.
BASE = ("point", "position", "accuracy_m")
# The largest accuracy that the column can hold, and metres that no receiver states.
MAX_ACCURACY_M = 10_000
# The Department's own photos are published under the licence of the site.
PHOTO_LICENCE = "CC BY 4.0"
# Title of the source of photos that officials take.
PHOTO_SOURCE = "Ghi nhận tại chỗ của cán bộ"


@dataclass(frozen=True)
class Shot:
    """A photo of a capture. file: as uploaded. alt: what it shows."""

    file: Any
    alt: str


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A capture as a phone sends it.

    id: made by the phone. base_version: of the record when the phone read it.
    base: {field: value} of the fields in BASE that the phone has read, as base_of() wrote them.
    point: in EPSG:4326, by GPS, or None. accuracy_m: of the point. credit: author of the photos.
    """

    id: UUID
    kind: str
    code: str
    base_version: int
    base: dict
    point: Point | None = None
    accuracy_m: float | None = None
    note: str = ""
    credit: str = ""
    shots: Sequence[Shot] = ()


# --- what a phone reads --------------------------------------------------------------------


def nearby(user, kind, point=None):
    """Return records of the user's territory for the list of a phone, at most MAX_NEARBY.

    point: in EPSG:4326, or None. The nearest come first, then those without a point, by name; each
    has `away` in metres or None. Withdrawn records are left out: they cannot be changed.
    """
    records = KINDS[kind].objects.editable_by(user).exclude(state=State.WITHDRAWN)
    records = records.select_related("commune", "district").order_by("name", "code")
    if kind == "products":
        records = records.select_related("producer")
    if point is None:
        return list(records[:MAX_NEARBY])
    located = records.filter(point__isnull=False).annotate(away=Metres("point", point_value(point)))
    found = list(located.order_by("away", "name", "code")[:MAX_NEARBY])
    return found + list(records.filter(point=None)[: MAX_NEARBY - len(found)])


def summary(record):
    """Return what the phone stores of a record, for JSON."""
    kind = next(kind for kind, model in KINDS.items() if isinstance(record, model))
    producer = getattr(record, "producer", None)
    return {
        "kind": kind,
        "code": record.code,
        "name": record.name,
        "producer": str(producer) if producer else "",
        "commune": str(record.commune or record.district or ""),
        "state": record.get_state_display(),
        "point": list(record.point.coords) if record.point else None,
        "exact": record.is_exact,
        "position": record.get_position_display(),
        "version": record.version,
        "base": base_of(record),
    }


def base_of(record):
    """Return the values that a capture may replace, as JSON, for the comparison when it arrives."""
    return {name: encode(record._meta.get_field(name), getattr(record, name)) for name in BASE}


# --- receiving -----------------------------------------------------------------------------


def receive(sent, *, by):
    """Write a capture once and return its answer: {"state": "written" | "proposed", "repeated"}.

    repeated: whether it had been received before; then nothing is written again.

    Raises PermissionDenied if the record is not in the user's territory or the id belongs to
    another user's capture; ValidationError if there is nothing in it or rules refuse it. Nothing is
    stored then, and the phone retains the capture.
    """
    if known := Capture.objects.filter(id=sent.id).first():
        return _repeated(known, by)
    record = _record(sent, by)
    _require_content(sent, record)
    # Outside the transaction: decoding takes seconds, during which others would wait for its locks.
    prepared = [photos.prepare(shot.file) for shot in sent.shots]
    with photos.discard_unsaved(), transaction.atomic():
        # A second request with the same id waits here for the first one to commit.
        received, is_new = Capture.objects.get_or_create(id=sent.id, defaults={"user": by})
        if not is_new:
            return _repeated(received, by)
        record = _record(sent, by)
        parts = _photos(sent, record, prepared)
        received.answer = {
            "state": store_capture(record, _values(sent, record, by), parts, sent, by=by)
        }
        received.save(update_fields=["answer"])
    return received.answer | {"repeated": False}


def _repeated(received, by):
    if received.user_id != by.pk:
        raise PermissionDenied
    return received.answer | {"repeated": True}


def _record(sent, by):
    """Return the record as it is now; raise PermissionDenied outside the user's territory."""
    editable = KINDS[sent.kind].objects.editable_by(by, Role.EDITOR)
    record = editable.filter(code=sent.code).first()
    if record is None:
        raise PermissionDenied
    return record


def _require_content(sent, record):
    """Raise ValidationError for an empty capture, or one with photos that it cannot have."""
    if not (sent.point or sent.note.strip() or sent.shots):
        raise ValidationError(_("Ghi nhận này trống: chưa có vị trí, ảnh hay ghi chú."))
    if sent.shots and not isinstance(record, Product):
        raise ValidationError(_("Chỉ sản phẩm có ảnh; hãy ghi ảnh vào một sản phẩm của chủ thể."))
    if len(sent.shots) > MAX_PHOTOS:
        raise ValidationError(_("Một ghi nhận có nhiều nhất %d ảnh.") % MAX_PHOTOS)


def store_capture(record, values, parts, sent, *, by):
    """Write the changes of a capture, or propose them; return "written" or "proposed".

    They are proposed if the record is public and somebody else has to accept them, and if somebody
    else has saved it since the phone read it. Raises what proposals.submit() raises.
    """
    base = _base(sent, record)
    for is_last in (False, True):
        try:
            outcome = proposals.submit(
                record,
                values,
                by=by,
                base_version=sent.base_version,
                reason=_("Ghi nhận tại chỗ"),
                channel=Channel.PHONE,
                act="phone",
                save=parts,
                base=base,
            )
        except StaleVersion:
            # Somebody has saved the record at this moment: the second time it is a conflict.
            if is_last or not base:
                raise
        else:
            break
    return "proposed" if outcome.proposal else "written"


def _base(sent, record):
    """Return what the phone has read, as proposals.snapshot(); None if it states nothing.

    The note is added to the present one, so that it never is in conflict.
    """
    if set(sent.base) != set(BASE):
        return None
    fields = {name: record._meta.get_field(name) for name in BASE}
    try:
        read = {name: encode(each, decode(each, sent.base[name])) for name, each in fields.items()}
        # Numbers that JSON does not have.
        json.dumps(read, allow_nan=False)
    except (ValueError, ArithmeticError):
        raise ValidationError(_("Ghi nhận gửi lên không đọc được; hãy cập nhật trang.")) from None
    return {"version": sent.base_version, "fields": read | {"note": record.note}, "parts": {}}


def _values(sent, record, by):
    """Return the new values of the record's fields; `by` may have proposed a note already."""
    values = {}
    if sent.point:
        if not in_viet_nam(sent.point.y, sent.point.x):
            raise ValidationError({"point": _("Toạ độ nằm ngoài Việt Nam.")})
        values |= {"point": sent.point, "position": Position.GPS, "accuracy_m": _accuracy(sent)}
    if note := sent.note.strip():
        # The note is in the language of the site, not in that of the phone.
        with translation.override(settings.LANGUAGE_CODE):
            line = _("%(day)s, tại chỗ: %(note)s") % {"day": format_day(today()), "note": note}
        own = proposals.own_change(record, by)
        note = own.fields["note"]["proposed"] if own and "note" in own.fields else record.note
        values["note"] = f"{note}\n{line}".strip()
    return values


def _accuracy(sent):
    """Return the accuracy in steps of a decimetre, rounded up: it must not be stated too small."""
    metres = sent.accuracy_m
    if metres is None:
        return None
    if not 0 < metres <= MAX_ACCURACY_M:
        raise ValidationError({"accuracy_m": _("Sai số phải lớn hơn 0 và nhỏ hơn 10 km.")})
    return Decimal(max(1, math.ceil(metres * 10 - 1e-6))) / 10


def _photos(sent, record, prepared):
    """Return the photos of the capture as unsaved rows; their files are written.

    prepared: what photos.prepare() returned for each.
    """
    if not prepared:
        return []
    source, _created = Source.objects.get_or_create(title=PHOTO_SOURCE, url="")
    last = record.photos.aggregate(last=Max("order"))["last"] or 0
    rows = []
    for order, (shot, files) in enumerate(zip(sent.shots, prepared, strict=True), last + 1):
        photo = Photo(
            product=record,
            alt=shot.alt.strip() or _("%s, ảnh chụp tại chỗ") % record.name,
            credit=sent.credit.strip(),
            licence=PHOTO_LICENCE,
            source=source,
            order=order,
        )
        photos.store_files(photo, files)
        rows.append(photo)
    return rows
