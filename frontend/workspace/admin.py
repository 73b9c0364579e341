"""Imports the ModelAdmins: Django looks for them in the module `admin` of each application."""

from importlib import import_module

from django.conf import settings

for module in settings.WORKSPACE:
    import_module(module)
