"""The workspace for decisions, the ratings that they give, and the files of their annexes."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.forms import formset_factory
from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from geodata.spans import format_span
from products.ocop import decisions
from products.ocop.annex import AnnexRefused, read_in_child
from products.ocop.models import Decision, Product

from .decision_forms import AnnexUploadForm, DecisionForm, ProductRatingForm, annex_formset
from .forms import version_in
from .records import WorkflowAdmin
from .tracked import by_steward

# Empty rows of the page on which ratings are entered.
EMPTY_ROWS = 10


@admin.register(Decision)
class DecisionAdmin(WorkflowAdmin):
    form = DecisionForm
    change_form_template = "workspace/decision.html"
    list_display = ["number", "issuer", "day_text", "ratings_count", "has_file", "revoked_on"]
    list_display_links = ["number", "issuer"]
    list_filter = ["year"]
    search_fields = ["number", "issuer", "successor_issuer"]
    readonly_fields = ["source"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("number", "day"),
                    ("issuer", "successor_issuer"),
                    "file",
                    "source",
                    "version",
                ]
            },
        ),
        (gettext_lazy("Thu hồi"), {"fields": [("revoked_on", "revocation_reason")]}),
    ]

    # --- permissions

    # A decision is no record: products/ocop/decisions.py has its rules.

    def has_add_permission(self, request):
        return by_steward(request)

    def has_change_permission(self, request, obj=None):
        return decisions.may_change(request.user, obj) if obj else by_steward(request)

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    # --- list and form

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(ratings_count=Count("ratings"))

    @admin.display(description=gettext_lazy("ngày ký"), ordering="day__startswith")
    def day_text(self, decision):
        return format_span(decision.day)

    @admin.display(description=gettext_lazy("số xếp hạng"), ordering="ratings_count")
    def ratings_count(self, decision):
        return decision.ratings_count

    @admin.display(description="PDF", boolean=True)
    def has_file(self, decision):
        return bool(decision.file)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        decision = self.get_object(request, object_id)
        ratings = []
        if decision:
            rated = decision.ratings.select_related("product__producer", "product__commune")
            seen = Product.objects.visible_to(request.user)
            ratings = rated.filter(product__in=seen).order_by("product__name", "product__code")
        context = {
            "ratings": ratings,
            "others": decision.ratings.count() - len(ratings) if decision else 0,
            "may_rate": decisions.may_add(request.user),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, context)

    def write(self, request, form, save, delete):
        names = set(form.changed_data) - {"version"}
        decisions.change(
            form.instance,
            {name: form.cleaned_data[name] for name in names},
            by=request.user,
            base_version=form.cleaned_data["version"],
        )

    def delete_model(self, request, decision):
        decisions.delete(decision, by=request.user, base_version=version_in(request.GET))

    # --- further pages

    def get_urls(self):
        pages = [("pdf", self.pdf_view), ("rate", self.rate_view), ("annex", self.annex_view)]
        return [
            *(
                path(
                    f"<int:pk>/{name}/",
                    self.admin_site.admin_view(view),
                    name=f"ocop_decision_{name}",
                )
                for name, view in pages
            ),
            *super().get_urls(),
        ]

    def _decision(self, request, pk):
        """The decision; raises Http404, and PermissionDenied for users without stewardship."""
        if not by_steward(request):
            raise PermissionDenied
        decision = Decision.objects.filter(pk=pk).select_related("source").first()
        if decision is None:
            raise Http404("No decision.")
        return decision

    def pdf_view(self, request, pk):
        """The PDF of a decision, for stewards only: annexes contain names of households."""
        decision = self._decision(request, pk)
        if not decision.file:
            raise Http404("No file.")
        try:
            file = decision.file.open("rb")
        except FileNotFoundError:
            # For example after the database was restored without the files.
            raise Http404("No file.") from None
        name = f"{decision.number.replace('/', '-')}.pdf"
        response = FileResponse(file, content_type="application/pdf", filename=name)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def rate_view(self, request, pk):
        """Enter ratings of many products."""
        decision = self._decision(request, pk)
        if not decisions.may_add(request.user):
            raise PermissionDenied
        rows = formset_factory(ProductRatingForm, extra=EMPTY_ROWS, max_num=500, validate_max=True)
        products = Product.objects.editable_by(request.user)
        options = {"form_kwargs": {"site": self.admin_site, "products": products}}
        formset = rows(request.POST if request.method == "POST" else None, **options)
        if request.method == "POST" and formset.is_valid():
            used = [form for form in formset.forms if form.is_used()]
            if not used:
                self.message_user(request, _("Chưa có dòng nào."), messages.WARNING)
            elif self._rate(request, decision, [form.rated() for form in used], used):
                return redirect(self.change_url(decision))
        return self._page(
            request,
            "workspace/decision_rate.html",
            decision,
            _("Thêm xếp hạng: %s") % decision.number,
            formset=formset,
            media=self.media + formset.empty_form.media,
        )

    def annex_view(self, request, pk):
        """Read an annex, show all of its rows, and write those that the official confirms."""
        decision = self._decision(request, pk)
        if not decisions.may_add(request.user):
            raise PermissionDenied
        title = _("Phụ lục của %s") % decision.number
        if request.method == "POST" and "form-TOTAL_FORMS" in request.POST:
            formset = annex_formset(request.POST, user=request.user, decision=decision)
            if formset.is_valid() and (rated := formset.rated()) is not None:
                if not rated:
                    self.message_user(request, _("Chưa có dòng nào được chọn."), messages.WARNING)
                elif self._rate(request, decision, rated, formset.used()):
                    return redirect(self.change_url(decision))
            return self._preview(request, decision, title, formset)
        data = (request.POST, request.FILES) if request.method == "POST" else ()
        upload = AnnexUploadForm(*data, has_pdf=bool(decision.file))
        if request.method == "POST" and upload.is_valid():
            try:
                annex = read_in_child(self._content(decision, upload))
            except AnnexRefused as refused:
                message = _(refused.message)
                upload.add_error("file", message % refused.params if refused.params else message)
            else:
                formset = annex_formset(user=request.user, decision=decision, annex=annex)
                return self._preview(request, decision, title, formset, annex)
        return self._page(request, "workspace/annex_upload.html", decision, title, form=upload)

    def _content(self, decision, upload):
        if file := upload.cleaned_data["file"]:
            return file.read()
        try:
            with decision.file.open("rb") as stored:
                return stored.read()
        except FileNotFoundError:
            raise Http404("No file.") from None

    def _preview(self, request, decision, title, formset, annex=None):
        return self._page(
            request,
            "workspace/annex_preview.html",
            decision,
            title,
            formset=formset,
            unread=[row.unread for row in annex.rows] if annex else [],
            skipped=annex.skipped if annex else [],
            warnings=[_(text) % params for text, params in annex.warnings] if annex else [],
        )

    def _rate(self, request, decision, rated, forms):
        """Write the ratings; return whether that succeeded, else report errors at the forms."""
        new = sum(one.product.pk is None for one in rated)
        try:
            outcomes = decisions.rate(decision, rated, by=request.user)
        except decisions.RatingsRefused as refused:
            for index, error in refused.errors.items():
                forms[index].report(error, refused.replaceable.get(index, ()))
            return False
        text = ngettext("Đã ghi %d xếp hạng.", "Đã ghi %d xếp hạng.", len(rated)) % len(rated)
        if new:
            text += (
                " "
                + ngettext("%d sản phẩm mới là bản nháp.", "%d sản phẩm mới là bản nháp.", new)
                % new
            )
        if proposed := sum(outcome.proposal is not None for outcome in outcomes):
            text += (
                " "
                + ngettext(
                    "%d xếp hạng của sản phẩm đã công bố chờ người khác duyệt.",
                    "%d xếp hạng của sản phẩm đã công bố chờ người khác duyệt.",
                    proposed,
                )
                % proposed
            )
        self.message_user(request, text, messages.SUCCESS)
        return True

    def _page(self, request, template, decision, title, **context):
        return TemplateResponse(
            request,
            template,
            {
                **self.admin_site.each_context(request),
                "title": title,
                "opts": self.opts,
                "decision": decision,
                "change_url": self.change_url(decision),
                **context,
            },
        )
