"""Records with a place: what the source declares, perhaps a point, and the units derived."""

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.gis.geos import Polygon
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection, transaction
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from districts.models import Boundary, Level, Role, Succession, Unit, last_day_of_old_units
from geodata import coordinates
from geodata.geometry import RoundCoordinates
from products.register.states import is_published

from .records import Record, RecordQuerySet, record_triggers

# A box around Viet Nam with its islands: a point outside it is a typing error.
# (The SRID belongs in the constructor, or makemigrations sees a change every time.)
_west, _south, _east, _north = coordinates.VIET_NAM
VIET_NAM = Polygon(
    ((_west, _south), (_east, _south), (_east, _north), (_west, _north), (_west, _south)),
    srid=4326,
)


class Position(models.TextChoices):
    SURVEY = "survey", _("đo đạc")
    GPS = "gps", _("GPS")
    MAP = "map", _("chấm trên bản đồ")
    ADDRESS = "address", _("theo địa chỉ")
    COMMUNE = "commune", _("theo xã")


# The position of a record that has only a commune: the centre of the largest circle inside both
# boundary and outline. It is far from the border, and the same for all records of one commune, so
# that nobody takes it for an address.
CENTRE = Func(
    Func(
        Func(F("geometry"), Coalesce(F("outline"), F("geometry")), function="ST_Intersection"),
        function="ST_MaximumInscribedCircle",
    ),
    template="(%(expressions)s).center",
    output_field=models.PointField(srid=4326),
)


def commune_centres(communes):
    """Return the points of records that have only their commune: {id of the commune: point}.

    Communes without a boundary are left out.
    """
    return dict(Boundary.objects.filter(unit__in=communes).values_list("unit", CENTRE))


def same_position(one, other):
    """Whether two points are equal except for the rounding in a form (1e-7°, about 1 cm)."""
    return bool(one and other) and one.equals_exact(other, tolerance=1e-7)


def province():
    """Return the province of the map, or None before it is loaded."""
    return Unit.objects.filter(code=settings.PLACE.province_code, level=Level.PROVINCE).first()


def looks_after_a_province(user, role):
    """Whether the user has that role, or a higher one, for a whole province."""
    provinces = Unit.objects.filter(
        level=Level.PROVINCE, stewardships__user=user, stewardships__role__gte=role
    )
    return user.is_superuser or provinces.exists()


class Metres(Func):
    """Distance of two geometries on the ellipsoid, in metres; ST_Distance alone gives degrees."""

    template = "ST_Distance(%(expressions)s)"
    arg_joiner = "::geography, "
    output_field = models.FloatField()


class Degrees(Func):
    """Distance of two geometries in degrees, by which the spatial index can sort."""

    template = "%(expressions)s"
    arg_joiner = " <-> "
    output_field = models.FloatField()


def point_value(point):
    """Return the point, in EPSG:4326, as an expression."""
    return Value(point, output_field=models.PointField(srid=4326))


def distances(places):
    """Return the metres from points to the territories of units, 0 inside, None without a boundary.

    places: (id of the unit, point in EPSG:4326) pairs. One query, however many there are.
    """
    units = [unit for unit, _point in places]
    xs, ys = ([getattr(point, axis) for _unit, point in places] for axis in "xy")
    with connection.cursor() as cursor:
        # An ORM query would compare each point with each boundary.
        cursor.execute(
            """
            SELECT place.number, CASE
                WHEN ST_Covers(b.geometry, place.point) THEN 0
                ELSE ST_Distance(b.geometry::geography, place.point::geography) END
            FROM (
                SELECT number, unit, ST_SetSRID(ST_MakePoint(x, y), 4326) AS point
                FROM unnest(%s::bigint[], %s::float8[], %s::float8[])
                    WITH ORDINALITY AS given(unit, x, y, number)
            ) AS place
            JOIN districts_boundary b ON b.unit_id = place.unit
            """,
            [units, xs, ys],
        )
        found = dict(cursor.fetchall())
    return [found.get(number) for number in range(1, len(places) + 1)]


def distance_to(unit, point):
    """Return the metres from the point to the territory of the unit; see distances()."""
    return distances([(unit.pk, point)])[0]


