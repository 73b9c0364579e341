"""The workspace for people: one page per official with name, address, areas and second factor."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import Role, Stewardship
from geodata.text import hidden_character

from .accounts import (
    has_second_factor,
    reset_second_factor,
    second_factors,
    send_password_link,
)
from .forms import ReasonForm
from .refusals import RefusalForm, RefusalFormSet, RefusalsInForms
from .tracked import FORMFIELD_OVERRIDES

User = get_user_model()


class SuperusersOnly:
    """Permissions: superusers see and change people, nobody else."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return whether the user is a superuser."""
        return request.user.is_active and request.user.is_superuser

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user is a superuser."""
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user is a superuser."""
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user is a superuser."""
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user is a superuser."""
        return self.has_module_permission(request)


class PersonForm(RefusalForm):
    """Name, user name, address and whether the account is in use; no password: see the mail."""

    full_name = forms.CharField(
        label=gettext_lazy("Họ và tên"), max_length=150, widget=AdminTextInputWidget
    )

    class Meta:
        model = User
        fields = ["username", "email", "is_active", "is_superuser"]
        labels = {
            "username": gettext_lazy("Tên đăng nhập"),
            "email": gettext_lazy("Địa chỉ thư"),
            "is_active": gettext_lazy("Được đăng nhập"),
            "is_superuser": gettext_lazy("Quản trị toàn bộ"),
        }
        help_texts = {
            "username": gettext_lazy("Chữ, số và các dấu @ . + - _"),
            "email": gettext_lazy("Nơi nhận liên kết chọn mật khẩu và các thông báo."),
            "is_active": gettext_lazy("Bỏ dấu để khoá tài khoản; không xoá người đã sửa hồ sơ."),
            "is_superuser": gettext_lazy("Sửa được mọi hồ sơ, và cả danh sách cán bộ này."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True
        self.initial["full_name"] = self.instance.get_full_name()

    def clean_full_name(self) -> str:
        """Refuse characters that nobody sees."""
        return _visible(self.cleaned_data["full_name"])

    def clean_username(self) -> str:
        """Refuse a name that another account has in other case, or as its address."""
        name = self.cleaned_data["username"]
        if self._others().filter(username__iexact=name).exists():
            raise ValidationError(_("Tên đăng nhập này đã có người dùng."))
        if self._others().filter(email__iexact=name).exists():
            raise ValidationError(_("Tên đăng nhập này là địa chỉ thư của người khác."))
        return name

    def clean_email(self) -> str:
        """Refuse the address of another account; it is stored in small letters."""
        email = self.cleaned_data["email"].lower()
        if self._others().filter(email__iexact=email).exists():
            raise ValidationError(_("Địa chỉ thư này đã có ở một tài khoản khác."))
        if self._others().filter(username__iexact=email).exists():
            raise ValidationError(_("Địa chỉ thư này là tên đăng nhập của người khác."))
        return email

    def clean(self) -> dict[str, Any] | None:
        """Refuse to leave the site without a superuser."""
        cleaned = super().clean()
        remains = cleaned.get("is_active") and cleaned.get("is_superuser")
        others = self._others().filter(is_active=True, is_superuser=True)
        if self.instance.pk and self.instance.is_superuser and not remains and not others.exists():
            raise ValidationError(_("Phải còn ít nhất một người quản trị toàn bộ được đăng nhập."))
        return cleaned

    def _others(self):
        return User.objects.exclude(pk=self.instance.pk)

    def _post_clean(self):
        # One text: Vietnamese names begin with the family name.
        self.instance.first_name = self.cleaned_data.get("full_name", "")
        self.instance.last_name = ""
        self.instance.is_staff = True
        super()._post_clean()


def _visible(text):
    if sentence := hidden_character(text):
        raise ValidationError(sentence)
    return text


class StewardshipInline(SuperusersOnly, admin.TabularInline):
    model = Stewardship
    formset = RefusalFormSet
    formfield_overrides = FORMFIELD_OVERRIDES
    autocomplete_fields = ["unit"]
    extra = 0


@admin.register(User)
class PersonAdmin(SuperusersOnly, RefusalsInForms, admin.ModelAdmin):
    """One page per official. People are locked and not deleted: the history names them."""

    form = PersonForm
    change_form_template = "workspace/person.html"
    list_display = ["username", "full_name", "email", "areas", "factor", "seen", "is_active"]
    list_filter = ["is_active", "is_superuser", "stewardships__role"]
    search_fields = ["username", "first_name", "last_name", "email"]
    ordering = ["username"]
    inlines = [StewardshipInline]
    readonly_fields = ["last_login", "factor", "resets", "programs"]
    fieldsets = [
        (None, {"fields": ["full_name", "username", "email", "is_active", "is_superuser"]}),
        (
            gettext_lazy("Đăng nhập"),
            {"fields": ["last_login", "factor", "resets", "programs"]},
        ),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return the officials, with their areas for the list."""
        people = super().get_queryset(request).filter(is_staff=True)
        return people.prefetch_related("stewardships__unit")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list:
        """Return the sections; a new account has not been used yet."""
        return self.fieldsets if obj else self.fieldsets[:1]

    def get_urls(self) -> list:
        """Return the addresses, with that of the reset of the second factor."""
        view = self.admin_site.admin_view(self.reset_view)
        return [
            path("<int:pk>/reset-second-factor/", view, name="auth_user_reset"),
            *super().get_urls(),
        ]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Return the list; who has a second factor is one query for the whole page."""
        changelist = super().get_changelist_instance(request)
        having = second_factors(changelist.result_list)
        for person in changelist.result_list:
            person.has_factor = person.pk in having
        return changelist

    @admin.display(description=gettext_lazy("họ và tên"))
    def full_name(self, person: AbstractUser) -> str:
        """Return the name."""
        return person.get_full_name()

    @admin.display(description=gettext_lazy("địa bàn"))
    def areas(self, person: AbstractUser) -> str:
        """Return units and roles; what superusers have in all of them."""
        if person.is_superuser:
            return _("quản trị toàn bộ")
        return "; ".join(
            f"{one.unit}: {one.get_role_display()}" for one in person.stewardships.all()
        )

    @admin.display(description=gettext_lazy("đăng nhập lần cuối"), ordering="last_login")
    def seen(self, person: AbstractUser) -> str:
        """Return the day of the last sign-in."""
        return date_format(localtime(person.last_login), "j/n/Y") if person.last_login else "–"

    @admin.display(description=gettext_lazy("xác thực hai lớp"))
    def factor(self, person: AbstractUser) -> str:
        """Return whether the second factor is set up."""
        has = person.has_factor if hasattr(person, "has_factor") else has_second_factor(person)
        if has:
            return _("đã bật")
        publishes = any(one.role >= Role.PUBLISHER for one in person.stewardships.all())
        return _("chưa bật, bắt buộc") if person.is_superuser or publishes else _("chưa bật")

    @admin.display(description=gettext_lazy("đã đặt lại xác thực hai lớp"))
    def resets(self, person: AbstractUser) -> str:
        """Return the resets: when, by whom and why."""
        return format_html_join(
            "",
            "<div>{}, {}: {}</div>",
            (
                (date_format(localtime(one.at), "H:i j/n/Y"), one.by, one.reason)
                for one in person.second_factor_resets.select_related("by")
            ),
        )

    @admin.display(description=gettext_lazy("mật khẩu ứng dụng"))
    def programs(self, person: AbstractUser) -> str:
        """Return the programs that edit in the person's name."""
        in_use = person.app_passwords.filter(revoked_at=None)
        return format_html_join("", "<div>{}</div>", ((one.name,) for one in in_use))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save; a new person gets the mail to choose a password once everything is stored."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            transaction.on_commit(lambda: self._welcome(request, obj))

    def _welcome(self, request, person):
        if send_password_link(person):
            text = _("Đã gửi liên kết chọn mật khẩu đến %s.") % person.email
            self.message_user(request, text, messages.SUCCESS)
        else:
            text = _(
                "Không gửi được thư đến %s. Người này vẫn lấy được liên kết ở “Quên mật khẩu”."
            )
            self.message_user(request, text % person.email, messages.WARNING)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Return the page, with the link to the reset for others who have a second factor."""
        person = self.get_object(request, object_id)
        is_other = person is not None and person.pk != request.user.pk
        context = {"may_be_reset": is_other and has_second_factor(person), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def reset_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Request the reason, then remove the second factor of another person."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        person = self.get_object(request, str(pk))
        if person is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        if person.pk == request.user.pk:
            # One's own is changed in one's account, which requires the password.
            raise PermissionDenied
        change_url = reverse("admin:auth_user_change", args=[person.pk])
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                sent = reset_second_factor(
                    person, by=request.user, reason=form.cleaned_data["reason"]
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                text = _("Đã đặt lại xác thực hai lớp của %s.") % person
                if not sent:
                    text += " " + _("Không gửi được thư báo.")
                self.message_user(request, text, messages.SUCCESS if sent else messages.WARNING)
                return redirect(change_url)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Đặt lại xác thực hai lớp: %s") % person,
            "opts": self.opts,
            "person": person,
            "form": form,
            "change_url": change_url,
        }
        return TemplateResponse(request, "workspace/reset_second_factor.html", context)
