"""The URLs of the whole site."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from frontend.urls import language_neutral_urlpatterns
from frontend.views.sitemap import robots_txt, sitemap_xml
from geodata.base_squares import base_square
from geodata.health import healthz
from geodata.ogc.transaction_views import LandingView

urlpatterns = [
    path("admin/", include("frontend.workspace.urls")),
    path("admin/", admin.site.urls),
    path("tai-khoan/", include("frontend.workspace.account_urls")),
    # Without the slash as well: no address of the editing API redirects.
    path("api/v1/editing", LandingView.as_view()),
    path("api/v1/editing/", include("geodata.ogc.transaction_urls")),
    path("api/v1/", include("geodata.ogc.urls")),
    path("healthz", healthz),
    path(
        "nen-ban-do/<slug:version>/<int:level>/<int:x>/<int:y>.json",
        base_square,
        name="base-square",
    ),
    path("sitemap.xml", sitemap_xml, name="sitemap"),
    path("robots.txt", robots_txt),
    path("", include(language_neutral_urlpatterns)),
    *i18n_patterns(path("", include("frontend.urls")), prefix_default_language=False),
]

handler400 = "frontend.views.errors.bad_request"
handler403 = "frontend.views.errors.permission_denied"
handler404 = "frontend.views.errors.page_not_found"
handler500 = "frontend.views.errors.server_error"
