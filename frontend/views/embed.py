"""The map for frames in other sites, and the page with the code to embed it."""

from csp.decorators import csp_replace
from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt


def embeddable(view):
    """Decorate a view so that any site may frame it; base.html omits the site header."""
    return xframe_options_exempt(csp_replace({"frame-ancestors": ["*"]})(view))


def how_to_embed(request):
    """The iframe element to copy, with the filters of the current URL."""
    query = request.GET.urlencode()
    path = reverse("frontend:embed") + (query and f"?{query}")
    snippet = format_html(
        '<iframe src="{}" title="{}" width="100%" height="600" loading="lazy"'
        ' allow="geolocation; fullscreen" style="border:0">'
        "</iframe>",
        settings.SITE_URL + path,
        _("Bản đồ sản phẩm OCOP và đặc sản"),
    )
    return render(request, "frontend/embed.html", {"path": path, "snippet": str(snippet)})
