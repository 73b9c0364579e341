"""Pages that a browser keeps, and asks for again, until what they say has changed."""

import functools
import hashlib

from django.conf import settings
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from geodata.ogc.html import frontend_fingerprint
from geodata.revision import current_revision


def kept_by_revision(view):
    """Answer 304 to whoever has the page of this revision, day, release and language.

    view: takes the revision beside what its address says.
    """

    @functools.wraps(view)
    def answer(request, **given):
        revision = current_revision()
        parts = [revision, request.get_full_path(), get_language(), settings.SITE_URL]
        parts.append(frontend_fingerprint())
        digest = hashlib.sha256(repr([str(part) for part in parts]).encode()).hexdigest()
        tag = f'"{digest[:24]}"'
        response = get_conditional_response(request, tag)
        if response is None:
            response = view(request, revision=revision, **given)
        else:
            # The page that the browser has was allowed its scripts by the policy it came with.
            response._csp_exempt = True
        response.headers.setdefault("ETag", tag)
        # An official sees at once what was published.
        response.headers["Cache-Control"] = "no-cache"
        return response

    return answer
