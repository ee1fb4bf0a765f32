"""What was taken out of the cart a moment ago, kept in the session so that one click brings it back."""

import time
from decimal import Decimal

from django.http import HttpRequest

from shop.cart.services import RemovedLine

SESSION_KEY = "cart_taken_out"
KEPT_FOR = 600  # seconds


def remember_removed(request: HttpRequest, lines: list[RemovedLine], *, title: str = "") -> None:
    """Keep the lines; earlier ones are forgotten. `title` names a single one."""
    request.session[SESSION_KEY] = {
        "at": int(time.time()),
        "title": title,
        "lines": [[line.pack_id, line.quantity, str(line.price_seen)] for line in lines],
    }


def get_removed(request: HttpRequest) -> list[RemovedLine]:
    """The lines that can still be brought back."""
    kept = request.session.get(SESSION_KEY)
    if not kept or time.time() - kept["at"] > KEPT_FOR:
        return []
    return [
        RemovedLine(pack_id=pack_id, quantity=quantity, price_seen=Decimal(price))
        for pack_id, quantity, price in kept["lines"]
    ]


def get_removed_title(request: HttpRequest) -> str:
    """What a single removed line was called; "" where it were several."""
    title: str = request.session.get(SESSION_KEY, {}).get("title", "")
    return title


def forget_removed(request: HttpRequest) -> None:
    """They came back, or something else happened to the cart."""
    request.session.pop(SESSION_KEY, None)
