"""What the checkout page shows: the choices, the sums, and what is filled in already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.phones import format_phone
from accounts.services import ADDRESS_FIELDS
from core.money import format_money
from shop.checkout.quotes import Quote
from shop.delivery.models import DeliverySlot, DeliveryZone
from shop.delivery.services import SlotDay, pick_days, quote_delivery
from shop.orders.models import Order


@dataclass(frozen=True, slots=True)
class ZoneTile:
    """One zone to choose, with its price for this cart."""

    zone: DeliveryZone
    price: Decimal
    is_chosen: bool

    @property
    def price_label(self) -> str:
        """«250 ₽, бесплатно от 3 000 ₽», or that it is free."""
        if not self.price:
            return _("free")
        if self.zone.free_from is None:
            return format_money(self.price)
        sums = {"price": format_money(self.price), "sum": format_money(self.zone.free_from)}
        return _("%(price)s, free from %(sum)s") % sums


@dataclass(frozen=True, slots=True)
class SlotTile:
    """One slot to choose; a full one can't be."""

    slot: DeliverySlot
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class DayTiles:
    """The slots of a day."""

    label: str
    tiles: list[SlotTile]


def prefill(user: User, zones: Sequence[DeliveryZone], days: Sequence[SlotDay]) -> dict[str, Any]:
    """What need not be typed again: from the address book and the last order; the first free slot."""
    last = Order.objects.for_user(user).select_related("delivery").first()
    # Where somebody picked their order up is nobody's address.
    is_brought = last is not None and not last.delivery.is_pickup
    # The address of the last order is the default one, unless another has been chosen since.
    known = user.addresses.order_by("-is_default", "-pk").first()
    address = known or (last.delivery if last and is_brought else None)
    values: dict[str, Any] = {name: getattr(address, name, "") for name in ADDRESS_FIELDS}
    zone_ids = [zone.pk for zone in zones]
    last_zone = last.delivery.zone_id if last else None
    zone_id = last_zone if last_zone in zone_ids else next(iter(zone_ids), None)
    own_days = pick_days(days, find_zone(zones, zone_id))
    slots = [slot for day in own_days for slot in day.slots if not slot.is_full]
    return values | {
        "name": user.name or (last.name if last else ""),
        "phone": format_phone(user.phone or (last.phone if last else "")),
        "zone": zone_id,
        "slot": slots[0].pk if slots else None,
    }


def find_zone(zones: Iterable[DeliveryZone], value: object) -> DeliveryZone | None:
    """The zone that a form's value names, if it is one to choose."""
    return next((zone for zone in zones if str(zone.pk) == str(value)), None)


def lay_zone_tiles(zones: Iterable[DeliveryZone], quote: Quote) -> list[ZoneTile]:
    """The zones with what each would cost for this cart."""
    return [
        ZoneTile(zone, quote_delivery(zone=zone, goods_total=quote.goods_total), zone == quote.zone)
        for zone in zones
    ]


def lay_slot_tiles(days: Iterable[SlotDay], chosen: object) -> list[DayTiles]:
    """The slots of each day; the chosen one marked."""
    return [
        DayTiles(
            day.label,
            [SlotTile(slot, str(slot.pk) == str(chosen) and not slot.is_full) for slot in day.slots],
        )
        for day in days
    ]
