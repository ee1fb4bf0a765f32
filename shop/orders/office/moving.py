"""Moving orders on, one at a press or many: each for itself, so that one that can't holds up no other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from shop.orders.models import Order
from shop.orders.moves import Move, MoveRefused, move_order

MAY_HAND_OVER = "shop.hand_over_order"
MAY_CHANGE = "shop.change_order"
MOST_AT_ONCE = 200
LONGEST_KEY = 16


@dataclass(slots=True)
class Outcome:
    """What became of many moves: the orders that moved, and those that could not, with how they stand."""

    moved: list[Order] = field(default_factory=list)
    refused: list[Order] = field(default_factory=list)


def may_move(user: User, move: Move) -> bool:
    """Whether the person may make the move: managers all of them, packers hand over."""
    return user.has_perm(MAY_CHANGE) or (move == Move.HAND_OVER and user.has_perm(MAY_HAND_OVER))


def move_each(orders: Iterable[Order], move: Move, *, by: User) -> Outcome:
    """Make the move with each order that stands where it begins; the others stay as they are.

    The orders come with their deliveries.
    """
    outcome = Outcome()
    for order in orders:
        try:
            outcome.moved.append(move_order(order_id=order.pk, move=move, by=by, seen=order.delivery.status))
        except MoveRefused as refusal:
            outcome.refused.append(refusal.order)
    return outcome


def report_moves(request: HttpRequest, outcome: Outcome) -> None:
    """Tell the person how many moved, and which did not and why."""
    if outcome.moved:
        count = len(outcome.moved)
        said = ngettext("%(count)d order has moved on.", "%(count)d orders have moved on.", count)
        messages.success(request, said % {"count": count})
    for order in outcome.refused:
        messages.warning(request, describe_refusal(order))
    if not outcome.moved and not outcome.refused:
        messages.warning(request, _("No order was chosen."))


def describe_refusal(order: Order) -> str:
    """Why an order did not move: how it stands now."""
    return _("%(number)s stays as it is: %(state)s, %(delivery)s.") % {
        "number": order.number,
        "state": order.get_status_display(),
        "delivery": order.delivery.get_status_display(),
    }


def read_keys(values: Sequence[str]) -> list[int]:
    """The keys among what a form sent, without what is none, in order and no more than are moved at once."""
    keys = {
        int(value) for value in values if value.isascii() and value.isdecimal() and len(value) < LONGEST_KEY
    }
    return sorted(keys)[:MOST_AT_ONCE]
