"""Boundaries are stored with the decimals that are published; what is stored already is rounded."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# The trigger rounds whatever is written. The deferred triggers that list the changes run at once: no
# later statement could alter the table while they wait.
ROUND = """
UPDATE districts_boundary SET geometry = geometry, outline = outline
WHERE geometry::bytea <> geodata_published(geometry)::bytea
    OR outline::bytea <> geodata_published(outline)::bytea;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("geodata", "0007_published_coordinates"),
        ("districts", "0005_constraint_messages"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="boundary",
            trigger=pgtrigger.compiler.Trigger(
                name="round_coordinates",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.geometry = geodata_published(NEW.geometry); NEW.outline = geodata_published(NEW.outline); RETURN NEW;",
                    hash="d3c2f91faa0cbd583e16f6ad784387eec00904ad",
                    operation='INSERT OR UPDATE OF "geometry", "outline"',
                    pgid="pgtrigger_round_coordinates_56429",
                    table="districts_boundary",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(ROUND, migrations.RunSQL.noop),
    ]
