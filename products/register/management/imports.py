"""The base of the commands that import an official's spreadsheet."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from geodata.importing import Conflict, Problem
from geodata.models import ImportRun
from products.register.importing import runs
from products.register.models import Position


class ImportCommand(BaseCommand):
    """Imports a file as an official, whose rights apply; all or nothing, new records are drafts.

    kind: key of products.register.importing.resources.importable().
    """

    kind = ""

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--user", required=True, help="who imports; permissions apply")
        parser.add_argument("--dry-run", action="store_true", help="validate, write nothing")
        parser.add_argument("--grid", type=int, help="EPSG code of the grid of X and Y columns")
        parser.add_argument(
            "--position",
            choices=[value for value in Position.values if value != Position.COMMUNE],
            help="how coordinates were obtained, for rows that do not state it",
        )
        parser.add_argument("--source", help="title or URL for new rows without a source")
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

    def handle(self, file, user, dry_run, overwrite, keep, grid, position, source, **options):
        if not file.is_file():
            raise CommandError(_("Không đọc được tệp: %s") % file)
        chosen = {"grid": grid, "position": position, "source": source}
        try:
            run = runs.run_now(
                self.kind,
                file,
                by=_official(user),
                options=chosen,
                decisions=dict(map(_decision, overwrite)) | dict.fromkeys(keep),
                dry_run=dry_run,
            )
        except ValidationError as error:
            raise CommandError(f"{file}: {' '.join(error.messages)}") from None
        for row in run.report.get("rows", ()):
            self.stderr.write(str(Problem(**row)))
        for conflict in run.report.get("conflicts", ()):
            self.stderr.write(str(Conflict(**conflict)))
        written = run.state == ImportRun.State.WRITTEN
        if run.state == ImportRun.State.FAILED or not (written or run.is_ready_to_write):
            raise CommandError(f"{file}: {run.result}")
        self.stdout.write(f"{self.kind}: {run.result}")


def _official(name):
    try:
        return get_user_model().objects.get_by_natural_key(name)
    except get_user_model().DoesNotExist:
        raise CommandError(f"There is no user {name}.") from None


def _decision(text):
    code, _equals, version = text.partition("=")
    if not version.isdigit():
        raise CommandError(f"--overwrite takes CODE=VERSION, not {text}.")
    return code, int(version)
