from districts.importing import units
from geodata.management.base import LoadingCommand


class Command(LoadingCommand):
    help = "Load which unit became which (CSV: old_code, new_code, part, share_of_old_area)."
    kind = "succession"

    def load(self, path, report, **options):
        units.load_succession(path, report)
