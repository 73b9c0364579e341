"""What happens to records with a place when the administrative units change."""

from django.apps import apps
from django.db import transaction
from django.dispatch import receiver

from districts.signals import units_changed

from .models import Located


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
