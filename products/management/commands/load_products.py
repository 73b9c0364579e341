from geodata.management.base import LoadingCommand
from products import importing


class Command(LoadingCommand):
    help = "Load products with their ratings (CSV); possible duplicates stay drafts."
    kind = "products"

    def load(self, path, report, **options):
        importing.load_products(path, report)
