"""Admin pages of sources."""

from django.contrib import admin
from django.http import HttpRequest

from districts.models import is_steward
from geodata.models import Source

from .tracked import StaffReadable, TrackedAdmin


@admin.register(Source)
class SourceAdmin(StaffReadable, TrackedAdmin):
    """Every official may add a source, without which no fact is entered, and correct it."""

    list_display = ["__str__", "document_number", "dated_text", "licence"]
    search_fields = ["title", "publisher", "document_number", "url"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether the user is staff."""
        return request.user.is_staff

    def has_change_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        """Return whether the user is a superuser or an official who has added the source."""
        if obj is None or super().has_change_permission(request, obj):
            return request.user.is_staff
        return is_steward(request.user) and obj.was_added_by(request.user)
