"""The season calendar: twelve months × berries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3

from shop.catalog.pages import BerryPage, BerryPageQuerySet

PAGE_SIZE = 60


@dataclass(frozen=True, slots=True)
class Month:
    """One column of the calendar."""

    number: int
    name: str
    short: str
    is_now: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One berry of the calendar: for each month whether it is in season then."""

    title: str
    variety: str
    url: str
    months: Sequence[tuple[Month, bool]]


def get_today() -> date:
    """Today where the shop is."""
    return timezone.localdate()


def read_month(text: str) -> int | None:
    """The number of a month, 1 to 12; nothing for any other text."""
    return next((number for number in MONTHS if text == str(number)), None)


def list_months(chosen: int | None) -> list[Month]:
    """The columns."""
    now = get_today().month
    return [
        Month(number, str(MONTHS[number]), str(MONTHS_3[number]), number == now, number == chosen)
        for number in MONTHS
    ]


def list_pages(language: str, month: int | None) -> BerryPageQuerySet:
    """The pages of the berries in the calendar, those of one month where one is given."""
    pages = BerryPage.objects.for_language(language).defer_streamfields().select_related("berry")
    if month is not None:
        pages = pages.filter(berry__season_months__contains=[month])
    return pages.order_by("title", "pk")


def list_rows(pages: Iterable[BerryPage], request: HttpRequest) -> list[Row]:
    """A row for each page."""
    months = list_months(None)
    return [
        Row(
            title=page.title,
            variety=page.berry.variety,
            url=page.get_url(request) or "",
            months=[(month, month.number in page.berry.season_months) for month in months],
        )
        for page in pages
    ]
