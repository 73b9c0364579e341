"""The page for a phone on the spot: records nearby, position by GPS, photos, a note.

The page is the same for every official, so that its copy on a phone contains nothing personal; what
is, the records and captures, the script stores itself and removes for another account.
"""

import json
import math
from uuid import UUID

from django.conf import settings
from django.contrib.gis.geos import Point
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from districts.models import is_steward
from geodata.conditional import frontend_fingerprint
from products.ocop import captures
from products.register.workflow import StaleVersion

# What the page loads; the service worker stores it together with the page.
PAGE_FILES = [
    "build/on-the-spot.css",
    "build/on-the-spot.js",
    "frontend/icon.svg",
]
# Characters of a note; longer texts belong into a form.
MAX_NOTE = 2000


@require_safe
@ensure_csrf_cookie
@cache_control(no_cache=True, private=True)
def page(request):
    """The page, without anything that differs between officials."""
    if not is_steward(request.user):
        raise PermissionDenied
    return render(request, "workspace/on_the_spot.html", {"max_photos": captures.MAX_PHOTOS})


@require_safe
@cache_control(no_cache=True)
def worker(request):
    """The service worker of the page; its scope is the folder of this address."""
    configuration = {
        "release": frontend_fingerprint(),
        "page": reverse("workspace:on-the-spot"),
        "static": settings.STATIC_URL,
        "files": [*map(static, PAGE_FILES)],
    }
    source = json.dumps(staticfiles_storage.url("frontend/js/on-the-spot-worker.js"))
    text = f"self.site = {json.dumps(configuration)};\nimportScripts({source});\n"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


@never_cache
@require_safe
def records(request):
    """Return who is logged in, a CSRF token, and the records of that user's territory.

    lat, lng: degrees of WGS 84; with them, the nearest records come first. Nobody or no steward
    gets 401, so that the page can distinguish it from a missing network; it is not redirected.
    """
    if not is_steward(request.user):
        return _refused(_("Hãy đăng nhập bằng tài khoản có địa bàn."), 401)
    try:
        point = _point(request.GET)
    except ValidationError as error:
        return _refused(" ".join(error.messages), 400)
    found = [
        captures.summary(record)
        for kind in captures.KINDS
        for record in captures.nearby(request.user, kind, point)
    ]
    return JsonResponse(
        {
            "user": request.user.pk,
            "name": request.user.get_full_name() or request.user.get_username(),
            "csrf": get_token(request),
            "records": found,
        },
        json_dumps_params={"ensure_ascii": False},
    )


@never_cache
@require_POST
def send(request):
    """Receive one capture; see captures.receive(). Answers in JSON, errors with a sentence.

    201: written or proposed. 200: it had been received before. 400: it is refused, and sending it
    again does not help. 401: nobody is logged in. 403: not the user's territory. 409: somebody else
    has saved the record meanwhile.
    """
    if not is_steward(request.user):
        return _refused(_("Hãy đăng nhập bằng tài khoản có địa bàn."), 401)
    try:
        answer = captures.receive(_sent(request), by=request.user)
    except PermissionDenied:
        sentence = _("Hồ sơ này không còn, hoặc bạn không được sửa nó. Ghi nhận vẫn ở trên máy.")
        return _refused(sentence, 403)
    except StaleVersion as error:
        return _refused(" ".join(error.messages), 409)
    except ValidationError as error:
        return _refused(" ".join(error.messages), 400)
    return JsonResponse(answer, status=200 if answer["repeated"] else 201)


def _refused(sentence, status):
    return JsonResponse({"error": str(sentence)}, status=status)


def _sent(request):
    """Return the captures.Sent of a request; raise ValidationError for what no phone sends."""
    values = request.POST
    try:
        if any("\0" in text for texts in values.lists() for text in texts[1]):
            raise ValueError(values)
        kind = values["kind"]
        if kind not in captures.KINDS:
            raise ValueError(kind)
        base = json.loads(values.get("base") or "{}")
        if not isinstance(base, dict):
            raise ValueError(base)
        accuracy = float(values["accuracy"]) if values.get("accuracy") else None
        files, alts = request.FILES.getlist("photo"), values.getlist("alt")
        shots = [captures.Shot(*pair) for pair in zip(files, alts, strict=True)]
        sent = captures.Sent(
            id=UUID(values["id"]),
            kind=kind,
            code=values["code"],
            base_version=int(values["version"]),
            base=base,
            point=_point(values),
            accuracy_m=accuracy,
            note=values.get("note", ""),
            credit=values.get("credit", ""),
            shots=shots,
        )
    except (KeyError, ValueError, TypeError, RecursionError):
        raise ValidationError(_("Ghi nhận gửi lên không đọc được; hãy cập nhật trang.")) from None
    if len(sent.note) > MAX_NOTE:
        raise ValidationError(_("Ghi chú dài hơn %d ký tự.") % MAX_NOTE)
    return sent


def _point(values):
    """Return the Point of `lat` and `lng`; None without both."""
    texts = [values.get(name, "") for name in ("lng", "lat")]
    if texts == ["", ""]:
        return None
    try:
        lng, lat = map(float, texts)
        if not (math.isfinite(lng + lat) and abs(lng) <= 180 and abs(lat) <= 90):
            raise ValueError(texts)
    except ValueError:
        raise ValidationError(_("Vị trí gửi lên không phải là vĩ độ và kinh độ.")) from None
    return Point(round(lng, 7), round(lat, 7), srid=4326)
