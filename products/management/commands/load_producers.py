from geodata.management.base import LoadingCommand
from products import importing


class Command(LoadingCommand):
    help = "Load producers (CSV), each on its declared commune."
    kind = "producers"

    def load(self, path, report, **options):
        importing.load_producers(path, report)
