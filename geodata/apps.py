from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class GeodataConfig(AppConfig):
    name = "geodata"
    verbose_name = _("Nguồn và dữ liệu")

    def ready(self):
        from .search_path import pin_search_path

        post_migrate.connect(pin_search_path, sender=self)
