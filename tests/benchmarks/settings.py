"""The site's settings with the table of the other servers, and the stock view."""

from ocopmap.settings import *  # noqa: F403
from ocopmap.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.benchmarks"]
ROOT_URLCONF = "tests.benchmarks.stock"
