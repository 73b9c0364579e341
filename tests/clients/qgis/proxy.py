"""A proxy between a client and the server that records requests and responses."""

import http.client
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

# Headers of a request that the server reads, without the password.
READ_BY_THE_SERVER = ["Accept", "Accept-Language", "Content-Type", "Content-Crs", "If-Match"]
# Connection and length belong to the two connections.
NOT_FORWARDED = {"connection", "transfer-encoding", "content-length", "keep-alive"}


@contextmanager
def recording(port, server):
    """Forward requests from that port to the server during the body; yield the list of exchanges.

    port: of 127.0.0.1. server: () → address of the server. Each exchange is {"method", "path",
    "headers", "body", "status", "answer": headers of the response, "text": body of the response}.
    """
    exchanges = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            address = urlsplit(server())
            connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
            headers = {n: v for n, v in self.headers.items() if n.lower() not in NOT_FORWARDED}
            # The text of the responses is recorded.
            headers["Accept-Encoding"] = "identity"
            connection.request(self.command, self.path, body or None, headers)
            response = connection.getresponse()
            content = response.read()
            connection.close()
            exchanges.append(
                {
                    "method": self.command,
                    "path": self.path,
                    "headers": {
                        name: self.headers[name]
                        for name in READ_BY_THE_SERVER
                        if name in self.headers
                    },
                    "body": body.decode(),
                    "status": response.status,
                    "answer": dict(response.getheaders()),
                    "text": content.decode(),
                    "signed_in": "Authorization" in self.headers,
                }
            )
            # With the reason, which QGIS shows.
            self.send_response_only(response.status, response.reason)
            for name, value in response.getheaders():
                if name.lower() not in NOT_FORWARDED:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_OPTIONS = do_POST = do_PUT = do_PATCH = do_DELETE = forward

        def log_message(self, *_arguments):
            """Say nothing: the exchanges are recorded."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, daemon=True)
        thread.start()
        try:
            yield exchanges
        finally:
            proxy.shutdown()
            thread.join()
