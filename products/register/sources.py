"""The source of what officials enter without another one: the records of their department."""

from django.conf import settings
from django.utils import translation

from geodata.models import Source


def department_source():
    """Return the Source of the department's own records, created when it is first needed."""
    # A source has one title, in the language of the site.
    with translation.override(settings.LANGUAGE_CODE):
        title = f"Hồ sơ của {settings.PLACE.department}"
    source, _created = Source.objects.get_or_create(title=title, url="")
    return source
