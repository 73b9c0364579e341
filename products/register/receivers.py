"""What happens to producers when the administrative units change."""

from django.db import transaction
from django.dispatch import receiver

from districts.signals import units_changed

from .models import Producer


@transaction.atomic
def reassign_units(model):
    """Derive the units of all records of the model again; their search text follows.

    model: a subclass of Located.
    """
    model.objects.place_on_declared_commune()
    model.objects.assign_units()
    # A trigger fills it with the present names of the units.
    model.objects.update(search_text="")


@receiver(units_changed)
def reassign_producers(sender, **kwargs):
    reassign_units(Producer)
