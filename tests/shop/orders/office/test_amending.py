"""What staff change about an order before it is handed over, with stock, places and money following."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from payments.models import Bill, Refund
from shop.catalog.models import Lot
from shop.delivery.models import Delivery, DeliverySlot, DeliveryZone
from shop.orders.invariants import find_violations
from shop.orders.models import Letter, Order, OrderLine
from shop.orders.moves import Move, move_order
from shop.orders.office.amending import (
    NotAmendable,
    OrderMoved,
    WrongQuantity,
    choose_slot,
    take_off_packs,
    tell_version,
)
from shop.orders.office.receipts import draft_return
from shop.orders.refunds import refund_order
from tests.factories.accounts import UserFactory
from tests.factories.orders import PointFactory, SlotFactory, ZoneFactory, make_order, settle, want
from tests.shop.orders.office.conftest import ORDERS

pytestmark = pytest.mark.django_db


def take_off(order: Order, packs: dict[int, int], **changes: object) -> Refund | None:
    values = {
        "order_id": order.pk,
        "packs": packs,
        "by": UserFactory(is_staff=True),
        "seen": tell_version(order),
        "key": str(uuid4()),
        "reference": "п/п 17",
    }
    return take_off_packs(**(values | changes))


def read_line(order: Order) -> OrderLine:
    return OrderLine.objects.get(order=order)


def read_left(order: Order) -> int:
    return Lot.objects.get(pk=order.lines.get().lots[0][0]).left


def test_packs_taken_off_return_to_stock_and_their_money_to_the_shopper(order):
    left = read_left(order)

    refund = take_off(order, {read_line(order).pk: 1})

    line = read_line(order)
    assert (line.quantity, line.quantity_left, line.amount_returned) == (2, 1, Decimal("390.00"))
    assert (refund.amount, refund.status) == (Decimal("390.00"), "done")
    assert read_left(order) == left + 1
    order.refresh_from_db()
    assert (order.status, order.total) == ("paid", Decimal("1030.00"))
    assert find_violations() == []


def test_what_is_left_of_the_order_can_still_be_refunded_and_comes_back(order):
    lot = Lot.objects.get(pk=order.lines.get().lots[0][0])
    take_off(order, {read_line(order).pk: 1})

    refund_order(
        order=order, amount=Decimal("640.00"), key="x", reason="x", by=UserFactory(), reference="п/п 18"
    )

    lot.refresh_from_db()
    assert lot.left == lot.received
    assert Order.objects.get(pk=order.pk).status == "refunded"
    assert find_violations() == []


def test_the_receipt_names_the_very_packs_and_costs_what_goes_back(order):
    order.bill.receipt = {"email": order.email, "lines": []}

    draft = draft_return(order, [(read_line(order), 3, Decimal("100.00"))])

    draft.check(Decimal("100.00"))
    assert {(line.quantity, line.unit_price) for line in draft.lines} == {
        (2, Decimal("33.33")),
        (1, Decimal("33.34")),
    }
    assert all(read_line(order).title in line.description for line in draft.lines)


def test_one_key_takes_off_once(order):
    key, seen, line = str(uuid4()), tell_version(order), read_line(order)

    first = take_off(order, {line.pk: 1}, key=key, seen=seen)
    second = take_off(order, {line.pk: 1}, key=key, seen=seen)

    assert first == second
    assert read_line(order).quantity_left == 1


def test_at_least_one_pack_stays_and_no_more_than_there_are_go(order):
    for quantity in (0, -1, 2, 3, 10**9):
        with pytest.raises(WrongQuantity):
            take_off(order, {read_line(order).pk: quantity})

    assert read_line(order).quantity_left == 2
    assert not Refund.objects.exists()


def test_another_orders_line_is_none_of_this_one(order):
    other = make_order()

    with pytest.raises(WrongQuantity):
        take_off(order, {read_line(other).pk: 1})

    assert read_line(other).quantity_returned == 0


def test_money_that_goes_by_hand_needs_its_transfer_and_nothing_changes_without(client, manager, order):
    line, version = read_line(order), tell_version(order)
    data = {"seen": version, "key": str(uuid4()), f"line-{line.pk}": "1"}

    response = client.post(f"{ORDERS}take-off/{order.pk}/", data)
    assert response.status_code == 200
    assert read_line(order).quantity_returned == 0
    assert tell_version(order) == version

    client.post(f"{ORDERS}take-off/{order.pk}/", data | {"reference": "п/п 17"})
    assert read_line(order).quantity_returned == 1


def test_nothing_is_taken_off_what_has_left_the_house(order):
    move_order(order_id=order.pk, move=Move.HAND_OVER, by=None, seen="packing")
    order.delivery.refresh_from_db()

    with pytest.raises(NotAmendable):
        take_off(order, {read_line(order).pk: 1})

    assert read_line(order).quantity_returned == 0


def test_nothing_is_taken_off_what_is_not_paid():
    order = make_order()

    with pytest.raises(NotAmendable):
        take_off(order, {read_line(order).pk: 1})


def test_of_two_who_change_an_order_at_once_the_second_changes_nothing(order):
    seen = tell_version(order)
    take_off(order, {read_line(order).pk: 1}, seen=seen)
    slot = SlotFactory()

    with pytest.raises(OrderMoved), transaction.atomic():
        choose_slot(order_id=order.pk, slot_id=slot.pk, by=UserFactory(), seen=seen)

    assert DeliverySlot.objects.get(pk=slot.pk).taken == 0


def test_another_slot_takes_its_place_and_gives_the_old_one_back(client, manager, order):
    old, new = order.delivery.slot, SlotFactory()

    client.post(f"{ORDERS}slot/{order.pk}/", {"slot": new.pk, "seen": tell_version(order)})

    assert Delivery.objects.get(pk=order.delivery_id).slot_id == new.pk
    assert [DeliverySlot.objects.get(pk=slot.pk).taken for slot in (old, new)] == [0, 1]
    assert Letter.objects.filter(order=order, kind="slot_changed").count() == 1
    assert find_violations() == []


def test_a_slot_without_a_place_is_refused(client, manager, order):
    full = SlotFactory(capacity=1, taken=1)
    past = SlotFactory(starts_at=timezone.now() - timedelta(days=1))

    for slot in (full.pk, past.pk, "9" * 30, "", "\0"):
        client.post(f"{ORDERS}slot/{order.pk}/", {"slot": slot, "seen": tell_version(order)})

    assert Delivery.objects.get(pk=order.delivery_id).slot_id == order.delivery.slot_id


def post_door(client, order: Order, **changes: str):
    delivery = order.delivery
    values = delivery.address_fields | {
        "recipient": delivery.recipient,
        "phone": delivery.phone,
        "comment": "",
        "seen": tell_version(order),
    }
    return client.post(f"{ORDERS}door/{order.pk}/", values | changes)


def test_the_door_can_be_changed_and_the_story_names_the_fields_alone(client, manager, order):
    post_door(client, order, house="9", phone="8 (916) 765-43-21")

    delivery = Delivery.objects.get(pk=order.delivery_id)
    assert (delivery.house, delivery.phone) == ("9", "+79167654321")
    assert Order.objects.get(pk=order.pk).phone == "+79167654321"
    event = order.events.get(event="address_changed")
    assert (event.by, event.details["fields"]) == (manager, "phone, house, comment")


def test_a_door_that_makes_no_sense_is_refused(client, manager, order):
    for changes in (
        {"phone": "12"},
        {"street": ""},
        {"house": "x" * 31},
        {"city": "a\0"},
        {"seen": "packing-1"},
    ):
        post_door(client, order, **({"floor": "77"} | changes))

    assert Delivery.objects.get(pk=order.delivery_id).floor == "4"
    assert not order.events.filter(event="address_changed").exists()


def read_address(order: Order) -> tuple[str, str]:
    delivery = Delivery.objects.get(pk=order.delivery_id)
    return delivery.city, delivery.postcode


@pytest.mark.parametrize("elsewhere", [{"city": "г. Химки"}, {"postcode": "141400"}])
def test_a_door_of_another_zone_is_refused_by_name(client, manager, order, elsewhere):
    ZoneFactory(name_ru="Подмосковье", places="Химки", postcodes="141400-141499")
    was = read_address(order)

    response = post_door(client, order, **elsewhere)

    assert response.status_code == 200
    assert "Подмосковье" in response.content.decode()
    assert read_address(order) == was
    assert not order.events.filter(event="address_changed").exists()


def test_a_door_of_its_own_zone_or_of_none_is_taken(client, manager, order):
    DeliveryZone.objects.filter(pk=order.delivery.zone_id).update(places="Зеленоград", is_active=False)
    ZoneFactory(places="Зеленоград\nХимки")

    for city in ("Зеленоград", "Новые Васюки"):
        post_door(client, order, city=city)
        assert read_address(order)[0] == city


def test_where_the_zones_were_drawn_anew_the_rest_of_the_address_can_still_be_changed(client, manager, order):
    ZoneFactory(places=order.delivery.city)

    post_door(client, order, house="9")

    assert Delivery.objects.get(pk=order.delivery_id).house == "9"


def test_what_is_picked_up_has_no_door(client, manager):
    point = PointFactory()
    order = make_order(wanted=want(zone=point, slot=SlotFactory(point=point)))
    was = read_address(order)

    assert client.get(f"{ORDERS}door/{order.pk}/").status_code == 302
    post_door(client, order, city="Химки", house="9")

    assert read_address(order) == was
    assert Delivery.objects.get(pk=order.delivery_id).house == point.house
    assert not order.events.filter(event="address_changed").exists()


def test_a_pending_order_can_be_brought_elsewhere_but_not_made_smaller(client, manager):
    order = make_order()

    post_door(client, order, house="9")
    assert Delivery.objects.get(pk=order.delivery_id).house == "9"
    client.get(f"{ORDERS}take-off/{order.pk}/")
    assert read_line(order).quantity_returned == 0


def test_an_order_given_up_is_not_changed(client, manager):
    order = settle(make_order(), Bill.Status.EXPIRED)

    post_door(client, order, house="9")

    assert Delivery.objects.get(pk=order.delivery_id).house == "7, корп. 2"
