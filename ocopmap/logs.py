"""What the log says: a bad request is one short line, an error of ours keeps its traceback."""

import logging

from django.http import UnreadablePostError

# Characters of one message; an address alone may have 8,000.
LONGEST = 300


def printable(text):
    """The text with control, format and other unprintable characters as escapes."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def one_line(text):
    """The text in one line that a terminal shows as it is, cut at LONGEST characters."""
    line = printable(text[: LONGEST + 1])
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


class BadRequestFilter(logging.Filter):
    """Takes level ERROR and the traceback from records about requests that clients got wrong.

    Django logs those with all of its stack (SuspiciousOperation, BadRequest, MultiPartParserError),
    although the cause is in the request. A body that ends too early is a client that has gone.
    """

    def filter(self, record):
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, UnreadablePostError):
            record.msg = f"Client disconnected: {record.getMessage()}"
            record.args = ()
        elif not self.is_about_request(record):
            return True
        record.exc_info = record.exc_text = None
        if record.levelno > logging.WARNING:
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True

    @staticmethod
    def is_about_request(record):
        if record.name.startswith("django.security."):
            return True
        return record.name == "django.request" and getattr(record, "status_code", 500) < 500


class OneLineFormatter(logging.Formatter):
    """One line for the message; tracebacks keep their lines and lose only control characters."""

    def formatMessage(self, record):
        record.message = one_line(record.message)
        return super().formatMessage(record)

    def formatException(self, exc_info):
        text = super().formatException(exc_info)
        return "\n".join(printable(line) for line in text.split("\n"))
