from pathlib import Path

from django.core.management.base import BaseCommand

from products.register.importing.resources import importable
from products.register.importing.templates import write_template


class Command(BaseCommand):
    help = "Write an empty workbook with the columns that an import recognises."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=importable())
        parser.add_argument("file", type=Path)

    def handle(self, kind, file, **options):
        write_template(importable()[kind], file)
        self.stdout.write(f"{file}")
