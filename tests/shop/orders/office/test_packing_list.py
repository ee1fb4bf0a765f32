"""What is to be packed on a day, on the screen and on paper, and handing over what is ready."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from wagtail.users.models import UserProfile

from core.money import format_money
from payments.models import Bill
from shop.delivery.models import Delivery, DeliverySlot
from shop.orders.models import Order
from shop.orders.office.packing import make_packing_list
from tests.factories.orders import SlotFactory, make_order, settle

pytestmark = pytest.mark.django_db
PACKING, SHEET, HAND_OVER = "/admin/packing/", "/admin/packing/sheet/", "/admin/packing/hand-over/"
NOON = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)


def bring_to(order: Order, slot: DeliverySlot) -> Order:
    Delivery.objects.filter(pk=order.delivery_id).update(slot=slot)
    return Order.objects.with_details().get(pk=order.pk)


@pytest.fixture
def today() -> DeliverySlot:
    return SlotFactory(starts_at=NOON, cut_off_at=NOON - timedelta(hours=3))


@pytest.fixture
def tomorrow() -> DeliverySlot:
    later = NOON + timedelta(days=1)
    return SlotFactory(starts_at=later, cut_off_at=later - timedelta(hours=3))


@pytest.fixture
def for_today(order, today) -> Order:
    return bring_to(order, today)


@pytest.fixture
def for_tomorrow(tomorrow) -> Order:
    return bring_to(settle(make_order(lines=2, quantity=3), Bill.Status.PAID), tomorrow)


def read_status(order: Order) -> str:
    return Delivery.objects.get(pk=order.delivery_id).status


def test_the_list_adds_packs_up_and_names_their_lots(for_today, today):
    other = bring_to(settle(make_order(quantity=1), Bill.Status.PAID), today)

    packing = make_packing_list(timezone.localdate(), today.pk)

    assert {packed.order for packed in packing.orders} == {for_today, other}
    assert sum(total.quantity for total in packing.totals) == 3
    lot = for_today.lines.get().lots[0][0]
    line = next(packed for packed in packing.orders if packed.order == for_today).lines[0]
    assert str(lot) in line.lots[0]


def test_only_what_is_paid_and_not_handed_over_is_packed(today):
    bring_to(make_order(), today)

    assert make_packing_list(timezone.localdate()).orders == []


def test_it_asks_the_same_few_questions_however_much_there_is(for_tomorrow, django_assert_num_queries):
    with django_assert_num_queries(7):
        make_packing_list(timezone.localdate() + timedelta(days=1))


@pytest.mark.parametrize("path", [PACKING, SHEET])
def test_packers_see_today_alone_without_sums_and_addresses(client, packer, for_today, for_tomorrow, path):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()

    text = client.get(path, {"day": tomorrow}).content.decode()

    assert for_today.number in text
    assert for_tomorrow.number not in text
    for secret in (
        for_today.email,
        for_today.delivery.street,
        str(for_today.total),
        format_money(for_today.total),
    ):
        assert secret not in text


@pytest.mark.parametrize("hour", [1, 23])
def test_today_is_moscows_wherever_the_packer_is(client, packer, for_today, for_tomorrow, hour):
    UserProfile.objects.create(user=packer, current_time_zone="Asia/Vladivostok")

    with time_machine.travel(NOON.replace(hour=hour), tick=False):
        text = client.get(PACKING).text

    assert for_today.number in text
    assert for_tomorrow.number not in text


def test_no_profile_takes_another_zone(client, manager):
    zone = {"locale-preferred_language": "", "locale-current_time_zone": "Asia/Vladivostok"}
    assert "time_zone" not in client.get("/admin/account/").text

    client.post("/admin/account/", zone | {"name-name": "Анна", "theme-theme": "dark"})

    assert UserProfile.objects.get().current_time_zone == ""


@pytest.mark.parametrize("path", [PACKING, SHEET])
def test_managers_choose_a_day(client, manager, for_today, for_tomorrow, path):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()

    text = client.get(path, {"day": tomorrow, "slot": for_tomorrow.delivery.slot_id}).content.decode()

    assert for_tomorrow.number in text
    assert for_today.number not in text


def test_senseless_days_show_today(client, manager, for_today):
    for query in ({"day": "x"}, {"day": "0000-00-00"}, {"slot": "9" * 30}, {"slot": "x"}):
        assert for_today.number in client.get(PACKING, query).content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-30", "9999-12-31"])
@pytest.mark.parametrize("path", [PACKING, SHEET])
def test_the_ends_of_the_calendar_are_days_without_orders(client, manager, for_today, path, day):
    response = client.get(path, {"day": day})

    assert response.status_code == 200
    assert for_today.number not in response.content.decode()
    assert client.post(HAND_OVER, {"order": [for_today.pk], "day": day}).status_code == 302
    assert read_status(for_today) == "packing"


def test_packers_hand_over_what_is_ready(client, packer, for_today):
    client.post(HAND_OVER, {"order": [for_today.pk]})

    assert read_status(for_today) == "handed_over"
    assert Order.objects.get(pk=for_today.pk).events.latest("pk").by == packer


def test_packers_hand_over_nothing_of_other_days(client, packer, for_today, for_tomorrow):
    day = (timezone.localdate() + timedelta(days=1)).isoformat()

    client.post(HAND_OVER, {"order": [for_tomorrow.pk], "day": day})

    assert read_status(for_tomorrow) == "packing"


def test_what_somebody_else_handed_over_is_told_and_the_rest_goes(client, packer, for_today, today):
    other = bring_to(settle(make_order(), Bill.Status.PAID), today)
    client.post(HAND_OVER, {"order": [for_today.pk]})

    response = client.post(HAND_OVER, {"order": [for_today.pk, other.pk]}, follow=True)

    assert for_today.number in " ".join(map(str, response.context["messages"]))
    assert read_status(other) == "handed_over"
    assert for_today.delivery.events.filter(status="handed_over").count() == 1


def test_senseless_keys_hand_nothing_over(client, packer, for_today):
    for keys in ([], ["x"], ["\0"], ["9" * 40], ["-1"], ["1.5"]):
        assert client.post(HAND_OVER, {"order": keys}).status_code in {302, 400}
    assert read_status(for_today) == "packing"


def test_who_may_not_pack_sees_and_changes_nothing(client, editor, for_today):
    for path in (PACKING, SHEET):
        assert client.get(path).status_code in {302, 403}
    assert client.post(HAND_OVER, {"order": [for_today.pk]}).status_code in {302, 403}

    assert read_status(for_today) == "packing"


def test_an_order_of_another_shopper_language_is_packed_by_its_record(for_today):
    for_today.lines.update(title="Raspberry")

    packing = make_packing_list(timezone.localdate())

    assert str(packing.orders[0].lines[0].pack) != "Raspberry"
