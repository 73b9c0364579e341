from geodata.management.base import LoadingCommand
from products.places.importing import load_craft_villages


class Command(LoadingCommand):
    help = "Load craft villages (CSV), each on its coordinates or its declared commune."
    kind = "craft_villages"

    def load(self, path, report, **options):
        load_craft_villages(path, report)
