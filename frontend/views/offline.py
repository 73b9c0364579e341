"""What a browser needs to install the site and to read it without a network.

The worker itself is static/frontend/js/worker.js; here is what it is told.
"""

import json

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from geodata.conditional import frontend_fingerprint

# With the page that says one is offline, what that page is made of.
SHELL = [
    "build/site.css",
    "build/site.js",
    "frontend/icon.svg",
]
# Pages of which the server writes another for each query.
ASKED = ["frontend:protections", "frontend:how-to-embed"]
# Made by `manage.py draw_icons`: name, side in pixels, whether it may be cut to any shape.
ICONS = [("icon-192", 192, False), ("icon-512", 512, False), ("icon-maskable", 512, True)]
PAPER = "#fbf8f1"


@cache_control(no_cache=True)
def worker(request):
    """The service worker: its address gives it the whole site, its first line the release."""
    pages, asked = {}, []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            pages[reverse("frontend:map")] = reverse("frontend:offline")
            asked += map(reverse, ASKED)
    told = {
        "release": frontend_fingerprint(),
        "static": settings.STATIC_URL,
        "never": [reverse("admin:index"), "/api/v1/editing/", reverse("one:worker")],
        "api": reverse("ogc:landing"),
        "downloads": reverse("ogc:landing") + "downloads/",
        # What addresses begin with, the longest first, and the page in their language.
        "offline": sorted(pages.items(), reverse=True),
        "asked": asked,
        "shell": [*pages.values(), *map(static, SHELL)],
    }
    source = json.dumps(staticfiles_storage.url("frontend/js/worker.js"))
    text = f"self.site = {json.dumps(told)};\nimportScripts({source});\n"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


def manifest(request):
    """How the installed site is called and looks, in the language of the address."""
    icons = [
        {
            "src": static(f"build/{name}.png"),
            "type": "image/png",
            "sizes": f"{side}x{side}",
            "purpose": "maskable" if cut else "any",
        }
        for name, side, cut in ICONS
    ]
    vector = {"src": static("frontend/icon.svg"), "type": "image/svg+xml", "sizes": "any"}
    document = {
        # One site, whichever language it was installed in.
        "id": "/",
        "scope": "/",
        "start_url": reverse("frontend:map"),
        "lang": translation.get_language(),
        "name": str(settings.SITE_NAME),
        "short_name": _("Bản đồ OCOP"),
        "description": _(
            "Sản phẩm OCOP và đặc sản được bảo hộ, trên bản đồ và đọc được cả khi không có mạng."
        ),
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [vector, *icons],
    }
    return JsonResponse(
        document,
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


def offline(request):
    """What the worker shows instead of a page that it does not have."""
    return render(request, "frontend/offline.html")
