"""Imports the modules with the ModelAdmins of the workspace."""

from importlib import import_module

from django.conf import settings

for module in settings.WORKSPACE:
    import_module(module)
