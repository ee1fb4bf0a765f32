"""From the weekly plan to slots: once each, ahead of time, in the shop's own time."""

import os
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from shop.delivery.jobs import plan_days_ahead
from shop.delivery.models import Closure, DeliverySlot, SlotTemplate
from shop.delivery.planning import build_slot, plan_slots
from shop.delivery.services import SlotTaken, list_slot_days, pick_days, take_slot
from tests.factories.orders import PointFactory, SlotFactory, TemplateFactory, ZoneFactory

MOSCOW = ZoneInfo("Europe/Moscow")


def close(day: date) -> Closure:
    return Closure.objects.create(date=day, reason_ru="Санитарный день", reason_en="Cleaning day")


@pytest.mark.django_db
class TestPlanning:
    def test_a_weekly_slot_becomes_one_slot_each_such_day_ahead(self, settings):
        settings.DELIVERY_DAYS_AHEAD = 14
        tomorrow = timezone.localdate() + timedelta(days=1)
        TemplateFactory(weekday=tomorrow.weekday(), capacity=7)

        assert plan_days_ahead() == 2

        starts = [timezone.localtime(slot.starts_at) for slot in DeliverySlot.objects.order_by("starts_at")]
        assert [(start.date(), start.hour) for start in starts] == [
            (tomorrow, 10),
            (tomorrow + timedelta(days=7), 10),
        ]
        assert set(DeliverySlot.objects.values_list("capacity", flat=True)) == {7}

    def test_a_second_run_makes_nothing_and_touches_nothing(self):
        TemplateFactory(weekday=(timezone.localdate().weekday() + 1) % 7)
        plan_slots()
        DeliverySlot.objects.update(capacity=3, is_active=False)

        assert plan_slots() == 0

        assert set(DeliverySlot.objects.values_list("capacity", "is_active")) == {(3, False)}

    def test_a_weekly_slot_that_is_switched_off_makes_nothing(self):
        TemplateFactory(weekday=(timezone.localdate().weekday() + 1) % 7, is_active=False)

        assert plan_slots() == 0

    def test_couriers_and_each_point_have_slots_of_their_own_at_the_same_hours(self, settings):
        settings.DELIVERY_DAYS_AHEAD = 6
        weekday = (timezone.localdate().weekday() + 1) % 7
        point = PointFactory()
        TemplateFactory(weekday=weekday)
        TemplateFactory(weekday=weekday, point=point)

        assert plan_slots() == 2

        assert set(DeliverySlot.objects.values_list("point", flat=True)) == {None, point.pk}

    def test_what_no_longer_takes_orders_is_not_made(self, settings):
        settings.DELIVERY_DAYS_AHEAD = 0
        TemplateFactory(weekday=timezone.localdate().weekday(), starts=clock(0, 1), ends=clock(0, 2))

        assert plan_slots() == 0

    def test_the_same_slot_twice_is_refused_by_the_database(self):
        slot = SlotFactory()

        with pytest.raises(IntegrityError), transaction.atomic():
            SlotFactory(starts_at=slot.starts_at)


@pytest.mark.django_db
class TestClosures:
    def test_nothing_is_made_for_a_day_without_delivery_until_it_is_taken_back(self, settings):
        settings.DELIVERY_DAYS_AHEAD = 6
        tomorrow = timezone.localdate() + timedelta(days=1)
        TemplateFactory(weekday=tomorrow.weekday())
        closure = close(tomorrow)

        assert plan_slots() == 0
        closure.delete()
        assert plan_slots() == 1

    def test_slots_of_such_a_day_are_not_offered_and_not_taken(self):
        slot, other = SlotFactory(), SlotFactory()
        DeliverySlot.objects.filter(pk=other.pk).update(
            starts_at=slot.starts_at + timedelta(days=3), ends_at=slot.ends_at + timedelta(days=3)
        )
        close(timezone.localtime(slot.starts_at).date())

        with pytest.raises(SlotTaken):
            take_slot(slot_id=slot.pk)

        assert [slot.pk for day in list_slot_days() for slot in day.slots] == [other.pk]
        assert DeliverySlot.objects.get(pk=slot.pk).taken == 0

    @pytest.mark.parametrize("day", [date.min, date.max])
    def test_the_ends_of_the_calendar_are_no_such_days(self, day):
        with pytest.raises(ValidationError) as refusal:
            Closure(date=day, reason_ru="x", reason_en="x").full_clean()

        assert set(refusal.value.message_dict) == {"date"}

    @pytest.mark.parametrize("day", [date.min, date.max])
    def test_one_that_was_kept_all_the_same_locks_nothing(self, admin_client, day):
        closure = close(day)

        for path in ("", f"inspect/{closure.pk}/", f"edit/{closure.pk}/"):
            assert admin_client.get(f"/admin/snippets/shop/closure/{path}").status_code == 200
        assert list(DeliverySlot.objects.on_day(day)) == []

    def test_the_day_is_moscows_and_not_the_one_in_greenwich(self):
        """Half past midnight in Moscow is still yesterday in Greenwich."""
        day = timezone.localdate() + timedelta(days=5)
        early = SlotFactory(
            starts_at=datetime.combine(day, clock(0, 30), MOSCOW),
            ends_at=datetime.combine(day, clock(2), MOSCOW),
        )
        close(day - timedelta(days=1))

        take_slot(slot_id=early.pk)

        assert DeliverySlot.objects.get(pk=early.pk).taken == 1


