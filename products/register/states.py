"""The states of a record, and the one definition of "published"."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("bản nháp")
    REVIEW = "review", _("chờ duyệt")
    PUBLISHED = "published", _("đã công bố")
    WITHDRAWN = "withdrawn", _("đã rút")


def is_published(path=""):
    """Return the condition, a Q, that a record is public: the one definition of "published".

    path: lookup path to the record, with "__" at its end, such as "producer__".
    """
    return Q(**{f"{path}state": State.PUBLISHED})


def published_sql(row=""):
    """Return the condition of is_published() in SQL, for triggers.

    row: name of the row, such as "NEW"; by default the columns are not qualified.
    """
    return f"{row}.state = '{State.PUBLISHED}'" if row else f"state = '{State.PUBLISHED}'"
