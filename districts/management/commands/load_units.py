from districts.importing import units
from geodata.management.base import LoadingCommand


class Command(LoadingCommand):
    help = "Load administrative units from the properties of a boundary file (GeoJSON)."
    kind = "units"

    def load(self, path, report, **options):
        units.load_units(path, report)
