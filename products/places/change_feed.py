"""The sales points and craft villages among the public features, and the producers they show."""

from geodata.tracking import DependentFeatures, ListChanges
from products.register.change_feed import record_features
from products.register.models import Producer, published_sql

SALES_POINTS = record_features("sales-points", "places_salespoint")
CRAFT_VILLAGES = record_features("craft-villages", "places_craftvillage")


class PlaceProducer(Producer):
    """A producer as places show it: by its code, while it is public."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            ListChanges(
                name="list_changes_of_places",
                dependents=[
                    DependentFeatures(
                        features,
                        where="producer_id = row.id",
                        watched_columns=f"CASE WHEN {published_sql('row')} THEN row.code END",
                    )
                    for features in (SALES_POINTS, CRAFT_VILLAGES)
                ],
            )
        ]
