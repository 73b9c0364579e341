"""Products, who makes them, what rating they hold and which rights protect them.

What is public is decided in `RecordQuerySet.published()`; what a rating or a right is worth on a
day, in `ProductQuerySet.with_rating_on()` and `IpRightQuerySet.with_status_on()`.
"""

from .photos import SMALL_WIDTH, Photo
from .places import (
    Located,
    LocatedQuerySet,
    Position,
    distance_to,
    looks_after_a_province,
    province,
)
from .products import (
    EXPIRING_DAYS,
    RATING_MONTHS,
    Basis,
    Category,
    OcopRating,
    OcopStatus,
    Producer,
    Product,
    ProductQuerySet,
    Sector,
)
from .records import Record, RecordQuerySet, State, people_changed
from .rights import MARK_YEARS, AreaUnit, IpRight, IpRightQuerySet, ProtectedProduct

__all__ = [
    "EXPIRING_DAYS",
    "MARK_YEARS",
    "RATING_MONTHS",
    "SMALL_WIDTH",
    "AreaUnit",
    "Basis",
    "Category",
    "IpRight",
    "IpRightQuerySet",
    "Located",
    "LocatedQuerySet",
    "OcopRating",
    "OcopStatus",
    "Photo",
    "Position",
    "Producer",
    "Product",
    "ProductQuerySet",
    "ProtectedProduct",
    "Record",
    "RecordQuerySet",
    "Sector",
    "State",
    "distance_to",
    "looks_after_a_province",
    "people_changed",
    "province",
]
