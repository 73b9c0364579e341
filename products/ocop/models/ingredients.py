"""What a product is made from."""

import pgtrigger
from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from geodata.constraints import ConstrainedModel
from geodata.tracking import DependentFeatures, tracked
from geodata.versions import RaiseVersionOfRecord
from products.ocop.change_feed import PRODUCTS, renew_search_text
from products.register.models import ProductType

from .products import Product


@tracked(
    dependents=[
        DependentFeatures(
            PRODUCTS, where="id = row.product_id", watched_columns="row.product_id, row.type_id"
        )
    ]
)
class Ingredient(ConstrainedModel):
    """A type of product from which a product is made, as wine from grapes; editorial, like types.

    The words of the ingredient find the product.
    """

    part_of = "product"

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="ingredients", verbose_name=_("sản phẩm")
    )
    type = models.ForeignKey(ProductType, models.PROTECT, verbose_name=_("làm từ"))

    class Meta:
        verbose_name = _("nguyên liệu")
        verbose_name_plural = pgettext_lazy("plural", "nguyên liệu")
        constraints = [
            models.UniqueConstraint(
                name="product_names_an_ingredient_once",
                fields=["product", "type"],
                violation_error_message=_("Sản phẩm này đã có nguyên liệu đó."),
            )
        ]
        triggers = [
            RaiseVersionOfRecord(table="ocop_product", column="product_id"),
            renew_search_text(
                pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                "id IN (OLD.product_id, NEW.product_id)",
                name="renew_search_text_of_product",
            ),
        ]

    def __str__(self):
        return str(self.type)