@pytest.mark.django_db
class TestServing:
    def test_an_area_has_the_couriers_slots_and_a_point_its_own(self):
        point, zone = PointFactory(), ZoneFactory()
        by_courier, at_point = SlotFactory(), SlotFactory(point=point)
        days = list_slot_days()

        assert [slot for day in pick_days(days, zone) for slot in day.slots] == [by_courier]
        assert [slot for day in pick_days(days, point) for slot in day.slots] == [at_point]

    def test_an_order_does_not_get_a_slot_of_another_way(self):
        point, zone = PointFactory(), ZoneFactory()
        by_courier, at_point = SlotFactory(), SlotFactory(point=point)

        for slot, wrong in ((by_courier, point), (at_point, zone), (at_point, PointFactory())):
            with pytest.raises(SlotTaken):
                take_slot(slot_id=slot.pk, zone=wrong)

        assert set(DeliverySlot.objects.values_list("taken", flat=True)) == {0}


class TestCutOff:
    @given(
        day=st.dates(date(2024, 12, 1), date(2032, 3, 1)),
        starts=st.times(),
        ends=st.times(),
        hours=st.none() | st.integers(0, 168),
        eve=st.times(),
    )
    def test_it_is_never_after_the_beginning_nor_the_end_before_it(self, day, starts, ends, hours, eve):
        eve_or_none = eve if hours is None else None
        template = SlotTemplate(
            weekday=day.weekday(),
            starts=starts,
            ends=ends,
            capacity=1,
            cut_off_hours=hours,
            cut_off_time=eve_or_none,
        )

        slot = build_slot(template, day)

        assert slot.cut_off_at <= slot.starts_at < slot.ends_at or starts == ends
        assert slot.starts_at.astimezone(MOSCOW).replace(tzinfo=None) == datetime.combine(day, starts)
        if hours is None:
            eve_day = slot.cut_off_at.astimezone(MOSCOW).date()
            assert eve_day == day - timedelta(days=1)
        else:
            assert slot.starts_at - slot.cut_off_at == timedelta(hours=hours)

    def test_hours_before_reach_over_midnight_and_over_the_year(self):
        template = SlotTemplate(starts=clock(0, 30), ends=clock(2), capacity=1, cut_off_hours=3)

        slot = build_slot(template, date(2027, 1, 1))

        assert slot.cut_off_at == datetime(2026, 12, 31, 21, 30, tzinfo=MOSCOW)

    def test_an_hour_of_the_day_before_may_be_in_the_year_before(self):
        template = SlotTemplate(starts=clock(10), ends=clock(14), capacity=1, cut_off_time=clock(20))

        assert build_slot(template, date(2027, 1, 1)).cut_off_at == datetime(2026, 12, 31, 20, tzinfo=MOSCOW)

    def test_a_slot_until_midnight_ends_on_the_next_day(self):
        template = SlotTemplate(starts=clock(21), ends=clock(0), capacity=1, cut_off_hours=3)

        assert build_slot(template, date(2026, 12, 31)).ends_at == datetime(2027, 1, 1, tzinfo=MOSCOW)

    def test_hours_are_moscows_wherever_the_server_stands(self, monkeypatch):
        monkeypatch.setenv("TZ", "America/New_York")
        time.tzset()
        try:
            template = SlotTemplate(starts=clock(10), ends=clock(14), capacity=1, cut_off_hours=3)
            slot = build_slot(template, date(2026, 11, 24))
            assert time.tzname[0] == "EST"
            assert slot.starts_at == datetime(2026, 11, 24, 7, tzinfo=UTC)
            assert slot.hours_label == "10:00–14:00"
        finally:
            monkeypatch.undo()
            time.tzset()
        assert os.environ.get("TZ") == "Europe/Moscow"

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        "facts",
        [
            {"cut_off_hours": None},
            {"cut_off_time": clock(20)},
            {"ends": clock(10)},
            {"weekday": 7},
            {"capacity": 0},
        ],
        ids=["no cut-off", "two cut-offs", "no length", "an eighth day", "no place"],
    )
    def test_a_plan_that_makes_no_sense_is_refused_with_words(self, facts):
        with pytest.raises(ValidationError) as refusal:
            TemplateFactory.build(**facts).full_clean()

        assert all(refusal.value.messages)
