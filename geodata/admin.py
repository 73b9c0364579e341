"""Sources and imports."""

from django.contrib import admin

from .models import ImportRun, Source
from .workspace import StaffReadable, TrackedAdmin


@admin.register(Source)
class SourceAdmin(StaffReadable, TrackedAdmin):
    """Every official may add a source: no fact is entered without one."""

    list_display = ["__str__", "document_number", "dated_text", "licence"]
    search_fields = ["title", "publisher", "document_number", "url"]

    def has_add_permission(self, request):
        return request.user.is_staff


@admin.register(ImportRun)
class ImportRunAdmin(admin.ModelAdmin):
    list_display = ["kind", "file_name", "applied", "user", "ran_at"]
    list_filter = ["kind", "applied"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
