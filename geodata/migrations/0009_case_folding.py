"""Full case folding as Unicode defines it, for CASEI in filters."""

import sys

from django.db import migrations

# What lower() leaves although it folds to something else: one letter (ς, ſ, the Cherokee letters)
# or several (ß, ﬁ, letters with a Greek iota). From Python's tables of Unicode: the folding of an
# assigned character never changes.
LEFT = [
    letter
    for letter in map(chr, range(0x80, sys.maxunicode + 1))
    if letter == letter.lower() and letter != letter.casefold()
]
ONE = [letter for letter in LEFT if len(letter.casefold()) == 1]
SEVERAL = [letter for letter in LEFT if len(letter.casefold()) > 1]


def replaced(text, letters):
    for letter in letters:
        text = f"replace({text}, '{letter}', '{letter.casefold()}')"
    return text


# The root locale of ICU knows all of Unicode, whatever the collation of the database or the column.
CASEFOLD = f"""
CREATE FUNCTION geodata_casefold(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    folded text := translate(
        lower(value COLLATE "und-x-icu"),
        '{"".join(ONE)}',
        '{"".join(letter.casefold() for letter in ONE)}'
    );
BEGIN
    IF folded ~ '[{"".join(SEVERAL)}]' THEN
        folded := {replaced("folded", SEVERAL)};
    END IF;
    RETURN folded;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("geodata", "0008_visible_text")]

    operations = [migrations.RunSQL(CASEFOLD, "DROP FUNCTION geodata_casefold(text)")]
