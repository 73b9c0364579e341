"""Database functions that do not depend on the search_path of the session."""

from typing import Any

from django.db import connections

# Functions of extensions and of other owners are left out.
_UNPINNED = """
SELECT format(
    'ALTER FUNCTION %s SET search_path = %s, pg_temp', p.oid::regprocedure,
    (SELECT string_agg(quote_ident(name), ', ') FROM unnest(current_schemas(false)) AS name)
)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = current_schema() AND p.prokind = 'f'
    AND pg_get_userbyid(p.proowner) = current_user
    AND NOT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    )
    AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS setting WHERE setting LIKE 'search_path=%')
"""


def pin_search_path(using: str = "default", **signal: Any) -> None:
    """Set the search_path of every function of this project to that of this connection.

    using: alias of the database.

    pg_dump, pg_restore and hardened sessions work with an empty search_path; a trigger function
    that names tables without their schema would fail there. Receiver of `post_migrate`, because
    each migration of a trigger creates its function again, without the setting.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(_UNPINNED)
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
