"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocopmap.settings")

application = get_wsgi_application()

# Objects loaded by now are never freed. Scanning them in every garbage collection took a sixth of
# the time of a page of features.
get_resolver().url_patterns  # noqa: B018 (loads every view)
gc.collect()
gc.freeze()
