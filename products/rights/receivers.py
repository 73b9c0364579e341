"""What happens to rights when the administrative units change."""

from django.dispatch import receiver

from districts.signals import units_changed

from .models import IpRight


@receiver(units_changed)
def dissolve_areas(sender, **kwargs):
    IpRight.objects.dissolve_areas()
