from geodata.management.base import LoadingCommand
from products.ocop.importing import load_products


class Command(LoadingCommand):
    help = "Load products with their ratings (CSV); possible duplicates stay drafts."
    kind = "products"

    def load(self, path, report, **options):
        load_products(path, report)
