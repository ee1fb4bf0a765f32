"""Order pages, the pay page and the way back from it."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from payments.models import Bill
from payments.services import open_bill
from shop.catalog.models import Pack
from shop.delivery.models import Delivery
from shop.orders.canceling import cancel_paid_order
from shop.orders.models import Order
from shop.orders.timeline import list_steps
from tests.factories.accounts import UserFactory
from tests.factories.catalog import get_front_page
from tests.factories.orders import make_order, settle

pytestmark = pytest.mark.django_db
Status = Bill.Status
NBSP = "\N{NO-BREAK SPACE}"
UNKNOWN = UUID(int=17)


@pytest.fixture
def user():
    get_front_page()
    return UserFactory()


@pytest.fixture
def shopper(client, user):
    client.force_login(user)
    return client


def read(response) -> str:
    return response.content.decode().replace("&nbsp;", NBSP)


def list_pages(order: Order) -> list[str]:
    pay = f"/pay/{order.bill_id}/"
    return [f"/orders/{order.number}/", pay, f"{pay}return/"]


class TestOwnership:
    def test_foreign_orders_are_not_found(self, shopper):
        order = settle(make_order(), Status.WAITING)

        for path in list_pages(order):
            assert shopper.get(path).status_code == 404
        assert shopper.post(f"/orders/{order.number}/reject/").status_code == 404
        assert Order.objects.get(pk=order.pk).status == "pending"
        assert order.number not in read(shopper.get("/orders/"))

    def test_guests_are_asked_to_sign_in(self, client):
        order = make_order()

        for path in ["/orders/", *list_pages(order)]:
            assert "/account/login/" in client.get(path)["Location"]

    @pytest.mark.parametrize(
        "path",
        [
            "/orders/AB-XXXXXX/",
            "/orders/AB-%00/",
            f"/orders/{'9' * 3000}/",
            "/orders/-1/",
            "/orders/Заказ/",
            f"/pay/{UNKNOWN}/",
            f"/pay/{UNKNOWN}/return/",
            "/pay/17/",
            "/pay/abc/",
        ],
    )
    def test_what_does_not_exist_is_not_found(self, shopper, path):
        assert shopper.get(path).status_code in {400, 404}

    def test_no_page_is_kept_by_a_cache(self, shopper, user):
        for path in ["/orders/", *list_pages(make_order(user))]:
            assert "no-store" in shopper.get(path)["Cache-Control"]


class TestTheList:
    def test_orders_are_listed_newest_first(self, shopper, user):
        old, new = make_order(user), make_order(user)
        Order.objects.filter(pk=old.pk).update(placed_at=timezone.now() - timedelta(days=3))

        text = read(shopper.get("/orders/"))

        assert text.index(new.number) < text.index(old.number)
        assert f"1{NBSP}030{NBSP}₽" in text

    def test_who_has_ordered_nothing_is_shown_the_way_to_the_berries(self, shopper):
        text = read(shopper.get("/orders/"))

        assert "Вы ещё ничего не заказывали" in text
        assert 'href="/catalog/"' in text

    @pytest.mark.parametrize("page", ["0", "-1", "2", "1000000000", "abc", "９"])
    def test_a_page_that_is_none_is_not_found(self, shopper, user, page):
        make_order(user)

        assert shopper.get("/orders/", {"page": page}).status_code == 404

    @pytest.mark.parametrize("lines", [1, 3])
    def test_costs_the_same_queries_whatever_the_rows(
        self, shopper, user, lines, django_assert_max_num_queries
    ):
        for _order in range(lines):
            make_order(user, lines=lines)
        shopper.get("/orders/")

        with django_assert_max_num_queries(9):
            shopper.get("/orders/")


class TestTheOrder:
    @pytest.mark.parametrize(
        ("state", "expected"),
        [
            (None, "Готовим счёт"),
            (Status.WAITING, "Заказ ждёт оплаты"),
            (Status.PAID, "Заказ оплачен. Спасибо!"),
            (Status.REJECTED, "Заказ отменён"),
            (Status.EXPIRED, "Заказ не оплачен вовремя"),
        ],
    )
    def test_says_how_it_stands(self, shopper, user, state, expected):
        order = make_order(user)
        if state:
            order = settle(order, state)

        text = read(shopper.get(f"/orders/{order.number}/"))

        assert expected in text
        assert order.lines.get().title in text
        assert "Тверская улица" in text
        assert user.email in text

    def test_an_unpaid_one_shows_where_and_until_when_to_pay_and_follows_the_payment(self, shopper, user):
        order = settle(make_order(user), Status.WAITING)

        text = read(shopper.get(f"/orders/{order.number}/"))

        assert f'href="/pay/{order.bill_id}/"' in text
        assert f'datetime="{timezone.localtime(order.bill.expires_at).isoformat()}"' in text
        assert f'hx-get="/orders/{order.number}/?known=' in text
        assert re.search(r'<noscript>\s*<meta http-equiv="refresh" content="10">\s*</noscript>', text)

    def test_a_paid_one_goes_on_asking_until_it_is_delivered(self, shopper, user):
        order = settle(make_order(user), Status.PAID)
        assert f'hx-get="/orders/{order.number}/?known=' in read(shopper.get(f"/orders/{order.number}/"))
        Order.objects.filter(pk=order.pk).update(status="delivered")
        Delivery.objects.filter(pk=order.delivery_id).update(status="delivered")

        text = read(shopper.get(f"/orders/{order.number}/"))

        assert "hx-get" not in text.split('id="order-state"')[1].split("</any-order-status>")[0]
        assert "http-equiv" not in text
        assert "Отменить заказ" not in text

    def test_a_page_that_knows_the_state_is_told_nothing_and_one_that_does_not_gets_the_part(
        self, shopper, user
    ):
        order = settle(make_order(user), Status.WAITING)
        path, htmx = f"/orders/{order.number}/", {"HX-Request": "true"}
        version = shopper.get(path).context["version"]
        assert shopper.get(path, {"known": version}, headers=htmx).status_code == 204
        settle(order, Status.PAID)

        response = shopper.get(path, {"known": version}, headers=htmx)

        assert response.status_code == 200
        assert "<html" not in read(response)
        assert "Заказ оплачен" in read(response)
        assert "notify" in response["HX-Trigger"]

    def test_money_that_came_too_late_is_said_to_go_back(self, shopper, user):
        order = settle(make_order(user), Status.WAITING)
        shopper.post(f"/orders/{order.number}/reject/")
        settle(order, Status.PAID)

        for path in list_pages(order):
            assert "Мы вернём вам деньги" in read(shopper.get(path))

    @pytest.mark.parametrize("lines", [1, 3])
    def test_costs_the_same_queries_whatever_the_rows(
        self, shopper, user, lines, django_assert_max_num_queries
    ):
        order = settle(make_order(user, lines=lines), Status.PAID)
        shopper.get(f"/orders/{order.number}/")

        with django_assert_max_num_queries(10):
            shopper.get(f"/orders/{order.number}/")

    def test_the_steps_tell_how_far_it_is(self, user):
        order = settle(make_order(user), Status.WAITING)
        assert [step.state for step in list_steps(order)] == ["done", "current", *["todo"] * 4]

        order = settle(order, Status.PAID)
        assert [step.state for step in list_steps(order)] == ["done", "done", "current", *["todo"] * 3]

        order = settle(make_order(user), Status.EXPIRED)
        assert [step.state for step in list_steps(order)] == ["done", "failed"]


class TestRejecting:
    def test_an_unpaid_order_is_canceled(self, shopper, user):
        order = settle(make_order(user), Status.WAITING)

        response = shopper.post(f"/orders/{order.number}/reject/", follow=True)

        assert "Заказ отменён. Платить ничего не нужно." in read(response)
        assert Order.objects.get(pk=order.pk).status == "rejected"

    def test_a_paid_order_is_not(self, shopper, user):
        order = settle(make_order(user), Status.PAID)

        response = shopper.post(f"/orders/{order.number}/reject/", follow=True)

        assert "Отменить этот заказ здесь уже нельзя" in read(response)
        assert Order.objects.get(pk=order.pk).status == "paid"

    def test_looking_at_the_address_cancels_nothing(self, shopper, user):
        order = make_order(user)

        assert shopper.get(f"/orders/{order.number}/reject/").status_code == 405
        assert Order.objects.get(pk=order.pk).status == "pending"


class TestPaying:
    def test_the_page_links_to_the_provider_and_tells_it_where_the_payer_comes_from(self, shopper, user):
        order = settle(make_order(user), Status.WAITING)

        response = shopper.get(f"/pay/{order.bill_id}/")

        assert f'href="{order.bill.pay_url}"' in read(response)
        assert f"1{NBSP}030{NBSP}₽" in read(response)
        assert response["Referrer-Policy"] == "no-referrer-when-downgrade"

    def test_a_bill_that_is_not_open_yet_is_being_prepared(self, shopper, user):
        text = read(shopper.get(f"/pay/{make_order(user).bill_id}/"))

        assert "Готовим счёт" in text
        assert 'http-equiv="refresh"' in text
        assert 'rel="external"' not in text

    @pytest.mark.parametrize("page", ["/orders/{0.number}/", "/pay/{0.bill_id}/"])
    def test_a_bill_that_is_being_closed_leads_nobody_to_pay(self, shopper, user, page):
        order = settle(make_order(user), Status.WAITING)
        Bill.objects.update(reject_requested_at=timezone.now())

        text = read(shopper.get(page.format(order)))

        assert "Время на оплату вышло" in text
        assert order.bill.pay_url not in text
        assert f'href="/pay/{order.bill_id}/"' not in text
        assert "Готовим счёт" not in text

    @pytest.mark.parametrize("ending", [Status.PAID, Status.REJECTED, Status.EXPIRED])
    def test_a_settled_bill_can_not_be_paid_again(self, shopper, user, ending):
        order = settle(settle(make_order(user), Status.WAITING), ending)

        text = read(shopper.get(f"/pay/{order.bill_id}/"))

        assert 'rel="external"' not in text
        assert f'href="/orders/{order.number}/"' in text

    def test_coming_back_changes_nothing_and_says_that_the_payment_is_being_checked(self, shopper, user):
        order = settle(make_order(user), Status.WAITING)

        text = read(shopper.get(f"/pay/{order.bill_id}/return/"))

        assert "Проверяем оплату" in text
        assert f'href="/pay/{order.bill_id}/"' in text
        assert f'hx-get="/pay/{order.bill_id}/return/?known=' in text
        assert Order.objects.get(pk=order.pk).status == "pending"

    def test_coming_back_after_the_money_came_says_so(self, shopper, user):
        order = settle(make_order(user), Status.PAID)

        assert "Заказ оплачен. Спасибо!" in read(shopper.get(f"/pay/{order.bill_id}/return/"))

    def test_the_provider_is_told_to_bring_the_payer_back_to_us(self, shopper, user, qiwi_emulator, settings):
        order = make_order(user)

        bill = open_bill(bill_id=order.bill_id)

        assert f"successUrl={settings.SITE_URL}/pay/{bill.pk}/return/".replace(":", "%3A").replace(
            "/", "%2F"
        ) in bill.pay_url.replace(":", "%3A").replace("/", "%2F")


class TestReceipt:
    def test_it_says_what_was_bought_whatever_it_costs_today(self, shopper, user):
        order = settle(make_order(user), Status.PAID)
        Pack.objects.update(price=999)

        page = read(shopper.get(f"/orders/{order.number}/receipt/"))

        assert order.number in page
        assert f"1{NBSP}030" in page
        assert f"999{NBSP}₽" not in page

    def test_an_order_that_was_never_paid_has_none(self, shopper, user):
        order = make_order(user)

        assert shopper.get(f"/orders/{order.number}/receipt/").status_code == 404
        assert "/receipt/" not in read(shopper.get(f"/orders/{order.number}/"))

    def test_a_foreign_one_is_not_found(self, shopper):
        order = settle(make_order(), Status.PAID)

        assert shopper.get(f"/orders/{order.number}/receipt/").status_code == 404


class TestParts:
    @pytest.fixture
    def orders(self, user) -> dict[str, Order]:
        delivered, canceled = (settle(make_order(user), Status.PAID) for _ in range(2))
        Order.objects.filter(pk=delivered.pk).update(status="delivered")
        cancel_paid_order(order=canceled, by=user)
        return {"open": make_order(user), "delivered": delivered, "closed": canceled}

    @pytest.mark.parametrize("part", ["open", "delivered", "closed"])
    def test_each_part_shows_its_orders_alone(self, shopper, orders, part):
        page = read(shopper.get(f"/orders/?state={part}"))

        assert [name for name, order in orders.items() if f"/orders/{order.number}/" in page] == [part]

    @pytest.mark.parametrize("part", ["", "x", "%00", "9" * 300])
    def test_anything_else_shows_all(self, shopper, orders, part):
        response = shopper.get(f"/orders/?state={part}")

        assert response.status_code in {200, 400}
        if response.status_code == 200:
            assert all(order.number in read(response) for order in orders.values())
