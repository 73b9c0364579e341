"""Thousands of products with realistic names, for tests and benchmarks of the map.

Made through the models in the units of the loaded pack, with producers, types, ratings and
positions distributed as in a province; the same ones every time. Nothing in them is true.

    python -m tests.realistic_products 20000    # into the database that DATABASE_URL names
"""

import datetime
import os
import random
import sys
from contextlib import contextmanager

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "ocopmap.settings"
    django.setup()

from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from districts.models import Boundary, Level, Succession, Unit
from geodata import feature_tables
from geodata.collection import collections
from geodata.models import Revision, Source
from geodata.spans import day_span, today
from products.ocop.models import OcopRating, Product, ProtectedProduct
from products.register.models import Basis, Category, Position, Producer, ProductType, Sector
from products.register.models.located import commune_centres
from products.register.states import State
from products.rights.models import IpRight

GOODS = (
    "Nho xanh, Nho đỏ, Nho khô, Nho sấy dẻo, Mật nho, Rượu vang nho, Siro nho, Giấm nho, Táo xanh,"
    " Táo sấy, Nước ép táo, Mứt táo, Tỏi, Tỏi đen, Rượu tỏi, Hành tím, Hành phi, Măng tây xanh,"
    " Trà măng tây, Nha đam, Nước nha đam, Thạch nha đam, Rong sụn, Rong nho, Muối hạt, Muối ớt,"
    " Nước mắm, Mắm nêm, Cá cơm khô, Mực một nắng, Tôm khô, Thịt cừu, Cừu viên, Dê một nắng,"
    " Dưa lưới, Bưởi da xanh, Sầu riêng, Măng cụt, Chôm chôm, Rượu chuối hột, Mật ong rừng, Cà phê,"
    " Hạt điều rang, Đậu phộng, Gạo thơm, Bánh tráng, Bánh căn, Bột ngũ cốc, Tinh dầu sả,"
    " Trà khổ qua, Đông trùng hạ thảo, Xà phòng thảo mộc, Gốm trang trí, Khăn thổ cẩm, Chổi đót"
)
ADJECTIVES = ["đặc biệt", "hữu cơ", "sấy lạnh", "truyền thống", "loại 1", "hộp quà", "nguyên chất"]
SYLLABLES = (
    "Ánh Bảo Châu Diệu Giang Hà Hải Hạnh Hiền Hòa Huệ Hương Khánh Kim Lan Liên Linh Mai Minh Nga"
    " Ngọc Nhung Phúc Phương Quang Sơn Tâm Thái Thanh Thảo Thu Thuận Trang Trung Tuấn Vân Vinh Yến"
)
PRODUCERS = ["HTX nông nghiệp", "Công ty TNHH", "Hộ kinh doanh", "Cơ sở", "Tổ hợp tác"]
# Days within which decisions were taken: some ratings have ended.
RATED_WITHIN = 5 * 365
BATCH = 5_000


