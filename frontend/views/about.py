"""Pages about the site: what it is, what it stores, how accessible it is."""

from urllib.parse import urlsplit

from django.conf import settings
from django.shortcuts import render

from geodata.page_cache import cached_page


@cached_page()
def about(request, revision):
    """What the site is, where its data come from, and whom to contact."""
    return render(request, "frontend/about.html")


@cached_page()
def privacy(request, revision):
    """What is stored on the device and on the server."""
    # A host in braces is chosen by the map: {s}.tile.example.org.
    host = urlsplit(settings.TILE_URL).netloc.removeprefix("{s}.")
    return render(request, "frontend/privacy.html", {"tile_host": host})


@cached_page()
def accessibility(request, revision):
    """What was tested for people with disabilities, and what is missing."""
    return render(request, "frontend/accessibility.html")
