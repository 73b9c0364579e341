from geodata.management.base import LoadingCommand
from products.places.gazetteer import load_gazetteer


class Command(LoadingCommand):
    help = "Load the names of places that the search box of the map suggests (CSV)."
    kind = "gazetteer"

    def load(self, path, report, **options):
        load_gazetteer(path, report)
