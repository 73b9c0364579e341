"""Web manifest, service worker and offline page: installing the site, reading it without a network.

The service worker is static/frontend/js/worker.js; its configuration is built here.
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

from frontend import fonts
from geodata.conditional import frontend_fingerprint

# Static files of the offline page, cached together with it.
OFFLINE_PAGE_FILES = [
    "build/fonts.css",
    *map(fonts.file_name, fonts.WEIGHTS),
    "build/site.css",
    "build/site.js",
    "frontend/icon.svg",
]
# Pages that the server renders differently for each query string.
PAGES_BY_QUERY = [
    *("frontend:protections", "frontend:producers", "frontend:my-products"),
    "frontend:how-to-embed",
]
# Drawn by `manage.py draw_icons`: name, side in pixels, whether launchers may crop it.
ICONS = [("icon-192", 192, False), ("icon-512", 512, False), ("icon-maskable", 512, True)]
PAPER = "#fbf8f1"


@cache_control(no_cache=True)
def worker(request):
    """The service worker; its configuration contains the fingerprint of the release."""
    pages, by_query = {}, []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            pages[reverse("frontend:map")] = reverse("frontend:offline")
            by_query += map(reverse, PAGES_BY_QUERY)
    # The keys are read by worker.js.
    configuration = {
        "release": frontend_fingerprint(),
        "static": settings.STATIC_URL,
        "never": [reverse("admin:index"), "/api/v1/editing/", reverse("neutral:worker")],
        "api": reverse("ogc:landing"),
        "downloads": reverse("ogc:landing") + "downloads/",
        # [prefix of a path, offline page in its language], the longest prefix first.
        "offline": sorted(pages.items(), reverse=True),
        "pagesWithQuery": by_query,
        "shell": [*pages.values(), *map(static, OFFLINE_PAGE_FILES)],
    }
    source = json.dumps(staticfiles_storage.url("frontend/js/worker.js"))
    text = f"self.site = {json.dumps(configuration)};\nimportScripts({source});\n"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


def manifest(request):
    """The web manifest: name and appearance of the installed site, in the language of the path."""
    icons = [
        {
            "src": static(f"build/{name}.png"),
            "type": "image/png",
            "sizes": f"{side}x{side}",
            "purpose": "maskable" if maskable else "any",
        }
        for name, side, maskable in ICONS
    ]
    svg_icon = {"src": static("frontend/icon.svg"), "type": "image/svg+xml", "sizes": "any"}
    document = {
        # The identity of the site does not depend on the language in which it was installed.
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
        "icons": [svg_icon, *icons],
    }
    return JsonResponse(
        document,
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


def offline(request):
    """The page that the service worker shows instead of a page that it has not cached."""
    return render(request, "frontend/offline.html")
