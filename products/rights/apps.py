from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RightsConfig(AppConfig):
    name = "products.rights"
    verbose_name = _("Sở hữu công nghiệp")

    def ready(self):
        from . import receivers  # noqa: F401
