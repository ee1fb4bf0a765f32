"""`make bench-search`: how long searches, suggestions and filtered results take with up to 100,000 berries.

The largest catalog takes some minutes to grow: `ARGS=--small` leaves it out; the smallest is the demo as it
is. What people type is made of the catalog's own words, with slips of every kind in them. "search" and
"suggestion" are asked of the services with nothing cached but the vocabulary; pages are measured inside the
application, as a guest sees them (`tools/bench_kit.py` says what that holds). The database is the benchmark's
own and goes with it.

The slowest kind of each search and suggestion is held against its goal, and everything against the goal for
growth; where one is missed the benchmark fails.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tools.bench_kit import Browser, Figures, add_run, measure_yardstick, own_database, print_table

SIZES = (10, 1_000, 10_000)
LARGE = 100_000
ROUNDS = 8
# Milliseconds at the median, for whatever begins so; of whole pages, with all that templates do, only growth.
GOALS = {"search:": 40.0, "suggestion:": 15.0, "results page ": None, "list of suggestions:": None}
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
    "search: any berry": ("ягоды", "какие ягоды есть", "не кислая"),
    "search: nothing": ("трактор", "фывапролд", "зимняя резина"),
    "search: long nonsense": (
        "шщъыьэюя цфхчжз гнлдкр " * 8,
        "й,ц,у,к,е,н,г,ш," * 12,
        "qwfpgjluy zxcvdhk neioars " * 7,
    ),
}
PREFIXES = {
    "one letter": ("к", "м"),
    "letters": ("ма", "клу", "малин"),
    "keyboard and Latin": ("rke", "klub"),
    "two words": ("малина п", "алая з", "вишня мед"),
    "typo": ("крыжовнек", "аблепих"),
}
FILTERS = ("", "&in_stock=on", "&in_season=on&price_min=300", "&sort=price", "&page=3")


@dataclass(frozen=True)
class Measured:
    """What everything took with so many berries."""

    berries: int
    yardstick: Figures
    figures: list[Figures]

    def find_slowest(self, name: str) -> Figures:
        """The slowest kind of what begins so."""
        return max((one for one in self.figures if one.name.startswith(name)), key=lambda one: one.median)


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

    searches = [measure_all(name, list(map(ask, queries))) for name, queries in QUERIES.items()]
    suggestions = [
        measure_all(f"suggestion: {kind}", list(map(begin, some))) for kind, some in PREFIXES.items()
    ]
    return [*searches, *suggestions]


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
                for query in ("клубника", "малина для варенья", "клубинка", "ягоды")
            ],
        )
        for filters in FILTERS
    ]
    suggestions = [
        measure_all(
            f"list of suggestions: {kind}", [get(f"/search/suggest/?q={quote(prefix)}") for prefix in some]
        )
        for kind, some in PREFIXES.items()
    ]
    return [*results, *suggestions]


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
    tidy_tables()
    with connection.cursor() as cursor:
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


def tidy_tables() -> None:
    """What autovacuum does within minutes."""
    from django.db import connection  # noqa: PLC0415 -- Django has to be set up first

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def measure_size(berries: int, *, rebuild: bool) -> Measured:
    """Grow the catalog to that size and measure everything."""
    from shop.catalog.models import Berry  # noqa: PLC0415 -- Django has to be set up first

    seconds = grow_catalog(berries)
    berries = Berry.objects.count()
    print(f"\n{berries:,} berries, loaded in {seconds:.0f} s", flush=True)
    if rebuild:
        print(build_index())
    else:
        tidy_tables()
    figures = [*measure_searches(), *measure_pages()]
    measured = Measured(berries, measure_yardstick(ROUNDS * 20), figures)
    print_table(figures, measured.yardstick, note="")
    return measured


def judge(measured: Sequence[Measured]) -> bool:
    """Print the slowest kinds beside the goals, and how they grow; whether all goals are reached."""
    last = measured[-1]
    base = next((one for one in measured if one.berries == BASE_SIZE), measured[0])
    print(f"\nMedians of the slowest kinds with {last.berries:,} berries:")
    reached = []
    for name, goal in GOALS.items():
        slowest = last.find_slowest(name)
        growth = slowest.median / base.find_slowest(name).median
        reached.append((goal is None or slowest.median <= goal) and growth < GOAL_GROWTH)
        wanted = f" (goal: {goal:.0f})" if goal else ""
        print(
            f"  {slowest.name:<40}{slowest.median:>7.1f} ms{wanted}; {growth:.1f} × the slowest "
            f"with {base.berries:,} (goal: below {GOAL_GROWTH}){'' if reached[-1] else '  MISSED'}"
        )
    print(f"Load of the machine meanwhile: {os.getloadavg()[0]:.1f}.")
    return all(reached)


def main() -> int:
    """Measure every size and print it; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description="Measure the search.")
    parser.add_argument("--small", action="store_true", help=f"without {LARGE:,} berries")
    parser.add_argument("--only-ends", action="store_true", help=f"{BASE_SIZE:,} and {LARGE:,} berries alone")
    parser.add_argument("--no-rebuild", action="store_true", help="leave out writing the index anew")
    options = parser.parse_args()
    sizes = list(SIZES) if options.small else [*SIZES, LARGE]
    if options.only_ends:
        sizes = [BASE_SIZE, LARGE]
    with own_database("_bench_search"):
        is_good = judge([measure_size(berries, rebuild=not options.no_rebuild) for berries in sizes])
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
