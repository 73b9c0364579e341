"""Expressions on geometry that GeoDjango lacks."""

from django.contrib.gis.db.models import GeometryField
from django.db.models import BooleanField, Func


class IsValid(Func):
    """ST_IsValid for constraints on columns that may be null.

    GeoDjango's own `isvalid` cannot be validated in a form when the value is empty.
    """

    template = "ST_IsValid(%(expressions)s::geometry)"
    arity = 1
    output_field = BooleanField()
    conditional = True


class Outward(Func):
    """The polygon as a MultiPolygon with shells counter-clockwise, as RFC 7946 wants them.

    ST_Union and most programs wind them clockwise.
    """

    template = "ST_ForcePolygonCCW(ST_Multi(%(expressions)s))"
    arity = 1

    def __init__(self, expression, **extra):
        super().__init__(expression, output_field=GeometryField(srid=4326), **extra)
