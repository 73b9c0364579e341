"""Builds the base map."""

from django.core.management.base import BaseCommand, CommandError

from geodata.basemap import write_basemap


class Command(BaseCommand):
    help = "Draw the base map from the boundary files, as a static file."

    def handle(self, **options):
        try:
            path, size = write_basemap()
        except (StopIteration, ValueError) as error:
            raise CommandError(f"The base map was not built: {error}") from error
        self.stdout.write(f"{path}: {size} bytes compressed.")
