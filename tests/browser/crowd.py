"""Twenty thousand products for the map, far more than a province has."""

import json
import random

COUNT = 20_000
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
