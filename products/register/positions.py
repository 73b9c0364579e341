"""What a typed position means, answered before it is saved: where it is, and what may be wrong."""

from dataclasses import asdict, dataclass, field

from django.conf import settings
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from districts.models import CHANGED_ON, Level, Unit, last_day_of_old_units
from geodata.coordinates import (
    VN2000_GRIDS,
    default_grid,
    from_vn2000,
    grids_on_the_map,
    parse_position,
    point_text,
    to_vn2000,
)
from geodata.land import province_at

from .models.located import commune_centres, distances, misplaced, province, same_position

# An error refuses the position when it is saved; a warning does not.
ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Finding:
    """A sentence about a position. level: ERROR or WARNING. code: for programs."""

    level: str
    code: str
    text: str


@dataclass(frozen=True)
class Suggestion:
    """Another reading of the text. label: a sentence; text, epsg: what to enter instead."""

    label: str
    text: str
    epsg: int


@dataclass(frozen=True)
class Grid:
    """A position on a grid of VN-2000, in metres. x: northing. y: easting."""

    epsg: int
    label: str
    x: float
    y: float


@dataclass
class Answer:
    """What is known about a typed position.

    text: as the form displays it, "latitude, longitude" in degrees. place: the communes then and
    now, "" outside all of them. A text that cannot be read has findings and no point.
    """

    point: Point | None = None
    text: str = ""
    vn2000: Grid | None = None
    place: str = ""
    findings: list[Finding] = field(default_factory=list)
    suggestion: Suggestion | None = None

    def as_dict(self):
        """Return the answer for JSON; the point is [longitude, latitude]."""
        return {
            "point": list(self.point.coords) if self.point else None,
            "text": self.text,
            "vn2000": asdict(self.vn2000) if self.vn2000 else None,
            "place": self.place,
            "findings": [asdict(each) for each in self.findings],
            "suggestion": asdict(self.suggestion) if self.suggestion else None,
        }


@dataclass(frozen=True)
class _Place:
    """A position with what its source declares, as misplaced() reads it from a record."""

    point: Point
    declared_commune: Unit | None
    declared_district: Unit | None

    @property
    def declared_commune_id(self):
        return self.declared_commune and self.declared_commune.pk

    @property
    def declared_district_id(self):
        return self.declared_district and self.declared_district.pk


def answer(text, *, epsg=None, commune=None, district=None):
    """Return the Answer to a typed position.

    text, epsg: see parse_position(). commune, district: the Units that the source declares.
    """
    epsg = epsg or default_grid()
    try:
        parsed = parse_position(text, epsg=epsg)
    except ValidationError as error:
        return _unreadable(error, epsg)
    place = _Place(parsed.point, commune, district)
    found = Answer(
        point=parsed.point,
        text=point_text(parsed.point),
        vn2000=_grid(parsed.point, epsg),
        place=place_of(parsed.point),
        findings=[*_refusals(place), *_warnings(place, parsed.note)],
    )
    if parsed.epsg and _is_outside(parsed.point):
        found.suggestion = _other_grid(parsed)
        if found.suggestion:
            text = _("Có vẻ sai múi chiếu. %s.") % found.suggestion.label
            found.findings.append(Finding(WARNING, "wrong_zone", text))
    return found


def place_of(point):
    """Return "xã X (huyện Y trước …)", with the day of the change, of a point in EPSG:4326.

    "" outside all communes.

    A point on a border is in the unit with the lower code, as in assign_units().
    """
    communes = Unit.objects.filter(level=Level.COMMUNE).covering(point).order_by("code")
    now = communes.on(settings.PLACE.units_changed_on).first()
    then = communes.on(last_day_of_old_units()).select_related("parent").first()
    district = then and then.parent
    if now and district:
        values = {"commune": now, "district": district, "day": CHANGED_ON}
        return _("%(commune)s (%(district)s trước %(day)s)") % values
    if then:
        values = {"commune": then, "district": district or "", "day": CHANGED_ON}
        return _("%(commune)s, %(district)s (trước %(day)s)") % values if district else str(then)
    return str(now or "")


