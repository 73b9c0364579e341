"""The signal by which applications above the register take part in its rules."""

from django.dispatch import Signal

# Sent by workflow.move() before it writes, with `record` (locked) and `after`, the next State; the
# sender is the record's model. A receiver refuses the change by raising ValidationError.
state_changing = Signal()
