"""Which products a right of industrial property is stated to cover."""

import pgtrigger
from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from geodata.constraints import ConstrainedModel
from geodata.models import Source
from geodata.tracking import DependentFeatures, tracked
from geodata.versions import RaiseVersionOfRecord
from products.ocop.change_feed import PRODUCTS, renew_search_text
from products.rights.models import IpRight

from .products import Product


@tracked(
    # Also for drafts: once the row is deleted, it is unknown whether the right was public.
    dependents=[
        DependentFeatures(
            PRODUCTS, where="id = row.product_id", watched_columns="row.product_id, row.right_id"
        ),
        DependentFeatures(
            IpRight.features,
            where="id = row.right_id",
            watched_columns="row.product_id, row.right_id",
        ),
    ]
)
class ProtectedProduct(ConstrainedModel):
    """A product that a source states to be covered by a right.

    Being located in the area of the right is not enough.
    """

    part_of = "right"

    right = models.ForeignKey(IpRight, models.CASCADE, related_name="protected_products")
    product = models.ForeignKey(
        Product, models.CASCADE, related_name="protected_by", verbose_name=_("sản phẩm")
    )
    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("nguồn"))

    class Meta:
        verbose_name = _("sản phẩm được bảo hộ")
        verbose_name_plural = pgettext_lazy("plural", "sản phẩm được bảo hộ")
        constraints = [
            models.UniqueConstraint(
                name="right_names_a_product_once",
                fields=["right", "product"],
                violation_error_message=_("Sản phẩm này đã có trong danh sách."),
            )
        ]
        triggers = [
            RaiseVersionOfRecord(table="rights_ipright", column="right_id"),
            renew_search_text(
                pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                "id IN (OLD.product_id, NEW.product_id)",
            ),
        ]

    def __str__(self):
        return str(self.product)
