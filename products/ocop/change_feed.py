"""The products among the public features, and the rows of other applications that they show."""

import pgtrigger

from geodata.tracking import DependentFeatures, ListChanges
from products.register.change_feed import record_features
from products.register.models import (
    Category,
    Producer,
    ProductType,
    Season,
    SeasonUnit,
    published_sql,
)
from products.rights.models import GoodsType, IpRight, registered_sql

PRODUCTS = record_features("products", "ocop_product")


def renew_search_text(operation, where, name="renew_search_text_of_products"):
    """Return the trigger that lets the trigger of products write their search text again.

    operation: of pgtrigger, on a row that products are found by. where: SQL condition of the
    products, over OLD and NEW.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=operation,
        func=f"UPDATE ocop_product SET search_text = '' WHERE {where}; RETURN NULL;",
    )


def _of_type(key):
    """Return the SQL condition for products of a type, and for what is made from it.

    key: SQL of the id of the type.
    """
    made_from = f"SELECT product_id FROM ocop_ingredient WHERE type_id = {key}"
    return f"type_id = {key} OR id IN ({made_from})"


def _of_valid_right(column):
    """Return the SQL of a column of a right, null unless the right is public and registered."""
    return f"CASE WHEN {published_sql('row')} AND {registered_sql('row')} THEN row.{column} END"


class ProductCategory(Category):
    """A category as products show it."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            ListChanges(
                name="list_changes_of_products",
                dependents=[
                    DependentFeatures(
                        PRODUCTS,
                        where="category_id = row.id",
                        watched_columns="row.code, row.name",
                    )
                ],
            )
        ]


class TypeOfProducts(ProductType):
    """A type as products show it, their own and that of what they are made from."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            ListChanges(
                name="list_changes_of_products",
                dependents=[
                    DependentFeatures(
                        PRODUCTS,
                        where=_of_type("row.id"),
                        watched_columns="row.code, row.name",
                    ),
                    DependentFeatures(
                        IpRight.features,
                        where=(
                            "id IN (SELECT right_id FROM rights_goodstype WHERE type_id = row.id)"
                        ),
                        watched_columns="row.code",
                    ),
                ],
            ),
            renew_search_text(
                pgtrigger.UpdateOf("name", "name_en", "synonyms_vi", "synonyms_en"),
                _of_type("NEW.id"),
            ),
        ]


class SeasonOfProducts(Season):
    """A season as products of its type show it: by their state on a day."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            ListChanges(
                name="list_changes_of_products",
                dependents=[
                    DependentFeatures(
                        PRODUCTS,
                        where="type_id = row.type_id",
                        watched_columns=(
                            "row.type_id, row.variety, row.from_month, row.to_month, row.all_year,"
                            " row.place"
                        ),
                    )
                ],
            )
        ]


class SeasonUnitOfProducts(SeasonUnit):
    """A unit of a season: only products there show the season."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            ListChanges(
                name="list_changes_of_products",
                dependents=[
                    DependentFeatures(
                        PRODUCTS,
                        where=(
                            "type_id IN (SELECT type_id FROM register_season"
                            " WHERE id = row.season_id)"
                        ),
                        watched_columns="row.season_id, row.unit_id",
                    )
                ],
            )
        ]


class ProductProducer(Producer):
    """A producer as products show it: by its code and name, while it is public."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            ListChanges(
                name="list_changes_of_products",
                dependents=[
                    DependentFeatures(
                        PRODUCTS,
                        where="producer_id = row.id",
                        watched_columns=(
                            f"CASE WHEN {published_sql('row')} THEN row.code END,"
                            f" CASE WHEN {published_sql('row')} THEN row.name END"
                        ),
                    )
                ],
            ),
            renew_search_text(
                pgtrigger.UpdateOf("name", "state"),
                "producer_id = NEW.id",
            ),
        ]


class ProductRight(IpRight):
    """A right as products show it while it is public and registered.

    Those that it covers by its name, those of the type of its goods by its code.
    """

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            ListChanges(
                name="list_changes_of_products",
                dependents=[
                    DependentFeatures(
                        PRODUCTS,
                        where=(
                            "id IN (SELECT product_id FROM ocop_protectedproduct"
                            " WHERE right_id = row.id)"
                        ),
                        watched_columns=_of_valid_right("name"),
                    ),
                    DependentFeatures(
                        PRODUCTS,
                        where=(
                            "type_id IN (SELECT type_id FROM rights_goodstype"
                            " WHERE right_id = row.id)"
                        ),
                        watched_columns=_of_valid_right("code"),
                    ),
                ],
            ),
            renew_search_text(
                pgtrigger.UpdateOf("name", "state", "stage"),
                "id IN (SELECT product_id FROM ocop_protectedproduct WHERE right_id = NEW.id)",
            ),
        ]


class GoodsOfProducts(GoodsType):
    """A type among the goods of a right, as products of that type show it."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            ListChanges(
                name="list_changes_of_products",
                dependents=[
                    DependentFeatures(
                        PRODUCTS,
                        where="type_id = row.type_id",
                        watched_columns="row.right_id, row.type_id",
                    )
                ],
            )
        ]
