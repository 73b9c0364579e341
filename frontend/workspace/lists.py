"""The list of records with a map of the same selection, filters, chosen columns, bulk acts."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from geodata.mapview import map_data
from products.register.models import Located

from .bulk import ACTS, action
from .exports import export, export_choices, grid_in
from .templatetags.workspace import workspace_url
from .work import AuthorFilter, LackFilter, WorkFilter

# Markers on the map of a list; with more, it shows those of the page only.
MOST_MARKERS = 1000


class RecordList:
    """Mixin of a RecordAdmin: its list.

    columns: names for list_display from which the official chooses; list_display are those shown
    at first.
    """

    change_list_template = "workspace/record_list.html"
    list_per_page = 50
    columns = ()

    def get_actions(self, request: HttpRequest) -> dict:
        actions = super().get_actions(request)
        for act in ACTS.values():
            if act.applies(self.model):
                actions[act.name] = (action(act), act.name, act.label)
        return actions

    def get_action_choices(self, request: HttpRequest, default_choices=None) -> list:
        return super().get_action_choices(request, [("", _("– chọn việc –"))])

    def get_list_filter(self, request: HttpRequest) -> list:
        return [WorkFilter, *super().get_list_filter(request), LackFilter, AuthorFilter]

    def get_list_display(self, request: HttpRequest) -> list:
        chosen = request.session.get(self._columns_key(), [])
        known = [name for name in chosen if name in self._columns()]
        return known or list(self.list_display)

    def _columns(self):
        return [
            *self.list_display,
            *(name for name in self.columns if name not in self.list_display),
        ]

    def _columns_key(self):
        return f"columns:{self.opts.label_lower}"

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        own = [
            path("columns/", view(self.columns_view), name=f"{name}_columns"),
            path("export/<str:extension>/", view(self.export_view), name=f"{name}_export"),
        ]
        if issubclass(self.model, Located):
            own.append(path("places.json", view(self.places_view), name=f"{name}_places"))
        return [*own, *super().get_urls()]

    def columns_view(self, request: HttpRequest) -> HttpResponse:
        """Store the columns that the official has chosen, for this session."""
        if request.method == "POST" and self.has_view_permission(request):
            wanted = request.POST.getlist("column")
            names = [name for name in self._columns() if name in wanted]
            request.session[self._columns_key()] = names
        query = request.POST.get("query", "")
        return redirect(f"../?{query}" if query else "../")

    def export_view(self, request: HttpRequest, extension: str) -> HttpResponseBase:
        """Download the filtered list; `grid` in the query string is not a filter."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        grid = grid_in(request)
        request.GET = request.GET.copy()
        request.GET.pop("grid", None)
        changelist = self._changelist(request)
        return export(changelist.get_queryset(request), extension, grid)

    def _changelist(self, request):
        """The list of the query string; raises Http404 if that is none."""
        try:
            return self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            raise Http404 from None

    def places_view(self, request: HttpRequest) -> HttpResponse:
        """The located records of the filtered list as JSON: {"places": [...], "all": bool}.

        At most MOST_MARKERS, of the current page if there are more.
        """
        if not self.has_view_permission(request):
            return JsonResponse({"places": [], "all": True}, status=403)
        changelist = self._changelist(request)
        located = changelist.get_queryset(request).filter(point__isnull=False)
        is_all = located.count() <= MOST_MARKERS
        records = located if is_all else [r for r in changelist.result_list if r.point]
        places = [
            {
                "id": record.pk,
                "label": record.label,
                "lat": record.point.y,
                "lng": record.point.x,
                "exact": record.is_exact,
                "url": workspace_url(record),
            }
            for record in records
        ]
        return JsonResponse({"places": places, "all": is_all})

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        shown = self.get_list_display(request)
        query = request.GET.urlencode()
        context = {
            "title": capfirst(self.opts.verbose_name_plural),
            "has_map": issubclass(self.model, Located),
            "map": map_data(),
            "query": query,
            "exports": [
                (f"{address}{'&' if '?' in address else '?'}{query}" if query else address, label)
                for address, label in export_choices(self.model)
            ],
            "column_choices": [
                (name, admin.utils.label_for_field(name, self.model, self), name in shown)
                for name in self._columns()
            ],
            "too_many": _("Bản đồ chỉ hiện các hồ sơ của trang này."),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)
