"""What the database must know before the first table: extensions, folding, VN-2000."""

from django.contrib.postgres.operations import (
    BtreeGistExtension,
    CreateExtension,
    TrigramExtension,
)
from django.db import migrations

# The rule of geodata/text.py. Not unaccent(): it is only STABLE, and rewrites signs (®, ½, ß) that
# neither Python nor JavaScript would, so that a slug would have two spellings.
FOLD = r"""
CREATE FUNCTION geodata_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT trim(regexp_replace(
        lower(translate(regexp_replace(normalize(value, NFD), '[\u0300-\u036f]', '', 'g'), 'đĐðÐ', 'dDdD')),
        '[^a-z0-9]+', ' ', 'g'))
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
        migrations.RunSQL(FOLD, "DROP FUNCTION geodata_fold(text)"),
        migrations.RunSQL(VN2000, "DELETE FROM spatial_ref_sys WHERE srid = 9217"),
    ]
