"""Orders, cheques, zones and slots in the admin: seen by those with the right, orders edited by nobody."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission

from payments.models import Bill
from shop.delivery.models import DeliverySlot, DeliveryZone
from shop.orders.models import Order
from tests.factories.accounts import UserFactory
from tests.factories.orders import SlotFactory, ZoneFactory, make_order, settle

pytestmark = pytest.mark.django_db
ORDERS = "/admin/snippets/shop/order/"
RIGHTS = ["view_order", "view_cheque", "view_deliveryzone", "change_deliveryzone", "change_deliveryslot"]


def sign_in(client, *rights: str):
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *rights]))
    client.force_login(user)
    return client


@pytest.fixture
def manager(client):
    return sign_in(client, *RIGHTS)


def test_the_list_shows_what_matters_and_can_be_searched(manager):
    first, second = make_order(), settle(make_order(), Bill.Status.PAID)

    text = manager.get(ORDERS, {"q": second.number}).content.decode()

    assert second.number in text
    assert second.email in text
    assert first.number not in text


def test_the_list_can_be_filtered_by_status(manager):
    first, second = make_order(), settle(make_order(), Bill.Status.PAID)

    text = manager.get(ORDERS, {"status": "paid"}).content.decode()

    assert second.number in text
    assert first.number not in text


def test_one_order_is_shown_with_lines_delivery_and_story(manager):
    order = settle(make_order(), Bill.Status.PAID)

    text = manager.get(f"{ORDERS}inspect/{order.pk}/").content.decode()

    for expected in (
        order.number,
        order.lines.get().title,
        order.delivery.street,
        "Заказ принят",
        "Заказ оплачен",
    ):
        assert expected in text


@pytest.mark.parametrize("path", ["add/", "edit/{pk}/", "delete/{pk}/"])
def test_nobody_adds_edits_or_deletes_an_order_not_even_an_owner(client, path):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    order = make_order()

    response = client.post(ORDERS + path.format(pk=order.pk), {"status": "paid"})

    assert response.status_code == 302
    assert Order.objects.get(pk=order.pk).status == "pending"


def test_without_the_right_there_are_no_orders(client):
    sign_in(client, "view_berry")
    order = make_order()

    for path in (ORDERS, f"{ORDERS}inspect/{order.pk}/", "/admin/snippets/shop/cheque/"):
        response = client.get(path)
        assert order.number not in response.content.decode()
        assert response.status_code in {302, 403}


def test_cheques_are_listed(manager):
    order = settle(make_order(), Bill.Status.PAID)

    assert order.number in manager.get("/admin/snippets/shop/cheque/").content.decode()


def test_a_zone_can_be_given_another_price(manager):
    zone = ZoneFactory()
    fields = [
        "kind",
        "code",
        "name_ru",
        "name_en",
        "description_ru",
        "description_en",
        "min_order",
        "vat_code",
        "position",
    ]
    values = {name: getattr(zone, name) for name in fields}

    manager.post(
        f"/admin/snippets/shop/deliveryzone/edit/{zone.pk}/", {**values, "price": "300", "is_active": "on"}
    )

    assert DeliveryZone.objects.get(pk=zone.pk).price == Decimal("300.00")


def test_what_is_taken_of_a_slot_is_not_edited(manager):
    slot = SlotFactory(taken=5)
    values = {
        name: f"{getattr(slot, name):%Y-%m-%d %H:%M}" for name in ("starts_at", "ends_at", "cut_off_at")
    }

    response = manager.post(
        f"/admin/snippets/shop/deliveryslot/edit/{slot.pk}/",
        {**values, "capacity": "30", "taken": "0", "is_active": "on"},
    )

    assert response.status_code == 302
    slot = DeliverySlot.objects.get(pk=slot.pk)
    assert (slot.capacity, slot.taken) == (30, 5)
