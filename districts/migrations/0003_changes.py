"""Changes of units, their boundaries, successions and sources are listed."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# Who reads the list from its beginning gets everything. As a revision of its own, so that it is not
# taken for what another transaction listed.
LIST_WHAT_IS_PUBLIC = """
UPDATE geodata_revision SET number = number + 1, changed_at = clock_timestamp();
INSERT INTO geodata_change (revision, collection, feature_id, op, at)
    SELECT revision.number, 'districts', public_id, 'insert', revision.changed_at
    FROM districts_unit, geodata_revision revision WHERE level = 2 ORDER BY public_id;
INSERT INTO geodata_change (revision, collection, feature_id, op, at)
    SELECT revision.number, 'communes', public_id, 'insert', revision.changed_at
    FROM districts_unit, geodata_revision revision WHERE level = 3 ORDER BY public_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0002_initial"),
        ("geodata", "0004_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="UnitSource",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("geodata.source",),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="boundary",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.unit_id, OLD.geometry, OLD.outline) IS DISTINCT FROM ROW(NEW.unit_id, NEW.geometry, NEW.outline) THEN PERFORM geodata_list_change('districts', public_id, true) FROM districts_unit WHERE level = 2 AND (id = ANY (ARRAY[OLD.unit_id, NEW.unit_id])); END IF;\nIF ROW(OLD.unit_id, OLD.geometry, OLD.outline) IS DISTINCT FROM ROW(NEW.unit_id, NEW.geometry, NEW.outline) THEN PERFORM geodata_list_change('communes', public_id, true) FROM districts_unit WHERE level = 3 AND (id = ANY (ARRAY[OLD.unit_id, NEW.unit_id])); END IF;\nRETURN NULL;",
                    hash="e988fa25f7b83fdb91231b34e263b93995174006",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_53aad",
                    table="districts_boundary",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="succession",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.predecessor_id, OLD.successor_id) IS DISTINCT FROM ROW(NEW.predecessor_id, NEW.successor_id) THEN PERFORM geodata_list_change('districts', public_id, true) FROM districts_unit WHERE level = 2 AND (id = ANY (ARRAY[OLD.predecessor_id, NEW.predecessor_id]) OR id = ANY (ARRAY[OLD.successor_id, NEW.successor_id])); END IF;\nIF ROW(OLD.predecessor_id, OLD.successor_id) IS DISTINCT FROM ROW(NEW.predecessor_id, NEW.successor_id) THEN PERFORM geodata_list_change('communes', public_id, true) FROM districts_unit WHERE level = 3 AND (id = ANY (ARRAY[OLD.predecessor_id, NEW.predecessor_id]) OR id = ANY (ARRAY[OLD.successor_id, NEW.successor_id])); END IF;\nRETURN NULL;",
                    hash="2f117981e31aa1040f7b04d38945f8bc1cc34c96",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_d75c0",
                    table="districts_succession",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.public_id, OLD.level, OLD.code, OLD.kind, OLD.name, OLD.name_en, OLD.parent_id, OLD.validity, OLD.source_id) IS DISTINCT FROM ROW(NEW.public_id, NEW.level, NEW.code, NEW.kind, NEW.name, NEW.name_en, NEW.parent_id, NEW.validity, NEW.source_id) THEN PERFORM geodata_list_change('districts', changed.id, EXISTS (SELECT FROM districts_unit WHERE public_id = changed.id AND level = 2)) FROM (SELECT OLD.public_id UNION SELECT NEW.public_id) AS changed(id) WHERE changed.id IS NOT NULL; END IF;\nIF ROW(OLD.public_id, OLD.level, OLD.code, OLD.kind, OLD.name, OLD.name_en, OLD.parent_id, OLD.validity, OLD.source_id) IS DISTINCT FROM ROW(NEW.public_id, NEW.level, NEW.code, NEW.kind, NEW.name, NEW.name_en, NEW.parent_id, NEW.validity, NEW.source_id) THEN PERFORM geodata_list_change('communes', changed.id, EXISTS (SELECT FROM districts_unit WHERE public_id = changed.id AND level = 3)) FROM (SELECT OLD.public_id UNION SELECT NEW.public_id) AS changed(id) WHERE changed.id IS NOT NULL; END IF;\nIF ROW(OLD.code, OLD.full_name) IS DISTINCT FROM ROW(NEW.code, NEW.full_name) THEN PERFORM geodata_list_change('districts', public_id, true) FROM districts_unit WHERE level = 2 AND (parent_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nIF ROW(OLD.code, OLD.full_name) IS DISTINCT FROM ROW(NEW.code, NEW.full_name) THEN PERFORM geodata_list_change('communes', public_id, true) FROM districts_unit WHERE level = 3 AND (parent_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nIF ROW(OLD.code) IS DISTINCT FROM ROW(NEW.code) THEN PERFORM geodata_list_change('districts', public_id, true) FROM districts_unit WHERE level = 2 AND (id IN (SELECT successor_id FROM districts_succession WHERE predecessor_id = ANY (ARRAY[OLD.id, NEW.id]) UNION SELECT predecessor_id FROM districts_succession WHERE successor_id = ANY (ARRAY[OLD.id, NEW.id]))); END IF;\nIF ROW(OLD.code) IS DISTINCT FROM ROW(NEW.code) THEN PERFORM geodata_list_change('communes', public_id, true) FROM districts_unit WHERE level = 3 AND (id IN (SELECT successor_id FROM districts_succession WHERE predecessor_id = ANY (ARRAY[OLD.id, NEW.id]) UNION SELECT predecessor_id FROM districts_succession WHERE successor_id = ANY (ARRAY[OLD.id, NEW.id]))); END IF;\nRETURN NULL;",
                    hash="9f66c081d746070eeeb3040c3e5712d8cad71efc",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_30577",
                    table="districts_unit",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitsource",
            trigger=pgtrigger.compiler.Trigger(
                name="list_changes_of_units",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="IF ROW(OLD.title) IS DISTINCT FROM ROW(NEW.title) THEN PERFORM geodata_list_change('districts', public_id, true) FROM districts_unit WHERE level = 2 AND (source_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nIF ROW(OLD.title) IS DISTINCT FROM ROW(NEW.title) THEN PERFORM geodata_list_change('communes', public_id, true) FROM districts_unit WHERE level = 3 AND (source_id = ANY (ARRAY[OLD.id, NEW.id])); END IF;\nRETURN NULL;",
                    hash="7af9e78b59be14a404159d927ae0807273804785",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_list_changes_of_units_5ce30",
                    table="geodata_source",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(LIST_WHAT_IS_PUBLIC, migrations.RunSQL.noop),
    ]
