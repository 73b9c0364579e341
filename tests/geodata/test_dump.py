"""A restored dump is the whole database: it checks and records every change as before."""

import datetime
import os
import re
import subprocess

import psycopg2
import pytest
from django.apps import apps
from django.db import connection
from psycopg2 import sql

from tests.factories import (
    CategoryFactory,
    CraftVillageFactory,
    DecisionFactory,
    GoodsTypeFactory,
    IngredientFactory,
    PhotoFactory,
    PlaceNameFactory,
    ProducerCertificateFactory,
    ProducerFactory,
    ProductCertificateFactory,
    ProductTypeFactory,
    ProtectedProductFactory,
    RatingFactory,
    SalesPointFactory,
    SeasonUnitFactory,
    SuccessionFactory,
    UnitFactory,
    at,
    square,
)

# Qualified names, whatever the search_path of the session that reads them.
INVENTORY = {
    "triggers": """
        SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT t.tgisinternal
    """,
    "functions": """
        SELECT pg_get_functiondef(p.oid) FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f' AND NOT EXISTS (
            SELECT FROM pg_depend d
            WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
        )
    """,
    "constraints": """
        SELECT c.conrelid::regclass || ': ' || c.conname || ' ' || pg_get_constraintdef(c.oid)
        FROM pg_constraint c WHERE c.connamespace = 'public'::regnamespace
    """,
    "indexes": """
        SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    """,
}

# PostgreSQL drops superfluous brackets and moves casts of text when it reads its own definitions.
REWRITTEN = re.compile(r"[()]|::(text|character varying)(\[\])?")


def tracked_models():
    """The models whose every change leaves an event."""
    return [
        model
        for model in apps.get_models()
        if hasattr(model, "pgh_event_model") and not model._meta.proxy
    ]


def inventory(cursor):
    """What each query of INVENTORY lists, sorted."""
    cursor.execute("SET search_path = ''")
    found = {}
    for name, query in INVENTORY.items():
        cursor.execute(query)
        found[name] = sorted(REWRITTEN.sub("", text) for (text,) in cursor.fetchall())
    cursor.execute("RESET search_path")
    return found


@pytest.fixture
def restored(transactional_db, tmp_path):
    """A cursor in a new database, restored from a dump of this one with a row in each table."""
    old = UnitFactory(area=square(109, 11.5), area__outline=square(109, 11.5))
    SuccessionFactory(predecessor=old)
    producer = ProducerFactory(published=True, point=at(109.05, 11.55), declared_commune=old)
    rating = RatingFactory(
        product__producer=producer,
        product__published=True,
        product__category=CategoryFactory(),
        product__type=ProductTypeFactory(),
        product__point=at(109.05, 11.55),
    )
    decision = DecisionFactory(
        on=datetime.date(2020, 2, 3), revoked_on="2021-02-03", revocation_reason="Sai"
    )
    RatingFactory(product=rating.product, decision=decision)
    PhotoFactory(product=rating.product)
    IngredientFactory(product=rating.product)
    ProductCertificateFactory(product=rating.product)
    ProducerCertificateFactory(producer=producer)
    SalesPointFactory(published=True, producer=producer, point=at(109.05, 11.55))
    CraftVillageFactory(published=True, producer=producer, point=at(109.05, 11.55))
    SeasonUnitFactory(unit=old)
    PlaceNameFactory()
    protected = ProtectedProductFactory(product=rating.product, right__published=True)
    protected.right.area_parts.create(unit=old)
    GoodsTypeFactory(right=protected.right, type=rating.product.type)
    type(protected.right).objects.dissolve_areas()

    settings = connection.settings_dict
    server = {
        "PGHOST": settings["HOST"],
        "PGPORT": str(settings["PORT"]),
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
    }
    name = f"{settings['NAME']}_restored"
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    dump = tmp_path / "dump"
    environment = os.environ | server
    subprocess.run(["pg_dump", "-Fc", "-f", dump, settings["NAME"]], env=environment, check=True)
    subprocess.run(["pg_restore", "--exit-on-error", "-d", name, dump], env=environment, check=True)
    other = psycopg2.connect(
        host=settings["HOST"],
        port=settings["PORT"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        dbname=name,
    )
    with other.cursor() as cursor:
        yield cursor
    other.close()
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def test_a_restored_dump_lacks_nothing_and_records_every_change(restored):
    """One test, because the dump takes seconds."""
    with connection.cursor() as cursor:
        ours = inventory(cursor)
    theirs = inventory(restored)
    assert {name: len(found) > 20 for name, found in ours.items()} == dict.fromkeys(ours, True)
    lost = {name: sorted(set(found) ^ set(theirs[name])) for name, found in ours.items()}
    assert lost == {name: [] for name in ours}

    # Even a session without any search_path changes rows and has its changes recorded.
    restored.execute("SET search_path = ''")
    silent = []
    for model in tracked_models():
        for field in changeable_fields(model):
            before = events(restored, model)
            restored.execute(change_of(model, field))
            assert restored.rowcount > 0, f"{model._meta.label} has no row"
            if events(restored, model) <= before:
                silent.append(f"{model._meta.label}.{field.name}")
            restored.execute("SET CONSTRAINTS ALL IMMEDIATE")
            restored.connection.rollback()
            restored.execute("SET search_path = ''")
    assert silent == []


@pytest.mark.django_db
def test_every_function_works_with_any_search_path():
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT definition FROM ({INVENTORY['functions']}) AS f(definition)"
            " WHERE definition NOT LIKE '%SET search_path TO%'"
        )
        assert cursor.fetchall() == []


def changeable_fields(model):
    """The fields of a model whose change its history records and that SQL can set."""
    recorded = {field.name for field in model.pgh_event_model._meta.concrete_fields}
    return [
        field
        for field in model._meta.concrete_fields
        if field.name in recorded - {"version"}
        and not field.primary_key
        and not field.generated
        and not field.choices
        and not field.unique
        and field.name not in CHECKED
        and field.get_internal_type() in CHANGES
    ]


# SQL for another value of a column of that kind.
CHANGES = {
    "CharField": "coalesce({0}, '') || 'x'",
    "TextField": "coalesce({0}, '') || 'x'",
    "DateTimeField": "coalesce({0}, now()) + interval '1 day'",
    "PointField": "public.ST_Translate({0}, 0.001, 0.001)",
    "MultiPolygonField": "public.ST_Translate({0}, 0.001, 0.001)",
    "DateRangeField": "daterange(date '2001-01-01', date '2002-01-01')",
}
# Constraints tie these to other columns or to a pattern.
CHECKED = {"code", "position", "gtin", "filed", "granted"}


def change_of(model, field):
    value = CHANGES[field.get_internal_type()].format(f'"{field.column}"')
    return f'UPDATE public."{model._meta.db_table}" SET "{field.column}" = {value}'


def events(cursor, model):
    cursor.execute(f'SELECT count(*) FROM public."{model.pgh_event_model._meta.db_table}"')
    return cursor.fetchone()[0]
