"""The live answer to a position that is being typed, as JSON for the point editor."""

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from districts.models import Level, Unit, is_steward
from geodata.coordinates import VN2000_GRIDS
from products.register import positions


@never_cache
@require_safe
def answer(request):
    """Return positions.answer() to `text`, for stewards only.

    epsg: the grid of VN-2000; commune, district: ids of the units that the source declares. A
    parameter that is no such number gets 400 with a sentence.
    """
    if not is_steward(request.user):
        raise PermissionDenied
    try:
        grid = _number(request, "epsg")
        if grid is not None and grid not in VN2000_GRIDS:
            raise ValueError(grid)
        commune = _unit(request, "commune", Level.COMMUNE)
        district = _unit(request, "district", Level.DISTRICT)
    except (ValueError, Unit.DoesNotExist):
        sentence = _("Lưới chiếu hoặc đơn vị được gửi kèm không có. Hãy mở lại trang.")
        return JsonResponse({"error": sentence}, status=400)
    found = positions.answer(
        request.GET.get("text", ""), epsg=grid, commune=commune, district=district
    )
    return JsonResponse(found.as_dict(), json_dumps_params={"ensure_ascii": False})


def _number(request, name):
    """Return the number of a parameter; None if it is missing or empty."""
    text = request.GET.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(text)
    return int(text) if text else None


def _unit(request, name, level):
    number = _number(request, name)
    return None if number is None else Unit.objects.get(pk=number, level=level)
