"""Sheets to print (PDF), made by WeasyPrint from templates: no network, one at a time.

The templates get no user input, only public values of a record, whose lengths are limited by the
database; a sheet therefore needs about a second and a few tens of megabytes.
"""

import base64
import functools
import threading

import segno
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from PIL import ImageFile

# Weight → the file of the typeface of the site; where it is not built, sheets have DejaVu Sans.
FONT_FILES = {400: "build/be-vietnam-pro-400.woff2", 700: "build/be-vietnam-pro-600.woff2"}
# Layout needs all of a processor: in each process, one sheet at a time.
_one_at_a_time = threading.Lock()
# Seconds that a request waits for the sheet of another one.
LONGEST_WAIT = 20
# Requests that are served or wait in each process: each has a thread, which pages need as well.
_places = threading.BoundedSemaphore(3)


class BusyError(Exception):
    """Other sheets are being made, and waiting has taken too long."""


def pdf(template: str, context: dict[str, object]) -> bytes:
    """Return a template as PDF, with embedded fonts.

    Raises BusyError if other sheets have taken LONGEST_WAIT seconds, or if others wait already.
    """
    HTML, URLFetcher = _weasyprint()
    html = render_to_string(template, context | {"fonts": _font_faces()})
    if not _places.acquire(blocking=False):
        raise BusyError
    try:
        if not _one_at_a_time.acquire(timeout=LONGEST_WAIT):
            raise BusyError
        try:
            # Nothing is loaded from other hosts or files.
            fetcher = URLFetcher(allowed_protocols=["data"])
            return HTML(string=html, url_fetcher=fetcher).write_pdf()
        finally:
            _one_at_a_time.release()
    finally:
        _places.release()


@functools.cache
def _weasyprint():
    # Loading takes half a second and 30 MB, which processes that print nothing do not need.
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    # WeasyPrint makes Pillow accept images that are cut off, in the whole process; uploaded photos
    # must not be.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return HTML, URLFetcher


def qr_code(address: str) -> segno.QRCode:
    """Return the QR code of an address as labels have it."""
    # Error correction M: readable with up to 15 % of the code damaged, as on a worn label.
    return segno.make(address, error="m", micro=False)


def _font_faces():
    """[(weight, data: URL)] of the typeface of the site, as far as it has one of its own."""
    found = [(weight, finders.find(path)) for weight, path in FONT_FILES.items()]
    return [(weight, _data_url(file)) for weight, file in found if file]


@functools.cache
def _data_url(file):
    with open(file, "rb") as opened:
        return f"data:font/woff2;base64,{base64.b64encode(opened.read()).decode()}"
