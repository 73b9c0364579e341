"""The site's settings with the benchmark's table as one more collection, and the stock view."""

from ocopmap.settings import *  # noqa: F403
from ocopmap.settings import COLLECTIONS, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.benchmarks"]
COLLECTIONS = [*COLLECTIONS, "tests.benchmarks.collections.SPECIALTIES"]
ROOT_URLCONF = "tests.benchmarks.stock"
