"""The base of the commands that import records from a shipped or an official's file."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from geodata.management.base import LoadingCommand
from products.register.importing.writing import OfficialFile, ShippedFile


class OverwritingCommand(BaseCommand):
    """A command whose user decides about conflicts."""

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--overwrite",
            metavar="CODE=VERSION",
            nargs="+",
            default=[],
            help="take the file's values for these records in conflict, seen at that version",
        )
        parser.add_argument(
            "--keep", metavar="CODE", nargs="+", default=[], help="leave these records as they are"
        )

    def official(self, name):
        """Return the user of that name; raise CommandError if there is none."""
        try:
            return get_user_model().objects.get_by_natural_key(name)
        except get_user_model().DoesNotExist:
            raise CommandError(f"There is no user {name}.") from None

    def decisions(self, overwrite, keep):
        """Return {code: version to overwrite, or None to keep the record}."""
        return dict(map(_decision, overwrite)) | dict.fromkeys(keep)


class RecordCommand(OverwritingCommand, LoadingCommand):
    """Imports a file of the project, or with --user the file of an official.

    read: function that takes (path, report, mode); see products/register/importing/.
    """

    read = None

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--user", help="the official whose file it is; permissions apply")

    def importing_user(self, user=None, **options):
        return self.official(user) if user else None

    def load(self, path, report, *, overwrite, keep, **options):
        official = self.importing_user(**options)
        if official is None:
            if overwrite or keep:
                raise CommandError("--overwrite and --keep decide conflicts of an official's file.")
            mode = ShippedFile()
        else:
            mode = OfficialFile(official, dict(map(_decision, overwrite)), frozenset(keep))
        # Not through the instance, which would be its first argument.
        type(self).read(path, report, mode)


def _decision(text):
    code, _equals, version = text.partition("=")
    if not version.isdigit():
        raise CommandError(f"--overwrite takes CODE=VERSION, not {text}.")
    return code, int(version)
