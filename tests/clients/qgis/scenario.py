"""What is edited with QGIS, by whom, and in which coordinate reference system."""

from django.conf import settings

from tests.factories import (
    UNTIL_THE_CHANGE,
    ProducerFactory,
    ProductFactory,
    RatingFactory,
    UnitFactory,
    UserFactory,
    at,
    editor_of,
    publisher_of,
    square,
)

GRID = f"EPSG:{settings.PLACE.grids[0]}"


def rows():
    """A commune with a public product and a draft, and a draft elsewhere; the users by role."""
    UnitFactory(
        code=settings.PLACE.province_code,
        name="Mẫu",
        validity=UNTIL_THE_CHANGE,
        area=square(108.9, 11.5, 0.2),
    )
    here = UnitFactory(
        code="82738", name="An Hậu", validity=UNTIL_THE_CHANGE, area=square(108.9, 11.5)
    )
    elsewhere = UnitFactory(
        code="82846", name="Bình Hậu", validity=UNTIL_THE_CHANGE, area=square(109, 11.5)
    )
    producer = ProducerFactory(code="MAU-CT-1", name="HTX Mật Nho", declared_commune=here)
    public = ProductFactory(
        code="MAU-1",
        name="Nho đỏ Ninh Thuận",
        published=True,
        declared_commune=here,
        point=at(108.91, 11.51),
        description="Ngọt, mọng nước",
    )
    RatingFactory(product=public)
    ProductFactory(
        code="MAU-2",
        name="Táo xanh",
        declared_commune=here,
        point=at(108.92, 11.52),
        producer=producer,
    )
    ProductFactory(code="MAU-3", name="Tỏi", declared_commune=elsewhere, point=at(109.05, 11.55))
    users = {
        "editor": editor_of(here),
        "publisher": publisher_of(here),
        "editor elsewhere": editor_of(elsewhere),
        "staff without an area": UserFactory(),
    }
    for role, user in users.items():
        user.username = role.replace(" ", "-")
        user.save()
    return users


def in_grid(longitude, latitude):
    """Return easting and northing of a position in GRID."""
    point = at(longitude, latitude)
    point.transform(int(GRID.removeprefix("EPSG:")))
    return round(point.x, 2), round(point.y, 2)


def steps(crs):
    """Return what somebody does who may edit: the steps of tests/clients/qgis/edit.py."""
    place = in_grid if crs else lambda *numbers: numbers
    (west, south), (east, north) = place(108.915, 11.515), place(108.925, 11.525)
    return [
        ["open"],
        ["filter", "\"name\" = 'Táo xanh'"],
        ["filter", "\"state\" = 'published' AND \"name\" LIKE 'Nho%'"],
        ["inside", west, south, east, north],
        ["add", *place(108.951, 11.551), {"name": "Nước mắm Cà Ná – ủ chượp", "sector": "crops"}],
        ["show", "Nước mắm Cà Ná – ủ chượp"],
        ["add", *place(108.951, 11.551), {"name_en": "Nameless"}],
        ["add", *place(108.2, 11.1), {"name": "Ngoài tỉnh"}],
        ["move", "Táo xanh", *place(108.96, 11.56)],
        ["edit", "Táo xanh", {"name": "Táo Phước Hậu", "description": "Giòn, không hạt"}],
        ["edit", "Táo Phước Hậu", {"gtin": "12"}],
        ["edit", "Táo Phước Hậu", {"state": "published"}],
        ["edit", "Nho đỏ Ninh Thuận", {"name": "Nho đỏ Phước Thuận"}],
        ["move", "Nho đỏ Phước Thuận", *place(108.93, 11.53)],
        ["reload"],
        ["show", "Nho đỏ Phước Thuận"],
        ["delete", "Táo Phước Hậu"],
        ["delete", "Nho đỏ Phước Thuận"],
        ["reload"],
    ]


# Name → (role or "" for nobody, CRS or "" for that of the server, steps).
JOBS = {
    "editor, CRS84": ("editor", "", steps("")),
    "editor, VN-2000": ("editor", GRID, steps(GRID)),
    "publisher, CRS84": ("publisher", "", steps("")),
    "publisher, VN-2000": ("publisher", GRID, steps(GRID)),
    "editor elsewhere": ("editor elsewhere", "", [["open"], ["features"]]),
    "staff without an area": ("staff without an area", "", [["open"]]),
    "nobody": ("", "", [["open"]]),
}
