"""An order's way to its shopper: each move once, by one person, with its trail and its letter."""

import pytest
from django.utils import timezone

from payments.models import Bill, Settlement
from shop.delivery.models import Delivery, DeliverySlot
from shop.delivery.services import SlotTaken
from shop.orders.models import Order
from shop.orders.moves import Move, MoveRefused, ReasonMissing, list_moves, move_order
from shop.orders.timeline import get_version, is_moving, list_steps
from tests.factories.accounts import UserFactory
from tests.factories.orders import PointFactory, SlotFactory, make_order, settle, want

pytestmark = pytest.mark.django_db
WAY = {Move.HAND_OVER: "packing", Move.SET_OFF: "handed_over", Move.DELIVER: "on_the_way"}


def make_paid(**changes) -> Order:
    return settle(make_order(**changes), Bill.Status.PAID)


def make_pickup() -> Order:
    point = PointFactory()
    return make_paid(wanted=want(zone=point, slot=SlotFactory(point=point)))


def press(order: Order, move: Move, **facts) -> Order:
    seen = facts.pop("seen", None) or Delivery.objects.get(pk=order.delivery_id).status
    return move_order(order_id=order.pk, move=move, by=facts.pop("by", None), seen=seen, **facts)


def reload(order: Order) -> Order:
    return Order.objects.with_details().get(pk=order.pk)


def list_letters(order: Order) -> list[tuple[str, str]]:
    return list(order.letters.order_by("pk").values_list("kind", "reference"))


def list_states(order: Order) -> list[str]:
    return [step.state for step in list_steps(reload(order))]


class TestWay:
    def test_a_paid_order_goes_to_its_door_step_by_step(self):
        order, courier = make_paid(), UserFactory()
        states = []

        for move in WAY:
            press(order, move, by=courier)
            order = reload(order)
            states.append((order.delivery.status, order.status))

        assert states == [
            ("handed_over", "in_delivery"),
            ("on_the_way", "in_delivery"),
            ("delivered", "delivered"),
        ]
        events = order.delivery.events.values_list("status", "by")
        assert list(events) == [
            ("packing", None),
            ("handed_over", courier.pk),
            ("on_the_way", courier.pk),
            ("delivered", courier.pk),
        ]
        assert list_letters(order) == [("handed_over", ""), ("on_the_way", ""), ("delivered", "")]
        assert {"handed_over", "on_the_way", "delivered"} <= set(order.events.values_list("event", flat=True))
        assert not is_moving(order)

    def test_what_is_delivered_gets_its_second_receipt_where_the_provider_makes_receipts(self, settings):
        without = make_paid()
        settings.PAYMENT_PROVIDER = "yookassa"
        order = make_paid()

        for each in (without, order):
            for move in WAY:
                press(each, move)

        assert Settlement.objects.get().bill_id == order.bill_id
        assert Settlement.objects.get().amount == order.total

    def test_an_order_at_a_point_waits_there_for_its_shopper(self):
        order = make_pickup()

        press(order, Move.HAND_OVER)
        assert list_moves(reload(order)) == [Move.DELIVER, Move.FAIL]
        press(order, Move.DELIVER)

        assert (reload(order).delivery.status, reload(order).status) == ("delivered", "delivered")

    def test_the_courier_who_takes_it_is_written_down(self):
        order, courier = make_paid(), UserFactory()
        press(order, Move.HAND_OVER)

        press(order, Move.SET_OFF, by=courier, courier=courier)

        assert reload(order).delivery.courier == courier

    def test_moves_are_listed_without_a_query(self, django_assert_num_queries):
        order = reload(make_paid())

        with django_assert_num_queries(0):
            assert list_moves(order) == [Move.HAND_OVER]


