"""The language of a response: that of the path for public pages, else Accept-Language.

The same URL of a page therefore always has the same text, also when shared or cached. The API, the
workspace, accounts and unknown paths have one URL for both languages.
"""

from django.conf import settings
from django.urls import is_valid_path
from django.utils import translation
from django.utils.cache import patch_vary_headers

from . import urls


class LanguageMiddleware:
    """Activates the language of the path, else that of Accept-Language, and sets Vary accordingly.

    The language cookie is ignored: no public response may depend on a cookie.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Remains active while a response is streamed; the next request activates its own language.
        translation.activate(language_of_path(request.path_info))
        by_path = translation.get_language() != settings.LANGUAGE_CODE or is_page(request)
        if not by_path:
            request.COOKIES.pop(settings.LANGUAGE_COOKIE_NAME, None)
            translation.activate(translation.get_language_from_request(request))
        language = translation.get_language()
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if not by_path:
            patch_vary_headers(response, ["Accept-Language"])
        return response


def language_of_path(path):
    """The language of a path's prefix, as in /en/; the default language without a prefix."""
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE


# Not public pages: these prefixes spare the API a comparison with all URL patterns.
NOT_PAGES = ("/api/", "/admin/", "/tai-khoan/")


def is_page(request):
    """Whether the URL is that of a public page, which has one URL in each language."""
    if request.path_info.startswith(NOT_PAGES):
        return False
    match = request.resolver_match or is_valid_path(request.path_info)
    return bool(match) and match.app_names[:1] == [urls.app_name]


def in_language(path, language):
    """The path of the same page in another language; only the prefix differs."""
    prefix = f"/{language_of_path(path)}/"
    bare = path.removeprefix(prefix.rstrip("/")) if path.startswith(prefix) else path
    return bare if language == settings.LANGUAGE_CODE else f"/{language}{bare}"
