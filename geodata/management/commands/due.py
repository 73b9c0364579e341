"""Does what is due by the clock; see geodata/signals.py."""

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from geodata.signals import due

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Do what is due by the clock, such as failing dead jobs; for a timer, every minute."

    def handle(self, **options: Any) -> None:
        """Call all receivers, print what they did; fail at the end if one of them failed."""
        failed = []
        for receiver, result in due.send_robust(sender=None):
            name = f"{receiver.__module__}.{receiver.__qualname__}"
            if isinstance(result, Exception):
                failed.append(name)
                logger.error("%s failed", name, exc_info=result)
            elif result:
                self.stdout.write(str(result))
        if failed:
            raise CommandError(f"Failed, see the log: {', '.join(failed)}.")
