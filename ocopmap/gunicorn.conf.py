"""How gunicorn serves the site: `gunicorn --config ocopmap/gunicorn.conf.py`.

What differs between machines stands on its command line or in the environment (bin/run).
"""

import errno
import os
import socket
import struct

wsgi_app = "ocopmap.wsgi"
# Threads, so that a slow download does not hold up a whole worker; far more than processors,
# because most of the time of a slow reader is waiting.
worker_class = "gthread"
workers = 2
threads = 16
# Two servers on one machine would meet at it.
control_socket_disable = True
graceful_timeout = 3
# The most that gunicorn can bound: with 0 it would read a line that never ends into memory. Longer
# addresses are a 414; the description of the API promises 8,000 characters.
limit_request_line = 8190
loglevel = "warning"

# Seconds after which a client that neither reads what it asked for nor finishes its question is
# let go, with its thread, its database connection and its file.
CLIENT_TIMEOUT = int(os.environ.get("CLIENT_TIMEOUT", "30"))

# Should anything of ours ever stop inside a transaction, the database ends it: an open one keeps
# locks and dead rows. Of the server alone: a command may take its time.
os.environ.setdefault("PGOPTIONS", "-c idle_in_transaction_session_timeout=60s")


def when_ready(server):
    """Let connections inherit the time limits; gunicorn has none for a request that has begun."""
    for listener in server.LISTENERS:
        listening = listener.sock
        if listening.family == socket.AF_UNIX:
            continue  # a proxy on this machine, which has limits of its own
        # Not SO_SNDTIMEO: Python's sendfile() takes its end for a full buffer and waits on.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, CLIENT_TIMEOUT * 1000)
        seconds = struct.pack("ll", CLIENT_TIMEOUT, 0)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, seconds)


def post_worker_init(worker):
    """Log what clients do wrong in one short line, and a client that was let go not at all.

    Once the application is loaded: only then can our modules be imported.
    """
    from ocopmap.logs import one_line

    def is_ours(record):
        error = record.exc_info[1] if record.exc_info else None
        if getattr(error, "errno", None) in {errno.ETIMEDOUT, errno.EAGAIN}:
            return False
        # A request line that is not understood may have 8,000 characters.
        record.msg, record.args = one_line(record.getMessage()), ()
        return True

    worker.log.error_log.addFilter(is_ours)
