"""Pages of one's own account: overview and app passwords. allauth has the others."""

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from geodata.app_passwords import make_app_password

from . import unsaved
from .account_forms import AppPasswordForm, SignInForm
from .accounts import has_second_factor, needs_second_factor


@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Return the page with the account's data and links to what can be changed."""
    context = {
        "stewardships": request.user.stewardships.select_related("unit__parent"),
        "has_second_factor": has_second_factor(request.user),
        "needs_second_factor": needs_second_factor(request.user),
        "app_passwords": request.user.app_passwords.filter(revoked_at=None).count(),
    }
    return render(request, "account/overview.html", context)


@never_cache
@login_required
@reauthentication_required(allow_get=True)
def app_passwords(request: HttpRequest) -> HttpResponse:
    """Return the list of app passwords; POST makes one, which the response shows once."""
    form = AppPasswordForm(request.POST or None)
    made = password = None
    if request.method == "POST" and form.is_valid():
        made, password = make_app_password(request.user, form.cleaned_data["name"])
        form = AppPasswordForm()
    context = {
        "form": form,
        "made": made,
        "password": password,
        "app_passwords": request.user.app_passwords.all(),
    }
    return render(request, "account/app_passwords.html", context)


@require_POST
@login_required
def revoke_app_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke one of the person's own app passwords; it no longer opens anything."""
    row = get_object_or_404(request.user.app_passwords, pk=pk)
    request.user.app_passwords.filter(pk=row.pk, revoked_at=None).update(revoked_at=timezone.now())
    return redirect("app_passwords")


@never_cache
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Return the sign-in page with the input that a request without a session has posted: 403.

    See unsaved.py. Input that is too long is lost, which the page states.
    """
    packed = unsaved.pack(request)
    context = {
        "form": SignInForm(request=request, initial={"unsaved": packed}),
        "redirect_field_name": REDIRECT_FIELD_NAME,
        "redirect_field_value": request.get_full_path(),
        "session_has_ended": True,
        "has_input": bool(packed),
    }
    return render(request, "account/login.html", context, status=403)
