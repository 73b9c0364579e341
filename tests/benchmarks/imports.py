"""Measures the import of spreadsheets: `bin/bench --imports`.

In a new database with the data of the pack, files of 5,000 and 50,000 products are checked,
written, imported again without a change, and imported with other names. The process of the command
does what that of the worker does; its time and peak memory are compared with their limits.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import django

from .databases import connect
from .figures import Figure

SIZES = {5_000: 60, 50_000: 600}  # rows → seconds
MEMORY_MB = 300
SOURCE = "Danh sách dựng riêng để đo tốc độ"


def rows(count, *, changed=False):
    """Yield rows of texts in the order of the template, the header first; nothing in it is true."""
    from django.db import connection

    from products.ocop.resources import ProductResource
    from products.register.models import Producer

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT commune.kind || ' ' || commune.name, district.kind || ' ' || district.name,"
            " ST_X(one.geom), ST_Y(one.geom) FROM districts_unit commune"
            " JOIN districts_unit district"
            "  ON district.id = commune.parent_id AND district.level = 2"
            " JOIN districts_boundary area ON area.unit_id = commune.id"
            " JOIN districts_unit whole ON whole.level = 1"
            " JOIN districts_boundary province ON province.unit_id = whole.id,"
            " ST_Dump(ST_GeneratePoints("
            "  ST_Intersection(area.geometry, province.geometry), 60, 2026)) AS one"
            " WHERE commune.level = 3 ORDER BY commune.id, one.path"
        )
        places = cursor.fetchall()
    producers = list(Producer.objects.values_list("code", flat=True).order_by("code"))
    columns = ProductResource.template_columns()
    yield [column.column_name for column in columns.values()]
    draw = random.Random(2026)
    for number in range(1, count + 1):
        commune, district, lng, lat = draw.choice(places)
        values = {
            "code": f"THU-{count // 1000}{number:06d}",
            "name": f"Sản phẩm số {count}/{number}{' mới' if changed else ''}",
            "name_en": f"Product {number}",
            "producer_code": draw.choice(producers),
            "category": draw.choice(["I", "II", "III", "IV", "V", "VI"]),
            "sector": "chế biến",
            "description": f"Đặc sản thứ {number}, làm theo cách truyền thống của địa phương.",
            "gtin": str(8_930_000_000_000 + 10 * count + number),
            "commune": commune,
            "district": district,
            "address": f"Thôn {number % 20}",
            "lat": f"{lat:.7f}",
            "lng": f"{lng:.7f}",
            "position": "GPS",
            "source": SOURCE,
        }
        yield [values.get(name, "") for name in columns]


def write_xlsx(path, table):
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Dữ liệu")
        for line, row in enumerate(table):
            sheet.write_row(line, 0, row)


# A process prints its own peak: that of a child, as its parent sees it, begins with the parent's.
RUN = """
import sys
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
print(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
"""


def measured_import(path, *arguments):
    """Seconds and peak memory in MB of the process of `import_products`."""
    command = ["import_products", str(path), "--user", "bench", *arguments]
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", RUN, *command], stdout=subprocess.PIPE, text=True)
    took = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"The import of {path} failed.")
    *_result, kilobytes = done.stdout.split()
    return took, int(kilobytes) * 1024 / 1e6


def main():
    os.environ["DATABASE_URL"] = new_database("bench_imports")
    os.environ["DJANGO_SETTINGS_MODULE"] = "ocopmap.settings"
    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_shipped_data", verbosity=0)
    get_user_model().objects.create_superuser("bench", password="x")
    reached = []
    with tempfile.TemporaryDirectory() as folder:
        for count, limit in SIZES.items():
            reached += measure(Path(folder), count, limit)
    sys.exit(0 if all(reached) else 1)


def new_database(name):
    """The DATABASE_URL of a new, empty database of that name on the server of the benchmark."""
    with closing(connect(os.environ["DATABASE_URL"])) as connection:
        cursor = connection.cursor()
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def measure(folder, count, limit):
    """Whether each import of that many rows is within its limits."""
    reached = []
    new, changed = folder / f"{count}-new.xlsx", folder / f"{count}-changed.xlsx"
    write_xlsx(new, rows(count))
    write_xlsx(changed, rows(count, changed=True))
    for name, path, arguments in (
        ("checked", new, ["--dry-run"]),
        ("written", new, []),
        ("again, unchanged", new, []),
        ("with other names", changed, []),
    ):
        seconds, memory = measured_import(path, *arguments)
        reached += [
            Figure(f"{count:,} rows {name}, s", limit, at_least=False).judge([seconds]),
            Figure(f"{count:,} rows {name}, MB", MEMORY_MB, at_least=False).judge([memory]),
        ]
    return reached


if __name__ == "__main__":
    main()
