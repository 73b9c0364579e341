"""The map within pages of other sites, and what they copy to have it."""

from csp.decorators import csp_replace
from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt


def embeddable(view):
    """The same page where every other site may frame it; base.html takes its header off."""
    return xframe_options_exempt(csp_replace({"frame-ancestors": ["*"]})(view))


def how_to_embed(request):
    """The element to copy, for the map with the filters that this address has too."""
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
