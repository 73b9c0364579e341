"""Bulk acts on the records of a list: all or nothing, after a page that names what will happen."""

import pghistory
from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import Level, Unit
from geodata.forms import LabelledChoiceField
from products.register import proposals, workflow
from products.register.models import Basis, Category, Located, ProductType
from products.register.workflow import Change

from .forms import ReasonForm
from .versions import undo_url

# Records of one act; more are an import.
LIMIT = 2000
SALT = "workspace.bulk"


class Act:
    """One bulk act. name: of the action. label: for people. form_class: further input."""

    form_class = forms.Form

    def __init__(self, name, label):
        self.name = name
        self.label = label

    def write(self, records, entered, by):
        """Write the act; raises workflow.ChangesRefused. entered: cleaned data of the form."""
        raise NotImplementedError

    def proposed(self, records, by):
        """Return the indexes of the records for which the act is only proposed."""
        return set()

    def applies(self, model):
        return True


class MoveAct(Act):
    """A transition of the workflow."""

    def __init__(self, name):
        transition = workflow.TRANSITIONS[name]
        super().__init__(name, transition.label)
        if transition.reason_needed:
            self.form_class = ReasonForm

    def write(self, records, entered, by):
        workflow.move_many(records, self.name, by=by, reason=entered.get("reason", ""))


class AssignAct(Act):
    """The same values for all records; values: cleaned data → {field: value}."""

    def __init__(self, name, label, form_class, values, model):
        super().__init__(name, label)
        self.form_class = form_class
        self.values = values
        self.model = model

    def applies(self, model):
        fields = {field.name for field in model._meta.concrete_fields}
        return issubclass(model, self.model) and fields >= set(self.values(None))

    def proposed(self, records, by):
        return proposals.to_propose([Change(one) for one in records], by)

    def write(self, records, entered, by):
        changes = [Change(one, self.values(entered), one.version) for one in records]
        proposals.submit_many(changes, by=by, act="bulk", channel=proposals.Channel.WORKSPACE)


class CategoryForm(forms.Form):
    category = forms.ModelChoiceField(Category.objects.all(), label=gettext_lazy("Nhóm sản phẩm"))


class TypeForm(forms.Form):
    type = forms.ModelChoiceField(ProductType.objects.all(), label=gettext_lazy("Loại sản phẩm"))


class CommuneForm(forms.Form):
    commune = LabelledChoiceField(
        Unit.objects.filter(level=Level.COMMUNE), label=gettext_lazy("Xã theo nguồn")
    )


ACTS = {
    act.name: act
    for act in (
        MoveAct("submit"),
        MoveAct("publish"),
        MoveAct("withdraw"),
        AssignAct(
            "assign_category",
            gettext_lazy("Gán nhóm sản phẩm"),
            CategoryForm,
            lambda entered: {
                "category": entered and entered["category"],
                "category_basis": Basis.STATED,
            },
            Located,
        ),
        AssignAct(
            "assign_type",
            gettext_lazy("Gán loại sản phẩm"),
            TypeForm,
            lambda entered: {"type": entered and entered["type"], "type_basis": Basis.STATED},
            Located,
        ),
        AssignAct(
            "assign_commune",
            gettext_lazy("Gán xã"),
            CommuneForm,
            lambda entered: {
                "declared_commune": entered and entered["commune"],
                "declared_district": None,
            },
            Located,
        ),
    )
}


def action(act):
    """Return the action of a ModelAdmin for an Act: the page that confirms it."""

    def run(model_admin, request, queryset):
        return confirm(model_admin, request, act, queryset)

    run.__name__ = act.name
    run.short_description = act.label
    return run


def confirm(model_admin, request: HttpRequest, act: Act, queryset=None):
    """Return the page that names what the act will do; after its POST, do it.

    The page contains the version of each record that it lists: if one has changed since, nothing
    is done.
    """
    confirmed = "confirmed" in request.POST
    if confirmed:
        versions = _read(request)
        records = list(model_admin.get_queryset(request).filter(pk__in=versions))
        if len(records) < len(versions):
            text = _("Có hồ sơ vừa bị xoá hoặc chuyển khỏi địa bàn của bạn; chưa có gì thay đổi.")
            model_admin.message_user(request, text, messages.ERROR)
            return redirect(request.get_full_path())
        for record in records:
            record.version = versions[record.pk]
    else:
        records = list(queryset[: LIMIT + 1])
        if len(records) > LIMIT:
            text = _("Mỗi lượt tối đa %d hồ sơ; hãy lọc bớt.") % LIMIT
            model_admin.message_user(request, text, messages.ERROR)
            return None
    form = act.form_class(request.POST if confirmed else None)
    entered = form.cleaned_data if form.is_valid() else None
    proposed = act.proposed(records, request.user)
    done, errors = False, {}
    # Without the input that the form requires, only the permission can be checked.
    if entered is not None or not form.fields:
        done, errors = _try(act, records, entered or {}, request.user, write=confirmed)
    if done:
        message = _done(act, len(records) - len(proposed), len(proposed), done)
        model_admin.message_user(request, message, messages.SUCCESS)
        return redirect(request.get_full_path())
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"{act.label}: {model_admin.opts.verbose_name_plural}",
        "opts": model_admin.opts,
        "act": act,
        "rows": [(one, errors.get(index, "")) for index, one in enumerate(records)],
        "proposed": {records[index].pk for index in proposed},
        "refused": len(errors),
        "form": form,
        "versions": signing.dumps({one.pk: one.version for one in records}, salt=SALT),
        "list_url": request.get_full_path(),
    }
    return TemplateResponse(request, "workspace/bulk.html", context)


def _done(act, written, proposed, context_id):
    """Say how many records are changed, with a link to undo that, and how many proposals sent."""
    numbers = {"act": act.label, "count": written, "proposed": proposed}
    queue = reverse("admin:register_proposal_changelist")
    parts = []
    if written:
        parts.append((undo_url(context_id), _("Hoàn tác lượt này")))
        text = _("%(act)s: xong %(count)d hồ sơ.") % numbers
    if proposed:
        parts.append((f"{queue}?state__exact=pending", _("Xem các đề xuất")))
        text = (
            _("%(act)s: đã gửi đề xuất cho %(proposed)d hồ sơ; bản công khai chưa đổi.") % numbers
        )
    if written and proposed:
        text = (
            _("%(act)s: xong %(count)d hồ sơ; gửi đề xuất cho %(proposed)d hồ sơ đã công bố.")
            % numbers
        )
    return format_html("{} {}", text, format_html_join(" · ", '<a href="{}">{}</a>', parts))


def _read(request):
    try:
        versions = signing.loads(request.POST.get("versions", ""), salt=SALT)
    except signing.BadSignature:
        raise PermissionDenied from None
    return {int(key): version for key, version in versions.items()}


def _try(act, records, entered, by, *, write):
    """Do the act, and take it back unless `write`: (context id or None, {index: why not})."""
    with pghistory.context(act=act.name, user=by.pk) as context:
        try:
            with transaction.atomic():
                act.write(records, entered, by)
                transaction.set_rollback(not write)
        except workflow.ChangesRefused as refused:
            return None, {index: _sentence(error) for index, error in refused.errors.items()}
    return (context.id if write else None), {}


def _sentence(error):
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return _("Bạn không có quyền với hồ sơ này.")
