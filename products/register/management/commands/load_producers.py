from geodata.management.base import LoadingCommand
from products.register.importing.producers import load_producers


class Command(LoadingCommand):
    help = "Load producers (CSV), each on its declared commune."
    kind = "producers"

    def load(self, path, report, **options):
        load_producers(path, report)
