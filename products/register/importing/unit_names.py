"""Finds administrative units by the names in a file."""

from collections import defaultdict

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from districts.models import Level, Unit, last_day_of_old_units


class UnitNames:
    """Finds the unit of a full name such as "xã Ví Dụ"."""

    def __init__(self):
        # For each of the two days: (level, name without case) → its units.
        self.units_of_days = [defaultdict(list), defaultdict(list)]
        self.by_id = {}
        days = (last_day_of_old_units(), settings.PLACE.units_changed_on)
        for units, day in zip(self.units_of_days, days, strict=True):
            for unit in Unit.objects.on(day).select_related("parent"):
                units[unit.level, unit.full_name.casefold()].append(unit)
                self.by_id[unit.public_id] = unit

    def find(self, level, full_name, district=None):
        """Return the only unit of that level and name, old units before present ones.

        district: the old district of a commune, or None if unknown.
        Raises ValidationError if there is none, or more than one.
        """
        wanted = full_name.casefold()
        for units in self.units_of_days:
            found = [
                unit
                for unit in units.get((level, wanted), ())
                if district is None or unit.parent_id == district.pk
            ]
            if len(found) == 1:
                return found[0]
            if found:
                raise ValidationError(_("Có nhiều đơn vị tên “%s”; cần nêu huyện.") % full_name)
        raise ValidationError(_("Không có đơn vị nào tên “%s”.") % full_name)

    def declared(self, row, commune_column, district_column):
        """Return the values of declared_commune and declared_district for a CsvRow.

        The district is None if there is a commune. Problems are reported at the row.
        """
        commune = district = None
        column = district_column
        try:
            if row[district_column]:
                district = self.find(Level.DISTRICT, row[district_column])
            column = commune_column
            if row[commune_column]:
                commune = self.find(Level.COMMUNE, row[commune_column], district)
        except ValidationError as error:
            row.refuse(column, " ".join(error.messages))
        return {
            "declared_commune": commune,
            "declared_district": None if commune else district,
        }
