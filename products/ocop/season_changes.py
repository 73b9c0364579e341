"""Stores the next changes of season of products, before those that are stored have passed.

Seasons come again each year, so that a table of features contains their changes of a few years only
(see YEARS in products/register/models/seasons.py); every write of a product renews them.
"""

from django.dispatch import receiver
from django.utils.translation import ngettext

from geodata import feature_tables
from geodata.feature_model import FEATURE_ID
from geodata.signals import due
from geodata.spans import today

from .collections import PRODUCTS
from .models import season_change_days


@receiver(due)
def store_next_changes(sender, **kwargs):
    """Write the features again whose season changes before their current row ends.

    Then the changes until then are not stored, whatever the row ends with: a rating, a certificate,
    or nothing. Return a sentence with their number, or None.
    """
    until = dict(PRODUCTS.public().values_list(FEATURE_ID, "until_day"))
    now = today()
    changing = {
        code for code, day in season_change_days() if code in until and now < day < until[code]
    }
    if not changing:
        return None
    number = feature_tables.write(PRODUCTS, sorted(changing))
    return (
        ngettext(
            "Đã tính tiếp mùa vụ của %d sản phẩm.", "Đã tính tiếp mùa vụ của %d sản phẩm.", number
        )
        % number
    )
