"""An order's page in the admin: which buttons there are, and what becomes of two who press at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext

from shop.delivery.models import Delivery
from shop.orders.models import Order
from shop.orders.moves import Move, move_order
from tests.factories.orders import make_order
from tests.shop.orders.office.conftest import ORDERS

pytestmark = pytest.mark.django_db


def open_page(client, order: Order) -> str:
    return client.get(f"{ORDERS}inspect/{order.pk}/").content.decode()


def press(client, order: Order, move: str, seen: str, **extras: str) -> str:
    """What the page says after the button."""
    data = {"move": move, "seen": seen} | extras
    return client.post(f"{ORDERS}move/{order.pk}/", data, follow=True).content.decode()


def read_status(order: Order) -> str:
    return Delivery.objects.get(pk=order.delivery_id).status


def test_the_page_tells_everything(client, manager, order):
    text = open_page(client, order)

    for expected in (order.number, order.lines.get().title, "Тверская", order.email, "Заказ оплачен"):
        assert expected in text


def test_only_allowed_moves_have_buttons(client, manager, order):
    text = open_page(client, order)

    assert 'value="hand_over"' in text
    assert 'value="deliver"' not in text
    assert 'value="hand_over"' not in open_page(client, make_order())


def test_a_manager_brings_an_order_to_its_end(client, manager, order):
    for move, seen in (("hand_over", "packing"), ("set_off", "handed_over"), ("deliver", "on_the_way")):
        press(client, order, move, seen)

    assert Order.objects.get(pk=order.pk).status == "delivered"
    assert manager.get_full_name() in open_page(client, order)


def test_of_two_who_press_at_once_the_second_is_told_who_was_faster(client, manager, order):
    press(client, order, "hand_over", "packing")

    text = press(client, order, "hand_over", "packing")

    assert (
        gettext("%(who)s was faster. %(state)s").partition("%(state)")[0] % {"who": manager.get_full_name()}
        in text
    )
    assert read_status(order) == "handed_over"
    assert order.delivery.events.filter(status="handed_over").count() == 1


def test_who_could_not_deliver_says_why(client, manager, order):
    press(client, order, "hand_over", "packing")
    press(client, order, "set_off", "handed_over")

    press(client, order, "fail", "on_the_way")
    assert read_status(order) == "on_the_way"

    press(client, order, "fail", "on_the_way", note="Никого нет дома")
    assert read_status(order) == "failed"
    assert "Никого нет дома" in open_page(client, order)


HOSTILE: list[dict[str, str]] = [
    {},
    {"move": "fly", "seen": "packing"},
    {"move": "hand_over"},
    {"move": "hand_over", "seen": "\0"},
    {"move": "hand_over", "seen": "packing" * 40},
    {"move": "hand_over", "seen": "delivered"},
    {"move": "try_again", "seen": "packing", "slot": "9" * 40},
]


def test_hostile_buttons_change_nothing(client, manager, order):
    for data in HOSTILE:
        assert client.post(f"{ORDERS}move/{order.pk}/", data).status_code == 302

    assert read_status(order) == "packing"


def test_who_may_only_pack_has_no_page_of_an_order(client, packer, order):
    response = client.post(f"{ORDERS}move/{order.pk}/", {"move": "hand_over", "seen": "packing"})

    assert response.status_code in {302, 403}
    assert read_status(order) == "packing"


def test_a_note_stays_among_colleagues_with_its_author(client, manager, order):
    client.post(f"{ORDERS}note/{order.pk}/", {"text": "Звонить <b>после</b> 12"})

    text = open_page(client, order)
    assert "Звонить &lt;b&gt;после&lt;/b&gt; 12" in text
    assert manager.get_full_name() in text
    client.force_login(order.user)
    assert "после" not in client.get(f"/orders/{order.number}/").content.decode()


def test_a_note_without_words_is_refused(client, manager, order):
    for text in ("", "  ", "x" * 501, "a\0b"):
        client.post(f"{ORDERS}note/{order.pk}/", {"text": text})

    assert not order.events.filter(event="note").exists()


def test_the_page_asks_no_more_for_an_order_with_a_longer_story(client, manager, django_assert_num_queries):
    short, long = make_order(), make_order(lines=3)
    for number in range(5):
        client.post(f"{ORDERS}note/{long.pk}/", {"text": f"Заметка {number}"})
    open_page(client, short)
    with django_assert_num_queries(count_queries(client, short)):
        open_page(client, long)


def count_queries(client, order: Order) -> int:
    with CaptureQueriesContext(connection) as queries:
        open_page(client, order)
    return len(queries)


def test_moves_of_others_are_told_on_the_page(client, manager, order):
    move_order(order_id=order.pk, move=Move.HAND_OVER, by=None, seen="packing")

    assert 'value="set_off"' in open_page(client, order)
