"""The pages on which officials import a spreadsheet, step by step.

Upload, columns, check, write: the run is an ImportRun, and products/register/importing/runs.py does
what each button requests. Pages of a job in progress refresh themselves; without JavaScript a link
does.
"""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geodata import jobs
from geodata.coordinates import default_grid, offered_grids
from geodata.mapview import map_data
from geodata.models import ImportRun
from geodata.spans import format_day
from products.register import moves
from products.register.importing import boundaries, runs
from products.register.importing.resources import importable
from products.register.models import Position

from . import exports
from .tracked import StewardReadable, by_steward

State = ImportRun.State
# Places that the map of a check draws; the table beside lists the same rows.
MAP_PLACES = 500
# Steps of the page, with the states in which each is the present one.
STEPS = [
    (gettext_lazy("Tải tệp"), ()),
    (gettext_lazy("Ghép cột"), (State.MAPPING,)),
    (gettext_lazy("Chạy thử"), (State.CHECKED,)),
    (gettext_lazy("Ghi"), (State.WRITTEN,)),
]


def title_of(kind):
    """The name of what a run imports; that of a loading command is its own kind."""
    if kind == boundaries.KIND:
        return boundaries.TITLE
    resource = importable().get(kind)
    return resource.title if resource else kind


class UploadForm(forms.Form):
    """A file, and what is in it."""

    kind = forms.ChoiceField(label=gettext_lazy("Nhập"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=gettext_lazy("Tệp"),
        help_text=gettext_lazy(
            "Excel (.xlsx), CSV hoặc GeoJSON, nhiều nhất 64 MB và 100.000 dòng."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv,.geojson,.json"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, one.title) for kind, one in importable().items()]


class BoundariesForm(forms.Form):
    """The files of new boundaries; the fields are the keys of boundaries.FILES."""

    file = forms.FileField(
        label=gettext_lazy("Ranh giới"),
        help_text=gettext_lazy("GeoJSON, nhiều nhất 20 MB: mỗi đối tượng là một đơn vị."),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json"}),
    )
    outline = forms.FileField(
        label=gettext_lazy("Đường bao đơn giản"),
        required=False,
        help_text=gettext_lazy(
            "GeoJSON của đúng những đơn vị ấy, đã đơn giản hoá để vẽ bản đồ."
            " Không có tệp này thì bản đồ vẽ ranh giới đầy đủ."
        ),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json"}),
    )
    succession = forms.FileField(
        label=gettext_lazy("Chuyển tiếp"),
        required=False,
        help_text=gettext_lazy(
            "CSV có các cột old_code, new_code, part, share_of_old_area: đơn vị mới lập từ những"
            " đơn vị nào."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
    )


class ColumnsForm(forms.Form):
    """Which heading of the file is which column, and what holds for all rows."""

    grid = forms.TypedChoiceField(
        label=gettext_lazy("Lưới VN-2000 của X và Y"),
        coerce=int,
        empty_value=None,
        required=False,
    )
    position = forms.ChoiceField(
        label=gettext_lazy("Cách lấy toạ độ"),
        required=False,
        help_text=gettext_lazy("Cho những dòng không ghi."),
    )
    source = forms.CharField(
        label=gettext_lazy("Nguồn"),
        required=False,
        max_length=500,
        help_text=gettext_lazy(
            "Số văn bản hoặc địa chỉ trang web, cho hồ sơ mới ở những dòng không ghi nguồn."
        ),
    )

    def __init__(self, run, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.headings = run.mapping.get(runs.HEADINGS, [])
        columns = importable()[run.kind].template_columns()
        choices = [("", _("– bỏ qua –"))]
        choices += [(name, column.column_name) for name, column in columns.items()]
        chosen = run.mapping.get(runs.COLUMNS, {})
        for at, heading in enumerate(self.headings):
            self.fields[f"column_{at}"] = forms.ChoiceField(
                label=heading, choices=choices, required=False, initial=chosen.get(heading, "")
            )
        self.fields["grid"].choices = [("", "–"), *offered_grids()]
        self.fields["position"].choices = [
            ("", "–"),
            *(choice for choice in Position.choices if choice[0] != Position.COMMUNE),
        ]
        for name in runs.OPTIONS:
            self.fields[name].initial = run.mapping.get(name)
        if self.fields["grid"].initial is None and "northing" in chosen.values():
            self.fields["grid"].initial = default_grid()
        if "lat" not in columns:
            del self.fields["grid"], self.fields["position"]

    @property
    def column_fields(self):
        return [self[f"column_{at}"] for at in range(len(self.headings))]

    @property
    def option_fields(self):
        return [self[name] for name in runs.OPTIONS if name in self.fields]

    @property
    def columns(self):
        """{heading: name of the column} of the headings that are not ignored."""
        names = (self.cleaned_data[f"column_{at}"] for at in range(len(self.headings)))
        return {heading: name for heading, name in zip(self.headings, names, strict=True) if name}


class DecisionsForm(forms.Form):
    """For each record in conflict: its values in three versions, and which one remains."""

    KEEP = "keep"

    def __init__(self, conflicts, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.records = {}
        for conflict in conflicts:
            self.records.setdefault(conflict["code"], []).append(conflict)
        for code, rows in self.records.items():
            choices = [
                (self.KEEP, _("Giữ giá trị hiện nay")),
                (str(rows[0]["version"]), _("Lấy giá trị trong tệp")),
            ]
            self.fields[code] = forms.ChoiceField(
                label=code, choices=choices, widget=forms.RadioSelect, required=True
            )

    @property
    def decided(self):
        """{code: version to overwrite, or None}."""
        return {
            code: None if value == self.KEEP else int(value)
            for code, value in self.cleaned_data.items()
        }

    @property
    def groups(self):
        return [(self[code], rows) for code, rows in self.records.items()]


@admin.register(ImportRun)
class ImportRunAdmin(StewardReadable, admin.ModelAdmin):
    """Import runs. A person sees the own ones, publishers of a province all."""

    list_display = ["file_name", "what", "state", "progress", "user", "at"]
    list_filter = ["state"]
    list_select_related = ["user"]
    change_list_template = "workspace/imports/list.html"

    def has_add_permission(self, request):
        return by_steward(request)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        # The report of new boundaries contains their shapes.
        return runs.visible_runs(request.user).defer("report")

    def get_urls(self):
        views = {
            "columns": self.columns_view,
            "write": self.write_view,
            "cancel": self.cancel_view,
        }
        steps = [
            path(
                f"<int:run_id>/{name}/",
                self.admin_site.admin_view(self._on_post(view)),
                name=f"geodata_importrun_{name}",
            )
            for name, view in views.items()
        ]
        template = path(
            "template/<str:kind>.xlsx",
            self.admin_site.admin_view(self.template_view),
            name="geodata_importrun_template",
        )
        new_boundaries = path(
            "boundaries/",
            self.admin_site.admin_view(self.boundaries_view),
            name="geodata_importrun_boundaries",
        )
        return [template, new_boundaries, *steps, *super().get_urls()]

    @admin.display(description=gettext_lazy("loại"), ordering="kind")
    def what(self, run):
        return title_of(run.kind)

    @admin.display(description=gettext_lazy("lúc"), ordering="ran_at")
    def at(self, run):
        ran_at = timezone.localtime(run.ran_at)
        return f"{ran_at:%H:%M} {format_day(ran_at)}"

    @admin.display(description=gettext_lazy("tiến độ"))
    def progress(self, run):
        return f"{run.done}/{run.total}" if run.is_active and run.total else run.result

    # --- pages -----------------------------------------------------------------------------

    def _page(self, request, template, title, **context):
        return TemplateResponse(
            request,
            f"workspace/imports/{template}.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": title,
                "kinds": [(kind, one.title) for kind, one in importable().items()],
                **context,
            },
        )

    def add_view(self, request, form_url="", extra_context=None):
        """Choose a file."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        initial = {"kind": request.GET.get("kind") or next(iter(importable()))}
        form = UploadForm(request.POST or None, request.FILES or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                run = runs.start(
                    form.cleaned_data["kind"], form.cleaned_data["file"], by=request.user
                )
                return redirect(self._address(run))
            except ValidationError as error:
                form.add_error("file", error)
        return self._page(request, "upload", _("Nhập tệp"), form=form)

    def boundaries_view(self, request):
        """Choose the files of new boundaries."""
        if not boundaries.may_load(request.user):
            raise PermissionDenied
        form = BoundariesForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            uploads = {name: file for name, file in form.cleaned_data.items() if file}
            try:
                return redirect(self._address(runs.start_boundaries(uploads, by=request.user)))
            except ValidationError as error:
                form.add_error(None, error)
        return self._page(request, "boundaries_upload", _("Nạp ranh giới"), form=form)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The page of a run, in whatever state it is."""
        run = self.get_object(request, object_id)
        if run is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return self._run_page(request, run)

    def _run_page(self, request, run, columns_form=None, decisions_form=None, status=200):
        is_boundaries = run.kind == boundaries.KIND
        is_ours = (run.kind in importable() or is_boundaries) and bool(run.file)
        report = run.report
        changes = report.get("changes", [])
        moves = [change for change in changes if change["at"] and change["at"] != change["was"]]
        is_ours = is_ours and run.user_id == request.user.pk
        may_choose = is_ours and not run.is_active and run.state != State.WRITTEN
        response = self._page(
            request,
            "run",
            run.file_name,
            run=run,
            what=title_of(run.kind),
            is_boundaries=is_boundaries,
            steps=self._steps(run) if is_ours else [],
            rows=report.get("rows", []),
            unlisted=report.get("problem_count", 0) - len(report.get("rows", [])),
            changes=changes,
            changed=sum(report.get(name, 0) for name in ("created", "updated", "proposed")),
            moves=moves[:MAP_PLACES],
            map=map_data(),
            outlines_url=reverse("ogc:items", args=["districts"]) + "?geometry=outline",
            columns_form=self._columns_form(run, columns_form) if may_choose else None,
            # While the job writes, the page refreshes itself every two seconds.
            **({} if run.is_active else self._comparison(report)),
            decisions_form=decisions_form or DecisionsForm(report.get("conflicts", [])),
            may_write=is_ours and run.state == State.CHECKED and not report.get("problem_count"),
        )
        response.status_code = status
        return response

    def _columns_form(self, run, form):
        return None if run.kind == boundaries.KIND else form or ColumnsForm(run)

    def _comparison(self, report):
        """What new boundaries change, for the template boundaries.html; {} of other runs."""
        comparison = report.get(boundaries.COMPARISON)
        if not comparison:
            return {}
        kinds = moves.located_models()
        records = [
            record
            | {
                "number": number,
                "what": kinds[record["kind"]]._meta.verbose_name,
                "url": reverse(
                    f"admin:{record['kind'].replace('.', '_')}_change", args=[record["id"]]
                ),
            }
            for number, record in enumerate(comparison["records"], 1)
        ]
        counted = [
            kind for kind in kinds if any(kind in f["counts"] for f in comparison["figures"])
        ]
        return {
            "comparison": comparison,
            "records": records,
            "record_count": sum(comparison["record_counts"].values()),
            "figure_kinds": [kinds[kind]._meta.verbose_name_plural for kind in counted],
            "figures": [
                figure | {"numbers": [figure["counts"].get(kind) for kind in counted]}
                for figure in comparison["figures"]
            ],
            "boundary_map": {
                "shapes": comparison["shapes"],
                "places": [
                    {name: record[name] for name in ("number", "name", "code", "at")}
                    for record in records[:MAP_PLACES]
                    if record["at"]
                ],
            },
        }

    def _on_post(self, view):
        """The view for POST; GET, as after a session has ended, leads to the page of the run."""

        def wrapped(request, run_id):
            if request.method == "POST":
                return view(request, run_id)
            return redirect("admin:geodata_importrun_change", run_id)

        return wrapped

    def changelist_view(self, request, extra_context=None):
        runs_of_user = self.get_queryset(request)
        active = runs_of_user.filter(state__in=[State.QUEUED, State.RUNNING]).exists()
        context = {
            "is_active": active,
            "may_load_boundaries": boundaries.may_load(request.user),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    def _steps(self, run):
        """[label, whether it is the present one, whether it is done] of each step."""
        of_states = {state: at for at, (_label, states) in enumerate(STEPS) for state in states}
        of_steps = {"read": 1, "check": 2, "write": 3}
        present = of_states.get(run.state, of_steps[run.step])
        return [
            (label, at == present, at < present)
            for at, (label, states) in enumerate(STEPS)
            # New boundaries have no columns.
            if run.kind != boundaries.KIND or State.MAPPING not in states
        ]

    def _address(self, run):
        return reverse("admin:geodata_importrun_change", args=[run.pk])

    def _own(self, request, run_id):
        run = self.get_queryset(request).filter(pk=run_id).first()
        if run is None:
            raise Http404
        return run

    # --- buttons ---------------------------------------------------------------------------

    def columns_view(self, request, run_id):
        """Store which heading is which column, and check the file."""
        run = self._own(request, run_id)
        if run.kind not in importable():
            raise Http404
        form = ColumnsForm(run, request.POST)
        if form.is_valid():
            options = {name: form.cleaned_data.get(name) for name in runs.OPTIONS}
            try:
                runs.choose_columns(run, form.columns, options, by=request.user)
                return redirect(self._address(run))
            except ValidationError as error:
                # A message, because the form is not shown while a job is working on the run.
                messages.error(request, " ".join(error.messages))
                run.refresh_from_db()
        return self._run_page(request, run, columns_form=form, status=422)

    def write_view(self, request, run_id):
        """Write what was checked, with the decisions about conflicts."""
        run = self._own(request, run_id)
        form = DecisionsForm(run.report.get("conflicts", []), request.POST)
        if not form.is_valid():
            return self._run_page(request, run, decisions_form=form, status=422)
        try:
            runs.write(run, form.decided, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect(self._address(run))

    def cancel_view(self, request, run_id):
        """Cancel a run that is waiting or being processed."""
        run = self._own(request, run_id)
        jobs.cancel(run)
        return redirect(self._address(run))

    def template_view(self, request, kind):
        """Download the empty workbook of a table."""
        if not by_steward(request):
            raise PermissionDenied
        if kind not in importable():
            raise Http404
        return exports.template(importable()[kind])
