"""An order's story as a shopper sees it: what has happened, what comes next, and in which words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from payments.models import Bill
from shop.delivery.models import Delivery
from shop.orders.models import Order

TONES = {
    Order.Status.PENDING: "warning",
    Order.Status.PAID: "success",
    Order.Status.IN_DELIVERY: "info",
    Order.Status.DELIVERED: "success",
    Order.Status.REJECTED: "neutral",
    Order.Status.EXPIRED: "neutral",
    Order.Status.REFUNDED: "neutral",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `state` is done, current, todo or failed."""

    title: str
    state: str
    at: datetime | None = None


def get_tone(order: Order) -> str:
    """The color of the order's badge."""
    return "danger" if is_owed(order) else TONES[Order.Status(order.status)]


def is_owed(order: Order) -> bool:
    """Whether the money came after the order was closed, and is still to be returned."""
    return order.needs_refund and order.is_closed_unpaid


def get_state(order: Order) -> str:
    """What a page says of the money: preparing, waiting, paid, rejected, expired, refund or refunded."""
    if is_owed(order):
        return "refund"
    if order.status == Order.Status.REFUNDED or (order.is_closed_unpaid and order.paid_at):
        return "refunded"
    if order.is_pending:
        return "waiting" if order.bill.status == Bill.Status.WAITING and order.bill.pay_url else "preparing"
    return {Order.Status.REJECTED: "rejected", Order.Status.EXPIRED: "expired"}.get(
        Order.Status(order.status), "paid"
    )


def get_version(order: Order) -> str:
    """Changes whenever the story does; a page that knows this one has nothing to learn."""
    return f"{get_state(order)}-{order.status}-{order.delivery.status}"


def list_steps(order: Order) -> list[Step]:
    """From "placed" to "delivered", or to where it ended."""
    times = {event.status: event.at for event in order.delivery.events.all()}
    placed = Step(_("Order placed"), "done", order.placed_at)
    if order.is_closed_unpaid:
        ending = _("Canceled") if order.status == Order.Status.REJECTED else _("Not paid in time")
        return [placed, Step(ending, "failed", times.get(Delivery.Status.CANCELED))]
    packing, away = times.get(Delivery.Status.PACKING), times.get(Delivery.Status.ON_THE_WAY)
    delivered = times.get(Delivery.Status.DELIVERED)
    reached = [
        (_("Paid") if order.paid_at else _("Waiting for payment"), order.paid_at),
        (_("Being packed"), packing),
        (_("Handed to the courier"), away),
        (_("Delivered"), delivered),
    ]
    last = max((number for number, (_title, at) in enumerate(reached) if at), default=-1)
    current = max(last, 0)
    return [
        placed,
        *(Step(title, _mark(number, current, last), at) for number, (title, at) in enumerate(reached)),
    ]


def _mark(number: int, current: int, last: int) -> str:
    """The state of a step: done before the current one, and the very last one is done when it is reached."""
    if number < current or (number == last == 3):  # noqa: PLR2004 -- "delivered"
        return "done"
    return "current" if number == current else "todo"
