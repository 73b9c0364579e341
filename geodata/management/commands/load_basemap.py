"""Loads an OpenStreetMap extract for drawing."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from geodata.osm_extract import NotAnExtract, load_extract


class Command(BaseCommand):
    help = (
        "Draw roads, railways, water, parks and villages of an OpenStreetMap extract, in place of "
        "the extract that was loaded before."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help=".osm.pbf or .osm")

    def handle(self, *, file, **options):
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        try:
            extract = load_extract(file, settings.PLACE.map_extent)
        except NotAnExtract as error:
            raise CommandError(f"{file.name}: {error}") from error
        squares = extract.basesquare_set.count()
        self.stdout.write(f"{file.name}: {squares} squares are drawn, version {extract.version}.")
