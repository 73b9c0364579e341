"""Changes of records, and of what shows in them, are listed."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# Who reads the list from its beginning gets everything. As a revision of its own, so that it is not
# taken for what another transaction listed.
LIST_WHAT_IS_PUBLIC = """
UPDATE geodata_revision SET number = number + 1, changed_at = clock_timestamp();
INSERT INTO geodata_change (revision, collection, feature_id, op, at)
    SELECT revision.number, 'products', code, 'insert', revision.changed_at
    FROM products_product, geodata_revision revision WHERE state = 'published' ORDER BY code;
INSERT INTO geodata_change (revision, collection, feature_id, op, at)
    SELECT revision.number, 'producers', code, 'insert', revision.changed_at
    FROM products_producer, geodata_revision revision WHERE state = 'published' ORDER BY code;
INSERT INTO geodata_change (revision, collection, feature_id, op, at)
    SELECT revision.number, 'protections', code, 'insert', revision.changed_at
    FROM products_ipright, geodata_revision revision WHERE state = 'published' ORDER BY code;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0003_changes"),
        ("geodata", "0004_changes"),
        ("products", "0002_rating_stars_are_choices"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecordSource",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("geodata.source",),
        ),
        migrations.CreateModel(
            name="RecordUnit",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("districts.unit",),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="category",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.code, OLD.name) IS DISTINCT FROM ROW(NEW.code, NEW.name) THEN PERFORM geodata_list_change('products', code, true) FROM products_product WHERE state = 'published' AND (category_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nRETURN NULL;",
                    hash="7b8a2cd8126e9b89dc91b6d012c79fe247108101",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_8698f",
                    table="products_category",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ipright",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.code, OLD.state, OLD.updated_at) IS DISTINCT FROM ROW(NEW.code, NEW.state, NEW.updated_at) THEN PERFORM geodata_list_change('protections', changed.id, EXISTS (SELECT FROM products_ipright WHERE code = changed.id AND state = 'published')) FROM (SELECT OLD.code UNION SELECT NEW.code) AS changed(id) WHERE changed.id IS NOT NULL; END IF;\nIF ROW(CASE WHEN OLD.state = 'published' AND OLD.stage = 'registered' THEN OLD.name END) IS DISTINCT FROM ROW(CASE WHEN NEW.state = 'published' AND NEW.stage = 'registered' THEN NEW.name END) THEN PERFORM geodata_list_change('products', code, true) FROM products_product WHERE state = 'published' AND (id IN (SELECT product_id FROM products_protectedproduct WHERE right_id = ANY (ARRAY[OLD.id, NEW.id]))); END IF;\nRETURN NULL;",
                    hash="2f71dade9ee217257d709ff1f073446c41f137dd",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_8e216",
                    table="products_ipright",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ocoprating",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.product_id, OLD.stars, OLD.nominated_stars, OLD.decided, OLD.decision, OLD.revoked_on) IS DISTINCT FROM ROW(NEW.product_id, NEW.stars, NEW.nominated_stars, NEW.decided, NEW.decision, NEW.revoked_on) THEN PERFORM geodata_list_change('products', code, true) FROM products_product WHERE state = 'published' AND (id = ANY (ARRAY[OLD.product_id, NEW.product_id])); END IF;\nRETURN NULL;",
                    hash="b2589421aebc737c8b17e470e76e6367b2fb2e80",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_19112",
                    table="products_ocoprating",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="producer",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.code, OLD.state, OLD.updated_at) IS DISTINCT FROM ROW(NEW.code, NEW.state, NEW.updated_at) THEN PERFORM geodata_list_change('producers', changed.id, EXISTS (SELECT FROM products_producer WHERE code = changed.id AND state = 'published')) FROM (SELECT OLD.code UNION SELECT NEW.code) AS changed(id) WHERE changed.id IS NOT NULL; END IF;\nIF ROW(CASE WHEN OLD.state = 'published' THEN OLD.code END, CASE WHEN OLD.state = 'published' THEN OLD.name END) IS DISTINCT FROM ROW(CASE WHEN NEW.state = 'published' THEN NEW.code END, CASE WHEN NEW.state = 'published' THEN NEW.name END) THEN PERFORM geodata_list_change('products', code, true) FROM products_product WHERE state = 'published' AND (producer_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nRETURN NULL;",
                    hash="43f2558fe659d9482cdadefcfdd62ac2f081de9b",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_b2e1b",
                    table="products_producer",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.code, OLD.state, OLD.updated_at) IS DISTINCT FROM ROW(NEW.code, NEW.state, NEW.updated_at) THEN PERFORM geodata_list_change('products', changed.id, EXISTS (SELECT FROM products_product WHERE code = changed.id AND state = 'published')) FROM (SELECT OLD.code UNION SELECT NEW.code) AS changed(id) WHERE changed.id IS NOT NULL; END IF;\nIF ROW(CASE WHEN OLD.state = 'published' THEN OLD.producer_id END) IS DISTINCT FROM ROW(CASE WHEN NEW.state = 'published' THEN NEW.producer_id END) THEN PERFORM geodata_list_change('producers', code, true) FROM products_producer WHERE state = 'published' AND (id = ANY (ARRAY[OLD.producer_id, NEW.producer_id])); END IF;\nIF ROW(CASE WHEN OLD.state = 'published' THEN OLD.id END) IS DISTINCT FROM ROW(CASE WHEN NEW.state = 'published' THEN NEW.id END) THEN PERFORM geodata_list_change('protections', code, true) FROM products_ipright WHERE state = 'published' AND (id IN (SELECT right_id FROM products_protectedproduct WHERE product_id = ANY (ARRAY[OLD.id, NEW.id]))); END IF;\nRETURN NULL;",
                    hash="44ee1b6fd93b9e91a8549257cb19c0f3adddf1de",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_2dc9c",
                    table="products_product",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="protectedproduct",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.product_id, OLD.right_id) IS DISTINCT FROM ROW(NEW.product_id, NEW.right_id) THEN PERFORM geodata_list_change('products', code, true) FROM products_product WHERE state = 'published' AND (id = ANY (ARRAY[OLD.product_id, NEW.product_id])); END IF;\nIF ROW(OLD.product_id, OLD.right_id) IS DISTINCT FROM ROW(NEW.product_id, NEW.right_id) THEN PERFORM geodata_list_change('protections', code, true) FROM products_ipright WHERE state = 'published' AND (id = ANY (ARRAY[OLD.right_id, NEW.right_id])); END IF;\nRETURN NULL;",
                    hash="8e02cd1aa3d3806366a910320445cd72877b75da",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_5b458",
                    table="products_protectedproduct",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recordsource",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes_of_records",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.url) IS DISTINCT FROM ROW(NEW.url) THEN PERFORM geodata_list_change('products', code, true) FROM products_product WHERE state = 'published' AND (source_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nIF ROW(OLD.url) IS DISTINCT FROM ROW(NEW.url) THEN PERFORM geodata_list_change('producers', code, true) FROM products_producer WHERE state = 'published' AND (source_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nIF ROW(OLD.url) IS DISTINCT FROM ROW(NEW.url) THEN PERFORM geodata_list_change('protections', code, true) FROM products_ipright WHERE state = 'published' AND (source_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nRETURN NULL;",
                    hash="af9ced225f258714fefbff5571c411642013499f",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_of_records_4b8b5",
                    table="geodata_source",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recordunit",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes_of_records",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.code, OLD.full_name) IS DISTINCT FROM ROW(NEW.code, NEW.full_name) THEN PERFORM geodata_list_change('products', code, true) FROM products_product WHERE state = 'published' AND (commune_id = ANY (ARRAY[OLD.id, NEW.id]) OR old_commune_id = ANY (ARRAY[OLD.id, NEW.id]) OR district_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nIF ROW(OLD.code, OLD.full_name) IS DISTINCT FROM ROW(NEW.code, NEW.full_name) THEN PERFORM geodata_list_change('producers', code, true) FROM products_producer WHERE state = 'published' AND (commune_id = ANY (ARRAY[OLD.id, NEW.id]) OR old_commune_id = ANY (ARRAY[OLD.id, NEW.id]) OR district_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nRETURN NULL;",
                    hash="d0256c6a746b93b578e285cac2f82581fe40234c",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_of_records_3a0e7",
                    table="districts_unit",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(LIST_WHAT_IS_PUBLIC, migrations.RunSQL.noop),
    ]
