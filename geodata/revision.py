"""Which state of the public data this is; what may be cached is kept by it."""

import datetime
import functools
import hashlib
from dataclasses import dataclass

from django.core.cache import cache
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from .models import Revision
from .spans import today


@dataclass(frozen=True)
class DataRevision:
    """number: of transactions that changed public data; day: statuses go by the calendar."""

    number: int
    changed_at: datetime.datetime | None
    day: datetime.date

    def __str__(self):
        return self._name

    @functools.cached_property
    def _name(self):
        # The moment as well: numbers begin again in a database that was made anew.
        return f"{self.number}-{self.changed_at}-{self.day}"

    @property
    def last_modified(self):
        """When an answer may last have changed: never before this day's midnight in Viet Nam."""
        midnight = timezone.make_aware(datetime.datetime.combine(self.day, datetime.time()))
        return max(midnight, self.changed_at or midnight)

    def remember(self, key, compute):
        """compute(), kept for as long as this revision is the newest."""
        digest = hashlib.sha256(f"{self}:{key}".encode()).hexdigest()
        return cache.get_or_set(digest, compute, timeout=86_400)


def current_revision():
    """The state of the public data now; every answer asks for it first."""
    # Asking is itself the check whether the connection still stands, which Django would make with
    # a query of its own.
    kept = connection.connection is not None and not connection.in_atomic_block
    connection.health_check_done = True
    try:
        return _read_revision()
    except (OperationalError, InterfaceError):
        if not kept:
            raise
        connection.close()
        return _read_revision()


def _read_revision():
    # Writing the same query anew took as long as running it.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number, changed_at FROM {Revision._meta.db_table}")
        number, changed_at = cursor.fetchone() or (0, None)
    return DataRevision(number, changed_at, today())
