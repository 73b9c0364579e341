from geodata.management.base import LoadingCommand
from products.ocop.certificates import load_quality_certificates


class Command(LoadingCommand):
    help = "Load the quality certificates of products and producers (CSV)."
    kind = "quality_certificates"

    def load(self, path, report, **options):
        load_quality_certificates(path, report)
