"""Twenty thousand products: the map pans, zooms and filters without holding up the reader."""

import json
import random

import pytest

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.main_thread import LONG, MainThread, at_rest

COUNT = 20_000
# The gestures are repeated until each has once been free of long tasks, at most so many times: what
# another process or a garbage collector did to one of them is not the map's.
TIMES = 6
GROUPS = ["I", "II", "III", "IV", "V", "VI", None]


@pytest.fixture(scope="module")
def many_products():
    """The answer of the API with 20,000 products, spread over the province like sand."""
    chance = random.Random(4)
    features = [
        {
            "type": "Feature",
            "id": f"NHIEU-{number}",
            "geometry": {
                "type": "Point",
                "coordinates": [chance.uniform(108.55, 109.2), chance.uniform(11.3, 12.1)],
            },
            "properties": {
                "code": f"NHIEU-{number}",
                "name": f"Sản phẩm {number}",
                "name_en": None,
                "producer": f"Hợp tác xã {number % 900}",
                "category_code": chance.choice(GROUPS),
                "sector": None,
                "stars": chance.choice([3, 4, 5, None]),
                "ocop_status": "unknown",
                "rated_from": None,
                "rated_to": None,
                "protections": "Ninh Thuận (nho)" if number % 9 == 0 else None,
                "commune_code": chance.choice(["22738", "22741", "22759"]),
                "commune": "phường Phan Rang",
                "old_commune_code": None,
                "old_commune": None,
                "district_code": chance.choice(["582", "584", "585"]),
                "district": "huyện Ninh Phước",
                "position": chance.choice(["commune", "map"]),
                "url": f"https://example.org/san-pham/NHIEU-{number}-san-pham/",
            },
        }
        for number in range(COUNT)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features, "links": []})


@pytest.mark.alone
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_twenty_thousand_products_pan_and_zoom_without_a_long_task(
    open_page, many_products, viewport
):
    def many(page):
        # Motion as most readers have it: the animations are what costs.
        page.emulate_media(reduced_motion="no-preference")
        page.route(
            "**/collections/products/items**",
            lambda route: route.fulfill(body=many_products, content_type="application/geo+json"),
        )

    page = open_page("/?lop=huyen.bao-ho", viewport, tiles="refused", before=many)
    page.get_by_text(f"{COUNT} sản phẩm").wait_for()
    page.locator(".place .cluster").first.wait_for()
    page.locator("path.protected").first.wait_for(state="attached")
    at_rest(page)
    box = page.locator("#map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    thread = MainThread(page)
    thread.slow_down()

    def drag(dx, dy):
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + dx, y + dy, steps=12)
        page.mouse.up()

    def wheel(by):
        page.mouse.move(x, y)
        page.mouse.wheel(0, by)

    gestures = {
        "pan": lambda: drag(-120, 60),
        "pan back": lambda: drag(120, -60),
        "zoom in": lambda: wheel(-120),
        "zoom in again": lambda: wheel(-120),
        "zoom out": lambda: wheel(240),
    }
    tasks = {name: [] for name in gestures}

    def long():
        return {name: each for name, each in tasks.items() if min(each, default=LONG + 1) > LONG}

    rounds = 0
    while long() and rounds < TIMES:
        rounds += 1
        for name, gesture in gestures.items():
            with thread.watched() as seen:
                gesture()
            tasks[name].append(max(seen))

    assert page.locator(".place").count() > 20
    assert long() == {}
