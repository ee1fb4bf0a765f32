"""The benchmark of the admin's list fails where staff would wait too long."""

import pytest

from tools.bench_admin import GOAL_MS, ORDERS, find_slowest, judge
from tools.bench_kit import Figures


@pytest.mark.parametrize(
    ("count", "milliseconds", "code"),
    [(ORDERS, GOAL_MS + 1, 1), (ORDERS, GOAL_MS - 1, 0), (ORDERS // 20, GOAL_MS + 1, 0)],
    ids=["too slow", "fast enough", "fewer orders prove nothing"],
)
def test_it_ends_as_the_slowest_list_does(count, milliseconds, code):
    figures = [
        Figures("page explorer of Wagtail", [GOAL_MS * 9] * 20),
        Figures("orders", [1] * 20),
        Figures("orders, by total", [milliseconds] * 20),
    ]

    slowest = find_slowest(figures)

    assert slowest.name == "orders, by total"
    assert judge(slowest, count) == code
