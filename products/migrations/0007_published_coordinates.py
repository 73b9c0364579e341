"""Points and areas are stored with the decimals that are published; stored ones are rounded."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# The trigger rounds whatever is written. These are changes like all others: the published coordinates
# get a seventh decimal, so the list of changes names the records. The deferred triggers that list
# them run at once: no later statement could alter a table while they wait.
ROUND = """
UPDATE products_product SET point = point WHERE point::bytea <> geodata_published(point)::bytea;
UPDATE products_producer SET point = point WHERE point::bytea <> geodata_published(point)::bytea;
UPDATE products_ipright SET area = area, outline = outline
WHERE area::bytea <> geodata_published(area)::bytea
    OR outline::bytea <> geodata_published(outline)::bytea;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("geodata", "0007_published_coordinates"),
        ("products", "0006_constraint_messages"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="ipright",
            trigger=pgtrigger.compiler.Trigger(
                name="round_coordinates",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.area = geodata_published(NEW.area); NEW.outline = geodata_published(NEW.outline); RETURN NEW;",
                    hash="83713a9bba95ad5e8a0f3dc476f409a8e053f853",
                    operation='INSERT OR UPDATE OF "area", "outline"',
                    pgid="pgtrigger_round_coordinates_6fc82",
                    table="products_ipright",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="producer",
            trigger=pgtrigger.compiler.Trigger(
                name="round_coordinates",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.point = geodata_published(NEW.point); RETURN NEW;",
                    hash="30d99221e984d3158860b14b47a3f6b960264fd6",
                    operation='INSERT OR UPDATE OF "point"',
                    pgid="pgtrigger_round_coordinates_718c2",
                    table="products_producer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="round_coordinates",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.point = geodata_published(NEW.point); RETURN NEW;",
                    hash="47e463c9436603f5ecc8abd9d967d1f346e3ad6f",
                    operation='INSERT OR UPDATE OF "point"',
                    pgid="pgtrigger_round_coordinates_9cace",
                    table="products_product",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(ROUND, migrations.RunSQL.noop),
    ]
