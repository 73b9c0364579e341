"""What the pages of units and figures ask for by name."""

from django import template

register = template.Library()


@register.filter
def in_hundred(share):
    """A share from 0 to 1 in percent, without decimals."""
    return round(100 * share)
