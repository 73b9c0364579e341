"""What every test may count on: an empty cache, a day that stands still, the shipped data."""

import datetime

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import TransactionTestCase, override_settings
from django.utils import timezone, translation

from geodata.collection import forget_features
from geodata.ogc.query import in_order
from tests import template_databases
from tests.rows import empty_tables
from tests.template_databases import SHIPPED, TABLES


def pytest_collection_modifyitems(items):
    # The shipped data stay from their first use to the end of the run: no other test sees them.
    # The browser comes last: its event loop stays too, and Django would refuse to query beside it.
    # Of several processes each gets its tests in this order.
    items.sort(key=lambda item: ("site" in item.fixturenames, "shipped" in item.fixturenames))


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_looked_for_when_asked():
    # Otherwise WhiteNoise lists all of them anew for the client of every test.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "WHITENOISE_AUTOREFRESH", True, raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _passwords_take_no_time():
    # The rounds that keep others from guessing passwords would be paid for every official.
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _committed_rows_are_deleted_fast():
    # Django would truncate all tables, most of them empty, and create all permissions again.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: empty_tables())
        yield


@pytest.fixture(autouse=True)
def _empty_cache():
    # What is kept goes by the data's revision, which a test's rollback does not count up.
    cache.clear()
    forget_features()
    in_order.cache_clear()


@pytest.fixture(autouse=True)
def _language_of_the_site():
    # Whoever answers a request goes on in its language until the next; a test is both.
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings):
    """Copies of the template databases instead of a database that is migrated here."""
    if not template_databases.in_use(SHIPPED):
        template_databases.use(TABLES)
    yield
    template_databases.drop_copies()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    # Before a fixture opens a transaction.
    if "shipped" in item.fixturenames:
        template_databases.use(SHIPPED)
    elif template_databases.in_use(SHIPPED):
        template_databases.use(TABLES)


def pytest_sessionfinish(session):
    if not hasattr(session.config, "workerinput"):
        template_databases.drop_templates()


@pytest.fixture
def shipped(db):
    """All of geodata/data, in a database of its own; what a test changes in it is rolled back.

    A test that commits would empty that database: `transactional_db` is for others.
    """


@pytest.fixture
def on_day(monkeypatch):
    """`on_day("2026-11-23")` makes it noon of that day in Viet Nam."""

    def stop(day):
        noon = datetime.datetime.fromisoformat(f"{day}T12:00:00")
        moment = timezone.make_aware(noon)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment.date()

    return stop


@pytest.fixture
def items(client):
    """`items("communes", "limit=1")` asks the API as a stranger would; the whole response."""

    def ask(collection, query="", **headers):
        return client.get(f"/api/v1/collections/{collection}/items?{query}", headers=headers)

    return ask
