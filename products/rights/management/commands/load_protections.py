from geodata.management.base import LoadingCommand
from products.rights.importing import load_protections


class Command(LoadingCommand):
    help = "Load rights of industrial property with their stated areas (CSV)."
    kind = "protections"

    def load(self, path, report, **options):
        load_protections(path, report)
