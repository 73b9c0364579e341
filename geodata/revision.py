"""The revision of the public data, by which responses and computed values are cached."""

import datetime
import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.cache import caches
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from .models import Revision
from .spans import today

Value = TypeVar("Value")


@dataclass(frozen=True)
class DataRevision:
    """One state of the public data.

    number: of transactions that have changed public data. changed_at: when the last of them
    committed, or None. day: the date in Viet Nam, because statuses change with the calendar.
    str() identifies the state.
    """

    number: int
    changed_at: datetime.datetime | None
    day: datetime.date

    def __str__(self):
        return self._name

    @functools.cached_property
    def _name(self):
        # The time as well: numbers begin again in a database that was created again.
        return f"{self.number}-{self.changed_at}-{self.day}"

    @property
    def last_modified(self) -> datetime.datetime:
        """When a response may last have changed: `changed_at`, or midnight in Viet Nam if later."""
        midnight = timezone.make_aware(datetime.datetime.combine(self.day, datetime.time()))
        return max(midnight, self.changed_at or midnight)

    def remember(self, key: str, compute: Callable[[], Value]) -> Value:
        """Return compute(), cached under the key for this revision, in each process.

        key: text, unique for what is computed. compute: () → a value that can be pickled.
        """
        digest = hashlib.sha256(f"{self}:{key}".encode()).hexdigest()
        value: Any = caches["computed"].get_or_set(digest, compute, timeout=86_400)
        return value


def current_revision() -> DataRevision:
    """Return the DataRevision of the database now, with one query.

    A persistent connection that the server has closed is opened again.
    """
    # The query itself checks the connection, for which Django would make another one.
    is_persistent = connection.connection is not None and not connection.in_atomic_block
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return _read_revision()
    except (OperationalError, InterfaceError):
        if not is_persistent:
            raise
        connection.close()
        return _read_revision()


def _read_revision():
    # Compiling the query of the ORM took as long as running it.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number, changed_at FROM {Revision._meta.db_table}")
        number, changed_at = cursor.fetchone() or (0, None)
    return DataRevision(number, changed_at, today())
