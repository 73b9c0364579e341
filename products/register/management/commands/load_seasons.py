from geodata.management.base import LoadingCommand
from products.register.importing.seasons import load_seasons


class Command(LoadingCommand):
    help = "Load the seasons of types of products (CSV)."
    kind = "seasons"

    def load(self, path, report, **options):
        load_seasons(path, report)
