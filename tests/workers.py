"""How tests are spread over workers: file by file, and what shares something dear goes to one worker.

The groups of pytest-xdist would do, but those of 3.8 have no effect with pytest 9.2.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# What takes long is first in line, so that the other worker is busy meanwhile.
TOGETHER = {
    "journeys": ("tests/journeys/",),
    "demo": ("tests/demo/test_load_demo.py", "tests/demo/test_crawl.py", "tests/search/test_judged.py"),
}


def name_unit(path: str) -> str:
    """The unit of work a file of tests belongs to: one worker runs all of it."""
    return next((unit for unit, starts in TOGETHER.items() if path.startswith(starts)), path)


class FileByFile(LoadScopeScheduling):
    """Hands out units of work."""

    def _split_scope(self, nodeid: str) -> str:
        return name_unit(nodeid.partition("::")[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileByFile:
    config.option.loadscopereorder = False  # the order is ours
    return FileByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long ones first; the demo is not loaded twice because a file isn't named here."""
    places = {unit: place for place, unit in enumerate(TOGETHER)}
    items.sort(key=lambda item: places.get(name_unit(get_path(item)), len(places)))
    for item in items:
        if "demo_shop" in getattr(item, "fixturenames", ()) and name_unit(get_path(item)) != "demo":
            message = f"{item.nodeid} uses `demo_shop`: name its file in tests/workers.py"
            raise pytest.UsageError(message)


def get_path(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]
