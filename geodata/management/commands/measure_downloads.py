from django.core.management.base import BaseCommand

from geodata.collection import collections
from geodata.formats.registry import FORMATS
from geodata.ogc.downloads import measure


class Command(BaseCommand):
    help = (
        "Write every collection in every format once, so that the API can tell how large each is."
    )

    def handle(self, verbosity, **options):
        for collection in collections().values():
            for extension in FORMATS:
                size = measure(collection, extension)
                if verbosity > 1:
                    self.stdout.write(f"{collection.id}.{extension}: {size}")
