from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from geodata.importing import already_applied
from geodata.models import ImportRun


class Command(BaseCommand):
    help = "Load the data of the province pack; a file that was loaded before is left alone."

    def handle(self, verbosity, **options):
        files = settings.PLACE.files
        self.require_same_pack(files[0])
        for file in files:
            if not already_applied(file.kind, file.path, *file.options.values()):
                call_command(
                    f"load_{file.kind}",
                    file.path,
                    stdout=self.stdout,
                    stderr=self.stderr,
                    verbosity=verbosity,
                    **file.options,
                )

    def require_same_pack(self, first):
        """Raise CommandError if the database was filled from another pack.

        first: the first file of this pack, by whose name a pack is recognised.
        """
        loaded = ImportRun.objects.filter(kind=first.kind, user=None, applied=True)
        names = set(loaded.values_list("file_name", flat=True))
        if names and first.path.name not in names:
            raise CommandError(
                f"The database contains another province pack (with {min(names)}), and one database"
                f" holds one pack. Name an empty database for {settings.PLACE.name}."
            )
