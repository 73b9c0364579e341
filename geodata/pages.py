"""The page of the site that shows a record, as a URL name.

Models belong to applications below the one with the pages and name none of them: the settings map
each model that has a page of its own to it (`RECORD_PAGES`), all others to
`DEFAULT_RECORD_PAGE`.
"""

from django.conf import settings
from django.db.models import Model


def page_name(model: type[Model]) -> str:
    """Return the URL name of the page that shows a row of the model."""
    return settings.RECORD_PAGES.get(model._meta.label_lower, settings.DEFAULT_RECORD_PAGE)