class TestRefused:
    def test_of_two_who_saw_the_same_the_second_changes_nothing(self):
        order = make_paid()
        press(order, Move.HAND_OVER, seen="packing")

        with pytest.raises(MoveRefused) as refusal:
            press(order, Move.HAND_OVER, seen="packing")

        assert refusal.value.order.delivery.status == "handed_over"
        assert list_letters(order) == [("handed_over", "")]
        assert reload(order).delivery.events.count() == 2

    @pytest.mark.parametrize("move", [Move.SET_OFF, Move.DELIVER, Move.FAIL, Move.TRY_AGAIN])
    def test_no_step_is_left_out(self, move):
        order = make_paid()

        with pytest.raises(MoveRefused):
            press(order, move, note="x", slot_id=SlotFactory().pk)

        assert (reload(order).delivery.status, reload(order).status) == ("packing", "paid")
        assert list_letters(order) == []

    @pytest.mark.parametrize("ending", [None, Bill.Status.EXPIRED])
    def test_what_nobody_paid_for_is_not_handed_over(self, ending):
        order = make_order()
        order = settle(order, ending) if ending else order

        with pytest.raises(MoveRefused):
            press(order, Move.HAND_OVER)

        assert list_letters(order) == []

    def test_a_refunded_order_that_is_away_comes_to_its_end_and_stays_refunded(self):
        order = make_paid()
        press(order, Move.HAND_OVER)
        Order.objects.filter(pk=order.pk).update(status="refunded")

        press(order, Move.SET_OFF)

        assert (reload(order).delivery.status, reload(order).status) == ("on_the_way", "refunded")


class TestFailed:
    def test_who_could_not_deliver_says_why(self):
        order = make_paid()
        press(order, Move.HAND_OVER)
        press(order, Move.SET_OFF)

        with pytest.raises(ReasonMissing):
            press(order, Move.FAIL, note="  ")
        assert reload(order).delivery.status == "on_the_way"
        press(order, Move.FAIL, note="Никто не открыл")

        order = reload(order)
        assert (order.delivery.status, order.status) == ("failed", "in_delivery")
        assert order.letters.get(kind="delivery_failed").details == {"reason": "Никто не открыл"}
        assert list_steps(order)[-1].text == "Никто не открыл"

    def test_a_new_try_takes_another_slot_and_every_step_may_come_again(self):
        order, slot = self.fail(make_paid()), SlotFactory()
        old = order.delivery.slot_id

        press(order, Move.TRY_AGAIN, slot_id=slot.pk)
        for move in WAY:
            press(order, move)

        order = reload(order)
        assert (order.delivery.status, order.delivery.attempt, order.delivery.slot_id) == (
            "delivered",
            2,
            slot.pk,
        )
        assert dict(DeliverySlot.objects.values_list("pk", "taken")) == {old: 0, slot.pk: 1}
        assert order.delivery.events.filter(status="on_the_way").count() == 2
        letters = list_letters(order)
        assert ("on_the_way", "") in letters
        assert ("on_the_way", "try-2") in letters

    @pytest.mark.parametrize("slot", ["full", "none"])
    def test_a_new_try_without_a_place_changes_nothing(self, slot):
        order = self.fail(make_paid())
        slot_id = SlotFactory(capacity=1, taken=1).pk if slot == "full" else None

        with pytest.raises(SlotTaken):
            press(order, Move.TRY_AGAIN, slot_id=slot_id)

        assert (reload(order).delivery.status, reload(order).delivery.attempt) == ("failed", 1)
        assert DeliverySlot.objects.get(pk=order.delivery.slot_id).taken == 1

    def fail(self, order: Order) -> Order:
        press(order, Move.HAND_OVER)
        press(order, Move.SET_OFF)
        press(order, Move.FAIL, note="Никто не открыл")
        return reload(order)


class TestTimeline:
    def test_it_shows_where_the_order_is(self):
        order = make_paid()
        before = get_version(order)
        press(order, Move.HAND_OVER)

        assert list_states(order) == ["done", "done", "done", "current", "todo", "todo"]
        assert get_version(reload(order)) != before

    def test_a_failed_try_stays_in_the_story_of_the_next_one(self):
        order = TestFailed().fail(make_paid())
        assert list_states(order)[-1] == "failed"

        press(order, Move.TRY_AGAIN, slot_id=SlotFactory().pk)

        assert list_states(order) == ["done", "done", "failed", "current", "todo", "todo", "todo"]
        assert is_moving(reload(order))

    def test_the_last_step_is_done_when_it_is_reached(self):
        order = make_paid()
        for move in WAY:
            press(order, move)

        assert set(list_states(order)) == {"done"}

    def test_its_times_are_when_things_happened(self):
        order = make_paid()
        started = timezone.now()
        press(order, Move.HAND_OVER)

        step = next(step for step in list_steps(reload(order)) if step.state == "current")
        assert step.at >= started
