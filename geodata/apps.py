"""Application configurations of geodata and of the admin site."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class GeodataConfig(AppConfig):
    """geodata; pins the search_path of database functions after every migrate."""

    name = "geodata"
    verbose_name = _("Nguồn và dữ liệu")

    def ready(self) -> None:
        """Connect pin_search_path() to post_migrate."""
        from .search_path import pin_search_path

        post_migrate.connect(pin_search_path, sender=self)


class WorkspaceConfig(admin_apps.AdminConfig):
    """Django's admin, with the site of geodata.workspace."""

    default_site = "geodata.workspace.WorkspaceSite"
    # Used only where INSTALLED_APPS names this class.
    default = False
