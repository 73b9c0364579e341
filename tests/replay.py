"""A client that replicates a collection through its change feed."""

from django.conf import settings

from geodata.collection import collections
from geodata.feature_model import FEATURE_ID
from geodata.models import Change


def read_changes(client, collection, since=0, limit=10_000):
    """All changes after sequence number `since`, read page by page."""
    changes = []
    address = f"/api/v1/collections/{collection}/changes?since={since}&limit={limit}"
    while address:
        answer = client.get(address).json()
        assert answer["numberReturned"] == len(answer["changes"]) <= limit
        known = changes[-1]["seq"] if changes else since
        assert all(change["seq"] > known for change in answer["changes"]), "next repeats changes"
        changes += answer["changes"]
        links = [link["href"] for link in answer["links"] if link["rel"] == "next"]
        address = links[0].removeprefix(settings.SITE_URL) if links else None
        known = changes[-1]["seq"] if changes else since
        assert answer["lastSeq"] == known
    return changes


def replay(changes, held=()):
    """The ids that a client holds after applying these consecutive changes."""
    held, before = set(held), 0
    for change in changes:
        assert change["seq"] > before
        before = change["seq"]
        assert (change["id"] in held) == (change["op"] != "insert"), change
        if change["op"] == "insert":
            held.add(change["id"])
        elif change["op"] == "delete":
            held.remove(change["id"])
    return held


def public_features():
    """(collection, id) → JSON text of the feature, for all collections."""
    return {
        (collection.id, key): feature
        for collection in collections().values()
        for key, feature in collection.features().values_list(FEATURE_ID, "feature")
    }


def listed_by(act):
    """The change feed entries caused by `act()`: (collection, id) → op.

    Asserts that every feature whose text differs afterwards is listed, and none twice.
    """
    before, newest = public_features(), Change.objects.newest()
    act()
    changes = Change.objects.filter(seq__gt=newest)
    listed = {(change.collection, change.feature_id): change.op for change in changes}
    after = public_features()

    ops = {}
    for key in before.keys() | after.keys():
        if before.get(key) != after.get(key):
            inserted, deleted = key not in before, key not in after
            ops[key] = "insert" if inserted else "delete" if deleted else "update"
    assert ops.items() <= listed.items()
    assert len(changes) == len(listed)
    # Features listed as updated exist before and after.
    assert {key for key, op in listed.items() if op == "update"} <= before.keys() & after.keys()
    return listed
