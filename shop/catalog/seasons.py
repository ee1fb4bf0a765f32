"""Seasons in words."""

from collections.abc import Sequence

from django.utils.dates import MONTHS
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def name_months(months: Sequence[int]) -> str:
    """The months in words, neighbors as a range, over the turn of the year too: «декабрь — февраль»."""
    chosen = sorted(set(months))
    if len(chosen) == len(MONTHS):
        return _("all year round")
    runs: list[list[int]] = []
    for month in chosen:
        if runs and runs[-1][-1] == month - 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    if len(runs) > 1 and runs[0][0] == 1 and runs[-1][-1] == len(MONTHS):
        runs[0] = runs.pop() + runs[0]
    return ", ".join(_name_run(run) for run in runs)


def _name_run(run: Sequence[int]) -> str:
    first, last = _name_month(run[0]), _name_month(run[-1])
    return first if len(run) == 1 else _("%(first)s–%(last)s") % {"first": first, "last": last}


def _name_month(number: int) -> str:
    """A month inside a sentence: Russian writes it small."""
    name = str(MONTHS[number])
    return name.lower() if get_language() == "ru" else name
