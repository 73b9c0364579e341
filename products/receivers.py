"""What products do when the ground under them changes."""

from django.db import transaction
from django.dispatch import receiver

from districts.signals import units_changed

from .models import IpRight, Producer, Product


@receiver(units_changed)
@transaction.atomic
def assign_units_anew(sender, **kwargs):
    for model in (Producer, Product):
        model.objects.stand_on_declared_commune()
        model.objects.assign_units()
        # The trigger fills it with the names of today.
        model.objects.update(search_text="")
    IpRight.objects.dissolve_areas()
