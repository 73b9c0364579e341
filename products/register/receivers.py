"""What happens to records when the administrative units change, and when they are withdrawn."""

from django.apps import apps
from django.db import transaction
from django.dispatch import receiver

from districts.signals import units_changed

from . import proposals
from .models import Located
from .signals import deleting, state_changing
from .states import State


@receiver(units_changed)
@transaction.atomic
def reassign_units(sender, **kwargs):
    """Derive the units of all records with a place again; their search text follows."""
    for model in apps.get_models():
        if issubclass(model, Located) and not model._meta.proxy:
            model.objects.place_on_declared_commune()
            model.objects.assign_units()
            # A trigger fills it with the present names of the units.
            model.objects.update(search_text="")


@receiver(state_changing)
def close_proposals(sender, record, after, **kwargs):
    """Close the open proposals of a record that is withdrawn."""
    if after == State.WITHDRAWN:
        proposals.close_all(record)


@receiver(deleting)
def close_proposals_of_deleted(sender, record, **kwargs):
    """Close the open proposals of a record that is deleted."""
    proposals.close_all(record)
