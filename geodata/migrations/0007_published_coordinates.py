"""The rounding of coordinates to the decimals that are published."""

from django.db import migrations

# ST_SnapToGrid() multiplies and divides, which leaves errors of the last bit; text does not.
# The path of names is the function's own, as a restore of a dump clears that of the session.
PUBLISHED = """
CREATE FUNCTION geodata_published(value geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT ST_GeomFromText(ST_AsText(value, 7), ST_SRID(value))
$$
"""


class Migration(migrations.Migration):
    dependencies = [("geodata", "0006_dump_safe_triggers")]

    operations = [migrations.RunSQL(PUBLISHED, "DROP FUNCTION geodata_published(geometry)")]
