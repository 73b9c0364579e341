"""Products of the OCOP programme, their ratings and photos, and the rights that cover them.

What is public is defined in `RecordQuerySet.published()`, the status of a rating on a day in
`ProductQuerySet.with_rating_on()`.
"""

from .captures import Capture
from .certificates import ProductCertificate
from .decisions import Decision
from .ingredients import Ingredient
from .photos import SMALL_WIDTH, Photo
from .products import Product, ProductQuerySet, made_from_codes, season_change_days
from .protections import ProtectedProduct
from .ratings import EXPIRING_DAYS, RATING_MONTHS, OcopRating, OcopStatus, Stars

__all__ = [
    "EXPIRING_DAYS",
    "RATING_MONTHS",
    "SMALL_WIDTH",
    "Capture",
    "Decision",
    "Ingredient",
    "OcopRating",
    "OcopStatus",
    "Photo",
    "Product",
    "ProductCertificate",
    "ProductQuerySet",
    "ProtectedProduct",
    "Stars",
    "made_from_codes",
    "season_change_days",
]
