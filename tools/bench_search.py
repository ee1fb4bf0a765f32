"""`make bench-search`: how long searches, suggestions and filtered results take with up to 10,000 berries.

`ARGS=--large` grows the catalog to 100,000 as well, which takes some minutes; the smallest is the demo as it
is. What people type is put together of the catalog's own words, with slips of every kind in them. "search"
and "suggestion" are asked of the services with nothing cached but the vocabulary; pages are measured inside
the application, as a guest sees them (`tools/bench_kit.py` says what that holds). The database is the
benchmark's own and goes with it.
"""

import argparse
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tools.bench_kit import Browser, Figures, add_run, measure_yardstick, own_database, print_table

SIZES = (10, 1_000, 10_000)
LARGE = 100_000
ROUNDS = 8
GOALS = {"search": 40.0, "suggestion": 15.0}
GOAL_GROWTH = 4
BASE_SIZE = 1_000
# What people type, by what has to be understood of it.
QUERIES = {
    "search: name": ("клубника", "малину", "голубикой", "черная смородина", "Вишня"),
    "search: name and variety": ("клубника алая", "малина полярная заря", "вишня медовая роса"),
    "search: taste and use": ("малина для варенья", "кислая клюква", "сладкая черешня без косточек"),
    "search: typo": ("клубинка", "крыжовнек", "аблепиха", "малина палярная"),
    "search: keyboard": ("rke,ybrf", "vfkbyf", "xthybrf"),
    "search: Latin letters": ("klubnika", "zhimolost", "strawberry"),
    "search: shopping": ("купить малину 500 г", "свежая клубника цена"),
    "search: nothing": ("трактор", "фывапролд", "зимняя резина"),
}
PREFIXES = ("к", "ма", "клу", "малин", "rke", "klub", "малина п", "алая з", "вишня мед", "крыжовнек")
FILTERS = ("", "&in_stock=on", "&in_season=on&price_min=300", "&sort=price", "&page=3")


@dataclass(frozen=True)
class Measured:
    """What everything took with so many berries."""

    berries: int
    yardstick: Figures
    figures: list[Figures]

    def get_median(self, name: str) -> float:
        """The median over all kinds of what begins so."""
        taken = [one for figure in self.figures if figure.name.startswith(name) for one in figure.taken]
        return statistics.median(taken)


def measure_all(name: str, calls: Sequence[Callable[[], object]]) -> Figures:
    """Make the calls in turn, again and again, after a first one of each."""
    for call in calls:
        call()
    figures = Figures(name, [])
    for _round in range(ROUNDS):
        for call in calls:
            add_run(figures, call)
    return figures


def measure_searches() -> list[Figures]:
    """Searches of each kind, and suggestions."""
    from search.services import find, suggest  # noqa: PLC0415 -- Django has to be set up first

    def ask(query: str) -> Callable[[], object]:
        return lambda: find(query=query, language="ru")

    def begin(prefix: str) -> Callable[[], object]:
        return lambda: suggest(prefix=prefix, language="ru")

    figures = [measure_all(name, [ask(query) for query in queries]) for name, queries in QUERIES.items()]
    return [*figures, measure_all("suggestion", [begin(prefix) for prefix in PREFIXES])]


def measure_pages() -> list[Figures]:
    """The page of results with filters and sorting, and the list of suggestions."""
    guest = Browser()

    def get(path: str) -> Callable[[], object]:
        return lambda: guest.get(path)

    results = [
        measure_all(
            f"results page {filters or '?q='}",
            [
                get(f"/search/?q={quote(query)}{filters}")
                for query in ("клубника", "малина для варенья", "клубинка")
            ],
        )
        for filters in FILTERS
    ]
    suggestions = [get(f"/search/suggest/?q={quote(prefix)}") for prefix in PREFIXES]
    return [*results, measure_all("list of suggestions", suggestions)]


def grow_catalog(berries: int) -> float:
    """Invent berries until there are so many; how many seconds that took."""
    from django.core.management import call_command  # noqa: PLC0415 -- Django has to be set up first

    from search.vocabularies import forget_vocabularies  # noqa: PLC0415

    started = time.monotonic()
    call_command("load_demo", berries=berries, verbosity=0)
    forget_vocabularies()
    return time.monotonic() - started


def build_index() -> str:
    """Write the index and the vocabulary anew, and tell what that took."""
    from django.core.management import call_command  # noqa: PLC0415 -- Django has to be set up first
    from django.db import connection  # noqa: PLC0415

    from search.vocabulary import build_vocabulary  # noqa: PLC0415

    started = time.monotonic()
    call_command("update_index", verbosity=0)
    seconds = time.monotonic() - started
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE wagtailsearch_indexentry")
        cursor.execute("SELECT pg_size_pretty(pg_total_relation_size('wagtailsearch_indexentry'))")
        (size,) = cursor.fetchone()
    started = time.monotonic()
    words = len(build_vocabulary("ru").shown)
    vocabulary = time.monotonic() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"index written anew in {seconds:.1f} s, {size}; vocabulary of {words:,} words read in "
        f"{vocabulary:.2f} s; this process took {memory:.0f} MB at most"
    )


def measure_size(berries: int, *, rebuild: bool) -> Measured:
    """Grow the catalog to that size and measure everything."""
    from shop.catalog.models import Berry  # noqa: PLC0415 -- Django has to be set up first

    seconds = grow_catalog(berries)
    berries = Berry.objects.count()
    print(f"\n{berries:,} berries, loaded in {seconds:.0f} s")
    if rebuild:
        print(build_index())
    figures = [*measure_searches(), *measure_pages()]
    measured = Measured(berries, measure_yardstick(ROUNDS * 20), figures)
    print_table(figures, measured.yardstick, note="")
    return measured


def print_verdict(measured: Sequence[Measured]) -> None:
    """The medians over all kinds beside the goals, and how they grow."""
    last = measured[-1]
    base = next((one for one in measured if one.berries == BASE_SIZE), measured[0])
    print(f"\nMedians over all kinds with {last.berries:,} berries:")
    for name, goal in GOALS.items():
        median = last.get_median(name)
        growth = median / base.get_median(name)
        print(
            f"  {name:<12}{median:>7.1f} ms (goal: {goal:.0f}); {growth:.1f} × that with {base.berries:,} "
            f"(goal: {GOAL_GROWTH})"
        )
    print(f"Load of the machine meanwhile: {os.getloadavg()[0]:.1f}.")


def main() -> int:
    """Measure every size and print it."""
    parser = argparse.ArgumentParser(description="Measure the search.")
    parser.add_argument("--large", action="store_true", help=f"with {LARGE:,} berries, too")
    parser.add_argument("--no-rebuild", action="store_true", help="leave out writing the index anew")
    options = parser.parse_args()
    sizes = [*SIZES, LARGE] if options.large else list(SIZES)
    with own_database("_bench_search"):
        print_verdict([measure_size(berries, rebuild=not options.no_rebuild) for berries in sizes])
    return 0


if __name__ == "__main__":
    sys.exit(main())
