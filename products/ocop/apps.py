from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OcopConfig(AppConfig):
    name = "products.ocop"
    verbose_name = _("Sản phẩm OCOP và đặc sản")

    def ready(self):
        from . import receivers, season_changes  # noqa: F401