def _commune_on_a_day(wanted, other):
    """Return SQL for the id of the commune of `place`; its parameters are day, level, day.

    wanted, other: the columns of districts_succession with that commune and the declared one.
    """
    return f"""coalesce(
        (SELECT id FROM districts_unit WHERE id = place.declared AND validity @> %s::date),
        -- The relative of the declared commune, if it is the only one.
        (
            SELECT max({wanted}) FROM districts_succession
            WHERE {other} = place.declared HAVING count(*) = 1
        ),
        -- The commune that contains the point; if one is declared, one of its relatives.
        (
            SELECT unit.id
            FROM districts_unit unit JOIN districts_boundary boundary ON boundary.unit_id = unit.id
            WHERE unit.level = %s AND unit.validity @> %s::date
                AND ST_Covers(boundary.geometry, place.point)
                AND (
                    place.declared IS NULL
                    OR EXISTS (
                        SELECT FROM districts_succession
                        WHERE {wanted} = unit.id AND {other} = place.declared
                    )
                )
            ORDER BY unit.code LIMIT 1
        )
    )"""


# See LocatedQuerySet.assign_units(). Expressions of the ORM would be compiled again for every saved
# record, which took 12 ms instead of 2.
ASSIGN_UNITS = f"""
    WITH place AS (
        SELECT id, declared_commune_id AS declared, declared_district_id AS district,
            CASE WHEN position <> %s THEN point END AS point
        FROM {{table}} WHERE id IN ({{records}})
    ),
    found AS MATERIALIZED (
        SELECT id, district,
            {_commune_on_a_day("predecessor_id", "successor_id")} AS old_commune,
            {_commune_on_a_day("successor_id", "predecessor_id")} AS commune
        FROM place
    )
    UPDATE {{table}} AS record SET
        old_commune_id = found.old_commune,
        commune_id = found.commune,
        district_id = coalesce(
            (SELECT parent_id FROM districts_unit WHERE id = found.old_commune),
            found.district,
            -- A new commune may extend over several old districts; it determines the district only
            -- if all of its parts were in one.
            (
                SELECT max(unit.parent_id)
                FROM districts_succession JOIN districts_unit unit ON unit.id = predecessor_id
                WHERE successor_id = found.commune HAVING count(DISTINCT unit.parent_id) = 1
            )
        )
    FROM found WHERE record.id = found.id
"""


def outside_boundary(unit, tolerance_m=None):
    """Return the condition that the point is outside the boundary of a unit that has one.

    unit: expression or id of the unit. tolerance_m: metres that count as inside; by default
    boundary_tolerance_m of the pack.
    """
    boundary = Boundary.objects.filter(unit=unit)
    metres = settings.PLACE.boundary_tolerance_m if tolerance_m is None else tolerance_m
    # Degrees of latitude; a degree of longitude is shorter, so that no place is reported less.
    inside = boundary.filter(geometry__dwithin=(OuterRef("point"), metres / 111_000))
    return Exists(boundary) & ~Exists(inside)


class LocatedQuerySet(RecordQuerySet):
    def assign_units(self):
        """Derive old commune, present commune and old district of each record.

        The declared commune takes precedence over the point, because the boundaries of old
        communes are exact to boundary_tolerance_m of the pack only. The point decides only between
        the parts of a commune that was divided, or that was formed of several. A point with
        position "commune" represents the declared commune and is not used. A point on a border is
        assigned to the unit with the lower code.
        """
        try:
            records, parameters = self.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            return
        before = (last_day_of_old_units(), Level.COMMUNE, last_day_of_old_units())
        present = (settings.PLACE.units_changed_on, Level.COMMUNE, settings.PLACE.units_changed_on)
        with connection.cursor() as cursor:
            cursor.execute(
                ASSIGN_UNITS.format(table=self.model._meta.db_table, records=records),
                [Position.COMMUNE, *parameters, *before, *present],
            )

    update_derived = assign_units

    def place_on_declared_commune(self):
        """Give records without a located point that of their declared commune; return how many."""
        centre = Boundary.objects.filter(unit=OuterRef("declared_commune")).values(centre=CENTRE)
        waiting = self.filter(
            Q(position="") | Q(position=Position.COMMUNE), declared_commune__boundary__isnull=False
        )
        return waiting.update(point=Subquery(centre), position=Position.COMMUNE)

    def without_point(self):
        """Records of which only a unit is known, or nothing."""
        return self.filter(Q(point=None) | Q(position=Position.COMMUNE))

    def doubtful(self):
        """Records whose point is only that of an address, or is outside the declared commune.

        The boundaries of old communes are exact to boundary_tolerance_m of the pack only.
        """
        outside = outside_boundary(OuterRef("declared_commune"))
        located = Q(point__isnull=False) & ~Q(position=Position.COMMUNE)
        return self.filter(located & (Q(position=Position.ADDRESS) | outside))

    def nearest_to(self, point, *, limit):
        """The `limit` records nearest to the point, nearest first, with `away` in metres.

        The spatial index sorts by degrees, and a degree of latitude is longer than one of
        longitude: ten times as many candidates are sorted by metres.
        """
        candidates = self.filter(point__isnull=False).order_by(Degrees("point", point_value(point)))
        return (
            self.filter(pk__in=candidates.values("pk")[: 10 * limit])
            .annotate(away=Metres("point", point_value(point)))
            .order_by("away", "name", "code")[:limit]
        )

    def placed_in(self, unit):
        """Records whose old or present commune, or old district, is that unit."""
        return self.filter(Q(commune=unit) | Q(old_commune=unit) | Q(district=unit))

    def editable_by(self, user, role=Role.EDITOR):
        """Records in the area of the user's stewardships; all records for a steward of a province.

        Records without a place are edited by stewards of a province and superusers only.
        """
        if looks_after_a_province(user, role):
            return self.all()
        return self.in_territory_of(Unit.objects.stewarded_by(user, role))

    def in_territory_of(self, units):
        """Records that stewards of these units edit; units: a queryset, with those inside them.

        A present commune may include a hamlet from outside the area: it counts as a successor of
        that area only for records whose old commune and district are unknown.
        """
        area = units.values("pk")
        successors = Succession.objects.filter(predecessor__in=area).values("successor")
        return self.filter(
            Q(commune__in=area)
            | Q(old_commune__in=area)
            | Q(district__in=area)
            | Q(old_commune=None, district=None, commune__in=successors)
        )

    def visible_to(self, user):
        """Public records, and those that the user may edit."""
        own = self.model.objects.editable_by(user)
        return self.filter(is_published() | Q(pk__in=own.values("pk")))


