"""The workspace for proposals: the queue, and the page on which each is decided."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyproj import Geod

from geodata.mapview import map_data
from products.ocop.models import Photo
from products.ocop.models.photos import small_name
from products.register import proposals, workflow
from products.register.models import Proposal, ProposalKind

from .parts import photo_url
from .templatetags.workspace import workspace_url
from .tracked import StewardReadable, by_steward
from .work import WaitingFilter

# Distances of proposed places are measured on the ellipsoid of WGS 84.
ELLIPSOID = Geod(ellps="WGS84")


class ProposalDecisionForm(forms.Form):
    """What a publisher has read, accepts and answers."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    base_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    answer = forms.CharField(
        label=gettext_lazy("Trả lời người đề xuất"),
        help_text=gettext_lazy("Bắt buộc khi không chấp nhận hoặc trả lại."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    accepted = forms.MultipleChoiceField(required=False)

    def __init__(self, proposal, *args, **kwargs):
        super().__init__(*args, **kwargs)
        names = proposals.keys(proposal) or ["all"]
        self.fields["accepted"].choices = [(name, name) for name in names]


def move_of(differences, *, is_open=True):
    """Return the places that a proposal names, for the map, and the metres between them.

    is_open: else the record may have the proposed place by now, and the place before is shown.

    {"places": [{"lat", "lng", "label"}], "metres": distance of the present and proposed place or
    None}; None if no point is proposed.
    """
    for difference in differences:
        if difference.points:
            base, now, proposed = difference.points
            names = ((now, _("hiện nay")), (proposed, _("đề xuất")))
            if not is_open:
                now = base
                names = ((base, _("trước đề xuất")), (proposed, _("đề xuất")))
            places = [
                {"lat": point.y, "lng": point.x, "label": name} for point, name in names if point
            ]
            metres = None
            if now and proposed:
                _azimuth, _back, metres = ELLIPSOID.inv(now.x, now.y, proposed.x, proposed.y)
            return {"places": places, "metres": metres}
    return None


def thumbnails_of(proposal, difference):
    """Return the addresses of the smaller files of the three photos of a difference, or None."""
    if not difference.images:
        return None
    return [name and photo_url(proposal.pk, small_name(name)) for name in difference.images]


@admin.register(Proposal)
class ProposalAdmin(StewardReadable, admin.ModelAdmin):
    """The queue of proposals; nobody edits them here except by deciding."""

    list_display = ["title", "kind_of_record", "author", "channel", "state", "created_at"]
    list_filter = [WaitingFilter, "state", "kind", "channel", "record_type"]
    list_select_related = ["author", "record_type"]
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).visible_to(request.user).prefetch_related("record")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Proposal | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Proposal | None = None) -> bool:
        return False

    def get_urls(self):
        view = self.admin_site.admin_view(self.photo_view)
        own = path("<int:pk>/photos/<str:name>", view, name="register_proposal_photo")
        return [own, *super().get_urls()]

    def photo_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """The file of a photo that a proposal names, in one of its two widths.

        For those who see the proposal; 404 for others, as if there were none.
        """
        if not by_steward(request):
            raise PermissionDenied
        proposal = get_object_or_404(self.get_queryset(request), pk=pk)
        images = {image for one in proposals.differences(proposal) for image in one.images or ()}
        images.discard(None)
        if name not in images | {small_name(image) for image in images}:
            raise Http404("Not of this proposal.")
        try:
            file = Photo._meta.get_field("image").storage.open(name)
        except FileNotFoundError:
            # Deleted when the photo was rejected.
            raise Http404("No file.") from None
        # admin_view() forbids to store it.
        return FileResponse(file, content_type="image/jpeg")

    @admin.display(description=gettext_lazy("đề xuất"))
    def title(self, proposal: Proposal) -> str:
        return capfirst(str(proposal))

    @admin.display(description=gettext_lazy("loại hồ sơ"), ordering="record_type")
    def kind_of_record(self, proposal: Proposal) -> str:
        return capfirst(proposal.record_type.model_class()._meta.verbose_name)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url="", extra_context=None
    ) -> HttpResponse:
        proposal = self.get_object(request, object_id)
        if proposal is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not by_steward(request):
            raise PermissionDenied
        record = proposals.stored_record(proposal)
        form = ProposalDecisionForm(proposal, request.POST or None)
        if request.method == "POST":
            if form.is_valid() and self._act(request, proposal, form):
                return redirect(request.path)
            proposal.refresh_from_db()
            form.data = form.data.copy()
            form.data["revision"] = proposal.revision
            form.data["base_version"] = record.version if record else ""
        differences = proposals.differences(proposal)
        may_decide = proposal.is_open and proposals.may_decide(request.user, proposal)
        is_own = proposal.author_id == request.user.pk
        context = {
            **self.admin_site.each_context(request),
            "title": capfirst(str(proposal)),
            "opts": self.opts,
            "proposal": proposal,
            "record": record,
            "record_url": workspace_url(record) if record else None,
            "public_url": record.get_absolute_url() if record and record.is_public else None,
            "differences": differences,
            "rows": [
                (one, proposal.decided.get(one.key), thumbnails_of(proposal, one))
                for one in differences
            ],
            "accepted": self._checked(request, form, differences),
            "conflicts": proposal.is_open and any(one.conflict for one in differences),
            "move": move_of(differences, is_open=proposal.is_open),
            "map": map_data(),
            "may_decide": may_decide and proposal.state == "pending",
            "is_remark": proposal.kind == ProposalKind.REMARK,
            "is_own": is_own,
            "needs_another": is_own and not may_decide,
            "form": form,
        }
        return TemplateResponse(request, "workspace/proposal.html", context)

    def _checked(self, request, form, differences):
        """The keys whose boxes are checked: all at first, except conflicts."""
        if request.method == "POST":
            return form.data.getlist("accepted")
        conflicts = {one.decided_by or one.key for one in differences if one.conflict}
        found = [one.key for one in differences if one.is_decided_itself]
        return [key for key in found if key not in conflicts] or ["all"]

    def _act(self, request, proposal, form):
        """Perform the action of the pressed button; return whether it was done."""
        entered = form.cleaned_data
        read = {"by": request.user, "revision": entered["revision"], "answer": entered["answer"]}
        try:
            if "take_back" in request.POST:
                proposals.take_back(proposal, by=request.user)
                text = _("Đã rút lại đề xuất.")
            elif "send_back" in request.POST:
                proposals.send_back(proposal, **read)
                text = _("Đã trả lại cho người đề xuất.")
            else:
                accepted = set() if "reject" in request.POST else set(entered["accepted"])
                if "accept" in request.POST and not accepted:
                    raise ValidationError(
                        _("Chưa đánh dấu mục nào. Không nhận mục nào thì bấm “Không chấp nhận”.")
                    )
                decided = proposals.decide(
                    proposal, accepted, base_version=entered["base_version"], **read
                )
                text = _("Đề xuất: %s.") % decided.get_state_display()
        except workflow.StaleVersion:
            text = _("Hồ sơ vừa đổi. Hãy đọc lại so sánh bên dưới rồi quyết định.")
            self.message_user(request, text, messages.ERROR)
            return False
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return False
        self.message_user(request, text, messages.SUCCESS)
        return True
