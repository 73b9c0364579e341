from geodata.management.base import LoadingCommand
from products.places.importing import load_sales_points


class Command(LoadingCommand):
    help = "Load sales points (CSV), each on its coordinates or its declared commune."
    kind = "sales_points"

    def load(self, path, report, **options):
        load_sales_points(path, report)
