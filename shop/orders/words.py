"""What the letters about an order's steps say, in the active language."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.phones import format_phone
from shop.orders.models import Letter, Mismatch, Order

Kind = Letter.Kind


@dataclass(frozen=True, slots=True)
class Words:
    """One letter; its subject is its headline. `facts` are rows of a table, `quotation` somebody's words."""

    subject: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    quotation: str = ""
    advice: str = ""

    @property
    def quoted_lines(self) -> str:
        """The quotation as plain text marks one."""
        return "\n".join(f"> {line}" for line in self.quotation.splitlines())


def write_letter(letter: Letter) -> Words:
    """The words of a letter about a step. The order comes with its delivery and slot."""
    return WRITERS[Kind(letter.kind)](letter)


def write_handed_over(letter: Letter) -> Words:
    """The courier has the box, or the pick-up point has it."""
    if letter.order.delivery.is_pickup:
        return Words(
            subject=_("Order %(number)s waits for you") % {"number": letter.order.number},
            paragraphs=(_("We packed your berries; they lie in the cold at the pick-up point."),),
            facts=list_delivery(letter.order),
        )
    return Words(
        subject=_("Order %(number)s is with the courier") % {"number": letter.order.number},
        paragraphs=(_("We packed your berries cold and handed them over. The courier sets off soon."),),
        facts=list_delivery(letter.order),
    )


def write_on_the_way(letter: Letter) -> Words:
    """The courier has set off."""
    return Words(
        subject=_("Order %(number)s is on the way") % {"number": letter.order.number},
        paragraphs=(
            _("The courier has set off with your berries. Please keep the phone of the order at hand."),
        ),
        facts=list_delivery(letter.order),
        advice=_("Put the berries into the fridge when they arrive, and wash them just before you eat them."),
    )


def write_delivered(letter: Letter) -> Words:
    """It arrived."""
    return Words(
        subject=_("Order %(number)s is delivered") % {"number": letter.order.number},
        paragraphs=(
            _("Enjoy your berries! Please look through the boxes today."),
            _("Something is not as it should be? Tell us within 24 hours on the page of the order."),
        ),
    )


def write_delivery_failed(letter: Letter) -> Words:
    """The courier came back with it."""
    return Words(
        subject=_("We could not deliver order %(number)s") % {"number": letter.order.number},
        paragraphs=(
            _("The courier could not hand your berries over. They are back with us and in the cold."),
            _("Choose another time on the page of the order, or just answer this letter."),
        ),
        facts=list_delivery(letter.order),
        quotation=letter.details.get("reason", ""),
    )


def write_slot_changed(letter: Letter) -> Words:
    """It comes at another time."""
    return Words(
        subject=_("Order %(number)s comes at another time") % {"number": letter.order.number},
        paragraphs=(_("This is when we deliver your berries now:"),),
        facts=list_delivery(letter.order),
    )


def write_canceled(letter: Letter) -> Words:
    """It was canceled; money, if there was any, is told of in a letter of its own."""
    order = letter.order
    paid = _("We return the money you paid. A letter tells you when it is on its way back.")
    unpaid = _("Nothing was paid, and there is nothing you have to do.")
    return Words(
        subject=_("Order %(number)s is canceled") % {"number": order.number},
        paragraphs=(
            _("The order is canceled, and the berries are for sale again."),
            paid if order.paid_at else unpaid,
        ),
        quotation=letter.details.get("reason", ""),
    )


def write_payment_returned(letter: Letter) -> Words:
    """A payment that no bill of ours stands for went back; an order that had no other is canceled."""
    order = letter.order
    if letter.details.get("about") == Mismatch.Kind.PAID_TWICE:
        why = _("This order was paid twice. We gave the second payment back, and this is how:")
    else:
        why = _("Your payment does not fit the bill of this order, so we gave it back, and this is how:")
    canceled = (_("The order is canceled, and the berries are for sale again."),)
    return Words(
        subject=_("We returned a payment for order %(number)s") % {"number": order.number},
        paragraphs=(*(canceled if order.is_closed_unpaid else ()), why),
        quotation=letter.details.get("text", ""),
        advice=_("Something is not clear? Just answer this letter."),
    )


def write_complaint_received(letter: Letter) -> Words:
    """We have the complaint."""
    return Words(
        subject=_("We have your complaint about order %(number)s") % {"number": letter.order.number},
        paragraphs=(
            _("We are sorry that something is not as it should be. A person reads your complaint today."),
            _("The answer comes by mail, and stands on the page of the order."),
        ),
        quotation=letter.details.get("text", ""),
    )


def write_complaint_answered(letter: Letter) -> Words:
    """And this is our answer."""
    return Words(
        subject=_("Our answer about order %(number)s") % {"number": letter.order.number},
        paragraphs=(_("This is what we answer to your complaint:"),),
        quotation=letter.details.get("text", ""),
        advice=_("You do not agree? Just answer this letter."),
    )


def list_delivery(order: Order) -> tuple[tuple[str, str], ...]:
    """When, where and to whom."""
    delivery = order.delivery
    slot = _("%(slot)s, Moscow time") % {"slot": delivery.slot.label}
    recipient = f"{delivery.recipient}, {format_phone(delivery.phone)}"
    return ((_("When"), slot), (_("Where"), delivery.one_line), (_("Recipient"), recipient))


WRITERS: dict[Letter.Kind, Callable[[Letter], Words]] = {
    Kind.HANDED_OVER: write_handed_over,
    Kind.ON_THE_WAY: write_on_the_way,
    Kind.DELIVERED: write_delivered,
    Kind.DELIVERY_FAILED: write_delivery_failed,
    Kind.SLOT_CHANGED: write_slot_changed,
    Kind.CANCELED: write_canceled,
    Kind.PAYMENT_RETURNED: write_payment_returned,
    Kind.COMPLAINT_RECEIVED: write_complaint_received,
    Kind.COMPLAINT_ANSWERED: write_complaint_answered,
}
