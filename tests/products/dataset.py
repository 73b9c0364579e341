"""One record of each kind, linked, and writes that change what their features display."""

import datetime

from django.db import connection
from django.utils import timezone

from geodata.spans import day_span
from products.ocop.models import Ingredient, OcopRating, ProtectedProduct
from products.register.states import State
from products.rights.models import GoodsType, IpRight
from tests.factories import (
    SINCE_THE_CHANGE,
    UNTIL_THE_CHANGE,
    BoundaryFactory,
    CategoryFactory,
    CraftVillageFactory,
    DecisionFactory,
    GoodsTypeFactory,
    IngredientFactory,
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    ProductTypeFactory,
    ProtectedProductFactory,
    RatingFactory,
    SalesPointFactory,
    SourceFactory,
    SuccessionFactory,
    UnitFactory,
    square,
)

NOON = timezone.make_aware(datetime.datetime(2026, 11, 23, 12))


class Dataset:
    """One record of each kind, linked, and drafts that must not be disclosed."""

    def __init__(self):
        self.district = UnitFactory(code="992", validity=UNTIL_THE_CHANGE)
        self.old = UnitFactory(code="82738", parent=self.district, validity=UNTIL_THE_CHANGE)
        self.new = UnitFactory(code="82740", validity=SINCE_THE_CHANGE)
        self.boundary = BoundaryFactory(unit=self.old)
        self.succession = SuccessionFactory(predecessor=self.old, successor=self.new)
        self.category = CategoryFactory(name="đồ uống")
        self.type = ProductTypeFactory(code="wine", name="rượu vang")
        self.ingredient_type = ProductTypeFactory(code="grape", name="nho")
        self.producer = ProducerFactory(code="P-1", published=True, declared_commune=self.old)
        self.other = ProducerFactory(code="P-2", published=True)
        self.product = self.make_product("A-1", published=True)
        self.ingredient = IngredientFactory(product=self.product, type=self.ingredient_type)
        self.rating = RatingFactory(product=self.product)
        self.decision = DecisionFactory(on=datetime.date(2020, 12, 10))
        RatingFactory(product=self.product, decision=self.decision)
        self.right = IpRightFactory(code="R-1", published=True)
        self.shop = SalesPointFactory(code="S-1", published=True, producer=self.producer)
        self.village = CraftVillageFactory(
            code="V-1", published=True, producer=self.producer, declared_commune=self.old
        )
        self.protected = ProtectedProductFactory(right=self.right, product=self.product)
        GoodsTypeFactory(right=self.right, type=self.type)

        self.draft = self.make_product("A-2")
        self.draft_rating = RatingFactory(product=self.draft)
        self.draft_decision = DecisionFactory(on=datetime.date(2020, 12, 10))
        RatingFactory(product=self.draft, decision=self.draft_decision)
        self.draft_producer = ProducerFactory(code="P-3")
        self.of_draft = ProductFactory(code="A-3", published=True, producer=self.draft_producer)
        self.draft_right = IpRightFactory(code="R-2")
        ProtectedProductFactory(right=self.draft_right, product=self.product)
        ProtectedProductFactory(right=self.right, product=self.draft)

    def make_product(self, code, **values):
        return ProductFactory(
            code=code,
            producer=self.producer,
            category=self.category,
            type=self.type,
            declared_commune=self.old,
            **values,
        )

    def __getitem__(self, path):
        """The record at `dataset["product.source"]`, refreshed from the database."""
        record = self
        for name in path.split("."):
            record = getattr(record, name)
        record.refresh_from_db()
        return record


def saved(record, values):
    for name, value in values.items():
        setattr(record, name, value)
    record.save()


def updated(record, values):
    type(record).objects.filter(pk=record.pk).update(**values)


def by_sql(record, values):
    table = record._meta.db_table
    columns = ", ".join(f"{record._meta.get_field(name).column} = %s" for name in values)
    written = [getattr(value, "ewkt", value) for value in values.values()]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {columns} WHERE id = %s", [*written, record.pk])


D, OLD, NEW = "districts/992", "communes/82738", "communes/82740-2024-03-01"
# The records that are located in them.
THERE = "products/A-1 producers/P-1 craft-villages/V-1"

