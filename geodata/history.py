"""What every public table has: its history and a part in the data's revision.

Both are triggers, so that update(), bulk operations and plain SQL are seen as well.
"""

import pghistory
import pgtrigger
from pghistory.core import DeleteEvent, InsertEvent, UpdateEvent


class BumpRevision(pgtrigger.Trigger):
    """Count the data's revision up once for every transaction that changes a public table.

    It runs when the transaction commits: the lock on the one row of geodata_revision is then the
    last that the transaction takes, so that it cannot meet another in a deadlock, and revisions
    follow one another in the order in which changes become visible. (The largest id of a history
    table does not: a transaction that began earlier may commit later.)
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    timing = pgtrigger.Deferred
    func = """
        IF current_setting('geodata.revised_by', true) IS DISTINCT FROM txid_current()::text THEN
            INSERT INTO geodata_revision (id, number, changed_at) VALUES (1, 1, clock_timestamp())
                ON CONFLICT (id) DO UPDATE
                SET number = geodata_revision.number + 1, changed_at = clock_timestamp();
            PERFORM set_config('geodata.revised_by', txid_current()::text, true);
        END IF;
        RETURN NULL;
    """


def tracked(*, exclude=()):
    """Class decorator: keep every version of a row and let its changes count as new data.

    exclude: fields that the history must not hold, such as contacts and derived text.
    """

    def decorate(model):
        pgtrigger.register(BumpRevision(name="bump_revision"))(model)
        return pghistory.track(InsertEvent(), UpdateEvent(), DeleteEvent(), exclude=list(exclude))(
            model
        )

    return decorate
