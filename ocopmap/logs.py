"""Logging: client errors are one short line, server errors keep their traceback."""

import logging

from django.http import UnreadablePostError

# Maximum length of a message in characters; a URL alone may have 8,000.
MAX_LENGTH = 300


def printable(text):
    """The text with unprintable characters, such as control characters, escaped."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def one_line(text):
    """The text as one printable line of at most MAX_LENGTH characters."""
    line = printable(text[: MAX_LENGTH + 1])
    return line if len(line) <= MAX_LENGTH else line[: MAX_LENGTH - 1] + "…"


class BadRequestFilter(logging.Filter):
    """Lowers records about invalid requests to WARNING and removes their traceback.

    Django logs them as errors with a stack trace (SuspiciousOperation, BadRequest,
    MultiPartParserError), although the cause is in the request. An incomplete request body means
    that the client disconnected.
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
    """Formats the message as one line; tracebacks keep their lines, control characters escaped."""

    def formatMessage(self, record):
        record.message = one_line(record.message)
        return super().formatMessage(record)

    def formatException(self, exc_info):
        text = super().formatException(exc_info)
        return "\n".join(printable(line) for line in text.split("\n"))
