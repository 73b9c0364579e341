"""In which language an address answers: a page in that of its address, all else as it is asked.

Whoever shares or caches the address of a page gets the same words as everybody. The API, the
workspace and addresses that lead nowhere have one address for both languages.
"""

from django.conf import settings
from django.urls import is_valid_path
from django.utils import translation
from django.utils.cache import patch_vary_headers

from . import urls


class LanguageMiddleware:
    """Speaks the language of the page's address, or else that of Accept-Language, as Vary says.

    No cookie is asked, on which no public answer may depend.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Stays for as long as a stream is written; the next request activates its own.
        translation.activate(of_address(request.path_info))
        by_address = translation.get_language() != settings.LANGUAGE_CODE or is_page(request)
        if not by_address:
            request.COOKIES.pop(settings.LANGUAGE_COOKIE_NAME, None)
            translation.activate(translation.get_language_from_request(request))
        language = translation.get_language()
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if not by_address:
            patch_vary_headers(response, ["Accept-Language"])
        return response


def of_address(path):
    """The language that a path begins with, as /en/; without one it is that of the site."""
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE


# What begins so is no page: the API need not wait while all addresses are compared.
NO_PAGES = ("/api/", "/admin/")


def is_page(request):
    """Whether the address is one of a public page, which has another in each other language."""
    if request.path_info.startswith(NO_PAGES):
        return False
    match = request.resolver_match or is_valid_path(request.path_info)
    return bool(match) and match.app_names[:1] == [urls.app_name]


def in_language(path, language):
    """The path of the same page in another language; its words are the same in all of them."""
    prefix = f"/{of_address(path)}/"
    bare = path.removeprefix(prefix.rstrip("/")) if path.startswith(prefix) else path
    return bare if language == settings.LANGUAGE_CODE else f"/{language}{bare}"
