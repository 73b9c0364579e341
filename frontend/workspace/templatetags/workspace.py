"""Filters of the templates of the workspace."""

from django import template
from django.urls import reverse

register = template.Library()


@register.filter
def workspace_url(record):
    """The URL of a record's page in the workspace."""
    options = record._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk])


@register.filter
def chosen(choices):
    """The text of the chosen one among the choices of a filter of a list."""
    return next((choice["display"] for choice in choices if choice["selected"]), "–")
