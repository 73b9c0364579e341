"""Compares, repairs or writes again the tables with the public features."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from geodata import feature_tables
from geodata.collection import collections


class Command(BaseCommand):
    """See feature_tables.py for what the tables contain."""

    help = (
        "check: compare the stored features of today with the records. repair: write those again"
        " that differ or whose text is of another release or SITE_URL. write: write all again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what to do, to which collections, and the size of a sample."""
        parser.add_argument("action", choices=("check", "repair", "write"))
        parser.add_argument("collections", nargs="*", help="ids of collections; by default all")
        parser.add_argument(
            "--sample", type=int, help="compare only this many features, chosen at random"
        )

    def handle(self, action: str, sample: int | None = None, *args: Any, **options: Any) -> None:
        """Do it and print the numbers; raise CommandError if a check found differences."""
        unknown = set(options["collections"]) - set(collections())
        if unknown:
            raise CommandError(_("Không có bộ dữ liệu “%s”.") % ", ".join(sorted(unknown)))
        differing = 0
        for id in options["collections"] or collections():
            collection = collections()[id]
            if action == "write":
                count = feature_tables.write(collection)
                self.stdout.write(_("%(id)s: đã ghi %(count)d.") % {"id": id, "count": count})
                continue
            found = feature_tables.compare(collection, sample)
            differing += len(found.different) + found.miscounted
            self.stdout.write(
                _(
                    "%(id)s: đã so %(compared)d, khác %(different)d, văn bản của bản cũ"
                    " %(outdated)d."
                )
                % {
                    "id": id,
                    "compared": found.compared,
                    "different": len(found.different),
                    "outdated": len(found.outdated),
                }
            )
            for feature_id in found.different[:10]:
                self.stdout.write(f"  {feature_id}")
            if found.miscounted:
                self.stdout.write(_("  Số đối tượng ghi sẵn không đúng."))
            if action == "repair":
                feature_tables.repair(collection, found)
        if action == "check" and differing:
            raise CommandError(_("Khác hồ sơ: chạy `bin/manage features repair`."))
