"""What is to be done: each kind of work is a filter of a list, and a number on the start page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from districts.models import Role
from geodata.spans import today
from products.register import notices
from products.register.states import State


@dataclass(frozen=True)
class Work:
    """One kind of work.

    label: for people. select: (queryset of records, user) → those to be worked on.
    applies: whether the queryset of a model can have it. wider: key of the kind with the same work
    of the whole area, which the start page names beside it and not on its own.
    """

    label: str | Promise
    select: Callable[[QuerySet, Any], QuerySet]
    applies: Callable[[type], bool] = lambda model: True
    wider: str = ""


def _located(model):
    return hasattr(model.objects.none(), "without_point")


def _rated(model):
    return hasattr(model.objects.none(), "ending_within")


def _to_review(records, user):
    # Only who may publish has this work.
    return records.filter(state=State.REVIEW).editable_by(user, Role.PUBLISHER)


def _for_me(records, user):
    return notices.records_for(user, _to_review(records, user))


def _ending(days):
    return Work(
        format_lazy(_("Xếp hạng hết hạn trong {days} ngày"), days=days),
        lambda records, user: records.published().ending_within(days, today()),
        _rated,
    )


WORK = {
    "review": Work(_("Chờ bạn duyệt"), _for_me, wider="review_all"),
    "review_all": Work(_("Chờ duyệt trong cả địa bàn"), _to_review),
    "mine": Work(
        _("Bản nháp của tôi"),
        lambda records, user: records.filter(state=State.DRAFT).written_by(user),
    ),
    "ending30": _ending(30),
    "ending60": _ending(60),
    "ending90": _ending(90),
    "expired": Work(
        _("Xếp hạng đã hết hạn, vẫn công bố"),
        lambda records, user: records.published().expired(today()),
        _rated,
    ),
    "nopoint": Work(
        _("Chưa có vị trí chính xác"),
        lambda records, user: records.exclude(state=State.WITHDRAWN).without_point(),
        _located,
    ),
    "doubtful": Work(
        _("Vị trí cần kiểm tra"),
        lambda records, user: records.exclude(state=State.WITHDRAWN).doubtful(),
        _located,
    ),
    "incomplete": Work(
        _("Chưa đủ thông tin"),
        lambda records, user: records.exclude(state=State.WITHDRAWN).incomplete(),
    ),
}


def _decidable(proposals, user):
    return proposals.pending().decidable_by(user).exclude(author=user)


# Proposals that wait for a decision: key of WaitingFilter → (queryset, user) → proposals.
WAITING = {
    "me": lambda proposals, user: notices.proposals_for(user, _decidable(proposals, user)),
    "area": _decidable,
}


def work_of(user, model_admins) -> list[dict]:
    """Return the kinds of work with their numbers in the lists of the user's area.

    [{"key", "label", "counts": [{"model": plural name, "count", "url"}], "count", "wider": counts
    of the same work in the whole area, if there is more}], only where there is something to do.
    """
    numbers = {key: _counts(key, user, model_admins) for key in WORK}
    found = []
    for key, work in WORK.items():
        if any(key == other.wider for other in WORK.values()):
            continue
        counts, wider = numbers[key], numbers.get(work.wider, [])
        total = sum(one["count"] for one in counts)
        if sum(one["count"] for one in wider) == total:
            wider = []
        if counts or wider:
            entry = {"key": key, "label": work.label, "counts": counts, "count": total}
            found.append(entry | {"wider": wider})
    return found


def _counts(key, user, model_admins):
    """[{"model", "count", "url"}] of one kind of work, without zeros."""
    work = WORK[key]
    counts = []
    for model in [model_admin.model for model_admin in model_admins]:
        if not work.applies(model):
            continue
        count = work.select(model.objects.editable_by(user), user).count()
        if count:
            name = model._meta.verbose_name_plural
            counts.append({"model": name, "count": count, "url": list_url(model, work=key)})
    return counts


def list_url(model, **query) -> str:
    """Return the URL of the workspace's list of a model, with filters."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    return reverse(name, query=query)


class WorkFilter(admin.SimpleListFilter):
    """The kinds of work as a filter of the list of a model."""

    title = _("việc cần làm")
    parameter_name = "work"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [(key, work.label) for key, work in WORK.items() if work.applies(model_admin.model)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        work = WORK.get(self.value())
        return work.select(queryset, request.user) if work else queryset


class LackFilter(admin.SimpleListFilter):
    """Records that lack one of their essentials()."""

    title = _("còn thiếu")
    parameter_name = "lacks"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [(name, label) for name, (label, _q) in model_admin.model.essentials().items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        known = dict(self.lookup_choices)
        return queryset.lacking(self.value()) if self.value() in known else queryset


class AuthorFilter(admin.SimpleListFilter):
    """Records that one of the officials has created or changed."""

    title = _("người sửa")
    parameter_name = "author"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        officials = get_user_model().objects.filter(is_staff=True).order_by("username")
        return [(str(user.pk), str(user)) for user in officials[:200]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in dict(self.lookup_choices):
            return queryset
        return queryset.written_by(get_user_model().objects.get(pk=self.value()))


class WaitingFilter(admin.SimpleListFilter):
    """Proposals that wait for the user, or in the whole area."""

    title = _("việc cần làm")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("me", _("Chờ bạn duyệt")), ("area", _("Chờ duyệt trong cả địa bàn"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        select = WAITING.get(self.value())
        return select(queryset, request.user) if select else queryset
