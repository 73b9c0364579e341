"""What is probably wrong with a product, but not refused."""

from django.db.models import F, Q
from django.utils.translation import gettext as _
from stdnum import ean

from geodata.spans import format_span, today
from products.register.models.located import Metres, point_value

from .models import Product

# Metres within which two products of one name are probably one.
NEAR_M = 100


def duplicates(product):
    """Return other products of the same name, diacritics folded, that are probably this one.

    Of the same producer, within NEAR_M, or of which producer or place is not known.
    """
    same = Product.objects.filter(slug=product.slug).exclude(pk=product.pk)
    alike = Q(producer=product.producer_id) if product.producer_id else Q()
    if product.producer_id:
        alike |= Q(producer=None)
    if product.point:
        same = same.annotate(away=Metres(F("point"), point_value(product.point)))
        alike |= Q(away__lte=NEAR_M)
    return same.filter(alike) if alike else same


def warnings_of(product):
    """Return sentences about the stored product, in the language of the user."""
    found = [
        _("Có thể trùng với “%(other)s” (%(code)s).") % {"other": other, "code": other.code}
        for other in duplicates(product)[:5]
    ]
    if product.gtin and not ean.is_valid(product.gtin):
        found.append(_("Số kiểm tra của GTIN %s không đúng.") % product.gtin)
    for rating in product.ratings.filter(decided__startswith__gt=today()):
        found.append(_("Ngày quyết định ở tương lai: %s.") % format_span(rating.decided))
    return found
