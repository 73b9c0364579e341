"""What changes for records, stewards and statistics when units or their boundaries change.

take_snapshot() reads the state before and after, compare() returns the difference, as JSON, so that
the workspace can display it before anything is written.
"""

import hashlib
import json
from collections import Counter, defaultdict
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.models import Boundary, Level, Stewardship, Succession, Unit

from .models import Located, Position, is_published, province
from .models.located import outside_boundary
from .states import State

# Rows of each list, and codes of each stewardship, in the result of compare(); counts are complete.
LISTED = 1_000
LISTED_CODES = 100
# Degrees by which the boundaries that compare() returns may be off, about 10 m.
DRAWN_TO = 0.0001
# Fields of a record that name a unit.
PLACES = ("commune", "old_commune", "district")


class UnitState(NamedTuple):
    """A unit. stated: {heading: text} of what its file states. boundary, outline: digests, or None.

    drawing: the boundary as GeoJSON text, exact to DRAWN_TO. area_km2: measured, or None.
    counts_now: whether it exists on the first day of the present units.
    """

    public_id: str
    name: str
    stated: dict
    boundary: str | None
    outline: str | None
    drawing: str | None
    area_km2: float | None
    counts_now: bool


class Place(NamedTuple):
    """A record with its units (ids, or None) and its point ((lng, lat), or None)."""

    code: str
    name: str
    state: str
    is_public: bool
    point: tuple | None
    commune: int | None
    old_commune: int | None
    district: int | None
    outside_unit: bool
    outside_province: bool


class Snapshot(NamedTuple):
    """The state that compare() compares.

    units: {id: UnitState}. successions: {(predecessor, successor): (part, share)} by public_id.
    records: {(label of the model, id): Place}. stewardships: [(id, person, id of the unit, role)].
    territories: {id of a stewardship's unit: ids of its records, as in `records`}.
    """

    units: dict
    successions: dict
    records: dict
    stewardships: list
    territories: dict


def located_models():
    """Return {label: model} of every kind of record with a place, in the order of the labels."""
    models = [one for one in apps.get_models() if issubclass(one, Located)]
    return {one._meta.label_lower: one for one in sorted(models, key=str) if not one._meta.proxy}


# --- reading -------------------------------------------------------------------------------


def take_snapshot():
    """Return the Snapshot of the present state, as the present transaction sees it.

    The number of queries depends on the units that have stewards, not on the number of records.
    """
    stewardships = [
        (one.pk, one.user.get_full_name() or one.user.get_username(), one.unit_id, one.role)
        # Stewards of a province edit all records, whatever the boundaries are.
        for one in Stewardship.objects.exclude(unit__level=Level.PROVINCE)
        .select_related("user")
        .order_by("unit__code", "user__username", "pk")
    ]
    return Snapshot(
        units=_units(),
        successions={
            tuple(pair): (part, str(share))
            for *pair, part, share in Succession.objects.order_by("pk").values_list(
                "predecessor__public_id", "successor__public_id", "part", "share"
            )
        },
        records=_records(),
        stewardships=stewardships,
        territories={unit: _territory(unit) for unit in {unit for _, _, unit, _ in stewardships}},
    )


def _units():
    day = settings.PLACE.units_changed_on

    def digest(name):
        # Normalised: a ring that begins at another vertex is the same boundary.
        template = "md5(ST_AsBinary(ST_Normalize(%(expressions)s)))"
        return Func(F(name), template=template, output_field=TextField())

    simple = Func(
        F("boundary__geometry"),
        Value(DRAWN_TO),
        function="ST_SimplifyPreserveTopology",
        output_field=Boundary._meta.get_field("geometry"),
    )
    stated = [
        "code",
        "full_name",
        "name_en",
        "parent",
        "validity",
        "official_area_km2",
        "official_area_source",
        "source",
    ]
    units = Unit.objects.select_related("parent", "source").annotate(
        own_area=F("boundary__area_km2"),
        own_digest=digest("boundary__geometry"),
        outline_digest=digest("boundary__outline"),
        drawing=AsGeoJSON(simple, precision=5),
    )
    return {
        unit.pk: UnitState(
            public_id=unit.public_id,
            name=unit.label,
            stated={name: _stated(unit, name) for name in stated},
            boundary=unit.own_digest,
            outline=unit.outline_digest,
            drawing=unit.drawing,
            area_km2=unit.own_area,
            counts_now=unit.validity is not None and day in unit.validity,
        )
        for unit in units.order_by("level", "code", "public_id")
    }


def _stated(unit, name):
    value = getattr(unit, name)
    if name == "parent":
        return value.public_id if value else ""
    return "" if value is None else str(value)


