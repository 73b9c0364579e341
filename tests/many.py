"""Large numbers of rows, inserted by one SQL statement."""

from django.db import connection

from geodata import feature_tables
from products.ocop.collections import PRODUCTS
from products.ocop.models import Product
from tests.factories import ProductFactory, at


def many_products(count, *, prefix="NHIEU", **values):
    """Insert `count` published products that differ only in their codes.

    values: field values of every product.
    """
    first = f"{prefix}-0"
    values = {"name": "Nho đỏ Minh Thuần", "point": at(109, 11.5)} | values
    ProductFactory(published=True, code=first, **values)
    columns = [
        field.column
        for field in Product._meta.local_concrete_fields
        if not field.primary_key and not field.generated and field.name != "code"
    ]
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        # Without triggers: these tests need neither history nor search text.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            f"INSERT INTO ocop_product (code, {names})"
            f" SELECT %s || number, {names}"
            " FROM ocop_product, generate_series(1, %s) AS number WHERE code = %s",
            [f"{prefix}-", count - 1, first],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE ocop_product")
    feature_tables.write(PRODUCTS)
