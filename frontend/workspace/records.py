"""The workspace for records: QuerySets decide who sees what, the workflow decides what happens."""

from collections import Counter

from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.gis.db.models import PointField as PointColumn
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.models import Q
from django.http import QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import Role, Unit
from geodata.display import label_of, with_labels
from geodata.forms import MetresField, PointField
from geodata.widgets import Method
from products.register import proposals, workflow
from products.register.models import Position

from . import unsaved
from .forms import LocatedForm, MoveForm, shown_snapshot, version_in
from .lists import RecordList
from .parts import PartFormSet
from .refusals import Refused
from .tracked import FORMFIELD_OVERRIDES, StewardReadable, TrackedAdmin, by_steward
from .versions import VersionHistory, pending_of


def _may_change(request, record):
    """Whether the user may change the record; Django calls this about twenty times for one form."""
    if request.method != "GET":
        # While a form is saved, another writer may change the answer.
        return workflow.may(request.user, record, Role.EDITOR)
    answers = request.__dict__.setdefault("_may_change", {})
    key = type(record), record.pk
    if key not in answers:
        answers[key] = proposals.may_submit(request.user, record)
    return answers[key]


# CSS class of the fieldset after which the page has the parts of the record, such as ratings; by
# default they follow all fieldsets.
PARTS_FOLLOW = "parts-follow"


def _is_same_part(part, other):
    """Whether both are one part, or copies of it, as those that a proposal contains."""
    if type(part) is not type(other):
        return False
    return part.pk == other.pk if part.pk else proposals.same_values(part, other)


# Declared by the forms of records; see VersionForm and RecordForm.
HIDDEN_FIELDS = ["version", "base"]


class StewardPermissions(StewardReadable):
    """Permissions by stewardship instead of Django's model permissions."""

    def has_add_permission(self, request, obj=None):
        return workflow.may_add(request.user, self.model)

    def has_change_permission(self, request, obj=None):
        record = self.record_of(obj)
        if record is None:
            return by_steward(request)
        return _may_change(request, record)

    def has_delete_permission(self, request, obj=None):
        record = self.record_of(obj)
        if record is None:
            return by_steward(request)
        return workflow.may_delete(request.user, record)

    def record_of(self, obj):
        return obj


class FewWindows:
    """Mixin of a ModelAdmin or inline: references are chosen, hardly ever edited in a window.

    What other records refer to is changed or deleted on its own page, never over another form.
    """

    # References to which a row can be added in a window.
    added_in_window = ("source", "other_source", "decision")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_delete_related = False
            field.widget.can_add_related = db_field.name in self.added_in_window
        return field


# Of the quality certificates of a product or a producer.
CERTIFICATE_FIELDS = ["kind", "text", "from_day", "until_day", "source"]


class PartPermissions(FewWindows, StewardPermissions):
    """Permissions of the parts of a record: those of the record."""

    formfield_overrides = FORMFIELD_OVERRIDES
    formset = PartFormSet

    def has_add_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)


class WorkflowAdmin(StewardPermissions, TrackedAdmin):
    """Saves and deletes through the workflow, which refuses stale versions.

    There is no bulk deletion: it would delete rows whose pages nobody has opened.
    """

    def get_form(self, request, obj=None, change=False, **kwargs):
        if names := kwargs.get("fields"):
            # The form declares the others; the model's field `version` is not editable.
            editable = {field.name for field in self.opts.concrete_fields if field.editable}
            declared = set(self.form.declared_fields) - editable
            kwargs["fields"] = [name for name in names if name not in declared]
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row and request.method == "POST" and connection.in_atomic_block:
            # Waits for a concurrent writer, then reads the row that it has written.
            record = self.record_of(row)
            list(type(record).objects.select_for_update(of=("self",)).filter(pk=record.pk))
            row = super().get_object(request, object_id, from_field)
        return row

    def save_model(self, request, obj, form, change):
        """Does nothing: save_related() writes the row together with those of its inlines."""

    def save_related(self, request, form, formsets, change):
        save, delete = [], []
        for formset in formsets:
            save += formset.save(commit=False)
            delete += formset.deleted_objects
        try:
            self.write(request, form, save, delete)
        except workflow.PartRefused as error:
            forms_of_parts = [one for formset in formsets for one in formset.forms]
            same = (one.prefix for one in forms_of_parts if _is_same_part(one.instance, error.part))
            # None of this form: an operation that was proposed elsewhere meanwhile.
            prefix = next(same, "")
            raise Refused(error, prefix) from error
        except ValidationError as error:
            raise Refused(error) from error
        connection.check_constraints()

    def response_change(self, request, obj):
        return self.response_proposed(request) or super().response_change(request, obj)

    def response_proposed(self, request):
        """Redirect to the proposal that was stored instead of a change; None if there is none."""
        proposal = request.outcome.proposal
        if proposal is None:
            return None
        if proposal.base_version != proposals.stored_record(proposal).version:
            text = _(
                "Người khác vừa lưu hồ sơ này. Thay đổi của bạn được giữ thành đề xuất: hãy so sánh"
                " ba cột bên dưới."
            )
            self.message_user(request, text, messages.WARNING)
            return redirect("admin:register_proposal_change", proposal.pk)
        return self.redirect_to_sent(request, proposal)

    def redirect_to_sent(self, request, proposal):
        """Redirect to a new proposal that another person has to review."""
        text = _("Đã gửi đề xuất; bản công khai chưa đổi cho đến khi người khác duyệt.")
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:register_proposal_change", proposal.pk)

    def delete_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, object_id)
        if row and request.method == "GET" and "version" not in request.GET:
            # The URL of the confirmation states the version that its page lists.
            query = QueryDict(request.GET.urlencode(), mutable=True)
            query["version"] = self.record_of(row).version
            return redirect(f"{request.path}?{query.urlencode()}")
        try:
            return super().delete_view(request, object_id, extra_context)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return redirect(self.change_url(row))

    def change_url(self, row):
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(name, args=[row.pk])


