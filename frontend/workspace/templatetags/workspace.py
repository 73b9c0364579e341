"""Tags and filters of the templates of the workspace."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

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


@register.simple_tag
def annex_cell(form, name) -> SafeString:
    """Return a field of an AnnexRowForm with its errors, marked if the value was inferred."""
    bound = form[name]
    marked = "annex-cell inferred" if name in form.inferred_names else "annex-cell"
    widget = bound.as_widget(attrs={"aria-label": bound.label, "title": bound.label})
    return format_html('<div class="{}">{}{}</div>', marked, widget, bound.errors)


@register.simple_tag
def annex_unread(unread, index) -> SafeString:
    """Return what a row of the file has where stars or score could not be read; "" if nothing."""
    texts = list(unread[index].values()) if index < len(unread) else []
    if not texts:
        return SafeString("")
    return format_html('<div class="errornote">{}</div>', _("Trong tệp: %s") % "; ".join(texts))