def make_products(count):
    """Add published products with their features to a database with the data of a pack."""
    chance = random.Random(2026)
    source = Source.objects.get_or_create(url="https://example.org/nhieu-san-pham")[0]
    now = timezone.now()
    common = {"state": State.PUBLISHED, "source": source, "published_at": now, "updated_at": now}
    with transaction.atomic(), _search_text_only():
        producers = Producer.objects.bulk_create(
            [
                Producer(code=f"NHIEU-PR-{number:05}", name=_producer(chance), **common)
                for number in range(1 + count // 4)
            ],
            BATCH,
        )
        place = _places(chance)
        types = sorted(ProductType.objects.all(), key=lambda one: len(one.name), reverse=True)
        choices = {
            "category": [*Category.objects.filter(scheme=Category.Scheme.QD148), None],
            "sector": [*Sector.values, ""],
            "producer": producers,
        }
        products = Product.objects.bulk_create(
            [
                Product(
                    code=f"NHIEU-OCOP-{number:05}",
                    **_named(chance, types),
                    **_with_basis({key: chance.choice(of) for key, of in choices.items()}),
                    **place(),
                    **common,
                )
                for number in range(1, count + 1)
            ],
            BATCH,
        )
        OcopRating.objects.bulk_create(_ratings(products, chance, source), BATCH)
        rights = list(IpRight.objects.published().registered())
        ProtectedProduct.objects.bulk_create(
            [
                ProtectedProduct(product=product, right=chance.choice(rights), source=source)
                for product in (products[::30] if rights else [])
            ]
        )
        Revision.objects.update(number=F("number") + 1, changed_at=now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for collection in collections().values():
        feature_tables.write(collection)


@contextmanager
def _search_text_only():
    """Of all triggers, only those that write the texts for searching run."""
    tables = [Product._meta.db_table, Producer._meta.db_table]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass, quote_ident(tgname) FROM pg_trigger"
            " WHERE tgrelid::regclass::text = ANY (%s) AND tgname LIKE '%%set_search_text%%'",
            [tables],
        )
        found = cursor.fetchall()
        for table, trigger in found:
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        for table, trigger in found:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


def _producer(chance):
    return f"{chance.choice(PRODUCERS)} {_person(chance)} {chance.randrange(1, 100)}"


def _person(chance):
    return " ".join(chance.sample(SYLLABLES.split(), 2))


def _named(chance, types):
    """A name like "Nho sấy dẻo hữu cơ Minh Thảo", of which most differ, and the type it contains.

    types: those with the longest names first.
    """
    good = chance.choice(GOODS.split(", "))
    name = " ".join(filter(None, [good, chance.choice([*ADJECTIVES, ""]), _person(chance)]))
    found = (one for one in types if one.name.lower() in good.lower())
    return {"name": name} | _with_basis({"type": next(found, None)})


def _with_basis(values):
    """The values, and for each that is known the field that states how it is known."""
    return values | {f"{key}_basis": Basis.STATED if value else "" for key, value in values.items()}


def _places(chance):
    """Return a function of the field values of a place: most in a commune, half of them exact."""
    communes = list(
        Boundary.objects.filter(unit__in=Unit.objects.filter(level=Level.COMMUNE).on(today()))
        .select_related("unit")
        .order_by("unit__code")
    )
    centres = commune_centres([boundary.unit for boundary in communes])
    former = {}
    for one in Succession.objects.select_related("predecessor").order_by("predecessor__code"):
        former.setdefault(one.successor_id, []).append(one.predecessor)
    districts = list(Unit.objects.old_districts().order_by("code"))
    shapes = {boundary.pk: boundary.geometry.prepared for boundary in communes}

    def place():
        kind = chance.random()
        if kind < 0.01:
            return {}
        if kind < 0.08:
            district = chance.choice(districts)
            return {"district": district, "declared_district": district}
        boundary = chance.choice(communes)
        unit = boundary.unit
        old = chance.choice(former[unit.pk]) if unit.pk in former else None
        units = {"commune": unit, "old_commune": old, "district_id": old and old.parent_id}
        units["declared_commune"] = old or unit
        if kind < 0.5:
            return {"point": centres[unit.pk], "position": Position.COMMUNE, **units}
        west, south, east, north = boundary.geometry.extent
        while True:
            point = Point(
                round(chance.uniform(west, east), 7), round(chance.uniform(south, north), 7)
            )
            if shapes[boundary.pk].contains(point):
                point.srid = 4326
                return {"point": point, "position": Position.GPS, **units}

    return place


def _ratings(products, chance, source):
    """One rating for nine of ten products."""
    for product in products:
        if chance.random() < 0.9:
            day = today() - datetime.timedelta(days=chance.randrange(RATED_WITHIN))
            yield OcopRating(
                product=product,
                stars=chance.choices([3, 4, 5], [6, 3, 1])[0],
                decided=day_span(day),
                decision_text=f"Quyết định {chance.randrange(1, 3000)}/QĐ-UBND",
                issuer="UBND tỉnh",
                source=source,
            )


if __name__ == "__main__":
    make_products(int(sys.argv[1]))
