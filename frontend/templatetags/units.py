"""What the pages of units and figures ask for by name."""

from django import template
from django.utils.translation import gettext as _

from geodata.spans import ONE_DAY, format_day

register = template.Library()


@register.filter
def existence(unit):
    """From when to when the unit exists, as people say it; "" where nothing is known."""
    first, after = unit.validity.lower, unit.validity.upper
    begin = first and format_day(first)
    end = after and format_day(after - ONE_DAY)
    if begin and end:
        return _("từ %(begin)s đến hết %(end)s") % {"begin": begin, "end": end}
    if begin:
        return _("từ %s") % begin
    return _("đến hết %s") % end if end else ""


@register.filter
def in_hundred(share):
    """A share from 0 to 1 in percent, without decimals."""
    return round(100 * share)
