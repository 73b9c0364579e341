"""URLs of accounts, under /tai-khoan/: allauth's, except what the Department does itself."""

from django.urls import include, path, reverse_lazy
from django.views.generic import RedirectView

from . import account_views as views

# allauth's pages to sign up and to change one's address or sign in without a password.
CLOSED = [
    "signup/",
    "email/",
    "confirm-email/",
    "confirm-email/<str:key>/",
    "password/set/",
    "login/code/confirm/",
    "reauthenticate/code/",
    "reauthenticate/code/confirm/",
]

OVERVIEW = reverse_lazy("account_overview")

urlpatterns = [
    path("", views.overview, name="account_overview"),
    path("mat-khau-ung-dung/", views.app_passwords, name="app_passwords"),
    path(
        "mat-khau-ung-dung/<int:pk>/thu-hoi/",
        views.revoke_app_password,
        name="revoke_app_password",
    ),
    *(path(closed, RedirectView.as_view(url=OVERVIEW)) for closed in CLOSED),
    path("", include("allauth.urls")),
]
