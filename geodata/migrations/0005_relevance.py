"""The function by which the results of a search are sorted; Relevance in geodata/text.py."""

from django.db import migrations

RELEVANCE = r"""
CREATE FUNCTION geodata_relevance(folded text, written text, words text[], typed text[])
RETURNS integer LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    lines text[] := string_to_array(folded, E'\n');
    originals text[] := string_to_array(written, E'\n');
    wanted text := array_to_string(words, ' ');
    padded text;
    how integer;
    best integer;
    worst integer := 0;
BEGIN
    FOR line IN 1 .. cardinality(lines) LOOP
        IF lines[line] = wanted THEN
            RETURN 10 * (line - 1) + (
                SELECT bool_or(position(word IN originals[line]) = 0) FROM unnest(typed) AS word
            )::integer;
        END IF;
    END LOOP;
    FOR word IN 1 .. cardinality(words) LOOP
        best := NULL;
        FOR line IN 1 .. cardinality(lines) LOOP
            padded := ' ' || lines[line] || ' ';
            how := CASE
                WHEN position(' ' || words[word] || ' ' IN padded) > 0 THEN 1000
                WHEN position(' ' || words[word] IN padded) > 0 THEN 2000
                WHEN position(words[word] IN padded) > 0 THEN 3000
            END;
            -- least() ignores NULL.
            best := least(
                best, how + 10 * (line - 1) + (position(typed[word] IN originals[line]) = 0)::integer
            );
        END LOOP;
        IF best IS NULL THEN
            RETURN 4001 + 10 * (
                SELECT number - 1 FROM unnest(lines) WITH ORDINALITY AS line(content, number)
                ORDER BY word_similarity(wanted, content) DESC, number LIMIT 1
            );
        END IF;
        worst := greatest(worst, best);
    END LOOP;
    RETURN worst;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("geodata", "0004_import_jobs")]

    operations = [
        migrations.RunSQL(RELEVANCE, "DROP FUNCTION geodata_relevance(text, text, text[], text[])")
    ]
