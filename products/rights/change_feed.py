"""The rights among the public features, and the sources that they show."""

from geodata.models import Source
from products.register.change_feed import record_features, source_changes

PROTECTIONS = record_features("protections", "rights_ipright")


class RightSource(Source):
    """A source as rights show it."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [source_changes(PROTECTIONS)]
