"""How much a first visit costs a phone: bytes as they come over the line, requests, and work."""

from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import PHONE
from tests.browser.main_thread import LONG, MainThread

# Compressed, without tiles: until the frame and the list stand, and with all the map draws.
MOST_FOR_THE_LIST = 200_000
MOST_WITH_DATA = 350_000
MOST_REQUESTS = 20
# Milliseconds, summed over the tasks of a load, by which each is longer than LONG; the best of so
# many loads. A quiet machine has less than ten, a busy one several times that.
MOST_BLOCKED = 200
LOADS = 5


class Traffic:
    """What a page asks for: address, kind, and the bytes of the answer as they were sent.

    With its headers. What the browser has in its memory costs nothing.
    """

    def __init__(self, page):
        self.answers = []
        self._begun = {}
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.on("Network.responseReceived", self._begin)
        devtools.on("Network.loadingFinished", self._end)

    def _begin(self, event):
        self._begun[event["requestId"]] = (event["response"]["url"], event["type"])

    def _end(self, event):
        url, kind = self._begun.get(event["requestId"], ("", ""))
        if url.startswith("http") and event["encodedDataLength"]:
            self.answers.append((event["encodedDataLength"], kind, url))

    def bytes(self, *kinds):
        return sum(size for size, kind, _ in self.answers if not kinds or kind in kinds)

    def __str__(self):
        return "\n".join(f"{size:>8} {kind} {url}" for size, kind, url in sorted(self.answers))


@pytest.mark.parametrize("path", ["/", "/en/"])
def test_a_first_visit_to_the_map_is_light(open_page, site, path):
    traffic = []
    page = open_page(
        path, PHONE, tiles="refused", before=lambda page: traffic.append(Traffic(page))
    )
    expect(page.locator(".place .cluster").first).to_be_visible()
    expect(page.locator("path.base-land").first).to_be_attached()
    expect(page.locator(".label-outline")).to_have_count(7)
    page.wait_for_load_state("networkidle")

    (traffic,) = traffic
    frame = traffic.bytes("Document", "Stylesheet", "Script", "Image", "Font")
    assert 0 < frame <= MOST_FOR_THE_LIST, str(traffic)
    assert frame < traffic.bytes() <= MOST_WITH_DATA, str(traffic)
    assert 10 < len(traffic.answers) <= MOST_REQUESTS, str(traffic)
    # Not even a preload of what is then fetched in another way. (The icon of the tab is "Other".)
    addresses = [url for _, kind, url in traffic.answers if kind != "Other"]
    assert sorted(addresses) == sorted(set(addresses))
    # Nor does one script wait for another that it would import.
    with urlopen(site + path) as answer:
        html = answer.read().decode()
    scripts = [urlsplit(url).path for _, kind, url in traffic.answers if kind == "Script"]
    assert [script for script in scripts if script not in html] == []
    assert {urlsplit(url).netloc for _, _, url in traffic.answers} == {urlsplit(site).netloc}


@pytest.mark.alone
def test_a_slow_phone_answers_its_reader_while_the_map_is_drawn(open_page):
    page = open_page("/", PHONE)
    thread = MainThread(page)
    thread.slow_down()
    blocked = []
    while len(blocked) < LOADS and min(blocked, default=MOST_BLOCKED + 1) > MOST_BLOCKED:
        with thread.watched() as tasks:
            page.reload()
            expect(page.locator("path.base-land").first).to_be_attached()
            expect(page.locator(".place .cluster").first).to_be_visible()
            expect(page.locator(".label-outline")).to_have_count(7)
        blocked.append(sum(task - LONG for task in tasks if task > LONG))

    assert page.locator("#map-coming").count() == 0
    assert min(blocked) <= MOST_BLOCKED, blocked
