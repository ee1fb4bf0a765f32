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


# A page that shows one of these has more to tell.
MOVING = frozenset({"packing", "handed_over", "on_the_way", "failed"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `state` is done, current, todo or failed."""

    title: str
    state: str
    at: datetime | None = None
    text: str = ""


def get_tone(order: Order) -> str:
    """The color of the order's badge."""
    if is_owed(order):
        return "danger"
    return "neutral" if order.is_called_off else TONES[Order.Status(order.status)]


def get_label(order: Order) -> str:
    """What the order's badge says."""
    return _("canceled") if order.is_called_off else str(order.get_status_display())


def is_owed(order: Order) -> bool:
    """Whether the money came after the order was closed, and is still to be returned."""
    return order.needs_refund and order.is_closed_unpaid


def get_state(order: Order) -> str:
    """The money: preparing, waiting, closing, paid, called_off, rejected, expired, refund or refunded."""
    if is_owed(order):
        return "refund"
    if order.status == Order.Status.REFUNDED or (order.is_closed_unpaid and order.paid_at):
        return "refunded"
    if order.is_called_off:
        return "called_off"
    if order.is_pending:
        return _get_pending_state(order.bill)
    return {Order.Status.REJECTED: "rejected", Order.Status.EXPIRED: "expired"}.get(
        Order.Status(order.status), "paid"
    )


def _get_pending_state(bill: Bill) -> str:
    """Before the money comes: a bill that is being closed leads nobody to its provider any more."""
    if bill.can_be_paid:
        return "waiting"
    return "closing" if bill.reject_requested_at else "preparing"


def get_version(order: Order) -> str:
    """Changes whenever the story does; a page that knows this one has nothing to learn."""
    delivery = order.delivery
    return f"{get_state(order)}-{order.status}-{delivery.status}-{delivery.attempt}-{delivery.slot_id}"


def list_steps(order: Order) -> list[Step]:
    """From "placed" to "delivered", or to where it ended."""
    times = {event.status: event.at for event in order.delivery.events.all()}
    placed = Step(_("Order placed"), "done", order.placed_at)
    if order.is_closed_unpaid:
        ending = _("Canceled") if order.status == Order.Status.REJECTED else _("Not paid in time")
        return [placed, Step(ending, "failed", times.get(Delivery.Status.CANCELED))]
    if order.is_called_off:
        paid = Step(_("Paid"), "done", order.paid_at)
        return [placed, paid, Step(_("Canceled"), "failed", times.get(Delivery.Status.CANCELED))]
    paid, *way = _tell_way(order)
    return [placed, paid, *_tell_tries(order), *way]


def _tell_tries(order: Order) -> list[Step]:
    """The tries before the present one: each came to nothing, and why."""
    failed = [event for event in order.delivery.events.all() if event.status == Delivery.Status.FAILED]
    title = _("Not picked up") if order.delivery.is_pickup else _("Could not be delivered")
    return [
        Step(title, "failed", event.at, event.note)
        for event in failed
        if event.attempt < order.delivery.attempt
    ]


def _tell_way(order: Order) -> list[Step]:
    """The present try, from the payment to the door: what is done, what happens now, what is to come."""
    delivery = order.delivery
    events = {event.status: event for event in delivery.events.all() if event.attempt == delivery.attempt}
    reached = [(title, events[status].at if status in events else None) for status, title in _name_way(order)]
    reached.insert(0, (_("Paid") if order.paid_at else _("Waiting for payment"), order.paid_at))
    last = max((number for number, (_title, at) in enumerate(reached) if at), default=0)
    steps = [Step(title, _mark(number, last, len(reached)), at) for number, (title, at) in enumerate(reached)]
    if delivery.status == Delivery.Status.FAILED:
        failure = events[Delivery.Status.FAILED]
        title = _("Not picked up") if delivery.is_pickup else _("Could not be delivered")
        done = [Step(step.title, "done", step.at) for step in steps[: last + 1]]
        return [*done, Step(title, "failed", failure.at, failure.note)]
    return steps


def _name_way(order: Order) -> list[tuple[Delivery.Status, str]]:
    """The steps after the payment, by the way the order takes."""
    again = order.delivery.attempt > 1
    packing = (Delivery.Status.PACKING, _("Another try is planned") if again else _("Being packed"))
    if order.delivery.is_pickup:
        return [
            packing,
            (Delivery.Status.HANDED_OVER, _("Ready at the pick-up point")),
            (Delivery.Status.DELIVERED, _("Picked up")),
        ]
    return [
        packing,
        (Delivery.Status.HANDED_OVER, _("Handed to the courier")),
        (Delivery.Status.ON_THE_WAY, _("On the way")),
        (Delivery.Status.DELIVERED, _("Delivered")),
    ]


def _mark(number: int, last: int, count: int) -> str:
    """The state of a step: done before the last that was reached, which is current unless it is the end."""
    if number < last or number == last == count - 1:
        return "done"
    return "current" if number == last else "todo"


def is_moving(order: Order) -> bool:
    """Whether something is still to be told: money is awaited, or the order is on its way."""
    return order.is_pending or (order.delivery.status in MOVING and order.status != Order.Status.REFUNDED)


def describe_step(order: Order) -> str:
    """One sentence on where the order is, for those who hear the page rather than see it."""
    now = [step for step in list_steps(order) if step.state != "todo"]
    return _("Now: %(step)s.") % {"step": now[-1].title}
