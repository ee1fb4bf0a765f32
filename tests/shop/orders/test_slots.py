"""Another time for an order: until its cut-off, while its berries keep; places move in one piece."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from payments.models import Bill
from shop.catalog.models import Lot
from shop.delivery.models import Delivery, DeliverySlot
from shop.delivery.services import SlotTaken
from shop.orders.models import Order
from shop.orders.moves import Move, move_order
from shop.orders.slots import SlotFixed, can_change_slot, change_order_slot, list_choices
from tests.factories.accounts import UserFactory
from tests.factories.orders import PointFactory, SlotFactory, make_order, settle, want

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    """A paid order with a slot in two days; its berries keep for a month."""
    order = settle(make_order(wanted=want(slot=SlotFactory(starts_at=in_days(2)))), Bill.Status.PAID)
    Lot.objects.update(best_before=timezone.localdate() + timedelta(days=30))
    return order


def in_days(days: int):
    return timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=days)


def change(order: Order, slot: DeliverySlot, **facts) -> Order:
    return change_order_slot(order_id=order.pk, slot_id=slot.pk, by=facts.get("by", order.user))


def reload(order: Order) -> Order:
    return Order.objects.with_details().get(pk=order.pk)


def count_places() -> dict[int, int]:
    return dict(DeliverySlot.objects.values_list("pk", "taken"))


class TestChanging:
    def test_the_place_moves_and_a_letter_says_so(self, order):
        old, new = order.delivery.slot, SlotFactory(starts_at=in_days(3))

        change(order, new)

        assert reload(order).delivery.slot == new
        assert count_places() == {old.pk: 0, new.pk: 1}
        event = order.events.get(event="slot_changed")
        assert (event.by, event.details) == (order.user, {"was": str(old), "now": str(new)})
        assert order.letters.get().kind == "slot_changed"

    def test_each_change_has_a_letter_of_its_own(self, order):
        old = order.delivery.slot
        change(order, SlotFactory(starts_at=in_days(3)))
        change(order, old)

        assert order.letters.count() == 2
        assert reload(order).delivery.slot == old

    def test_the_slot_it_has_changes_nothing(self, order):
        change(order, order.delivery.slot)

        assert count_places() == {order.delivery.slot_id: 1}
        assert not order.letters.exists()

    def test_an_order_that_is_not_paid_yet_may_change_too(self):
        order, new = make_order(), SlotFactory(starts_at=in_days(1))
        Lot.objects.update(best_before=timezone.localdate() + timedelta(days=30))

        change(order, new)

        assert reload(order).delivery.slot == new

    def test_after_a_failed_try_it_is_the_next_try(self, order):
        new = SlotFactory(starts_at=in_days(3))
        for move, seen in (("hand_over", "packing"), ("set_off", "handed_over"), ("fail", "on_the_way")):
            move_order(order_id=order.pk, move=Move(move), by=None, seen=seen, note="Никого")

        change(order, new)

        delivery = reload(order).delivery
        assert (delivery.status, delivery.attempt, delivery.slot) == ("packing", 2, new)


class TestRefused:
    @pytest.mark.parametrize(
        "facts",
        [
            {"taken": 5, "capacity": 5},
            {"is_active": False},
            {"cut_off_at": timezone.now() - timedelta(hours=1)},
        ],
        ids=["full", "switched off", "past its cut-off"],
    )
    def test_a_slot_that_takes_no_order(self, order, facts):
        self.assert_taken(order, SlotFactory(starts_at=in_days(3), **facts))

    def test_a_slot_of_a_pick_up_point(self, order):
        self.assert_taken(order, SlotFactory(starts_at=in_days(3), point=PointFactory()))

    def test_a_day_on_which_the_berries_are_not_fresh_any_more(self, order):
        Lot.objects.update(best_before=timezone.localdate() + timedelta(days=3))
        late = SlotFactory(starts_at=in_days(4))

        self.assert_taken(order, late)

        assert late not in [slot for day in list_choices(order) for slot in day.slots]

    def test_a_slot_that_does_not_exist(self, order):
        with pytest.raises(SlotTaken):
            change_order_slot(order_id=order.pk, slot_id=2**61, by=order.user)

    def test_after_the_cut_off_of_its_own_slot(self, order):
        new = SlotFactory(starts_at=in_days(5))

        with time_machine.travel(order.delivery.slot.cut_off_at + timedelta(seconds=1)):
            assert not can_change_slot(reload(order))
            self.assert_fixed(order, new)

    @pytest.mark.parametrize("status", ["handed_over", "on_the_way", "delivered", "canceled"])
    def test_what_has_left_the_house_or_is_over(self, order, status):
        Delivery.objects.filter(pk=order.delivery_id).update(status=status)

        self.assert_fixed(order, SlotFactory(starts_at=in_days(3)))

    def assert_taken(self, order: Order, slot: DeliverySlot) -> None:
        self.assert_unchanged(order, slot, SlotTaken)

    def assert_fixed(self, order: Order, slot: DeliverySlot) -> None:
        self.assert_unchanged(order, slot, SlotFixed)

    def assert_unchanged(self, order: Order, slot: DeliverySlot, error: type[Exception]) -> None:
        before = count_places()
        with pytest.raises(error):
            change(order, slot)
        assert count_places() == before
        assert reload(order).delivery.slot_id == order.delivery.slot_id
        assert not order.letters.exists()


class TestPage:
    def test_the_order_links_to_a_page_that_changes_it(self, order, client):
        new = SlotFactory(starts_at=in_days(3))
        client.force_login(order.user)
        path = reverse("shop:order-slot", args=[order.number])
        assert path in client.get(reverse("shop:order", args=[order.number])).text

        assert f'value="{new.pk}"' in client.get(path).text
        answer = client.post(path, {"slot": new.pk}, follow=True)

        assert reload(order).delivery.slot == new
        assert new.hours_label in answer.text

    @pytest.mark.parametrize("slot", ["", "x", "-1", "9" * 30, "\0", "1.5"])
    def test_what_is_no_slot_is_told(self, order, client, slot):
        client.force_login(order.user)

        answer = client.post(reverse("shop:order-slot", args=[order.number]), {"slot": slot})

        assert answer.status_code in {400, 422}
        assert reload(order).delivery.slot_id == order.delivery.slot_id

    def test_a_slot_that_filled_up_meanwhile_is_told_with_those_that_are_left(self, order, client):
        full, other = (
            SlotFactory(starts_at=in_days(3), capacity=1, taken=1),
            SlotFactory(starts_at=in_days(4)),
        )
        client.force_login(order.user)

        answer = client.post(reverse("shop:order-slot", args=[order.number]), {"slot": full.pk})

        assert answer.status_code == 409
        assert re.search(rf'value="{other.pk}"', answer.text)

    def test_somebody_elses_order_is_not_found(self, order, client):
        client.force_login(UserFactory())
        path = reverse("shop:order-slot", args=[order.number])

        assert client.get(path).status_code == client.post(path, {"slot": 1}).status_code == 404

    def test_too_late_leads_back_to_the_order_and_the_link_is_gone(self, order, client):
        client.force_login(order.user)
        Delivery.objects.filter(pk=order.delivery_id).update(status="handed_over")
        path = reverse("shop:order-slot", args=[order.number])

        answer = client.get(path, follow=True)

        assert answer.redirect_chain == [(reverse("shop:order", args=[order.number]), 302)]
        assert path not in answer.text

    def test_the_number_of_times_costs_no_query(self, order, client, django_assert_max_num_queries):
        client.force_login(order.user)
        for number in range(20):
            SlotFactory(starts_at=in_days(3 + number))

        with django_assert_max_num_queries(12):
            client.get(reverse("shop:order-slot", args=[order.number]))


class TestApi:
    def test_the_times_are_read_and_one_is_chosen(self, order, client):
        new, point = SlotFactory(starts_at=in_days(3)), PointFactory()
        client.force_login(order.user)

        known = client.get("/api/v1/delivery/").json()
        answer = client.post(
            f"/api/v1/orders/{order.number}/slot/", {"slot": new.pk}, content_type="application/json"
        )

        assert new.pk in [slot["id"] for slot in known["slots"]]
        assert {"id": point.pk, "kind": "pickup"}.items() <= known["zones"][-1].items()
        assert answer.status_code == 200
        assert answer.json()["delivery"]["slot"]["id"] == new.pk

    @pytest.mark.parametrize(
        ("slot", "status"), [("x", 422), (0, 422), (2**70, 422), (2**61, 409), (None, 422)]
    )
    def test_what_is_no_slot_is_refused(self, order, client, slot, status):
        client.force_login(order.user)

        answer = client.post(
            f"/api/v1/orders/{order.number}/slot/", {"slot": slot}, content_type="application/json"
        )

        assert answer.status_code == status
        assert count_places() == {order.delivery.slot_id: 1}

    def test_guests_and_others_get_nothing(self, order, client):
        path, body = f"/api/v1/orders/{order.number}/slot/", {"slot": 1}
        assert client.post(path, body, content_type="application/json").status_code == 401

        client.force_login(UserFactory())
        assert client.post(path, body, content_type="application/json").status_code == 404