class Located(Record):
    """A record with a place: what the source declares, perhaps a point, and the units derived."""

    decided_with = {"position": "point", "accuracy_m": "point"}

    point = models.PointField(_("vị trí"), srid=4326, null=True, blank=True)
    position = models.CharField(
        _("vị trí lấy từ"),
        max_length=10,
        choices=Position.choices,
        blank=True,
        help_text=_("“Theo xã”: điểm chỉ đại diện cho xã, không phải địa chỉ."),
    )
    # Not public: who measured a place states it, so that others know whether to measure again.
    accuracy_m = models.DecimalField(
        _("sai số (m)"),
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Như máy GPS hoặc bản đo nêu; để trống nếu không biết."),
    )
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    declared_commune = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"level": Level.COMMUNE},
        verbose_name=_("xã theo nguồn"),
        help_text=_("Xã mà nguồn nêu, cũ hoặc mới."),
    )
    declared_district = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"level": Level.DISTRICT},
        verbose_name=_("huyện theo nguồn"),
        help_text=_("Chỉ điền khi nguồn không nêu xã."),
    )
    commune = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="%(class)ss",
        verbose_name=_("xã hiện nay"),
    )
    old_commune = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="%(class)ss_of_old_commune",
        verbose_name=_("xã cũ"),
    )
    district = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="district_%(class)ss",
        verbose_name=_("huyện cũ"),
    )

    objects = LocatedQuerySet.as_manager()

    class Meta(Record.Meta):
        abstract = True
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="%(class)s_point_and_position_go_together",
                condition=Q(point=None, position="") | (Q(point__isnull=False) & ~Q(position="")),
                violation_error_message=_("Vị trí cần cả toạ độ lẫn cách lấy toạ độ."),
            ),
            models.CheckConstraint(
                name="%(class)s_point_lies_in_viet_nam",
                condition=Q(point=None) | Q(point__coveredby=VIET_NAM),
                violation_error_message=_("Toạ độ nằm ngoài Việt Nam."),
            ),
            models.CheckConstraint(
                name="%(class)s_accuracy_is_more_than_zero",
                condition=Q(accuracy_m=None) | Q(accuracy_m__gt=0),
                violation_error_message=_("Sai số phải lớn hơn 0 mét."),
            ),
            models.CheckConstraint(
                name="%(class)s_accuracy_is_that_of_a_located_point",
                condition=Q(accuracy_m=None) | (~Q(position="") & ~Q(position=Position.COMMUNE)),
                violation_error_message=_("Chỉ nêu sai số khi đã có vị trí riêng."),
            ),
            models.CheckConstraint(
                name="%(class)s_on_its_commune_declares_which",
                condition=~Q(position=Position.COMMUNE) | Q(declared_commune__isnull=False),
                violation_error_message=_("Vị trí “theo xã” cần biết là xã nào."),
            ),
            models.CheckConstraint(
                name="%(class)s_declares_commune_or_only_district",
                condition=Q(declared_commune=None) | Q(declared_district=None),
                violation_error_message=_("Đã nêu xã thì không nêu huyện nữa."),
            ),
        ]

    @classmethod
    def derives_again(cls, changed):
        """See Record: only a change of the place; assign_units() takes a sixth of an edit."""
        return bool({"point", "position", "declared_commune", "declared_district"} & set(changed))

    @classmethod
    def essentials(cls):
        """See Record.essentials()."""
        units = ("commune", "old_commune", "district")
        known = Q(*((f"{unit}__isnull", False) for unit in units), _connector=Q.OR)
        exact = Q(point__isnull=False) & ~Q(position=Position.COMMUNE)
        return {
            **super().essentials(),
            "place": (_("xã hoặc huyện"), known),
            "point": (_("vị trí chính xác"), exact),
        }

    @property
    def is_exact(self):
        """Whether the point is the place itself and does not just represent its commune."""
        return bool(self.point) and self.position != Position.COMMUNE

    @classmethod
    def refusals(cls, records):
        """See Record.refusals(); gives records that have only a commune its point."""
        refusals = super().refusals(records)
        stored = cls.objects.filter(pk__in=[record.pk for record in records if record.pk])
        before = {pk: place for pk, *place in stored.values_list("pk", "point", "position")}
        centres = commune_centres(
            {record.declared_commune_id for record in records if record._represents_commune}
            - {None}
        )
        located = {}
        for index, record in enumerate(records):
            old_point, old_position = before.get(record.pk, (None, ""))
            moved = bool(record.point) and not same_position(old_point, record.point)
            if record._represents_commune:
                centre = centres.get(record.declared_commune_id)
                if moved and not same_position(centre, record.point):
                    text = _("Điểm đã được đặt riêng: hãy chọn cách lấy toạ độ.")
                    refusals[index] = ValidationError({"position": text})
                    continue
                record.point = centre
                record.position = Position.COMMUNE if centre else ""
                record.accuracy_m = None
            elif record.point:
                if not moved and old_position == Position.COMMUNE:
                    text = _("Đây vẫn là điểm đại diện của xã; hãy đặt điểm thật.")
                    refusals[index] = ValidationError({"point": text})
                    continue
                located[index] = record
        return refusals | misplaced(located)

    @property
    def _represents_commune(self):
        no_place = not self.point or self.position == Position.COMMUNE
        return bool(self.declared_commune_id) and no_place

    def save(self, **kwargs):
        with transaction.atomic():
            super().save(**kwargs)
            type(self).objects.filter(pk=self.pk).assign_units()
        # The database rounds the point; see RoundCoordinates.
        self.refresh_from_db(fields=["point", "commune", "old_commune", "district"])


