"""The catalog's benchmark fails where a goal is missed, and says which."""

import pytest

from tools.bench_catalog import Measured, list_misses
from tools.bench_kit import Figures


def measure(berries: int, *, loaded_in: float = 1, listed: float = 20) -> Measured:
    return Measured(berries, Figures("yardstick", [1]), {"list": Figures("list", [listed])}, loaded_in)


def test_goals_that_are_met_are_no_matter():
    measured = [measure(1_000), measure(10_000, loaded_in=180, listed=60), measure(100_000, loaded_in=1_800)]

    assert list_misses(measured) == []


@pytest.mark.parametrize(
    ("missed", "words"),
    [
        ({"berries": 10_000, "loaded_in": 181}, "10,000 berries took 181 s"),
        ({"berries": 10_000, "listed": 61}, "The list of 10,000 takes 61 ms"),
        ({"berries": 100_000, "loaded_in": 1_801}, "100,000 berries took 1801 s"),
        ({"berries": 100_000, "listed": 81}, "The list grows 4.0 times"),
    ],
)
def test_a_goal_that_is_missed_is_named(missed, words):
    measured = {one.berries: one for one in (measure(1_000), measure(10_000), measure(**missed))}

    [miss] = list_misses(list(measured.values()))

    assert words in miss
