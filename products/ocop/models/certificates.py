"""Quality certificates of products."""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from geodata.tracking import DependentFeatures, tracked
from geodata.versions import RaiseVersionOfRecord
from products.ocop.change_feed import PRODUCTS
from products.register.models import (
    QualityCertificate,
    certificate_columns,
    certificate_constraints,
)

from .products import Product


@tracked(
    dependents=[
        DependentFeatures(
            PRODUCTS,
            where="id = row.product_id",
            watched_columns=certificate_columns("product"),
        )
    ]
)
class ProductCertificate(QualityCertificate):
    """A quality certificate of a product; those of its producer are the producer's own."""

    part_of = "product"

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="certificates", verbose_name=_("sản phẩm")
    )

    class Meta(QualityCertificate.Meta):
        abstract = False
        constraints = certificate_constraints("productcertificate", "product")
        triggers = [RaiseVersionOfRecord(table="ocop_product", column="product_id")]
