"""What all tests share: which process runs which, an empty cache, a fixed day, the databases."""

import datetime
import re

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.dispatch import receiver
from django.test import TransactionTestCase, override_settings
from django.test.signals import setting_changed
from django.utils import timezone, translation
from xdist.scheduler import LoadScopeScheduling

from geodata.collection import clear_cached_queries
from geodata.models import ImportRun
from geodata.ogc import query
from tests import template_databases
from tests.factories import UserFactory
from tests.rows import empty_tables
from tests.template_databases import LOADED, TABLES

# Tests that share a browser or a server: one process of pytest-xdist runs all of a group. The
# largest group begins first, so that the processes end at about the same time.
GROUPS = ("tests/browser/", "tests/clients/", "tests/test_run.py")


READS_FEATURES = re.compile(
    r'SELECT .* FROM ("\w+feature"|"geodata_featurecount"|geodata_revision\b)', re.DOTALL
)


class GroupScheduling(LoadScopeScheduling):
    """Sends each group to one process, and every other test to the next free one.

    With pytest 9.2 the option --dist=loadgroup ignores groups:
    https://github.com/pytest-dev/pytest-xdist/issues/1386
    """

    def _split_scope(self, nodeid):
        return next((group for group in GROUPS if nodeid.startswith(group)), nodeid)


def pytest_xdist_make_scheduler(config, log):
    return GroupScheduling(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Keep the tests marked `shipped` if a shipped pack is loaded, else all others.

    Each test that requests the fixture `shipped` gets the mark here. bin/test runs pytest once with
    each pack.
    """
    for item in items:
        if "shipped" in item.fixturenames:
            item.add_marker("shipped")
    loaded = settings.PLACE.folder.is_relative_to(settings.BASE_DIR / "geodata" / "data")
    selected, others = [], []
    for item in items:
        (selected if bool(item.get_closest_marker("shipped")) == loaded else others).append(item)
    config.hook.pytest_deselected(items=others)
    items[:] = selected


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_found_on_request():
    # Otherwise WhiteNoise scans all static files for the client of every test.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "WHITENOISE_AUTOREFRESH", True, raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _fast_password_hashing():
    # The default hasher is slow by design, which costs time for every user that a test creates.
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _committed_rows_are_deleted_fast():
    # Django would truncate all tables, most of them empty, and create all permissions again.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: empty_tables())
        yield


@pytest.fixture(scope="session", autouse=True)
def _features_are_written_before_they_are_read():
    # Deferred triggers write them at the commit, and most tests never commit.
    connection.execute_wrappers.append(write_pending_features)
    yield
    connection.execute_wrappers.remove(write_pending_features)


def write_pending_features(execute, sql, params, many, context):
    """Run the deferred triggers before a statement that reads features or the revision."""
    database = context["connection"]
    if database.in_atomic_block and READS_FEATURES.search(sql):
        with database.connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return execute(sql, params, many, context)


@pytest.fixture(scope="session", autouse=True)
def _jobs_run_at_once():
    # One test starts a real worker (tests/geodata/test_jobs.py).
    immediate = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    with override_settings(TASKS=immediate):
        yield


@pytest.fixture
def import_folder(tmp_path, monkeypatch):
    """The folder of uploaded files, empty."""
    folder = tmp_path / "imports"
    storage = ImportRun._meta.get_field("file").storage
    for name in ("base_location", "location"):
        monkeypatch.setitem(storage.__dict__, name, str(folder))
    return folder


@pytest.fixture
def clear_caches():
    """`clear_caches()` removes stored values and pages, as if the revision had increased.

    They are keyed by the revision, which increases at a commit: not within a test that rolls back.
    The cache in the database is a table like others.
    """

    def clear():
        for cache in caches.all(initialized_only=True):
            if not isinstance(cache, DatabaseCache):
                cache.clear()

    return clear


@pytest.fixture
def self_publish(settings):
    """Publishers change public records directly, for tests of what the change does."""
    settings.SELF_PUBLISH = True


@pytest.fixture(autouse=True)
def _nothing_is_required_to_publish(settings):
    # Tests of the requirement state their own; most records of tests have a name only.
    settings.REQUIRED_TO_PUBLISH = {}


@pytest.fixture(autouse=True)
def _empty_caches(clear_caches):
    clear_caches()


@receiver(setting_changed)
def _settings_are_in_the_cached_queries(**kwargs):
    clear_cached_queries()
    query.clear_cached_queries()


@pytest.fixture(autouse=True)
def _default_language():
    # A request activates its language in the thread, which a test shares with the client.
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings):
    """Copies of the template databases instead of a database that is migrated here."""
    if not template_databases.in_use(LOADED):
        template_databases.use(TABLES)
    yield
    template_databases.drop_copies()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    # Before a fixture opens a transaction.
    if "shipped" in item.fixturenames:
        template_databases.use(LOADED)
    elif template_databases.in_use(LOADED):
        template_databases.use(TABLES)


def pytest_sessionfinish(session):
    if not hasattr(session.config, "workerinput"):
        template_databases.drop_templates()


@pytest.fixture
def shipped(db):
    """All data of the shipped pack, in a database of its own; changes are rolled back.

    A test that commits would empty that database: `transactional_db` is for others.
    """


@pytest.fixture
def on_day(monkeypatch):
    """`on_day("2026-11-23")` sets the clock to noon of that day in Viet Nam."""

    def set_day(day):
        noon = datetime.datetime.fromisoformat(f"{day}T12:00:00")
        frozen = timezone.make_aware(noon)
        monkeypatch.setattr(timezone, "now", lambda: frozen)
        return frozen.date()

    return set_day


@pytest.fixture
def admin_user(db):
    """The superuser of pytest-django's `admin_client`, with the second factor that it needs."""
    return UserFactory(username="admin", is_superuser=True)


@pytest.fixture
def items(client):
    """`items("communes", "limit=1")` returns the API's response to an anonymous client."""

    def get(collection, query="", **headers):
        return client.get(f"/api/v1/collections/{collection}/items?{query}", headers=headers)

    return get
