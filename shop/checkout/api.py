"""JSON API of the checkout: `POST /cart/` makes the cart an order.

It joins the cart's router: django-ninja keeps one handler a path, and reading and emptying the cart share it.
"""

import re
from decimal import Decimal
from typing import Annotated
from uuid import uuid4

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Schema, Status
from pydantic import AfterValidator, Field

from accounts.api_auth import get_verified_user
from accounts.clients import get_ip_address
from accounts.models import User
from core.api import ApiError
from shop.cart.api import router
from shop.cart.forms import MAX_KEY
from shop.cart.viewing import LineView
from shop.checkout.forms import ContactForm
from shop.checkout.page import find_zone, prefill
from shop.checkout.refusals import CartChanged, CheckoutRefused, ConsentRequired, IdempotencyConflict
from shop.checkout.services import Seen, Wanted, open_bill_at_once, place_order
from shop.delivery.services import find_first_free_slot, list_slot_days, list_zones, pick_days
from shop.orders.api import OrderOut, describe_order
from shop.orders.models import Order
from shop.orders.snapshots import with_snapshot


def check_text(text: str) -> str:
    """The text, if it can be written down: JSON lets halves of characters through. Raises ValueError."""
    text.encode()
    return text


Text = Annotated[str, AfterValidator(check_text)]
Key = Annotated[int, Field(ge=1, le=MAX_KEY)]
Sum = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,64}")


class AddressIn(Schema):
    """Where to, in the order Russians write it."""

    city: Text
    street: Text
    house: Text
    flat: Text = ""
    entrance: Text = ""
    floor: Text = ""
    intercom: Text = ""
    postcode: Text = ""


class OrderIn(Schema):
    """What is left out comes from the last order or the profile; the slot: the first free one.

    `zone` may be a pick-up point: its own address counts then, and its own slots.

    With `expected_total` an order is placed for that sum or not at all, and changed prices count as seen.
    """

    address: AddressIn | None = None
    zone: Key | None = None
    slot: Key | None = None
    name: Text | None = None
    phone: Text | None = None
    comment: Text = ""
    consent: bool = False
    expected_total: Sum | None = None


@router.post("/cart/", response={201: OrderOut}, url_name="cart", summary="Place the order")
def order_cart(request: HttpRequest, body: OrderIn | None = None) -> Status[OrderOut]:
    """Make the cart an order that waits to be paid. The same `Idempotency-Key` again gives the same order."""
    user, order_in = get_verified_user(request), body or OrderIn()
    try:
        order = place_order(
            user=user,
            wanted=complete(user, order_in),
            seen=Seen(total=order_in.expected_total, agreed=order_in.consent),
            idempotency_key=read_key(request),
            language=get_language() or "ru",
            ip_address=get_ip_address(request),
        )
    except CheckoutRefused as refusal:
        raise explain(refusal) from refusal
    open_bill_at_once(order=order)
    return Status(201, describe_order(with_snapshot(Order.objects.filter(pk=order.pk)).get()))


def read_key(request: HttpRequest) -> str:
    """The caller's key, or one of its own for each call. Raises ApiError 400 for one that is no key."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return str(uuid4())
    if not IDEMPOTENCY_KEY.fullmatch(key):
        detail = _("Idempotency-Key: 1 to 64 visible ASCII characters.")
        raise ApiError(400, "idempotency_key_invalid", detail)
    return key


def complete(user: User, order_in: OrderIn) -> Wanted:
    """What is wanted, with what was left out filled in. Raises ApiError 422 where that is not enough."""
    zones, days = list_zones(), list_slot_days()
    known = prefill(user, zones, days)
    given = order_in.model_dump(include={"name", "phone", "comment"}, exclude_none=True)
    address = order_in.address.model_dump() if order_in.address else {}
    zone = find_zone(zones, order_in.zone or known["zone"])
    form = ContactForm(
        {**known, "name": known["name"] or user.get_full_name(), **given, **address},
        needs_address=zone is None or not zone.is_pickup,
    )
    if not form.is_valid():
        fields = [{"field": name, "error": str(errors[0])} for name, errors in form.errors.items()]
        raise ApiError(422, "invalid", _("Please check the values you sent."), fields=fields)
    slot = find_first_free_slot(pick_days(days, zone))
    return Wanted(
        name=form.cleaned_data["name"],
        phone=form.cleaned_data["phone"],
        address=form.get_address(),
        zone_id=order_in.zone or known["zone"] or 0,
        slot_id=order_in.slot or (slot.pk if slot else 0),
        comment=form.cleaned_data["comment"],
        as_sent=order_in.model_dump_json(exclude={"consent", "expected_total"}),
    )


def explain(refusal: CheckoutRefused) -> ApiError:
    """A refusal as the API says it."""
    if isinstance(refusal, ConsentRequired):
        return ApiError(422, refusal.code, refusal.message)
    if isinstance(refusal, CartChanged):
        problems = [describe_problem(line) for line in refusal.lines]
        return ApiError(409, refusal.code, refusal.message, problems=problems)
    if isinstance(refusal, IdempotencyConflict):
        return ApiError(409, refusal.code, refusal.message, order=refusal.order.number)
    return ApiError(409, refusal.code, refusal.message)


def describe_problem(line: LineView) -> dict[str, object]:
    """A line's problem as JSON has it."""
    problem = line.problem
    return {
        "berry": line.berry_id,
        "pack": line.pack_id,
        "code": str(problem.kind) if problem else "",
        "detail": problem.message if problem else "",
        "left": problem.left if problem else None,
        "old_price": problem.old_price if problem else None,
        "new_price": problem.new_price if problem else None,
    }
