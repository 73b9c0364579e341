"""The signal by which applications above learn that administrative units have changed."""

from django.dispatch import Signal

# Sent after units, boundaries or successions were imported or edited, in the same transaction.
units_changed = Signal()
