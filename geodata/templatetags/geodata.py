"""Filters for the templates of the API's pages."""

import json
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join

from geodata.value_html import datetime_html, is_web_address, link_html

register = template.Library()


@register.filter
def rel(links: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Return the link objects that have this relation."""
    return [link for link in links if link["rel"] == name]


@register.filter
def tree(value: Any) -> str:
    """Return any JSON value as nested HTML lists; URLs become links."""
    if isinstance(value, dict):
        members = ((name, tree(member)) for name, member in value.items())
        return format_html("<dl>{}</dl>", format_html_join("", "<dt>{}</dt><dd>{}</dd>", members))
    if isinstance(value, list):
        items = ((tree(item),) for item in value)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", items))
    if is_web_address(value):
        return link_html(value)
    return value if isinstance(value, str) else json.dumps(value)


@register.filter
def local_datetime(text: str | None) -> str | None:
    """Return RFC 3339 text as HTML in the zone of Viet Nam; None or "" as it is."""
    return text and datetime_html(text)


@register.filter
def extension(address: str) -> str:
    """Return the extension of a URL in capitals: "CSV"."""
    return address.rpartition(".")[2].upper()
