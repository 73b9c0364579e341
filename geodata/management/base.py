"""The base class of all loading commands."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from geodata import importing


class LoadingCommand(BaseCommand):
    """Command that imports a file, all or nothing; safe to run again.

    kind: of the ImportRun and in the output.
    """

    kind = ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file and --dry-run."""
        parser.add_argument("file")
        parser.add_argument(
            "--dry-run", action="store_true", help="validate the file, write nothing"
        )

    def load(self, path: Path, report: importing.Report, **options: Any) -> None:
        """Validate and write the rows of the file at a Path; every command has its own.

        report: the Report, which takes problems and counts. options: of the command line.
        """
        raise NotImplementedError("A loading command implements load().")

    def further_files(self, **options: Any) -> Iterable[str]:
        """Return the paths of other files that load() reads."""
        return ()

    def handle(self, file: str, dry_run: bool, **options: Any) -> None:
        """Run the import and print its report; raise CommandError if nothing was written."""
        report = importing.run(
            self.kind,
            file,
            lambda path, report: self.load(path, report, **options),
            further_files=self.further_files(**options),
            dry_run=dry_run,
            progress=self.progress if options["verbosity"] else None,
        )
        for problem in report.problems:
            self.stderr.write(str(problem))
        if report.problem_count:
            count = report.problem_count
            text = ngettext(
                "%d lỗi, không ghi gì vào cơ sở dữ liệu.",
                "%d lỗi, không ghi gì vào cơ sở dữ liệu.",
                count,
            )
            raise CommandError(f"{file}: {text % count}")
        prefix = _("Chạy thử, không ghi: ") if dry_run else ""
        self.stdout.write(f"{prefix}{self.kind}: {report.summary()}.")

    def progress(self, done: int, total: int) -> None:
        """Print how many rows of all are done, at every 25th."""
        if done == total or done % 25 == 0:
            self.stdout.write(f"  {self.kind}: {done}/{total}")
