"""Application configuration of geodata."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class GeodataConfig(AppConfig):
    """geodata; installs and pins database functions after every migrate."""

    name = "geodata"
    verbose_name = _("Nguồn và dữ liệu")

    def ready(self) -> None:
        """Create the models of the features; connect what follows every migrate or is due."""
        from . import jobs  # noqa: F401
        from .collection import feature_models
        from .feature_tables import install
        from .pages import write_site_pages
        from .search_path import pin_search_path

        feature_models()
        for receiver in (write_site_pages, install, pin_search_path):
            post_migrate.connect(receiver, sender=self)
