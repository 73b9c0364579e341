"""The tables with the public features: how they are written, compared and repaired.

Every collection has a table with one row per public feature and period of days in which none of its
values change, with typed columns and the finished JSON text. The API reads nothing else. Values
that depend on the date, such as the status of a rating, are therefore plain columns: at midnight in
Viet Nam the rows of the next period are read, without a job.

    a row of a record or of something that a feature shows is written, by whatever program
    → deferred trigger ListChanges (tracking.py): an entry in the change feed, a row StaleFeature
    → deferred trigger write_features (models.py), once per collection and transaction
    → function geodata_write_<collection>(ids), created here: deletes and inserts the rows

The function is compiled from the Collection: its querysets are the one definition of every value.
`migrate` creates it again, and all rows, when that definition has changed. SITE_URL and the paths
of the pages are in SitePages and not in the columns; a text that was written with others is
ignored, and computed from the columns, until `bin/manage features repair` has written it again.
"""

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from .collection import Collection, collections
from .feature_model import FEATURE_ID
from .feature_sql import quoted
from .models import FeatureCount, Revision
from .spans import today

# Features that are written in one transaction.
BATCH = 5_000
# Days in the columns first_day and until_day that stand for "always".
FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"


def function_of(collection: Collection) -> str:
    """Return the name of the function that writes the features of a collection."""
    return f"geodata_write_{collection.id.replace('-', '_')}"


def function_sql(collection: Collection) -> str:
    """Return the statement that creates the function of a collection.

    Periods that were over yesterday are not stored. (Yesterday, because the clocks of two machines
    may differ around midnight.) The setting geodata.features_since is another first day, for tests.

    The plan of the query is made once per connection: planning takes longer than writing a feature.
    """
    table = collection.model._meta.db_table
    columns = [*collection.stored_expressions(), *collection.stored_geometries()]
    names = [quoted(name) for name in (FEATURE_ID, *columns)]
    with connection.cursor() as cursor:
        described = cursor.mogrify(*collection.sql_of_columns()).decode()
        days = _change_days(cursor, collection)
    listed = ", ".join(names)
    found = ", ".join(f"found.{name}" for name in names)
    return f"""
CREATE OR REPLACE FUNCTION {function_of(collection)}(ids text[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET jit = off SET timezone = '{settings.TIME_ZONE}'
AS $function$
DECLARE
    since date := coalesce(
        nullif(current_setting('geodata.features_since', true), '')::date,
        (now() AT TIME ZONE '{settings.TIME_ZONE}')::date - 1
    );
    before integer;
    after integer;
BEGIN
    WITH deleted AS (DELETE FROM {table} WHERE {FEATURE_ID} = ANY (ids) RETURNING first_day)
    SELECT count(*) FILTER (WHERE first_day = '{FIRST_DAY}') INTO before FROM deleted;
    INSERT INTO {table} ({listed}, first_day, until_day, feature_json, written_with)
    SELECT {found}, period.first_day, period.until_day, {collection.sql_of_text("found")},
        '{collection.definition}-' || site.fingerprint
    FROM (
        SELECT feature_id, day AS first_day, greatest(day, since) AS day,
            lead(day, 1, date '{LAST_DAY}') OVER (PARTITION BY feature_id ORDER BY day) AS until_day
        FROM (
            SELECT feature_id, date '{FIRST_DAY}' AS day FROM unnest(ids) AS wanted(feature_id)
            {days}
        ) AS changes
    ) AS period
    CROSS JOIN LATERAL ({described}) AS found({listed})
    LEFT JOIN geodata_sitepages AS site ON true
    -- The rows of today side by side, because they are read together.
    ORDER BY period.first_day <> '{FIRST_DAY}', period.feature_id;
    SELECT count(*) INTO after FROM {table}
        WHERE {FEATURE_ID} = ANY (ids) AND first_day = '{FIRST_DAY}';
    INSERT INTO geodata_featurecount AS stored VALUES ('{collection.id}', after)
        ON CONFLICT (collection) DO UPDATE SET number = stored.number + after - before;
END
$function$
"""


def _change_days(cursor, collection):
    """Return the SQL that adds the days of change_days() to the first day of each feature."""
    if collection.change_days is None:
        return ""
    days = cursor.mogrify(*collection.change_days().query.sql_with_params()).decode()
    return f"""UNION
            SELECT feature_id, day FROM ({days}) AS change(feature_id, day)
            WHERE feature_id = ANY (ids) AND day > since"""


