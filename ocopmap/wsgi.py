"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocopmap.settings")

application = get_wsgi_application()

# What is loaded by now stays for good. Looking through it for circular references again and again
# took a sixth of the time of a page of features.
get_resolver().url_patterns  # noqa: B018 (loads every view)
gc.collect()
gc.freeze()
