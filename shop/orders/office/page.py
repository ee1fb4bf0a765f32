"""One order in the admin: what it is, how it stands, its story, and the buttons this person may press."""

from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from wagtail.snippets.views.snippets import InspectView

from accounts.models import User
from accounts.phones import format_phone
from payments.services import get_refundable
from shop.delivery.models import DeliverySlot
from shop.orders.models import Order
from shop.orders.moves import Move, list_moves
from shop.orders.office.amending import can_call_off, can_take_off, is_amendable, tell_version
from shop.orders.office.forms import StaffNoteForm
from shop.orders.office.mails import list_headers
from shop.orders.office.moving import MAY_CHANGE, may_move
from shop.orders.office.packing import describe_lots, find_lots
from shop.orders.slots import list_choices
from shop.orders.story import tell_story
from shop.orders.timeline import get_tone

MAY_REFUND = "shop.settle_money"


@dataclass(frozen=True, slots=True)
class MoveButton:
    """A move that is allowed now, and what has to be said with it."""

    move: Move

    @property
    def needs_note(self) -> bool:
        """Who could not deliver says why."""
        return self.move == Move.FAIL

    @property
    def needs_slot(self) -> bool:
        """Who tries again says when."""
        return self.move == Move.TRY_AGAIN


def list_buttons(order: Order, user: User) -> list[MoveButton]:
    """The moves that are allowed now, as far as this person may make them."""
    return [MoveButton(move) for move in list_moves(order) if may_move(user, move)]


def may_call_off(user: User, order: Order) -> bool:
    """Whether the person may call the order off: with one that is paid, money goes back."""
    return user.has_perm(MAY_CHANGE) and (order.is_pending or user.has_perm(MAY_REFUND))


def list_free_slots(order: Order) -> list[DeliverySlot]:
    """The slots with a free place that the order could be brought in instead, as long as its berries keep."""
    return [slot for day in list_choices(order) for slot in day.slots if not slot.is_full]


def describe_lines(order: Order) -> list[dict[str, Any]]:
    """The lines with their lots in words."""
    lines = list(order.lines.all())
    lots = find_lots(lines)
    return [{"line": line, "lots": describe_lots(line, lots)} for line in lines]


def describe_order(order: Order, user: User) -> dict[str, Any]:
    """What the page shows. The order comes from `with_details()`."""
    may_change, may_refund = user.has_perm(MAY_CHANGE), user.has_perm(MAY_REFUND)
    buttons = list_buttons(order, user)
    needs_slots = any(button.needs_slot for button in buttons)
    return {
        "order": order,
        "delivery": order.delivery,
        "bill": order.bill,
        "phone": format_phone(order.delivery.phone),
        "lines": describe_lines(order),
        "tone": get_tone(order),
        "given_back": order.bill.refunds.done().get_total(),
        "story": tell_story(order=order, bill=order.bill),
        "mails": list_headers(order),
        "notes": order.events.filter(event="note").select_related("by"),
        "complaints": order.complaints.with_details().order_by("created_at", "pk"),
        "mismatches": order.mismatches.open() if may_refund else [],
        "buttons": buttons,
        "slots": list_free_slots(order) if needs_slots else [],
        "seen": order.delivery.status,
        "version": tell_version(order),
        "may_change": may_change,
        "may_amend": may_change and is_amendable(order),
        "may_take_off": may_change and may_refund and can_take_off(order),
        "may_call_off": may_call_off(user, order) and can_call_off(order),
        "may_refund": may_refund and bool(get_refundable(bill_id=order.bill_id)),
        "note_form": StaffNoteForm(),
    }


class OrderPageView(InspectView):
    """The page of one order, in the place of Wagtail's list of fields."""

    template_name = "shop/orders/admin/order.html"

    @cached_property
    def page_title(self) -> str:
        """The order's number."""
        return str(self.object)

    def get_page_subtitle(self) -> str:
        """Nothing beside the number."""
        return ""

    def get_object(self, queryset: Any = None) -> Order:
        """The order with everything the page shows."""
        return get_object_or_404(Order.objects.with_details(), pk=self.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Wagtail's frame around what the page shows."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | describe_order(self.object, self.request.user)

    def get_fields_context(self) -> list[dict[str, Any]]:
        """None: the template knows what matters."""
        return []
