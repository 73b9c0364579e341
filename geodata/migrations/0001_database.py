"""What the database must know before the first table: extensions, folding, VN-2000."""

from django.contrib.postgres.operations import (
    BtreeGistExtension,
    CreateExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations

# unaccent() is only STABLE, because its dictionary could be exchanged; naming the dictionary makes
# the promise that IMMUTABLE asks for. NFC first: unaccent knows letters, not loose marks.
FOLD = """
CREATE FUNCTION geodata_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT trim(regexp_replace(
        lower(public.unaccent('public.unaccent', normalize(value, NFC))), '[^a-z0-9]+', ' ', 'g'))
$$
"""

# PostGIS 3.3 lists none of the provincial grids of VN-2000. With the authority's name and number in
# the row PROJ looks the definition up itself, datum shift included; the text is not read.
VN2000 = """
INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text)
SELECT 9217, 'EPSG', 9217, 'VN-2000 / TM-3 108-15', ''
WHERE NOT EXISTS (SELECT FROM spatial_ref_sys WHERE srid = 9217)
"""


class Migration(migrations.Migration):
    initial = True

    operations = [
        CreateExtension("postgis"),
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(FOLD, "DROP FUNCTION geodata_fold(text)"),
        migrations.RunSQL(VN2000, "DELETE FROM spatial_ref_sys WHERE srid = 9217"),
    ]
