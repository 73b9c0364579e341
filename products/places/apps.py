from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    name = "products.places"
    verbose_name = _("Điểm bán và làng nghề")
