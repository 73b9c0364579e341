"""How long the tasks of a page's main thread are, on a processor four times slower."""

from contextlib import contextmanager

SLOWER = 4
# Milliseconds of one task, from which on a reader feels that the page does not answer.
LONG = 50
# What Chromium calls a task from its beginning to its end.
TASK = "ThreadControllerImpl::RunTask"


class MainThread:
    """Measures the tasks of a page's main thread in CPU time: a busy machine does not count.

    The slowed-down processor is part of it: Chromium keeps the thread spinning meanwhile.
    """

    def __init__(self, page):
        self.page = page
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.on("Tracing.dataCollected", lambda data: self.events.extend(data["value"]))
        self.devtools.on("Tracing.tracingComplete", lambda _: self.complete.append(True))
        self.events, self.complete = [], []

    def slow_down(self):
        self.devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

    @contextmanager
    def watched(self):
        """Give a list; after the body it holds the milliseconds of each task until all rests."""
        tasks = []
        self.events.clear()
        self.complete.clear()
        categories = "toplevel,devtools.timeline"
        tracing = {"categories": categories, "transferMode": "ReportEvents"}
        self.devtools.send("Tracing.start", tracing)
        yield tasks
        at_rest(self.page)
        self.devtools.send("Tracing.end")
        while not self.complete:
            self.page.evaluate("0")
        layouts = [self.thread(one) for one in self.events if one["name"] == "UpdateLayoutTree"]
        main = max(set(layouts), key=layouts.count)
        tasks += (
            one["tdur"] / 1000
            for one in self.events
            if one["name"] == TASK and self.thread(one) == main and "tdur" in one
        )

    @staticmethod
    def thread(event):
        return event["pid"], event["tid"]


def at_rest(page):
    """Wait until places and names have come to rest: for half a second nothing changed."""
    page.evaluate(
        """() => new Promise((resolve) => {
            let timer = setTimeout(done, 500);
            const watch = new MutationObserver(() => {
                clearTimeout(timer);
                timer = setTimeout(done, 500);
            });
            function done() { watch.disconnect(); resolve(); }
            const all = { attributes: true, childList: true, subtree: true };
            watch.observe(document.getElementById("map"), all);
        })"""
    )
