"""Durations of the main-thread tasks of a page, with the processor slowed down four times."""

from contextlib import contextmanager

SLOWER = 4
# Milliseconds above which a task is a noticeable delay.
LONG = 50
# The name of complete tasks in traces of Chromium.
TASK = "ThreadControllerImpl::RunTask"


class MainThread:
    """Measures main-thread tasks in CPU time, so that other processes do not count.

    The slowdown is included: Chromium implements it by spinning in the thread.
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
        """Yield a list that contains, after the body, the milliseconds of each task until idle."""
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
    """Wait until symbols and names have not changed for half a second."""
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
