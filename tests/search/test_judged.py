"""What people type, and the berries that should come first, over the demo shop.

The baseline beside it is Wagtail's own way to ask, with the language's stemming, over our index: names, tags
and ё as we write them there help it, too. A shop with Wagtail's own index would do worse.
"""

import sys
import tomllib
from pathlib import Path

import pytest
from wagtail.search.backends import get_search_backend

from search.services import find
from shop.catalog.models import Berry
from shop.catalog.pages import BerryPage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
JUDGED = tomllib.loads(Path(__file__).with_name("judged.toml").read_text())
LEAST = {"ru": 150, "en": 80}
ANY = "*"  # berries, whichever: all that are sold
CONFIGS = {"ru": "russian", "en": "english"}


@pytest.fixture(autouse=True)
def _shop(demo_shop, db):
    """Every query here is asked of the demo."""


@pytest.fixture(scope="module")
def codes(demo_shop):
    return dict(Berry.objects.values_list("pk", "code"))


def list_queries(language):
    return [
        (kind, query, berries.split())
        for kind, queries in JUDGED[language].items()
        for query, berries in queries.items()
    ]


def search(query, language):
    found = find(query=query, language=language).berries
    berries = dict(BerryPage.objects.filter(pk__in=found).values_list("pk", "berry"))
    return [berries[page_id] for page_id in found]


def search_plainly(query, language):
    """What Wagtail would find of our index by itself."""
    pages = BerryPage.objects.live().filter(locale__language_code=language)
    backend = get_search_backend("wagtail.search.backends.database", SEARCH_CONFIG=CONFIGS[language])
    found = backend.search(query, BerryPage).get_queryset()
    return list(found.filter(pk__in=pages.values("pk")).values_list("berry", flat=True))


def judge(found, wanted):
    """One over the place of the first berry that was wanted; 0 where there is none."""
    if wanted == [ANY]:
        return float(len(found) == Berry.objects.active().count())
    return next((1 / place for place, code in enumerate(found, 1) if code in wanted), 0.0)


def describe(language, name, marks):
    first, mean = sum(mark == 1 for mark in marks) / len(marks), sum(marks) / len(marks)
    return f"{language}, {len(marks)} queries, {name}: success@1 {first:.3f}, MRR {mean:.3f}"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_puts_first_what_people_mean(language, codes, capsys):
    queries = list_queries(language)
    marks, plain, misses = [], [], []
    for kind, query, wanted in queries:
        mark = judge([codes[pk] for pk in search(query, language)], wanted)
        marks.append(mark)
        plain.append(judge([codes[pk] for pk in search_plainly(query, language)], wanted))
        if mark < 1:
            misses.append(f"{kind}: {query} ({mark:.2f})")
    with capsys.disabled():
        report = [
            describe(language, name, given)
            for name, given in (("search", marks), ("Wagtail on our index", plain))
        ]
        sys.stdout.write("\n" + "\n  ".join([*report, *misses]) + "\n")

    assert len(queries) >= LEAST[language]
    assert sum(mark == 1 for mark in marks) / len(marks) >= 0.95
    assert sum(marks) / len(marks) >= 0.97


@pytest.mark.parametrize(
    ("language", "query"), [(code, query) for code in LEAST for query in JUDGED["nonsense"][code]]
)
def test_finds_nothing_for_nonsense(language, query):
    found = find(query=query, language=language)

    assert (found.total, found.articles_total) == (0, 0), found
