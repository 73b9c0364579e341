"""The signals by which other modules take part in the rules of the workflow."""

from django.dispatch import Signal

# Sent by workflow.move() before it writes, with `record` (locked) and `after`, the next State; the
# sender is the record's model. A receiver refuses the change by raising ValidationError.
state_changing = Signal()

# Sent by workflow.delete() before it deletes, with `record` (locked); the sender is its model.
deleting = Signal()