def _unreadable(error, epsg):
    """Return the Answer to a text that parse_position() refuses, with another reading of it."""
    (message,) = error.messages
    found = Answer(findings=[Finding(ERROR, error.code, message)])
    params = error.params or {}
    if error.code == "exchanged":
        text = params["suggestion"]
        place = _described(parse_position(text, epsg=epsg).point)
        label = _("Đổi lại thành %(text)s: %(place)s") % {"text": text, "place": place}
        found.suggestion = Suggestion(label, text, epsg)
    elif error.code == "wrong_zone":
        text = f"X={params['x']} Y={params['y']}"
        other = params["epsg"]
        place = _described(parse_position(text, epsg=other).point)
        label = _("Lưới %(grid)s: %(place)s") % {"grid": VN2000_GRIDS[other], "place": place}
        found.suggestion = Suggestion(label, text, other)
    return found


def _grid(point, epsg):
    easting, northing = to_vn2000(point, epsg)
    return Grid(epsg, f"{VN2000_GRIDS[epsg]} (EPSG:{epsg})", northing, easting)


def _is_outside(point):
    """Whether the point is outside the province; False before its boundary is loaded."""
    whole = province()
    return bool(whole and distances([(whole.pk, point)])[0])


def _described(point):
    """Return where a point is, in words."""
    place = place_of(point)
    if place:
        return place
    name = province_at(lng=point.x, lat=point.y)
    if name is None:
        return _("ngoài biển")
    return _("tỉnh %s") % name if name else _("ngoài vùng bản đồ")


def _refusals(place):
    """Yield what is refused when the position is saved, by misplaced(), with where it is instead.

    A position in the sea is stated as such: the distance from the unit does not show it.
    """
    errors = misplaced({0: place})
    if not errors:
        return
    (message,) = errors[0].messages
    if not _is_outside(place.point):
        yield Finding(ERROR, "outside_unit", message)
        return
    in_sea = province_at(lng=place.point.x, lat=place.point.y) is None
    where = _described(place.point)
    code = "in_sea" if in_sea else "outside_province"
    yield Finding(
        ERROR, code, _("%(error)s Chỗ này: %(where)s.") % {"error": message, "where": where}
    )


def _warnings(place, note):
    """Yield what the official should look at, although it is not refused."""
    if note:
        yield Finding(WARNING, "note", note)
    declared = place.declared_commune or place.declared_district
    away = declared and distances([(declared.pk, place.point)])[0]
    tolerance = settings.PLACE.boundary_tolerance_m
    if away and away <= tolerance:
        values = {"unit": declared, "away": f"{max(1, away):.0f}", "tolerance": tolerance}
        text = _(
            "Điểm nằm ngoài %(unit)s %(away)s m, trong sai số của ranh giới (%(tolerance)s m)."
        )
        yield Finding(WARNING, "near_unit", text % values)
    communes = Unit.objects.filter(level=Level.COMMUNE).covering(place.point)
    centres = commune_centres([*communes.values_list("pk", flat=True)])
    labelled = [pk for pk, centre in centres.items() if same_position(centre, place.point)]
    if labelled:
        unit = Unit.objects.filter(pk__in=labelled).order_by("code").last()
        text = _("Đây đúng là điểm đại diện của %s trên bản đồ, không phải một địa chỉ.") % unit
        yield Finding(WARNING, "label_point", text)


def _other_grid(parsed):
    """Return the Suggestion of the first grid on which the same numbers are in the province."""
    numbers = {"easting": parsed.easting, "northing": parsed.northing}
    for epsg in grids_on_the_map(**numbers):
        point = from_vn2000(**numbers, epsg=epsg)
        if epsg != parsed.epsg and not _is_outside(point):
            text = f"X={parsed.northing:.2f} Y={parsed.easting:.2f}"
            values = {"grid": VN2000_GRIDS[epsg], "place": _described(point)}
            label = _("Lưới %(grid)s: %(place)s") % values
            return Suggestion(label, text, epsg)
    return None
