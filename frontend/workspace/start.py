"""What the start page of the workspace shows: the work of an official, with numbers and links."""

from datetime import timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from districts.models import Unit
from geodata.models import ImportRun
from geodata.spans import today
from products.ocop.models import Product
from products.register.importing import runs
from products.register.models import DailyMail, Proposal, ProposalState

from .records import RecordAdmin
from .work import WAITING, list_url, work_of

# Days before the end of a rating, from the nearest.
ENDINGS = (30, 60, 90)
# Days for which the outcome of an own proposal is listed.
OUTCOME_DAYS = 7


def start_page(user, site) -> dict:
    """Return the variables of the template workspace/index.html for a steward."""
    admins = [one for one in site._registry.values() if isinstance(one, RecordAdmin)]
    waiting = {key: select(Proposal.objects.all(), user).count() for key, select in WAITING.items()}
    own = Proposal.objects.filter(author=user)
    since = timezone.now() - timedelta(days=OUTCOME_DAYS)
    decided = own.filter(decided_at__gte=since).exclude(decided_by=None).exclude(decided_by=user)
    failed = runs.visible_runs(user).filter(state=ImportRun.State.FAILED)
    return {
        "work": [one for one in work_of(user, admins) if not one["key"].startswith("ending")],
        "endings": endings(user),
        "ending_days": ENDINGS,
        "proposals": {
            "to_decide": waiting["me"],
            "in_area": waiting["area"],
            "own": own.pending().count(),
            "returned": own.filter(state=ProposalState.RETURNED).count(),
            "decided": decided.exclude(state=ProposalState.RETURNED).count(),
            "decided_since": timezone.localdate(since).isoformat(),
            "url": reverse("admin:register_proposal_changelist"),
        },
        "failed_imports": failed.count(),
        "daily_mail": DailyMail.objects.filter(user=user).exists(),
    }


def endings(user) -> list[dict]:
    """Return how many ratings end soon, by former district of the user's area.

    [{"unit": Unit or None, "counts": [{"count", "url"}] in the order of ENDINGS}], without rows of
    zeros.
    """
    products = Product.objects.editable_by(user).published()
    numbers = {}
    for days in ENDINGS:
        found = products.ending_within(days, today()).order_by()
        for row in found.values("district").annotate(count=Count("pk")):
            numbers.setdefault(row["district"], {})[days] = row["count"]
    units = Unit.objects.filter(pk__in=[key for key in numbers if key])
    known = [*units.order_by("name"), *([None] if None in numbers else [])]
    return [
        {
            "unit": unit,
            "counts": [
                {
                    "count": numbers[unit and unit.pk].get(days, 0),
                    "url": list_url(Product, **_of_unit(unit), work=f"ending{days}"),
                }
                for days in ENDINGS
            ],
        }
        for unit in known
    ]


def _of_unit(unit):
    return {"district__id__exact": unit.pk} if unit else {"district__isnull": "True"}