def _records():
    whole = province()
    located = Q(point__isnull=False) & ~Q(position=Position.COMMUNE)
    declared = Q(declared_commune__isnull=False) | Q(declared_district__isnull=False)
    of_declared = outside_boundary(
        Coalesce(OuterRef("declared_commune"), OuterRef("declared_district"))
    )
    outside_province = Q(pk__in=[])
    if whole:
        # As misplaced() does: the tolerance is for places whose unit is stated.
        outside_province = (declared & outside_boundary(whole.pk)) | (
            ~declared & outside_boundary(whole.pk, tolerance_m=0)
        )
    found = {}
    for label, model in located_models().items():
        rows = model.objects.order_by("code").values_list(
            "pk",
            "code",
            "name",
            "state",
            ExpressionWrapper(is_published(), output_field=BooleanField()),
            "point",
            *(f"{name}_id" for name in PLACES),
            ExpressionWrapper(located & of_declared, output_field=BooleanField()),
            ExpressionWrapper(located & outside_province, output_field=BooleanField()),
        )
        for pk, code, name, state, is_public, point, *rest in rows.iterator():
            at = (point.x, point.y) if point else None
            found[label, pk] = Place(code, name, state, is_public, at, *rest)
    return found


def _territory(unit):
    area = Unit.objects.inside(Unit.objects.filter(pk=unit))
    return {
        (label, pk)
        for label, model in located_models().items()
        for pk in model.objects.in_territory_of(area).values_list("pk", flat=True)
    }


# --- comparing -----------------------------------------------------------------------------


def compare(before, after):
    """Return what differs between two Snapshots, as a dict that can be stored as JSON.

    units: {"created": [name], "changed": [{"unit", "what": [heading]}], "unchanged": number,
        "successions": number of new or changed ones}.
    records: of each record whose unit changes, or that is outside its declared unit or the province
        now: {"kind", "id", "code", "name", "state", "at": [lng, lat] or None, "changes": [[heading,
        before, after]]}; record_counts: {kind: number of them}.
    stewardships: of each whose set of records changes: {"person", "unit", "role", "before",
        "after": numbers, "lost", "gained": codes}.
    figures: of each unit whose numbers of public records or area in km² change: {"unit", "counts":
        {kind: [before, after]}, "area": [before, after]}.
    centres: number of points that represent a commune and move with it.
    shapes: of each unit with another boundary: {"unit", "before", "after": GeoJSON or None}.
    digest: of all this, so that two results can be compared although long lists are cut.

    Only records that are in both are compared: those that others create meanwhile do not move.
    """
    records = _moved(before, after)
    stewardships = _stewardships(before, after)
    figures = _figures(before, after)
    result = {
        "units": _changed_units(before, after),
        "records": records,
        "record_counts": dict(Counter(record["kind"] for record in records)),
        "stewardships": stewardships,
        "stewardship_count": len(stewardships),
        "figures": figures,
        "figure_count": len(figures),
        "centres": sum(
            1
            for key, place in after.records.items()
            if key in before.records and before.records[key].point != place.point
        ),
        "shapes": _shapes(before, after),
    }
    boundaries = [
        {unit.public_id: (unit.stated, unit.boundary, unit.outline) for unit in one.units.values()}
        for one in (before, after)
    ]
    exact = json.dumps([result, boundaries], ensure_ascii=False, sort_keys=True)
    result["digest"] = hashlib.sha256(exact.encode()).hexdigest()
    for name in ("records", "stewardships", "figures"):
        result[name] = result[name][:LISTED]
    for row in result["stewardships"]:
        row["lost"], row["gained"] = row["lost"][:LISTED_CODES], row["gained"][:LISTED_CODES]
    return result


def _changed_units(before, after):
    created, changed = [], []
    for pk, unit in after.units.items():
        old = before.units.get(pk)
        if old is None:
            created.append(unit.name)
            continue
        what = [
            str(Unit._meta.get_field(name).verbose_name)
            for name, value in unit.stated.items()
            if old.stated[name] != value
        ]
        if unit.boundary != old.boundary:
            what.append(_("ranh giới"))
        if unit.outline != old.outline:
            what.append(_("đường bao đơn giản"))
        if what:
            changed.append({"unit": unit.name, "what": what})
    return {
        "created": created,
        "changed": changed,
        "unchanged": len(after.units) - len(created) - len(changed),
        "successions": sum(
            1
            for pair, stated in after.successions.items()
            if before.successions.get(pair) != stated
        ),
    }