def misplaced(records):
    """Return the errors of points outside the province or the declared unit.

    records: {index: record}. Returns {index: ValidationError of the field `point`}, which states
    the distance. Without a declared unit the point must be inside the province; otherwise it may be
    boundary_tolerance_m outside, as a quay is.
    """
    whole = province()
    places = []
    for index, record in records.items():
        declared = record.declared_commune_id or record.declared_district_id
        limits = {whole.pk: whole} if whole else {}
        if declared:
            limits[declared] = None
        places += [(index, record, unit, bool(declared)) for unit in limits]
    found = distances([(unit, record.point) for _index, record, unit, _declared in places])
    refusals = {}
    for (index, record, unit, declared), away in zip(places, found, strict=True):
        tolerance = settings.PLACE.boundary_tolerance_m if declared else 0
        if away is None or away <= tolerance or index in refusals:
            continue
        is_whole = whole and unit == whole.pk
        name = whole if is_whole else record.declared_commune or record.declared_district
        refusals[index] = ValidationError(
            {
                "point": ValidationError(
                    _("Điểm nằm ngoài %(unit)s, cách ranh giới %(away)s m."),
                    params={"unit": name, "away": f"{away:,.0f}".replace(",", ".")},
                )
            }
        )
    return refusals


# Search finds a record by its old and present units.
_PLACES = (
    "(SELECT string_agg(concat_ws(' ', full_name, name_en), ' ') FROM districts_unit"
    " WHERE id IN (NEW.commune_id, NEW.old_commune_id, NEW.district_id))"
)


def located_triggers(*, searched):
    """Return the triggers of a record with a place; see record_triggers()."""
    return [
        *record_triggers(
            searched=[*searched, _PLACES],
            # See LocatedQuerySet.assign_units().
            derived=["commune", "old_commune", "district"],
        ),
        RoundCoordinates("point"),
    ]
