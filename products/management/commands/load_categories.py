from geodata.management.base import LoadingCommand
from products import importing


class Command(LoadingCommand):
    help = "Load the groups of the OCOP programme (CSV)."
    kind = "categories"

    def load(self, path, report, **options):
        importing.load_categories(path, report)
