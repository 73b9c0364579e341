"""The WSGI application that gunicorn serves."""

import gc
import logging
import os

from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocopmap.settings")

application = get_wsgi_application()

from geodata import pages  # noqa: E402 (models are loaded now)

# Objects loaded by now are never freed. Scanning them in every garbage collection took a sixth of
# the time of a page of features.
get_resolver().url_patterns  # noqa: B018 (loads every view)
# SITE_URL may be another one than when the database was migrated.
try:
    pages.write_site_pages()
except DatabaseError as error:
    # Requests are answered with 503 until the database is there.
    logging.getLogger(__name__).warning("The URLs of the pages were not written: %s", error)
connection.close()
gc.collect()
gc.freeze()
