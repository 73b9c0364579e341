"""As many products as the map page loads whole, far more than a province has."""

import json
import random

from django.conf import settings

COUNT = settings.MAP_LOADS_WHOLE
GROUPS = ["I", "II", "III", "IV", "V", "VI", None]


def answer_with_crowd(page):
    """Make the API return COUNT products, spread over the province, to this page."""
    body = crowd()
    page.route(
        "**/collections/products/items**",
        lambda route: route.fulfill(body=body, content_type="application/geo+json"),
    )


def crowd():
    """A deterministic GeoJSON FeatureCollection of COUNT products, as text."""
    chance = random.Random(4)
    west, south, east, north = settings.PLACE.map_extent
    features = [
        {
            "type": "Feature",
            "id": f"NHIEU-{number}",
            "geometry": {
                "type": "Point",
                "coordinates": [chance.uniform(west, east), chance.uniform(south, north)],
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
                "protections": "Nho Mẫu Bắc" if number % 9 == 0 else None,
                "commune_code": chance.choice(["99001", "99010", "99014"]),
                "commune": "phường Giả Định",
                "old_commune_code": None,
                "old_commune": None,
                "district_code": chance.choice(["991", "992", "993"]),
                "district": "huyện Mẫu Bắc",
                "position": chance.choice(["commune", "map"]),
                "url": f"https://example.org/san-pham/NHIEU-{number}-san-pham/",
            },
        }
        for number in range(COUNT)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features, "links": []})