def install(**signal: Any) -> None:
    """Create the functions whose definition has changed, and write all features with them.

    Receiver of `post_migrate`.
    """
    for collection in collections().values():
        statement, name = function_sql(collection), function_of(collection)
        digest = hashlib.sha256(statement.encode()).hexdigest()
        with connection.cursor() as cursor:
            cursor.execute("SELECT obj_description(to_regproc(%s))", [name])
            if cursor.fetchone() == (digest,):
                continue
            cursor.execute(statement)
            write(collection)
            # Only now: a `migrate` that was interrupted begins again.
            cursor.execute(f"COMMENT ON FUNCTION {name} IS '{digest}'")


@contextmanager
def _nobody_else_writes():
    """A transaction with the lock that every transaction takes before it writes features."""
    with transaction.atomic():
        list(Revision.objects.select_for_update())
        yield


def write(collection: Collection, ids: list[str] | None = None) -> int:
    """Write these features again, by default all; return their number.

    ids: of features, public or not.
    """
    if ids is None:
        described = collection.queryset().order_by().values_list(collection.key, flat=True)
        stored = collection.model.objects.order_by().values_list(FEATURE_ID, flat=True)
        ids = sorted({*described, *stored})
    for start in range(0, len(ids), BATCH):
        with _nobody_else_writes(), connection.cursor() as cursor:
            cursor.execute(f"SELECT {function_of(collection)}(%s)", [ids[start : start + BATCH]])
    with _nobody_else_writes():
        number = collection.public().count()
        if number != collection.count():
            FeatureCount.objects.update_or_create(
                collection=collection.id, defaults={"number": number}
            )
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {collection.model._meta.db_table}")
    return len(ids)


# --- comparison ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """The result of compare().

    compared: number of features. different: ids of features that are missing, too many, or have
    another value than the records. outdated: ids of features whose text was written with another
    definition, or before the last server with another SITE_URL started, and is therefore computed
    for every request. miscounted: whether FeatureCount is not the number of the stored features.
    """

    compared: int
    different: list[str]
    outdated: list[str]
    miscounted: bool


def compare(collection: Collection, sample: int | None = None) -> Comparison:
    """Compare the stored features of today with those that the records' queryset gives.

    sample: number of features, chosen at random; None for all.

    One statement sees one state of the data; geometries are compared as bytes, texts if they are
    of the SITE_URL of this process. The functions that write the features are not used.
    """
    geometries = collection.stored_geometries()
    described = (
        collection.described(today())
        .order_by()
        .values_list(
            F(collection.key),
            *collection.stored_expressions().values(),
            *map(F, geometries.values()),
            collection.described_feature(),
        )
    )
    stored = (
        collection.public()
        .order_by()
        .values_list(
            FEATURE_ID,
            *map(F, collection.stored_expressions()),
            *map(F, geometries),
            "feature_json",
            "written_with",
        )
    )
    if sample is not None:
        ids = _sample(collection, sample)
        described = described.filter(**{f"{collection.key}__in": ids})
        stored = stored.filter(feature_id__in=ids)
    names = [
        f"c{number}" for number in range(len(collection.stored_expressions()) + len(geometries))
    ]
    left = ", ".join(f"described.{name}" for name in names)
    right = ", ".join(f"stored.{name}" for name in names)
    columns = ", ".join(["id", *names, "text"])
    with connection.cursor() as cursor:
        one = cursor.mogrify(*described.query.sql_with_params()).decode()
        other = cursor.mogrify(*stored.query.sql_with_params()).decode()
        written_with = cursor.mogrify("%s", [collection.written_with]).decode()
        cursor.execute(
            f"""
            SELECT coalesce(described.id, stored.id),
                described.id IS DISTINCT FROM stored.id
                OR ROW({left}) IS DISTINCT FROM ROW({right})
                OR (written_with = {written_with} AND described.text <> stored.text),
                written_with IS DISTINCT FROM '{collection.definition}-' || (
                    SELECT fingerprint FROM geodata_sitepages
                )
            FROM ({one}) AS described({columns})
            FULL JOIN ({other}) AS stored({columns}, written_with) USING (id)
            """
        )
        rows = cursor.fetchall()
    return Comparison(
        compared=len(rows),
        different=sorted(id for id, is_different, _is_outdated in rows if is_different),
        outdated=sorted(
            id for id, is_different, is_outdated in rows if is_outdated and not is_different
        ),
        miscounted=collection.count() != collection.public().count(),
    )


def _sample(collection, size):
    described = collection.queryset().order_by("?").values_list(collection.key, flat=True)
    stored = collection.public().order_by("?").values_list(FEATURE_ID, flat=True)
    return sorted({*described[:size], *stored[: size // 10]})


def repair(collection: Collection, found: Comparison) -> None:
    """Write the features again that compare() found different or outdated.

    Responses that were cached with a difference must not be reused: the revision increases.
    """
    write(collection, [*found.different, *found.outdated])
    if found.different or found.miscounted:
        Revision.objects.update(number=F("number") + 1, changed_at=Now())
