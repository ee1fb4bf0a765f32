"""The choices in force above a list, each with an address that takes it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from core.money import format_money
from shop.catalog.models import Category


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice: what it is called, and the list without it."""

    label: str
    url: str


def list_chips(values: Mapping[str, Any], categories: Sequence[Category], url: str) -> list[Chip]:
    """A chip for each filter in force; the order of the list is none."""
    names = {category.code: category.name for category in categories}
    labels = {
        "category": lambda code: names[code],
        "in_season": lambda _value: _("In season now"),
        "in_stock": lambda _value: _("In stock"),
        "price_min": lambda price: _("from %(price)s") % {"price": format_money(price)},
        "price_max": lambda price: _("up to %(price)s") % {"price": format_money(price)},
    }
    return [
        Chip(write_label(values[name]), url + write_query(values, without=name))
        for name, write_label in labels.items()
        if name in values
    ]


def write_query(values: Mapping[str, Any], *, without: str = "") -> str:
    """The query string of the choices with its question mark, "" where there are none."""
    pairs = {name: "on" if value is True else str(value) for name, value in values.items() if name != without}
    return f"?{urlencode(pairs)}" if pairs else ""
