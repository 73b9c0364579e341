"""The history of a record as versions: compared in words and on a map, restored, acts undone."""

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geodata.mapview import map_data
from geodata.models import ImportRun
from products.register import history, proposals, workflow
from products.register.importing import boundaries
from products.register.models import Proposal

from .forms import version_in
from .history import history_of

# What an act was, by the metadata of its context.
ACTS = {
    "edit": gettext_lazy("biểu mẫu"),
    "import": gettext_lazy("nhập tệp"),
    boundaries.KIND: gettext_lazy("nạp ranh giới"),
    "api": gettext_lazy("chương trình khác"),
    "proposal": gettext_lazy("đề xuất được chấp nhận"),
    "restore": gettext_lazy("khôi phục"),
    "undo": gettext_lazy("hoàn tác"),
    "delete": gettext_lazy("xoá"),
    **{name: transition.label for name, transition in workflow.TRANSITIONS.items()},
}


def people(contexts):
    """Return {id: user} of the users and authors in the contexts; one query."""
    ids = {context.get(name) for context in contexts for name in ("user", "author")} - {None}
    return get_user_model().objects.in_bulk(ids)


class VersionHistory:
    """Mixin of a RecordAdmin: its history page lists versions."""

    object_history_template = "workspace/versions.html"

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_restore"
        view = self.admin_site.admin_view(self.restore_view)
        return [
            path("<path:object_id>/restore/<str:key>/", view, name=name),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context=None
    ) -> HttpResponse:
        """List the versions; `a` and `b` in the query string name two to compare."""
        record = self._readable(request, object_id)
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        found = history.versions(record)
        models = [self.model, *workflow.part_models(self.model)]
        events = {}
        for event in history_of(record, models):
            events.setdefault(event["key"], []).append(event)
        known = people(version.context for version in found)
        rows = [
            {
                "version": version,
                "act": ACTS.get(version.context.get("act"), ""),
                "user": known.get(version.context.get("user")),
                "author": known.get(version.context.get("author")),
                "reason": version.context.get("reason", ""),
                "events": events.get(version.key, []),
                "is_current": version is found[-1],
            }
            for version in reversed(found)
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Lịch sử: %s") % record,
            "opts": self.opts,
            "object": record,
            "rows": rows,
            "compared": self._compared(request, record, found),
            "map": map_data(),
            "may_restore": proposals.may_submit(request.user, record),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)

    def _readable(self, request, object_id):
        record = self.get_object(request, object_id)
        if record and not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return record

    def _compared(self, request, record, found):
        """What the page shows of two versions, None unless the query string names two."""
        by_key = {version.key: version for version in found}
        old, new = (by_key.get(request.GET.get(name)) for name in ("a", "b"))
        if not (old and new):
            return None
        if found.index(old) > found.index(new):
            old, new = new, old
        return {
            "old": old,
            "new": new,
            "differences": history.compare(type(record), old, new),
            "places": [
                {"lat": version.points[1], "lng": version.points[0], "label": str(version)}
                for version in (old, new)
                if version.points
            ],
        }

    def restore_view(self, request: HttpRequest, object_id: str, key: str) -> HttpResponse:
        """Show what restoring a version changes; POST restores it."""
        record = self._readable(request, object_id)
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not proposals.may_submit(request.user, record):
            raise PermissionDenied
        found = history.versions(record)
        version = next((one for one in found if one.key == key), None)
        if version is None:
            raise Http404
        if request.method == "POST":
            try:
                request.outcome = history.restore(
                    record,
                    version,
                    by=request.user,
                    base_version=version_in(request.POST),
                )
            except ValidationError as error:
                self.message_user(request, " ".join(error.messages), messages.ERROR)
            else:
                if response := self.response_proposed(request):
                    return response
                text = _("Đã khôi phục phiên bản %s.") % version
                self.message_user(request, text, messages.SUCCESS)
                return redirect(self.change_url(record))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Khôi phục phiên bản %s") % version,
            "opts": self.opts,
            "object": record,
            "version": version,
            "differences": history.compare(self.model, found[-1], version),
            "not_restored": [
                self.model._meta.get_field(name).verbose_name for name in self.model.not_restored
            ],
        }
        return TemplateResponse(request, "workspace/restore.html", context)


def undo_view(request: HttpRequest, context_id, site) -> HttpResponse:
    """Show what undoing an act would do, record by record; POST undoes it."""
    if not history.touched(context_id):
        raise Http404
    if ImportRun.objects.filter(context=context_id, kind=boundaries.KIND).exists():
        text = _("Nạp ranh giới không hoàn tác được; hãy nạp lại tệp ranh giới trước đó.")
        messages.error(request, text)
        return redirect("admin:index")
    undone = history.undo(context_id, by=request.user, dry_run=request.method != "POST")
    if request.method == "POST":
        counts = {
            "restored": len(undone.restored),
            "deleted": len(undone.deleted),
            "proposed": len(undone.proposed),
            "skipped": len(undone.skipped),
        }
        text = _(
            "Đã hoàn tác: %(restored)d khôi phục, %(deleted)d xoá, %(proposed)d thành đề xuất,"
            " %(skipped)d bỏ qua."
        )
        messages.success(request, text % counts)
    context = {
        **site.each_context(request),
        "title": _("Hoàn tác một lượt sửa"),
        "undone": undone,
        "done": request.method == "POST",
        "anything": undone.restored or undone.deleted or undone.proposed,
    }
    return TemplateResponse(request, "workspace/undo.html", context)


def undo_url(context_id) -> str:
    """Return the URL of the page that undoes an act."""
    return reverse("admin:undo", args=[context_id])


def pending_of(record):
    """Return the open proposals about a record, oldest first."""
    return Proposal.objects.about(record).open().select_related("author")
