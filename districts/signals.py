"""The one signal of the project: the lower app cannot know who stands on its ground."""

from django.dispatch import Signal

# Sent after units, boundaries or successions were loaded or edited, inside that transaction.
units_changed = Signal()
