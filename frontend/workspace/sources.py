"""Admin pages of sources and import runs."""

from django.contrib import admin
from django.http import HttpRequest

from geodata.models import ImportRun, Source

from .tracked import StaffReadable, TrackedAdmin


@admin.register(Source)
class SourceAdmin(StaffReadable, TrackedAdmin):
    """Every staff user may add a source: no fact is entered without one."""

    list_display = ["__str__", "document_number", "dated_text", "licence"]
    search_fields = ["title", "publisher", "document_number", "url"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether the user is staff."""
        return request.user.is_staff


@admin.register(ImportRun)
class ImportRunAdmin(admin.ModelAdmin):
    """Import runs, read-only: they are a record of what happened."""

    list_display = ["kind", "file_name", "applied", "user", "ran_at"]
    list_filter = ["kind", "applied"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        """Return False."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        """Return False."""
        return False
