from django.core.management.base import BaseCommand
from django.db import connection


class Command(BaseCommand):
    help = (
        "Print which series of migrations created the database: none (it is empty), old (before"
        " the application products was divided; it cannot be migrated further) or current."
    )

    def handle(self, **options):
        applied = []
        if "django_migrations" in connection.introspection.table_names():
            with connection.cursor() as cursor:
                cursor.execute("SELECT DISTINCT app FROM django_migrations")
                applied = [app for (app,) in cursor.fetchall()]
        if "geodata" not in applied:
            self.stdout.write("none")
        else:
            self.stdout.write("old" if "products" in applied else "current")
