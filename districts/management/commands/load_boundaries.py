from districts.importing import boundaries
from geodata.management.base import LoadingCommand


class Command(LoadingCommand):
    help = "Load the polygons of units; rejected if they have gaps or overlaps."
    kind = "boundaries"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--outline", help="the same units simplified together, for drawing")

    def further_files(self, *, outline, **options):
        return [outline] if outline else []

    def load(self, path, report, *, outline, **options):
        boundaries.load_boundaries(path, report, outline=outline)
