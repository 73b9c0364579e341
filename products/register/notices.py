"""Who is notified of what waits for a decision: the publishers of the lowest unit that has one.

First those of the commune, then of the district, of the province, at last superusers. Who may not
decide because it is his or her own work is passed over; if nobody else is left at that level, the
next one is notified. Everybody else with the right to decide finds it in the lists of the area.
"""

from collections import defaultdict

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType

from districts.models import Level, Role, Stewardship, Succession, Unit

from . import workflow
from .models import Located
from .states import State


def records_for(user, records):
    """Of the records in review, return those of which the user is notified.

    records: QuerySet of one model. The number of queries does not depend on how many there are.
    """
    waiting = records.model.objects.filter(
        state=State.REVIEW, pk__in=records.order_by().values("pk")
    )
    places = _places(waiting)
    authors = {}
    if places and not settings.SELF_PUBLISH:
        authors = workflow.last_authors(records.model, list(places))
    found = _notified(user, {pk: (place, authors.get(pk)) for pk, place in places.items()})
    return records.filter(pk__in=found)


def proposals_for(user, proposals):
    """Of the pending proposals, return those of which the user is notified.

    proposals: QuerySet. A new record has no area yet: publishers of a province are notified. The
    number of queries depends on the number of models only.
    """
    waiting = proposals.pending().order_by()
    named = defaultdict(list)
    for row in waiting.values_list("pk", "record_type", "record_id", "author"):
        named[row[1]].append(row)
    cases = {}
    for record_type, rows in named.items():
        model = ContentType.objects.get_for_id(record_type).model_class()
        records = model.objects.filter(pk__in=[row[2] for row in rows if row[2]])
        places = _places(records)
        for pk, _type, record, author in rows:
            cases[pk] = (places.get(record, NOWHERE), None if settings.SELF_PUBLISH else author)
    return proposals.filter(pk__in=_notified(user, cases))


# Ids of communes and of districts.
NOWHERE = (frozenset(), frozenset())


def _places(records):
    """Return {id of the record: (ids of its communes, ids of its districts)}.

    The units whose stewards may edit the record, see LocatedQuerySet.editable_by(): a record of
    which only the present commune is known belongs to the communes of which that was formed.
    """
    if not issubclass(records.model, Located):
        return dict.fromkeys(records.order_by().values_list("pk", flat=True), NOWHERE)
    rows = list(records.order_by().values_list("pk", "commune", "old_commune", "district"))
    formed_of = defaultdict(set)
    alone = {commune for _pk, commune, old, district in rows if not (old or district)} - {None}
    for new, old in Succession.objects.filter(successor__in=alone).values_list(
        "successor", "predecessor"
    ):
        formed_of[new].add(old)
    places = {}
    for pk, commune, old, district in rows:
        communes = {commune, old} - {None}
        if not (old or district):
            communes |= formed_of[commune]
        places[pk] = (communes, {district} - {None})
    known = set().union(*(communes for communes, _districts in places.values()))
    parents = dict(Unit.objects.filter(pk__in=known).values_list("pk", "parent"))
    return {
        pk: (communes, districts | {parents[one] for one in communes})
        for pk, (communes, districts) in places.items()
    }


def _notified(user, cases):
    """Return the keys of the cases of which the user is notified.

    cases: {key: (place as _places() returns it, id of who may not decide, or None)}.
    """
    if not cases:
        return []
    people = get_user_model().objects.filter(is_active=True, is_staff=True)
    held = Stewardship.objects.filter(role__gte=Role.PUBLISHER, user__in=people)
    of_unit, of_province = defaultdict(set), set()
    for unit, level, publisher in held.values_list("unit", "unit__level", "user"):
        # A steward of a province looks after all records, wherever they are.
        (of_province if level == Level.PROVINCE else of_unit[unit]).add(publisher)
    superusers = set(people.filter(is_superuser=True).values_list("pk", flat=True))
    found = []
    for key, ((communes, districts), author) in cases.items():
        levels = (
            set().union(*(of_unit[unit] for unit in communes)),
            set().union(*(of_unit[unit] for unit in districts)),
            of_province,
            superusers,
        )
        notified = next((level for level in levels if level - {author}), set())
        if user.pk in notified - {author}:
            found.append(key)
    return found
