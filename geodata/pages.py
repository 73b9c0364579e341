"""The page of the site that shows a record: its URL name, and its URL in the features.

Models belong to applications below the one with the pages and name none of them: the settings map
each model that has a page of its own to it (`RECORD_PAGES`), all others to
`DEFAULT_RECORD_PAGE`.
"""

import functools
import hashlib
from typing import Any

from django.conf import settings
from django.db.models import Expression, Func, Model, TextField, URLField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import translation

from .models import SitePages


def page_name(model: type[Model]) -> str:
    """Return the URL name of the page that shows a row of the model."""
    return settings.RECORD_PAGES.get(model._meta.label_lower, settings.DEFAULT_RECORD_PAGE)


class PageAddress(Func):
    """The absolute URL of a record's page, a property of its feature.

    The table of the features stores only code and slug, because SITE_URL and the paths of the pages
    belong to the configuration of the site: `stored` is the expression of that column, and
    from_column() builds the URL.
    """

    output_field = URLField()
    models: set[type[Model]] = set()

    def __init__(self, model: type[Model], segment: Expression | None = None) -> None:
        self.model = model
        self.models.add(model)
        self.stored = Concat("code", Value("-"), "slug", output_field=TextField())
        super().__init__(segment or self.stored)

    def from_column(self, column: Expression) -> "PageAddress":
        """Return the URL as an expression over the column that stores the value of `stored`."""
        return PageAddress(self.model, column)

    def as_sql(self, compiler: Any, connection: Any, **extra_context: Any) -> tuple[str, list[Any]]:
        """Return the SQL; URLs are resolved only now, because modules load before them."""
        before, after = page_parts(settings.SITE_URL)[self.model._meta.label_lower]
        sql, values = compiler.compile(self.source_expressions[0])
        return f"%s || {sql} || %s", [before, *values, after]

    def sql_from_row(self, column: str) -> str:
        """Return the SQL of the URL in functions of the database, which read it from SitePages.

        column: SQL of the value of `stored`. The row is called `site`.
        """
        before, after = (
            f"site.pages #>> '{{{self.model._meta.label_lower},{number}}}'" for number in (0, 1)
        )
        return f"({before} || {column} || ({after}))"


@functools.lru_cache(maxsize=10)
def page_parts(site_url: str) -> dict[str, list[str]]:
    """Return {label of a model: [URL of its pages before code and slug, and after them]}.

    site_url: scheme and host of the site. In the default language, because features are the same
    for all clients.
    """
    parts = {}
    with translation.override(settings.LANGUAGE_CODE):
        for model in PageAddress.models:
            path = reverse(page_name(model), kwargs={"code": "A-0", "slug": "slug"})
            parts[model._meta.label_lower] = (site_url + path).split("A-0-slug")
    return parts


def pages_fingerprint() -> str:
    """Return a text that changes with SITE_URL and the paths of the pages."""
    return _fingerprint(settings.SITE_URL)


@functools.lru_cache(maxsize=10)
def _fingerprint(site_url):
    parts = sorted(page_parts(site_url).items())
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:8]


def write_site_pages(**signal: Any) -> None:
    """Write SITE_URL and the paths of the pages into the database, for its functions.

    Receiver of `post_migrate`, and called when a server starts.
    """
    row = {"pages": page_parts(settings.SITE_URL), "fingerprint": pages_fingerprint()}
    if not SitePages.objects.filter(**row).exists():
        SitePages.objects.update_or_create(pk=1, defaults=row)
