"""The shape that all loading commands share."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from geodata import importing


class LoadingCommand(BaseCommand):
    """Reads a file into the database, all of it or nothing; safe to run again."""

    kind = ""

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--dry-run", action="store_true", help="judge the file, write nothing")

    def load(self, path, report, **options):
        """Judge the rows of the file at path and write them; each command has its own.

        report: takes the problems, and counts what is new, changed and kept (geodata/importing.py).
        """
        raise NotImplementedError("A loading command says what it loads.")

    def beside(self, **options):
        """Further files that load() reads."""
        return ()

    def official(self, **options):
        """The user whose file it is, None where that does not matter."""
        return None

    def handle(self, file, dry_run, **options):
        report = importing.run(
            self.kind,
            file,
            lambda path, report: self.load(path, report, **options),
            beside=self.beside(**options),
            user=self.official(**options),
            dry_run=dry_run,
            progress=self.progress if options["verbosity"] else None,
        )
        for problem in report.problems:
            self.stderr.write(str(problem))
        for conflict in report.conflicts:
            self.stderr.write(str(conflict))
        if report.problems:
            count = len(report.problems)
            text = ngettext(
                "%d lỗi, không ghi gì vào cơ sở dữ liệu.",
                "%d lỗi, không ghi gì vào cơ sở dữ liệu.",
                count,
            )
            raise CommandError(f"{file}: {text % count}")
        if report.conflicts:
            count = len({conflict.code for conflict in report.conflicts})
            text = ngettext(
                "%d hồ sơ xung đột, không ghi gì vào cơ sở dữ liệu cho tới khi quyết định.",
                "%d hồ sơ xung đột, không ghi gì vào cơ sở dữ liệu cho tới khi quyết định.",
                count,
            )
            raise CommandError(f"{file}: {text % count}")
        prefix = _("Chạy thử, không ghi: ") if dry_run else ""
        self.stdout.write(f"{prefix}{self.kind}: {report.summary()}.")

    def progress(self, done, total):
        if done == total or done % 25 == 0:
            self.stdout.write(f"  {self.kind}: {done}/{total}")
