from geodata.management.base import LoadingCommand
from products.register.importing.product_types import load_product_types


class Command(LoadingCommand):
    help = "Load the types of products (CSV)."
    kind = "product_types"

    def load(self, path, report, **options):
        load_product_types(path, report)
