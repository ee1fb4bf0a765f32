"""The ground all tests stand on: messages, engines that end with the session, a browser for journeys."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.test.signals import language_changed
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from anyberry.engines import release_engines
from tests.database import prepare_database, restore_rows

pytest_plugins = [
    "tests.workers",
    "tests.fixtures.demo",
    "tests.fixtures.mail",
    "tests.fixtures.payments",
    "tests.fixtures.providers",
]

BASE_DIR = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """The Chromium of this machine; CHROMIUM names another one."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_configure(config: pytest.Config) -> None:
    # Workers of pytest-xdist find it done.
    if not hasattr(config, "workerinput"):
        subprocess.run([sys.executable, "tools/messages.py", "compile"], cwd=BASE_DIR, check=True)
        # pytest-django has set Django up already: in a fresh clone it found no catalogue, and remembers that.
        language_changed(setting="LOCALE_PATHS")


def pytest_unconfigure() -> None:
    from django.db import connections

    connections.close_all()
    release_engines()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks for `browser_program` is skipped by name where there is none, or fails where CI says so."""
    if find_browser() or os.environ.get("ANYBERRY_REQUIRE_BROWSER") == "1":
        return
    skip = pytest.mark.skip(reason="needs Chromium, which is not installed")
    for item in items:
        if "browser_program" in getattr(item, "fixturenames", ()):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def browser_program() -> str:
    """The path of a Chromium."""
    program = find_browser()
    if program is None:
        pytest.fail("ANYBERRY_REQUIRE_BROWSER=1, but there is no Chromium: install it or set CHROMIUM.")
    return program


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of this session's own, copied from one that is migrated already."""
    with django_db_blocker.unblock(), prepare_database():
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Tests that commit leave what they found, whichever kind of test comes next, in whatever order."""
    TransactionTestCase._fixture_teardown = lambda _self: restore_rows()
    # Rows are restored at the end of each test: nothing is left for Django's `serialized_rollback` to do.
    vars(connection).pop("_test_serialized_contents", None)


@pytest.fixture(autouse=True)
def _clear_cache() -> None:
    """No test sees what another one left in the cache. Only our keys go: the Redis may be shared."""
    cache.delete_pattern("*")


@pytest.fixture(autouse=True)
def _begin_with_the_next_slot() -> None:
    """Slots follow each other by the hour from tomorrow on, and never come after the berries' best-before."""
    from tests.factories.orders import SlotFactory

    SlotFactory.reset_sequence(0)


@pytest.fixture(autouse=True)
def _speak_russian() -> Iterator[None]:
    """Each test starts in Russian, whatever language the request of the last one was in."""
    with translation.override("ru"):
        yield
