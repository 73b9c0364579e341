"""Third-party clients against the real server: what they receive and what they request."""

import pytest

from tests.factories import (
    UNTIL_THE_CHANGE,
    CraftVillageFactory,
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    RatingFactory,
    SalesPointFactory,
    UnitFactory,
    at,
    square,
)
from tests.rows import prepared
from tests.served import database_url, serve

PRODUCTS = 23


@pytest.fixture(scope="session")
def served(django_db_setup, django_db_blocker, tmp_path_factory):
    """The server on the test database; it stops before the database is dropped."""
    with django_db_blocker.unblock():
        url = database_url()
    with serve(tmp_path_factory.mktemp("served"), DATABASE_URL=url) as server:
        yield server


@prepared
def rows():
    """Public rows, and one draft.

    23 products: every other one in district 996, every third without a place and with three stars,
    the others with four and five.
    """
    districts = [
        UnitFactory(code="992", name="Phan Lang - Tháp Chuông", area=square(108.9, 11.5)),
        UnitFactory(code="996", name="Minh Hải", area=square(109, 11.5)),
    ]
    communes = [
        UnitFactory(
            code=code,
            name=name,
            parent=district,
            validity=UNTIL_THE_CHANGE,
            area=square(lng, 11.5),
        )
        for code, name, district, lng in [
            ("82738", "Đô Minh", districts[0], 108.9),
            ("82846", "Vĩnh Hậu", districts[1], 109),
        ]
    ]
    producer = ProducerFactory(published=True, name="HTX “Mật Nho”; Ửng, Ỡ", point=at(109, 11.5))
    for number in range(PRODUCTS):
        product = ProductFactory(
            published=True,
            code=f"MAU-{number}",
            name=f"Nho đỏ số {number}",
            producer=producer,
            declared_commune=communes[number % 2],
            point=None if number % 3 == 0 else at(round(108.95 + number % 2 / 10, 2), 11.55),
        )
        RatingFactory(product=product, stars=3 + number % 3)
    IpRightFactory(published=True, name="Nho Minh Thuần", area=square(109, 11.5))
    SalesPointFactory(published=True, sells=True, point=at(109.01, 11.51))
    CraftVillageFactory(published=True, point=at(109.02, 11.52))
    ProductFactory(state="draft", code="MAU-999", name="Bí mật")


@pytest.fixture
def server(transactional_db, rows, served):
    """The server, with these rows and nothing in its list of requests."""
    served.log.write_text("")
    return served
