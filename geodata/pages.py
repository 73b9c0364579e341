"""The page of the site that shows a record, as a URL name.

Models belong to applications below the one with the pages and name none of them: the settings map
each model to its page (`RECORD_PAGES`).
"""

from django.conf import settings
from django.db.models import Model


def page_name(model: type[Model]) -> str:
    """Return the URL name of the page that shows a row of the model.

    Raises KeyError if the settings name no page for it.
    """
    return settings.RECORD_PAGES[model._meta.label_lower]
