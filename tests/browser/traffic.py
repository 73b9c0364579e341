"""What a page transfers over the network."""

import time

# Seconds without a response after which a visit has loaded everything.
IDLE = 2


class Traffic:
    """The requests of a page: URL, type, and transferred bytes of the response with its headers.

    Responses from the memory cache have no bytes.
    """

    def __init__(self, page):
        self.answers = []
        self._begun = {}
        self._page = page
        self._last = time.monotonic()
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.on("Network.requestWillBeSent", self._note)
        devtools.on("Network.responseReceived", self._begin)
        devtools.on("Network.loadingFinished", self._end)

    def _note(self, _event):
        self._last = time.monotonic()

    def _begin(self, event):
        self._begun[event["requestId"]] = (event["response"]["url"], event["type"])

    def _end(self, event):
        self._last = time.monotonic()
        url, kind = self._begun.get(event["requestId"], ("", ""))
        if url.startswith("http") and event["encodedDataLength"]:
            self.answers.append((event["encodedDataLength"], kind, url))

    def wait_until_idle(self):
        """Wait until nothing has been transferred for IDLE seconds."""
        while (left := self._last + IDLE - time.monotonic()) > 0:
            self._page.wait_for_timeout(1_000 * left)

    def bytes(self, *kinds):
        return sum(size for size, kind, _ in self.answers if not kinds or kind in kinds)

    def __str__(self):
        return "\n".join(f"{size:>8} {kind} {url}" for size, kind, url in sorted(self.answers))
