"""What delivery costs, who gets which slot, and how a delivery moves on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.core.files.base import ContentFile
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from core.money import round_money
from shop.delivery.models import Delivery, DeliveryEvent, DeliverySlot, DeliveryZone, format_day

Status = Delivery.Status


class SlotTaken(Exception):
    """The slot is full, past its cut-off, switched off, or never existed; nothing was taken."""


class BelowMinimum(Exception):
    """The goods cost less than the least order of the zone, `min_order`."""

    def __init__(self, min_order: Decimal) -> None:
        super().__init__(f"The least order is {min_order}")
        self.min_order = min_order


@dataclass(frozen=True, slots=True)
class SlotDay:
    """The slots of one day in the shop's time zone, full ones included."""

    day: date
    slots: list[DeliverySlot] = field(default_factory=list)

    @property
    def label(self) -> str:
        """«вторник, 24 ноября», in the active language."""
        return format_day(self.day)

    @property
    def is_full(self) -> bool:
        """Whether no slot of the day takes another order."""
        return all(slot.is_full for slot in self.slots)


def quote_delivery(*, zone: DeliveryZone, goods_total: Decimal) -> Decimal:
    """Price in roubles of bringing goods of that sum to the zone; zero from the zone's `free_from` on."""
    if zone.free_from is not None and goods_total >= zone.free_from:
        return Decimal("0.00")
    return round_money(zone.price)


def check_minimum(*, zone: DeliveryZone, goods_total: Decimal) -> None:
    """Raise BelowMinimum where the zone asks for a larger order."""
    if goods_total < zone.min_order:
        raise BelowMinimum(zone.min_order)


def list_zones() -> list[DeliveryZone]:
    """The zones a shopper may choose, in the shop's order."""
    return list(DeliveryZone.objects.filter(is_active=True))


def list_slot_days() -> list[SlotDay]:
    """The slots whose cut-off is ahead, couriers' and pick-up points', by day, in one query."""
    return group_by_day(DeliverySlot.objects.upcoming(timezone.now()).order_by("starts_at", "pk"))


def group_by_day(slots: Iterable[DeliverySlot]) -> list[SlotDay]:
    """Slots in order of time, put together by the day they start on."""
    days = groupby(slots, key=lambda slot: timezone.localtime(slot.starts_at).date())
    return [SlotDay(day, list(of_day)) for day, of_day in days]


def pick_days(days: Iterable[SlotDay], zone: DeliveryZone | None) -> list[SlotDay]:
    """The days with only those slots in which the zone's orders are delivered; without a zone, couriers'."""
    point_id = zone.pk if zone and zone.is_pickup else None
    picked = [SlotDay(day.day, [slot for slot in day.slots if slot.point_id == point_id]) for day in days]
    return [day for day in picked if day.slots]


def find_first_free_slot(days: Iterable[SlotDay]) -> DeliverySlot | None:
    """The earliest slot of these days that takes another order."""
    return next((slot for day in days for slot in day.slots if not slot.is_full), None)


def take_slot(*, slot_id: int, zone: DeliveryZone | None = None) -> None:
    """Take one place in the slot, within the caller's transaction. Raises SlotTaken.

    With `zone`, it has to be a slot in which that zone's orders are delivered. One conditional statement: the
    row is locked and looked at again by the database itself, so the capacity holds however many ask at once.
    """
    free = DeliverySlot.objects.free(timezone.now()).filter(pk=slot_id)
    if zone is not None:
        free = free.serving(zone)
    if not free.update(taken=F("taken") + 1):
        raise SlotTaken(slot_id)


def release_slot(*, slot_id: int) -> None:
    """Give one place in the slot back, within the caller's transaction."""
    DeliverySlot.objects.filter(pk=slot_id, taken__gt=0).update(taken=F("taken") - 1)


def start_delivery(*, delivery: Delivery) -> bool:
    """Begin to pack what was paid for; say whether it had not begun before.

    The caller holds the lock of the order the delivery belongs to.
    """
    return _move_delivery(delivery, from_=(Status.WAITING, Status.CANCELED), to=Status.PACKING)


def cancel_delivery(*, delivery: Delivery) -> bool:
    """Note that nothing is to be brought; its place in the slot goes back. Says whether that was news.

    What was handed to the courier is on its way, whatever becomes of its money: that one is left alone.
    The caller holds the lock of the order the delivery belongs to.
    """
    is_news = _move_delivery(delivery, from_=(Status.WAITING, Status.PACKING), to=Status.CANCELED)
    if is_news:
        release_slot(slot_id=delivery.slot_id)
    return is_news


def step_on(
    *,
    delivery: Delivery,
    to: Delivery.Status,
    by: User | None,
    note: str = "",
    photo: "ContentFile[bytes] | None" = None,
) -> DeliveryEvent:
    """Record a step of the delivery's present try, with words or a photo.

    The caller holds the lock of the order the delivery belongs to and knows that the step may be made.
    """
    delivery.status = to
    delivery.save(update_fields=["status"])
    facts = {"at": timezone.now(), "by": by, "note": note, "photo": photo or ""}
    event, _is_new = DeliveryEvent.objects.update_or_create(
        delivery=delivery, attempt=delivery.attempt, status=to, defaults=facts
    )
    return event


def change_slot(*, delivery: Delivery, slot_id: int) -> DeliverySlot:
    """Take a place in another slot and give the old one back, or neither. Raises SlotTaken.

    The caller holds the lock of the order the delivery belongs to. Both slots are locked in key order, so
    that two who swap don't wait for each other.
    """
    slots = {
        slot.pk: slot for slot in DeliverySlot.objects.locked().filter(pk__in=[slot_id, delivery.slot_id])
    }
    old, new = slots[delivery.slot_id], slots.get(slot_id)
    if new is None or new == old or new.point_id != old.point_id:
        raise SlotTaken(slot_id)
    take_slot(slot_id=new.pk)
    release_slot(slot_id=old.pk)
    delivery.slot = new
    delivery.save(update_fields=["slot"])
    return new


def _move_delivery(delivery: Delivery, *, from_: Iterable[Delivery.Status], to: Delivery.Status) -> bool:
    """Make one step if the delivery stands where it may be made, and record it."""
    if not Delivery.objects.filter(pk=delivery.pk, status__in=from_).update(status=to):
        return False
    delivery.status = to
    DeliveryEvent.objects.update_or_create(
        delivery=delivery, attempt=delivery.attempt, status=to, defaults={"at": timezone.now()}
    )
    return True