# (record, values written to it, features that are listed as updated)
SHOWN = [
    ("district.source", {"title": "Nghị quyết"}, D),
    ("old.source", {"title": "Nghị quyết"}, OLD),
    ("old.source", {"publisher": "Quốc hội"}, ""),
    ("product.source", {"url": "https://example.org/new-a"}, "products/A-1"),
    ("producer.source", {"url": "https://example.org/new-b"}, "producers/P-1"),
    ("right.source", {"url": "https://example.org/new-c"}, "protections/R-1"),
    ("product.source", {"title": "Báo"}, ""),
    ("draft.source", {"url": "https://example.org/new-d"}, ""),
    ("district", {"name": "Minh Hải"}, f"{D} {OLD} {THERE}"),
    ("district", {"code": "993"}, f"{D} {OLD} {THERE}"),
    ("district", {"name_en": "Minh Hai"}, D),
    ("old", {"kind": "phường"}, f"{OLD} {THERE}"),
    ("old", {"code": "82739"}, f"{OLD} {NEW} {THERE}"),
    ("new", {"name": "Vĩnh Hậu"}, f"{NEW} {THERE}"),
    ("old", {"validity": SINCE_THE_CHANGE}, OLD),
    ("boundary", {"geometry": square(109, 11.5, 0.2)}, OLD),
    ("boundary", {"outline": square(109, 11.5, 0.2)}, OLD),
    ("succession", {"share": "0.5"}, ""),
    ("category", {"name": "thực phẩm"}, "products/A-1"),
    ("category", {"code": "II"}, "products/A-1"),
    ("category", {"name_en": "food"}, ""),
    ("type", {"name": "vang"}, "products/A-1"),
    ("type", {"code": "red_wine"}, "products/A-1 protections/R-1"),
    ("type", {"synonyms_en": "red wine"}, ""),
    ("ingredient_type", {"code": "red_grape"}, "products/A-1"),
    ("producer", {"name": "HTX Thái An"}, "producers/P-1 products/A-1"),
    ("producer", {"website": "https://example.org/"}, "producers/P-1"),
    # `updated_at` is displayed.
    ("producer", {"phone": "0259 3822683", "contact_consent_on": "2026-01-01"}, "producers/P-1"),
    ("draft_producer", {"name": "HTX Bí mật"}, ""),
    ("product", {"name": "Nho"}, "products/A-1"),
    ("product", {"gtin": "8938500123456"}, "products/A-1"),
    ("draft", {"name": "Bí mật"}, ""),
    ("draft", {"state": State.REVIEW}, ""),
    ("rating", {"stars": 4}, "products/A-1"),
    ("rating", {"revoked_on": "2025-12-31"}, "products/A-1"),
    ("rating", {"decision_text": "Quyết định 1"}, "products/A-1"),
    ("rating", {"issuer": "Tỉnh"}, ""),
    ("draft_rating", {"stars": 4}, ""),
    ("decision", {"number": "99/QĐ-UBND"}, "products/A-1"),
    ("decision", {"day": day_span(datetime.date(2020, 12, 24))}, "products/A-1"),
    ("decision", {"issuer": "Sở"}, ""),
    # The reason and the day are written together.
    ("decision", {"revoked_on": "2021-12-31", "revocation_reason": "Sai"}, "products/A-1"),
    ("draft_decision", {"number": "98/QĐ-UBND"}, ""),
    ("right", {"name": "Nho Minh Thuần"}, "protections/R-1 products/A-1"),
    ("right", {"owner": "Sở"}, "protections/R-1"),
    ("right", {"stage": IpRight.Stage.PENDING}, "protections/R-1 products/A-1"),
    ("draft_right", {"name": "Bí mật"}, ""),
    ("shop", {"goods": "nho"}, "sales-points/S-1"),
    ("village", {"visit": True}, "craft-villages/V-1"),
    ("village.source", {"url": "https://example.org/new-e"}, "craft-villages/V-1"),
]


def random_actions(dataset, rng):
    """Return functions that change random records.

    rng: a random.Random.
    """
    numbers = iter(range(1_000))
    products = [dataset.product, dataset.draft, dataset.of_draft]
    producers = [dataset.producer, dataset.other, dataset.draft_producer]
    rights = [dataset.right, dataset.draft_right]
    types = [dataset.type, dataset.ingredient_type]
    places = [dataset.shop, dataset.village]

    def in_any_state():
        return {"state": rng.choice(State.values), "state_reason": "x", "published_at": NOON}

    def protect():
        ProtectedProduct.objects.get_or_create(
            right=rng.choice(rights),
            product=rng.choice(products),
            defaults={"source": dataset.right.source},
        )

    actions = [
        lambda: updated(rng.choice(products + producers + rights + places), in_any_state()),
        lambda: updated(rng.choice(products + places), {"producer_id": rng.choice(producers).pk}),
        lambda: updated(rng.choice(producers + rights), {"name": f"Tên {next(numbers)}"}),
        lambda: updated(rng.choice(rights), {"stage": rng.choice(["registered", "expired"])}),
        lambda: updated(rng.choice(products), {"source_id": SourceFactory().pk}),
        lambda: ProtectedProduct.objects.filter(product=rng.choice(products)).delete(),
        protect,
        lambda: updated(dataset.new, {"name": f"Xã {next(numbers)}"}),
        lambda: updated(
            rng.choice([dataset.type, dataset.ingredient_type]), {"name": f"Loại {next(numbers)}"}
        ),
        lambda: Ingredient.objects.filter(product=rng.choice(products)).delete(),
        lambda: Ingredient.objects.get_or_create(
            product=rng.choice(products), type=rng.choice(types)
        ),
        lambda: updated(
            rng.choice(products), {"type_id": rng.choice(types).pk, "type_basis": "inferred"}
        ),
        lambda: GoodsType.objects.filter(right=rng.choice(rights)).delete(),
        lambda: GoodsType.objects.get_or_create(right=rng.choice(rights), type=rng.choice(types)),
        lambda: OcopRating.objects.update(stars=rng.choice([3, 4, 5])),
    ]

    def add_product():
        products.append(dataset.make_product(f"B-{next(numbers)}", **in_any_state()))

    def delete_product():
        # At least one remains to choose from.
        if len(products) > 1:
            products.pop(rng.randrange(len(products))).delete()

    return [*actions, add_product, delete_product]
