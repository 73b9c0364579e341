"""Forms of the pages of accounts."""

from allauth.account.forms import LoginForm
from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from geodata.models import AppPassword

from . import unsaved


class SignInForm(LoginForm):
    """User name or e-mail address, password, and the input of a form whose session has ended."""

    unsaved = forms.CharField(required=False, widget=forms.HiddenInput)

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponseBase:
        """Sign in, or go on to the second factor; see unsaved.store()."""
        response = super().login(request, redirect_url)
        if packed := self.cleaned_data["unsaved"]:
            unsaved.store(request, packed)
        return response


class AppPasswordForm(forms.ModelForm):
    """Names the program of a new app password."""

    class Meta:
        model = AppPassword
        fields = ["name"]
