"""The AdminSite of the workspace; related rows and values are displayed by their labels."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any
from uuid import UUID

from allauth.account.decorators import secure_admin_login
from allauth.account.views import logout as sign_out
from django.contrib import admin
from django.contrib.admin import helpers
from django.contrib.admin.utils import lookup_field
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.gis.db.models import GeometryField
from django.contrib.postgres.fields import RangeField
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import JSONField, Model, QuerySet
from django.db.models.expressions import DatabaseDefault
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.defaultfilters import linebreaksbr
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from districts.models import is_steward
from geodata.display import format_value, label_of, with_labels
from products.register.models import DailyMail

from .account_views import sign_in_again
from .start import start_page
from .versions import undo_view


class ReadableField(helpers.AdminReadonlyField):
    """A read-only field, displayed by display.format_value() and not by str()."""

    def contents(self) -> str:
        """Return the value as HTML."""
        name, record = self.field["field"], self.form.instance
        try:
            field, _attribute, value = lookup_field(name, record, self.model_admin)
        except (AttributeError, ValueError, ObjectDoesNotExist):
            return self.empty_value_display
        if value is None or isinstance(value, DatabaseDefault):
            # A DatabaseDefault is filled in when a record is saved for the first time.
            return self.empty_value_display
        if isinstance(field, GeometryField | JSONField | RangeField):
            return linebreaksbr(format_value(field, value) or self.empty_value_display)
        return super().contents() or self.empty_value_display

    def get_admin_url(self, remote_field: Any, remote_obj: Any) -> str:
        """Return the link to a related row, with its label as the text."""
        return super().get_admin_url(remote_field, Labelled(remote_obj))


class Labelled:
    """Wraps a row so that str() returns its label."""

    def __init__(self, row):
        self.pk = row.pk
        self.label = label_of(row)

    def __str__(self):
        return self.label


# Django has no hook for the display of read-only fields; all pages, inlines included, instantiate
# this name. A test opens every page and fails if an update of Django changes that.
helpers.AdminReadonlyField = ReadableField


class LabelledAutocomplete(AutocompleteJsonView):
    """Suggestions of related rows, by label_of() instead of str()."""

    def get_queryset(self) -> QuerySet:
        """Return the rows, joined with those that their labels need."""
        return with_labels(super().get_queryset())

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        """Return one suggestion, its text being the label."""
        return super().serialize_result(obj, to_field_name) | {"text": label_of(obj)}


class WorkspaceSite(admin.AdminSite):
    """The site at /admin/."""

    site_header = _("Bản đồ OCOP: nơi làm việc của Sở")
    site_title = _("Bản đồ OCOP")
    index_title = _("Việc cần làm")
    index_template = "workspace/index.html"
    # The lists need the width, and the header has the same links.
    enable_nav_sidebar = False

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return the variables of every page, with the menu in the order of settings.WORKSPACE."""
        context = super().each_context(request)
        listed = {
            model["model"]: model["admin_url"]
            for app in context["available_apps"]
            for model in app["models"]
            if model["admin_url"]
        }
        menu = [
            {"name": model._meta.verbose_name_plural, "url": listed[model]}
            for model in self._registry
            if model in listed
        ]
        return {**context, "menu": menu, "index_path": reverse("admin:index")}

    def get_urls(self) -> list:
        """Return the URLs of the site: those of Django's, and pages about several records."""
        own = [
            path("undo/<uuid:context_id>/", self.admin_view(self.undo), name="undo"),
            path("daily-mail/", self.admin_view(self.daily_mail), name="daily_mail"),
        ]
        return [*own, *super().get_urls()]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Return the start page: what is to be done in the user's area."""
        work = start_page(request.user, self) if is_steward(request.user) else {}
        return super().index(request, {**work, **(extra_context or {})})

    def daily_mail(self, request: HttpRequest) -> HttpResponseBase:
        """Begin or end the daily mail to the user."""
        if not is_steward(request.user):
            raise PermissionDenied
        if request.method == "POST":
            if request.POST.get("wanted") == "1":
                DailyMail.objects.get_or_create(user=request.user)
            else:
                DailyMail.objects.filter(user=request.user).delete()
        return redirect("admin:index")

    def undo(self, request: HttpRequest, context_id: UUID) -> HttpResponseBase:
        """Return the page that undoes a whole act; for stewards."""
        if not is_steward(request.user):
            raise PermissionDenied
        return undo_view(request, context_id, self)

    @method_decorator(never_cache)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Redirect to the sign-in page of accounts, or those who are signed in to the index."""
        # Never Django's own form: it knows neither the second factor nor the limits of attempts.
        return secure_admin_login(lambda request: redirect("admin:index"))(request)

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Sign out; GET displays a confirmation first."""
        return sign_out(request)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Redirect to the page of accounts, which limits attempts and sends a notice."""
        return redirect("account_change_password")

    password_change_done = password_change

    def admin_view(
        self, view: Callable[..., HttpResponseBase], cacheable: bool = False
    ) -> Callable[..., HttpResponseBase]:
        """Return the view for those who may enter; input of an ended session is not lost."""
        checked = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            is_form = request.method == "POST" and bool(request.POST)
            if is_form and request.user.is_anonymous and request.path != reverse("admin:logout"):
                return sign_in_again(request)
            return checked(request, *args, **kwargs)

        return update_wrapper(inner, checked)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:
        """Return suggestions for a field as JSON."""
        return LabelledAutocomplete.as_view(admin_site=self)(request)
