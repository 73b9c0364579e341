"""Measures the sizes of the files of whole collections."""

from django.core.management.base import BaseCommand

from geodata.collection import collections
from geodata.formats.registry import FORMATS
from geodata.ogc.downloads import measure_size


class Command(BaseCommand):
    help = (
        "Write every collection in every format once, so that the API can state the size of each."
    )

    def handle(self, verbosity, **options):
        for collection in collections().values():
            for extension in FORMATS:
                size = measure_size(collection, extension)
                if verbosity > 1:
                    self.stdout.write(f"{collection.id}.{extension}: {size}")
