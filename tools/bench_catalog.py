"""`make bench-catalog`: how long the catalog's pages take with 1,000 and with 10,000 berries.

`ARGS=--large` grows it to 100,000 as well, which takes some minutes. The pages are measured inside the
application (`tools/bench_kit.py` says what that holds), as a guest sees them, with PostgreSQL and Redis, and
beside a trivial view. "Counted anew" is the list right after a change, when the numbers beside its filters
are in no cache. The database is the benchmark's own and goes with it.
"""

import argparse
import math
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from tools.bench_kit import Browser, Figures, measure, measure_yardstick, own_database, print_table

SIZES = (1_000, 10_000)
LARGE = 100_000
RUNS = 40
COLD_RUNS = 10
GOAL_MS = 60
GOAL_GROWTH = 4
GOAL_LOADING = {10_000: 180, LARGE: 1_800}  # seconds, from an empty shop
FILTERED = "/catalog/?in_season=on&in_stock=on&price_min=300&price_max=1500"
PAGES = {
    "front page": "/",
    "list": "/catalog/",
    "list, filtered": FILTERED,
    "list, by price": "/catalog/?sort=price",
    "list, by name": "/catalog/?sort=name",
    "list, page 20": "/catalog/?page=20",
    "berry page": "/catalog/{berry}/",
}


@dataclass(frozen=True)
class Measured:
    """What the pages took with so many berries."""

    berries: int
    yardstick: Figures
    pages: dict[str, Figures]
    loaded_in: float  # seconds, from an empty shop


def grow_catalog(berries: int) -> float:
    """Invent berries until there are so many; how many seconds that took."""
    from django.core.management import call_command  # noqa: PLC0415 (Django has to be set up first)

    from shop.catalog.freshness import forget_facets  # noqa: PLC0415

    started = time.monotonic()
    call_command("load_demo", berries=berries, verbosity=0)
    forget_facets()
    return time.monotonic() - started


def measure_pages(berries: int, loaded_in: float) -> Measured:
    """Ask for each page again and again."""
    from shop.catalog.freshness import forget_facets  # noqa: PLC0415 (Django has to be set up first)
    from shop.catalog.pages import BerryPage  # noqa: PLC0415

    guest = Browser()
    slug = BerryPage.objects.for_language("ru").order_by("-pk").values_list("slug", flat=True)[0]
    figures = {}
    for name, path in PAGES.items():
        figures[name] = measure_page(name, guest, path.format(berry=slug))

    def count_anew(path: str) -> Callable[[], object]:
        def ask() -> object:
            forget_facets()
            return guest.get(path)

        return ask

    figures["list, counted anew"] = measure("list, counted anew", COLD_RUNS, count_anew("/catalog/"))
    figures["list, filtered, counted anew"] = measure(
        "list, filtered, counted anew", COLD_RUNS, count_anew(FILTERED)
    )
    return Measured(berries, measure_yardstick(RUNS * 5), figures, loaded_in)


def measure_page(name: str, guest: Browser, path: str) -> Figures:
    """One page, after a first look that fills the caches."""
    guest.get(path)
    return measure(name, RUNS, lambda: guest.get(path))


def print_growth(measured: list[Measured]) -> None:
    """How many times longer each page takes with the most berries than with the fewest."""
    first, last = measured[0], measured[-1]
    print(f"\nGrowth from {first.berries:,} to {last.berries:,} berries (goal for the list: {GOAL_GROWTH}):")
    for name, figures in last.pages.items():
        print(f"  {name:<34}{figures.median / first.pages[name].median:>6.1f} ×")


def list_misses(measured: list[Measured]) -> list[str]:
    """The goals that were missed, in words."""
    misses = [
        f"{one.berries:,} berries took {one.loaded_in:.0f} s to load (goal: {goal} s)."
        for one in measured
        if one.loaded_in > (goal := GOAL_LOADING.get(one.berries, math.inf))
    ]
    listed = find_list(measured)
    if listed.median > GOAL_MS:
        misses.append(f"The list of {SIZES[-1]:,} takes {listed.median:.0f} ms (goal: {GOAL_MS}).")
    first, last = measured[0].pages["list"].median, measured[-1].pages["list"].median
    if last > first * GOAL_GROWTH:
        misses.append(f"The list grows {last / first:.1f} times (goal: {GOAL_GROWTH}).")
    return misses


def find_list(measured: list[Measured]) -> Figures:
    """The figures that the goal for the list is about."""
    return next(one for one in measured if one.berries == SIZES[-1]).pages["list"]


def main() -> int:
    """Measure every size and print it; 1 where a goal was missed."""
    parser = argparse.ArgumentParser(description="Measure the catalog's pages.")
    parser.add_argument("--large", action="store_true", help=f"with {LARGE:,} berries, too")
    sizes = [*SIZES, LARGE] if parser.parse_args().large else list(SIZES)
    measured: list[Measured] = []
    seconds = 0.0
    with own_database("_bench_catalog"):
        for berries in sizes:
            seconds += grow_catalog(berries)
            measured.append(measure_pages(berries, seconds))
            print(f"\n{berries:,} berries, loaded in {seconds:.0f} s")
            print_table(list(measured[-1].pages.values()), measured[-1].yardstick, note="")
    print_growth(measured)
    print(f"\nThe list of {SIZES[-1]:,} takes {find_list(measured).median:.0f} ms (goal: {GOAL_MS}).")
    print(f"Load of the machine meanwhile: {os.getloadavg()[0]:.1f}.")
    misses = list_misses(measured)
    for miss in misses:
        print(f"Missed: {miss}", file=sys.stderr)
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())