def _moved(before, after):
    headings = {name: str(Located._meta.get_field(name).verbose_name) for name in PLACES}
    found = []
    for key, place in after.records.items():
        old = before.records.get(key)
        if old is None:
            continue
        changes = [
            [
                headings[name],
                _name(before, after, getattr(old, name)),
                _name(before, after, getattr(place, name)),
            ]
            for name in PLACES
            if getattr(old, name) != getattr(place, name)
        ]
        inside, outside = _("trong ranh giới"), _("ngoài ranh giới")
        if place.outside_unit and not old.outside_unit:
            changes.append([_("đơn vị theo nguồn"), inside, outside])
        if place.outside_province and not old.outside_province:
            changes.append([_("tỉnh"), inside, outside])
        if changes:
            label, pk = key
            at = place.point or old.point
            found.append(
                {
                    "kind": label,
                    "id": pk,
                    "code": place.code,
                    "name": place.name,
                    "state": str(State(place.state).label),
                    "at": list(at) if at else None,
                    "changes": changes,
                }
            )
    return found


def _name(before, after, unit):
    """The name of a unit; "" without one."""
    if unit is None:
        return ""
    return (after.units.get(unit) or before.units[unit]).name


def _stewardships(before, after):
    roles = dict(Stewardship._meta.get_field("role").flatchoices)
    # Records and stewardships that others add meanwhile are no effect of the boundaries.
    known = before.records.keys() & after.records.keys()
    there = {stewardship[0] for stewardship in before.stewardships}
    found = []
    for pk, person, unit, role in after.stewardships:
        if pk not in there or unit not in before.territories:
            continue
        old, new = before.territories[unit] & known, after.territories[unit] & known
        if old != new:
            found.append(
                {
                    "person": person,
                    "unit": _name(before, after, unit),
                    "role": str(roles[role]),
                    "before": len(old),
                    "after": len(new),
                    "lost": _codes(before, old - new),
                    "gained": _codes(after, new - old),
                }
            )
    return found


def _codes(snapshot, keys):
    return sorted(snapshot.records[key].code for key in keys)


def _figures(before, after):
    counts = [_public_counts(one) for one in (before, after)]
    found = []
    for pk, unit in after.units.items():
        areas = [one.units[pk].area_km2 if pk in one.units else None for one in (before, after)]
        rounded = [None if area is None else round(area, 2) for area in areas]
        of_kinds = {
            label: [number[pk, label] for number in counts]
            for label in located_models()
            if counts[0][pk, label] != counts[1][pk, label]
        }
        if of_kinds or rounded[0] != rounded[1]:
            found.append({"unit": unit.name, "counts": of_kinds, "area": rounded})
    return found


def _public_counts(snapshot):
    """{(id of the unit, kind): number of public records}, as the statistics count them."""
    counts = defaultdict(int)
    for (label, _pk), place in snapshot.records.items():
        if not place.is_public:
            continue
        units = {place.commune, place.district}
        # A commune that still exists counts the records that are in it now.
        if place.old_commune and not snapshot.units[place.old_commune].counts_now:
            units.add(place.old_commune)
        for unit in units - {None}:
            counts[unit, label] += 1
    return counts


def _shapes(before, after):
    found = []
    for pk, unit in after.units.items():
        old = before.units.get(pk)
        if unit.boundary != (old and old.boundary):
            drawings = (old and old.drawing, unit.drawing)
            shapes = [json.loads(drawing) if drawing else None for drawing in drawings]
            found.append({"unit": unit.name, "before": shapes[0], "after": shapes[1]})
    return found


def sentence(comparison):
    """Return the totals of a result of compare() in one sentence without full stop."""
    parts = []
    for label, count in comparison["record_counts"].items():
        kind = located_models()[label]._meta
        name = kind.verbose_name if count == 1 else kind.verbose_name_plural
        text = ngettext(
            "%(count)d %(kind)s đổi đơn vị hoặc ra ngoài ranh giới",
            "%(count)d %(kind)s đổi đơn vị hoặc ra ngoài ranh giới",
            count,
        )
        parts.append(text % {"count": count, "kind": name})
    if count := comparison["stewardship_count"]:
        text = ngettext("%d phân công đổi phạm vi", "%d phân công đổi phạm vi", count)
        parts.append(text % count)
    if count := comparison["figure_count"]:
        text = ngettext("%d đơn vị đổi số liệu", "%d đơn vị đổi số liệu", count)
        parts.append(text % count)
    if count := comparison["centres"]:
        text = ngettext(
            "%d điểm đại diện của xã dời theo", "%d điểm đại diện của xã dời theo", count
        )
        parts.append(text % count)
    return ", ".join(parts) or _("không hồ sơ, phân công hay số liệu nào đổi")
