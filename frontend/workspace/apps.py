"""Application configurations of the workspace and of its AdminSite."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class WorkspaceConfig(AppConfig):
    name = "frontend.workspace"

    def ready(self):
        from . import receivers  # noqa: F401


class WorkspaceSiteConfig(admin_apps.AdminConfig):
    """Django's admin, with the site of the workspace."""

    default_site = "frontend.workspace.site.WorkspaceSite"
    # Used only where INSTALLED_APPS names this class.
    default = False
