"""Expressions and triggers on geometry that GeoDjango lacks."""

import pgtrigger
from django.contrib.gis.db.models import GeometryField
from django.db.models import BooleanField, Func


class IsValid(Func):
    """ST_IsValid of a geometry, for constraints of columns that may be null.

    GeoDjango's own `isvalid` cannot be validated in a form if the value is empty.
    """

    template = "ST_IsValid(%(expressions)s::geometry)"
    arity = 1
    output_field = BooleanField()
    conditional = True


class ForceCCW(Func):
    """A (multi)polygon as a MultiPolygon with counter-clockwise exterior rings (RFC 7946).

    Those of ST_Union and of most programs are clockwise.
    """

    template = "ST_ForcePolygonCCW(ST_Multi(%(expressions)s))"
    arity = 1

    def __init__(self, expression, **extra):
        super().__init__(expression, output_field=GeometryField(srid=4326), **extra)


class RoundCoordinates(pgtrigger.Trigger):
    """Trigger that stores the coordinates of geometry columns exactly as they are published.

    geodata_published() (geodata/migrations) rounds to seven decimals of a degree, about 1 cm, and
    returns the double that a client gets by parsing the published text. A box or a filter at
    published coordinates then finds the feature itself. A trigger applies to forms, imports,
    update() and plain SQL alike.

    columns: names of geometry columns in EPSG:4326; null stays null.
    """

    when = pgtrigger.Before

    def __init__(self, *columns, name="round_coordinates"):
        func = "".join(f"NEW.{column} = geodata_published(NEW.{column}); " for column in columns)
        super().__init__(
            name=name,
            operation=pgtrigger.Insert | pgtrigger.UpdateOf(*columns),
            func=func + "RETURN NEW;",
        )
