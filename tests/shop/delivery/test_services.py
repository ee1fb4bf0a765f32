"""Prices of delivery, places in slots, and the steps of a delivery."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from shop.delivery.models import Delivery, DeliverySlot
from shop.delivery.services import (
    BelowMinimum,
    SlotTaken,
    cancel_delivery,
    check_minimum,
    find_first_free_slot,
    list_slot_days,
    list_zones,
    quote_delivery,
    release_slot,
    start_delivery,
    take_slot,
)
from tests.factories.orders import SlotFactory, ZoneFactory, make_order

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("free_from", "goods", "price"),
    [
        (None, "99999.00", "250.00"),
        ("3000.00", "2999.99", "250.00"),
        ("3000.00", "3000.00", "0.00"),
        ("3000.00", "3000.01", "0.00"),
    ],
)
def test_delivery_is_free_from_the_sum_of_the_zone_on(free_from, goods, price):
    zone = ZoneFactory.build(free_from=free_from and Decimal(free_from))

    assert quote_delivery(zone=zone, goods_total=Decimal(goods)) == Decimal(price)


def test_a_zone_may_ask_for_a_least_order():
    zone = ZoneFactory.build(min_order=Decimal("600.00"))

    check_minimum(zone=zone, goods_total=Decimal("600.00"))
    with pytest.raises(BelowMinimum) as refusal:
        check_minimum(zone=zone, goods_total=Decimal("599.99"))
    assert refusal.value.min_order == Decimal("600.00")


def test_only_active_zones_are_offered_in_their_order():
    second, first = ZoneFactory(position=2), ZoneFactory(position=1)
    ZoneFactory(position=0, is_active=False)

    assert list_zones() == [first, second]


class TestSlots:
    def test_a_place_is_taken_and_given_back(self):
        slot = SlotFactory(capacity=2)

        take_slot(slot_id=slot.pk)
        take_slot(slot_id=slot.pk)
        release_slot(slot_id=slot.pk)

        assert DeliverySlot.objects.get(pk=slot.pk).taken == 1

    @pytest.mark.parametrize(
        "change",
        [
            {"capacity": 3, "taken": 3},
            {"is_active": False},
            {
                "starts_at": timezone.now() + timedelta(hours=3),
                "cut_off_at": timezone.now() - timedelta(minutes=1),
            },
        ],
        ids=["full", "switched off", "past its cut-off"],
    )
    def test_a_slot_that_takes_no_order_refuses(self, change):
        slot = SlotFactory(**change)

        with pytest.raises(SlotTaken):
            take_slot(slot_id=slot.pk)

        assert DeliverySlot.objects.get(pk=slot.pk).taken == slot.taken

    def test_a_slot_that_does_not_exist_refuses(self):
        with pytest.raises(SlotTaken):
            take_slot(slot_id=2**62)

    def test_giving_back_never_goes_below_nothing(self):
        slot = SlotFactory()

        release_slot(slot_id=slot.pk)

        assert DeliverySlot.objects.get(pk=slot.pk).taken == 0

    def test_the_database_itself_refuses_more_than_the_capacity(self):
        slot = SlotFactory(capacity=1, taken=1)

        with pytest.raises(IntegrityError), transaction.atomic():
            DeliverySlot.objects.filter(pk=slot.pk).update(taken=2)

    def test_slots_are_listed_by_day_with_the_full_ones(self, django_assert_num_queries):
        day = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=2)
        morning = SlotFactory(starts_at=day)
        evening = SlotFactory(starts_at=day + timedelta(hours=8), taken=20)
        next_day = SlotFactory(starts_at=day + timedelta(days=1))

        with django_assert_num_queries(1):
            days = list_slot_days()

        assert [(item.day, item.slots, item.is_full) for item in days] == [
            (day.date(), [morning, evening], False),
            ((day + timedelta(days=1)).date(), [next_day], False),
        ]
        assert find_first_free_slot(days) == morning

    @pytest.mark.parametrize(
        ("language", "label"),
        [("ru", "вторник, 24 ноября, 10:00–14:00"), ("en", "Tuesday, 24 November, 10:00–14:00")],
    )
    def test_a_slot_is_named_in_moscow_time_and_the_language_of_the_reader(self, language, label):
        slot = SlotFactory.build(starts_at=datetime(2026, 11, 24, 7, 0, tzinfo=UTC))

        with override(language):
            assert slot.label == label


class TestSteps:
    def test_a_delivery_starts_once(self):
        delivery = make_order().delivery

        assert start_delivery(delivery=delivery)
        assert not start_delivery(delivery=delivery)

        assert Delivery.objects.get(pk=delivery.pk).status == "packing"
        assert list(delivery.events.values_list("status", flat=True)) == ["packing"]

    def test_a_canceled_delivery_gives_its_place_back_once(self):
        order = make_order()

        assert cancel_delivery(delivery=order.delivery)
        assert not cancel_delivery(delivery=order.delivery)

        assert DeliverySlot.objects.get(pk=order.delivery.slot_id).taken == 0

    def test_what_is_being_packed_can_still_be_canceled(self):
        order = make_order()
        start_delivery(delivery=order.delivery)

        assert cancel_delivery(delivery=order.delivery)

        assert Delivery.objects.get(pk=order.delivery_id).status == "canceled"
        assert DeliverySlot.objects.get(pk=order.delivery.slot_id).taken == 0

    def test_what_was_handed_over_is_not_canceled(self):
        order = make_order()
        Delivery.objects.filter(pk=order.delivery_id).update(status="on_the_way")

        assert not cancel_delivery(delivery=order.delivery)

        assert Delivery.objects.get(pk=order.delivery_id).status == "on_the_way"
        assert DeliverySlot.objects.get(pk=order.delivery.slot_id).taken == 1
