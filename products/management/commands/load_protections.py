from geodata.management.base import LoadingCommand
from products import importing


class Command(LoadingCommand):
    help = "Load rights of industrial property with their stated areas (CSV)."
    kind = "protections"

    def load(self, path, report, **options):
        importing.load_protections(path, report)
