from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from geodata.importing import already_applied

BOUNDARIES = settings.BASE_DIR / "geodata" / "data" / "boundaries"
PRODUCTS = settings.BASE_DIR / "geodata" / "data" / "products"

# In this order: what a row refers to is loaded before it.
UNIT_LAYERS = ["province", "districts", "communes-2024", "communes-2025"]
TABLES = [
    ("succession", BOUNDARIES / "commune-concordance-2024-2025.csv"),
    ("categories", PRODUCTS / "ocop_categories.csv"),
    ("producers", PRODUCTS / "producers.csv"),
    ("products", PRODUCTS / "ocop_products.csv"),
    ("protections", PRODUCTS / "protected_products.csv"),
]


class Command(BaseCommand):
    help = "Load the real data that comes with the project; a file loaded before is left alone."

    def handle(self, verbosity, **options):
        self.verbosity = verbosity
        for layer in UNIT_LAYERS:
            file = BOUNDARIES / f"ninh-thuan-{layer}.geojson"
            outline = BOUNDARIES / f"ninh-thuan-{layer}-simplified.geojson"
            self.load("units", file)
            self.load("boundaries", file, outline=outline)
        for kind, file in TABLES:
            self.load(kind, file)

    def load(self, kind, file, **options):
        if not already_applied(kind, file, *options.values()):
            call_command(
                f"load_{kind}",
                file,
                stdout=self.stdout,
                stderr=self.stderr,
                verbosity=self.verbosity,
                **options,
            )
