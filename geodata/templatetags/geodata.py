"""What the templates of the API's pages ask for by name."""

import json

from django import template
from django.utils.html import format_html, format_html_join

from geodata.value_html import datetime_html, is_web_address, link_html

register = template.Library()


@register.filter
def rel(links, name):
    """Those of the links that have this relation."""
    return [link for link in links if link["rel"] == name]


@register.filter
def tree(value):
    """Any JSON value as lists within lists; addresses are links."""
    if isinstance(value, dict):
        members = ((name, tree(member)) for name, member in value.items())
        return format_html("<dl>{}</dl>", format_html_join("", "<dt>{}</dt><dd>{}</dd>", members))
    if isinstance(value, list):
        members = ((tree(member),) for member in value)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", members))
    if is_web_address(value):
        return link_html(value)
    return value if isinstance(value, str) else json.dumps(value)


@register.filter
def moment(text):
    """A moment as people read it; an open end stays what it is."""
    return text and datetime_html(text)


@register.filter
def extension(address):
    """What a file at that address is called for short: CSV."""
    return address.rpartition(".")[2].upper()
