"""Bars, drawn on the server: an SVG without style or script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from home.dashboard.figures import DayOfSales

WIDTH, HEIGHT = 600, 160
GAP = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One day, in the units of the drawing, from the upper left corner."""

    x: float
    y: float
    width: float
    height: float
    day: date
    total: Decimal


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of days, and what its scale is."""

    bars: Sequence[Bar]
    top: Decimal
    width: int = WIDTH
    height: int = HEIGHT


def draw_chart(days: Sequence[DayOfSales]) -> Chart:
    """A bar for each day; the best one fills the height, a day without sales has a hair's breadth."""
    top = max((day.total for day in days), default=Decimal(0))
    step = WIDTH / max(len(days), 1)
    bars = []
    for number, day in enumerate(days):
        height = round(max(float(day.total / top) * HEIGHT if top else 0, 1), 1)
        x, y, width = round(number * step, 1), round(HEIGHT - height, 1), round(step - GAP, 1)
        bars.append(Bar(x, y, width, height, day.day, day.total))
    return Chart(bars, top)
