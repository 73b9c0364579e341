"""Signals of geodata."""

from django.dispatch import Signal

# Sent by `manage.py due`, which a timer calls every minute. A receiver does what is due by the
# clock. It may be called at any time and any number of times, and returns a sentence about what it
# did, or None. An exception does not stop the other receivers.
due = Signal()
