"""Stores the next changes of season of products, before those that are stored have passed.

Seasons come again each year, so that a table of features contains their changes of a few years only
(see YEARS in products/register/models/seasons.py); every write of a product renews them.
"""

from django.dispatch import receiver
from django.utils.translation import ngettext

from geodata import feature_tables
from geodata.feature_model import FEATURE_ID
from geodata.signals import due
from products.register.models import SeasonState

from .collections import PRODUCTS
from .models import season_change_days


@receiver(due)
def store_next_changes(sender, **kwargs):
    """Write the features again whose last stored change of season has passed.

    They have the right season until the next change, half a year later at most times. Return a
    sentence with their number, or None.
    """
    last = PRODUCTS.public().filter(until_day=feature_tables.LAST_DAY)
    last = last.exclude(season=SeasonState.UNKNOWN).values_list(FEATURE_ID, flat=True)
    # Those that are in season all year have no further change.
    changing = {code for code, _day in season_change_days().filter(type__products__code__in=last)}
    if not changing:
        return None
    number = feature_tables.write(PRODUCTS, sorted(changing))
    return (
        ngettext(
            "Đã tính tiếp mùa vụ của %d sản phẩm.", "Đã tính tiếp mùa vụ của %d sản phẩm.", number
        )
        % number
    )
