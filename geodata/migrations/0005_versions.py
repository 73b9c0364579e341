"""The function by which a row remembers the transaction that raised its version."""

from django.db import migrations

# Not txid_current(): its numbers begin again in a database that a dump was restored into, and a row
# could then seem to have been raised by the transaction that is only now changing it.
TRANSACTION = """
CREATE FUNCTION geodata_transaction() RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('geodata.transaction', true), '') = '' THEN
        PERFORM set_config('geodata.transaction', gen_random_uuid()::text, true);
    END IF;
    RETURN current_setting('geodata.transaction')::uuid;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("geodata", "0004_changes"),
    ]

    operations = [
        migrations.RunSQL(TRANSACTION, "DROP FUNCTION geodata_transaction()"),
    ]
