"""From the shop's week to slots people can choose: made ahead, once each, none on a day without delivery."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from shop.delivery.models import Closure, DeliverySlot, SlotTemplate


def plan_slots() -> int:
    """Make the slots of the days ahead that the weekly plan asks for and that are missing; how many were.

    A slot that exists stays as it is, whatever was changed in it or in the plan since. Safe to run at once.
    """
    wanted = list(_lay_out_days(timezone.localdate(), settings.DELIVERY_DAYS_AHEAD))
    known = set(
        DeliverySlot.objects.filter(starts_at__gte=timezone.now()).values_list(
            "point_id", "starts_at", "ends_at"
        )
    )
    missing = [slot for slot in wanted if (slot.point_id, slot.starts_at, slot.ends_at) not in known]
    DeliverySlot.objects.bulk_create(missing, ignore_conflicts=True)  # somebody may plan at the same moment
    return len(missing)


def _lay_out_days(today: date, days: int) -> Iterator[DeliverySlot]:
    """The slots of today and the days after it that still take orders."""
    last = today + timedelta(days=days)
    closed = set(Closure.objects.filter(date__range=(today, last)).values_list("date", flat=True))
    templates = list(SlotTemplate.objects.filter(is_active=True))
    now = timezone.now()
    for number in range(days + 1):
        day = today + timedelta(days=number)
        if day in closed:
            continue
        slots = (build_slot(template, day) for template in templates if template.weekday == day.weekday())
        yield from (slot for slot in slots if slot.cut_off_at > now)


def build_slot(template: SlotTemplate, day: date) -> DeliverySlot:
    """The slot that a template makes of a day in the shop's time zone; it is not stored."""
    starts_at = at_clock(day, template.starts)
    last_day = day if template.ends > template.starts else day + timedelta(days=1)
    return DeliverySlot(
        point_id=template.point_id,
        starts_at=starts_at,
        ends_at=at_clock(last_day, template.ends),
        cut_off_at=compute_cut_off(template, day, starts_at),
        capacity=template.capacity,
    )


def compute_cut_off(template: SlotTemplate, day: date, starts_at: datetime) -> datetime:
    """Until when the slot of that day takes orders: hours before it begins, or an hour of the day before."""
    if template.cut_off_time is not None:
        return at_clock(day - timedelta(days=1), template.cut_off_time)
    return starts_at - timedelta(hours=template.cut_off_hours or 0)


def at_clock(day: date, clock: time) -> datetime:
    """The moment when the shop's clock shows that time on that day, wherever the server stands."""
    return timezone.make_aware(datetime.combine(day, clock))
