"""Configuration of gunicorn: `gunicorn --config ocopmap/gunicorn.conf.py`.

Values that differ between machines are command line options or environment variables (bin/run).
"""

import errno
import os
import socket
import struct

wsgi_app = "ocopmap.wsgi"
# Threads, so that a slow download does not block a whole worker; far more than processors, because
# a thread that serves a slow client spends most of its time waiting.
worker_class = "gthread"
workers = 2
threads = 16
# Two servers on one machine would use the same socket.
control_socket_disable = True
graceful_timeout = 3
# The largest limit of gunicorn; 0 would accept a request line of any length into memory. Longer
# URLs get a 414; the API description promises 8,000 characters.
limit_request_line = 8190
loglevel = "warning"

# Seconds after which the connection of a client that neither reads the response nor completes its
# request is closed, which frees its thread, database connection and file.
CLIENT_TIMEOUT = int(os.environ.get("CLIENT_TIMEOUT", "30"))

# The database ends a transaction that the server leaves idle: an open transaction holds locks and
# dead rows. Not for management commands, which may take longer.
os.environ.setdefault("PGOPTIONS", "-c idle_in_transaction_session_timeout=60s")


def when_ready(server):
    """Set socket timeouts that connections inherit; gunicorn has none for a request in progress."""
    for listener in server.LISTENERS:
        listening = listener.sock
        if listening.family == socket.AF_UNIX:
            continue  # a proxy on this machine, which has its own timeouts
        # Not SO_SNDTIMEO: Python's sendfile() treats its expiry as a full buffer and waits again.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, CLIENT_TIMEOUT * 1000)
        seconds = struct.pack("ll", CLIENT_TIMEOUT, 0)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, seconds)


def post_worker_init(worker):
    """Shorten log messages about client errors to one line; drop those about timed-out clients.

    Runs after the application is loaded, because our modules cannot be imported earlier.
    """
    from ocopmap.logs import one_line

    def keep_and_shorten(record):
        error = record.exc_info[1] if record.exc_info else None
        if getattr(error, "errno", None) in {errno.ETIMEDOUT, errno.EAGAIN}:
            return False
        # An invalid request line may have 8,000 characters.
        record.msg, record.args = one_line(record.getMessage()), ()
        return True

    worker.log.error_log.addFilter(keep_and_shorten)
