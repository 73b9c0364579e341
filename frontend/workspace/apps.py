"""Application configurations of the workspace and of its AdminSite."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class WorkspaceConfig(AppConfig):
    name = "frontend.workspace"

    def ready(self):
        # Connects the receivers of signals, for commands as well.
        for module in ("accounts", "daily_mail", "middleware", "receivers"):
            import_module(f"{self.name}.{module}")


class WorkspaceSiteConfig(admin_apps.SimpleAdminConfig):
    """Django's admin, with the site of the workspace and only the pages that WORKSPACE lists.

    Libraries register pages of their own: raw permissions, groups, e-mail addresses, secrets.
    """

    default_site = "frontend.workspace.site.WorkspaceSite"
    # Used only where INSTALLED_APPS names this class.
    default = False

    def ready(self):
        super().ready()
        import_module("frontend.workspace.admin")
