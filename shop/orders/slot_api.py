"""JSON API of delivery times: where and when the shop delivers, and another time for an order."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from accounts.api_auth import get_verified_user, signed_in
from core.api import ApiError
from shop.delivery.models import DeliverySlot, DeliveryZone
from shop.delivery.services import SlotTaken, list_slot_days, list_zones
from shop.orders.api import OrderOut, describe_order
from shop.orders.models import Order
from shop.orders.slots import SlotFixed, change_order_slot
from shop.orders.snapshots import with_snapshot

router = Router()
LARGEST_KEY = 2**62
Key = Annotated[int, Field(ge=1, le=LARGEST_KEY)]


class ZoneOut(Schema):
    """An area, or a pick-up point (`kind`: courier or pickup) with its address and hours."""

    id: int
    kind: str
    name: str
    description: str
    price: Decimal
    free_from: Decimal | None
    min_order: Decimal
    cold_chain: str
    address: str
    hours: str


class FreeSlotOut(Schema):
    """A time that takes orders until `cut_off_at`; `zone` names the pick-up point, null: by courier."""

    id: int
    zone: int | None
    starts_at: datetime
    ends_at: datetime
    cut_off_at: datetime
    left: int


class DeliveryOut(Schema):
    """Where and when the shop delivers."""

    zones: list[ZoneOut]
    slots: list[FreeSlotOut]


class SlotIn(Schema):
    """The time that is wanted instead."""

    slot: Key


@router.get("/delivery/", response=DeliveryOut, url_name="delivery", summary="Where and when")
def read_delivery(request: HttpRequest) -> DeliveryOut:
    """The zones and pick-up points, and the times whose cut-off is ahead, full ones with `left: 0`."""
    slots = [slot for day in list_slot_days() for slot in day.slots]
    return DeliveryOut(
        zones=[describe_zone(zone) for zone in list_zones()], slots=[describe_slot(slot) for slot in slots]
    )


@router.post(
    "/orders/{number}/slot/",
    response=OrderOut,
    auth=signed_in,
    url_name="order_slot",
    summary="Another time",
)
def choose_slot(request: HttpRequest, number: str, body: SlotIn) -> OrderOut:
    """Have an own order brought at another time, until the cut-off of the one it has."""
    user = get_verified_user(request)
    order = get_object_or_404(Order.objects.for_user(user), number=number)
    try:
        change_order_slot(order_id=order.pk, slot_id=body.slot, by=user)
    except SlotFixed as error:
        detail = _("The time of this order can no longer be changed.")
        raise ApiError(409, "slot_fixed", detail, status_now=error.order.delivery.status) from error
    except SlotTaken as error:
        detail = _("There is no place left in this delivery window. Please choose another one.")
        raise ApiError(409, "slot_taken", detail) from error
    return describe_order(with_snapshot(Order.objects.filter(pk=order.pk)).get())


def describe_zone(zone: DeliveryZone) -> ZoneOut:
    """A zone as JSON has it."""
    return ZoneOut(
        id=zone.pk,
        kind=zone.kind,
        name=zone.name,
        description=zone.description,
        price=zone.price,
        free_from=zone.free_from,
        min_order=zone.min_order,
        cold_chain=zone.cold_chain,
        address=zone.one_line,
        hours=zone.hours,
    )


def describe_slot(slot: DeliverySlot) -> FreeSlotOut:
    """A time as JSON has it."""
    return FreeSlotOut(
        id=slot.pk,
        zone=slot.point_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        cut_off_at=slot.cut_off_at,
        left=slot.left,
    )