def error_links(form, inlines):
    """Return the errors of a form and its inlines: [(id of the input or "", label, sentence)]."""
    forms = [form, *(one for inline in inlines for one in inline.formset.forms)]
    found = [
        (
            one[name].id_for_label if name in one.fields else "",
            one[name].label if name in one.fields else "",
            " ".join(errors),
        )
        for one in forms
        for name, errors in one.errors.items()
    ]
    return found + [
        ("", inline.opts.verbose_name_plural, " ".join(inline.formset.non_form_errors()))
        for inline in inlines
        if inline.formset.non_form_errors()
    ]


class RecordAdmin(FewWindows, RecordList, VersionHistory, WorkflowAdmin):
    """A record with its transitions from draft to public."""

    change_form_template = "workspace/record.html"
    list_filter = ["state"]
    search_fields = ["search_text", "code"]
    readonly_fields = ["code", "state", "state_reason", "published_at", "updated_at"]
    save_on_top = True

    def get_queryset(self, request):
        return super().get_queryset(request).editable_by(request.user)

    def get_search_results(self, request, queryset, search_term):
        found = self.model.objects.search(search_term).values("pk")
        return queryset.filter(Q(pk__in=found) | Q(code__iexact=search_term.strip())), False

    def view_on_site(self, record):
        # A draft has no page; the page of a withdrawn record only states the withdrawal.
        return record.get_absolute_url() if record.is_public else None

    def warnings_of(self, record):
        """Return sentences about what is probably wrong with the stored record."""
        return []

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_move"
        view = self.admin_site.admin_view(self.move_view)
        return [path("<path:object_id>/move/<str:name>/", view, name=name), *super().get_urls()]

    def write(self, request, form, save, delete):
        """Write the record and its parts; raises the exceptions of workflow.change()."""
        fields = {field.name for field in self.opts.concrete_fields if field.editable}
        base = form.cleaned_data.get("base")
        is_whole = base or not form.instance.pk
        names = fields & set(form.cleaned_data if is_whole else form.changed_data)
        request.outcome = proposals.submit(
            form.instance,
            {name: form.cleaned_data[name] for name in names},
            by=request.user,
            base_version=form.cleaned_data["version"],
            save=save,
            delete=delete,
            base=base,
        )

    def get_formset_kwargs(self, request, obj, inline, prefix):
        """Let the forms of parts display what the user has proposed for them."""
        options = super().get_formset_kwargs(request, obj, inline, prefix)
        if obj.pk and issubclass(inline.formset, PartFormSet):
            options |= self._pending_parts(request, obj)
        return options

    def _pending_parts(self, request, record):
        """The operations that the form displays; of a submitted form, those that it displayed."""
        found = request.__dict__.setdefault("_pending_parts", {})
        if record.pk not in found:
            own = proposals.shown_change(record, request.user)
            parts = own.parts if own else []
            if request.method == "POST":
                base = shown_snapshot(request.POST.get("base", "")) or {}
                parts = base.get("own", {}).get("parts", [])
            found[record.pk] = {"pending": parts, "proposal_id": own and own.pk}
        return found[record.pk]

    def render_change_form(self, request, context, *args, **kwargs):
        form = context["adminform"].form
        if note := getattr(form, "stale_note", None):
            self.message_user(request, note, messages.WARNING)
        context["parts_after"] = next(
            (
                index
                for index, fieldset in enumerate(context["adminform"])
                if PARTS_FOLLOW in fieldset.classes.split()
            ),
            None,
        )
        context["error_links"] = error_links(form, context["inline_admin_formsets"])
        return super().render_change_form(request, context, *args, **kwargs)

    def delete_model(self, request, record):
        workflow.delete(record, by=request.user, base_version=version_in(request.GET))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        record = self.get_object(request, object_id)
        moves = workflow.transitions_for(request.user, record) if record else {}
        if record and "withdraw" not in moves and self._may_propose_withdrawal(request, record):
            moves = {**moves, "withdraw": workflow.TRANSITIONS["withdraw"]}
        context = {
            "moves": moves,
            "pending": pending_of(record) if record else [],
            "shown_change": proposals.shown_change(record, request.user) if record else None,
            "missing": record.missing() if record else [],
            "required": workflow.lacks_for_publishing(record) if record else [],
            "warnings": self.warnings_of(record) if record else [],
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, context)

    def move_view(self, request, object_id, name):
        """Confirm the transition, with a reason if one is required, then move the record."""
        record = self.get_object(request, object_id)
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        change = self.change_url(record)
        transition = workflow.TRANSITIONS.get(name)
        if transition is None:
            raise PermissionDenied
        proposes = not workflow.may(request.user, record, transition.role)
        may_propose = name == "withdraw" and self._may_propose_withdrawal(request, record)
        if proposes and not may_propose:
            raise PermissionDenied
        if request.method != "POST" and version_in(request.GET) != record.version:
            # The record is not the one that was on the screen.
            text = _("Hồ sơ đã đổi từ khi bạn mở. Hãy đọc lại rồi bấm “%s”.") % transition.label
            self.message_user(request, text, messages.WARNING)
            return redirect(change)
        form = MoveForm(
            transition,
            request.POST if request.method == "POST" else unsaved.take(request),
            initial={"version": record.version},
        )
        if request.method == "POST" and form.is_valid() and proposes:
            return self._propose_withdrawal(request, record, form)
        if request.method == "POST" and form.is_valid():
            try:
                workflow.move(
                    record,
                    name,
                    by=request.user,
                    base_version=form.cleaned_data["version"],
                    reason=form.cleaned_data["reason"],
                )
            except ValidationError as error:
                self.message_user(request, " ".join(error.messages), messages.ERROR)
            else:
                self.message_user(
                    request,
                    _("“%(record)s”: %(label)s – xong.")
                    % {"record": record, "label": transition.label},
                    messages.SUCCESS,
                )
            return redirect(change)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{transition.label}: {record}",
            "opts": self.opts,
            "record": record,
            "transition": transition,
            "form": form,
            "change_url": change,
        }
        return TemplateResponse(request, "workspace/move.html", context)

    def _may_propose_withdrawal(self, request, record):
        """Whether the user, who may perhaps not withdraw the record, may propose to."""
        return record.is_public and workflow.may(request.user, record, Role.EDITOR)

    def _propose_withdrawal(self, request, record, form):
        try:
            proposal = proposals.withdraw(
                record,
                by=request.user,
                base_version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return redirect(self.change_url(record))
        return self.redirect_to_sent(request, proposal)


class UnitFilter(admin.RelatedOnlyFieldListFilter):
    """The units that have records; those of one name by their labels, which distinguish them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.empty_value_display = _("Chưa rõ")

    def field_choices(self, field, request, model_admin):
        found = model_admin.get_queryset(request).order_by().values(field.name)
        units = with_labels(Unit.objects.filter(pk__in=found)).order_by("name", "code")
        names = Counter(map(str, units))
        return [(unit.pk, str(unit) if names[str(unit)] == 1 else label_of(unit)) for unit in units]


PLACE_FILTERS = [
    "position",
    *((field, UnitFilter) for field in ("commune", "old_commune", "district")),
]


class LocatedAdmin(RecordAdmin):
    """A record with a point that is clicked or dragged on a map, or typed."""

    form = LocatedForm
    autocomplete_fields = ["declared_commune", "declared_district", "source"]
    readonly_fields = [*RecordAdmin.readonly_fields, "commune", "old_commune", "district"]
    list_select_related = ["commune", "district"]
    PLACE = (
        gettext_lazy("Nơi"),
        {
            "fields": [
                "point",
                ("position", "accuracy_m"),
                "address",
                "declared_commune",
                "declared_district",
                ("commune", "old_commune", "district"),
            ],
            "description": gettext_lazy(
                "Gõ hoặc dán toạ độ, bấm lên bản đồ, hoặc dời dấu. Xã và huyện được tính khi lưu."
            ),
            "classes": [PARTS_FOLLOW],
        },
    )
    RECORD = (
        gettext_lazy("Hồ sơ"),
        {
            "fields": [
                ("code", "state", "published_at", "updated_at"),
                "state_reason",
                "note",
                *HIDDEN_FIELDS,
            ]
        },
    )

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, PointColumn):
            return PointField(
                required=False,
                label=db_field.verbose_name,
                outlines_url=reverse_lazy("ogc:items", args=["districts"]) + "?geometry=outline",
                method=Method("position", Position.MAP, ["", Position.COMMUNE], "accuracy_m"),
                answer_url=reverse_lazy("workspace:position"),
                answer_fields={"commune": "declared_commune", "district": "declared_district"},
            )
        if db_field.name == "accuracy_m":
            return MetresField(
                required=False,
                label=db_field.verbose_name,
                help_text=db_field.help_text,
                max_digits=db_field.max_digits,
                decimal_places=db_field.decimal_places,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)
