"""Publishes a record without a second person; the reason is in its history."""

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from products.register import workflow
from products.register.models import Record


class Command(BaseCommand):
    help = "Publish a record in review although its last author publishes it; superusers only."

    def add_arguments(self, parser):
        parser.add_argument("code", help="code of the record, as on its page")
        parser.add_argument("--user", required=True, help="user name of the superuser")
        parser.add_argument("--reason", required=True, help="why no second person does it")

    def handle(self, code, user, reason, **options):
        by = get_user_model().objects.filter(username=user).first()
        if by is None:
            raise CommandError(f"There is no user {user!r}.")
        record = find_record(code)
        if record is None:
            raise CommandError(f"There is no record {code!r}.")
        try:
            workflow.move(
                record,
                "publish",
                by=by,
                base_version=record.version,
                reason=reason,
                alone=True,
            )
        except PermissionDenied:
            raise CommandError("Only a superuser publishes alone.") from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{record.label} is published.")


def find_record(code):
    """Return the record with that code, of whatever kind, or None."""
    models = [one for one in apps.get_models() if issubclass(one, Record) and not one._meta.proxy]
    found = (model.objects.filter(code=code).first() for model in models)
    return next(filter(None, found), None)
