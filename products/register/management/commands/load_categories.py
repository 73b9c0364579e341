from geodata.management.base import LoadingCommand
from products.register.importing.categories import load_categories


class Command(LoadingCommand):
    help = "Load the groups of the OCOP programme (CSV)."
    kind = "categories"

    def load(self, path, report, **options):
        load_categories(path, report)
