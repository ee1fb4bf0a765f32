"""Orders, bills and tasks as a program sees them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from anyberry.celery import app as celery_app
from payments.models import Bill
from payments.services import open_bill
from shop.delivery.models import Delivery, DeliverySlot, DeliveryZone
from shop.orders import api
from shop.orders.models import Order
from shop.orders.services import reject_order
from shop.orders.snapshots import read_own
from tests.factories.accounts import UserFactory
from tests.factories.orders import ADDRESS, make_order, settle

pytestmark = pytest.mark.django_db
Status = Bill.Status
API = "/api/v1"


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def program(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def kept_results(eager_tasks):
    """What tasks return is kept, as a worker keeps it."""
    celery_app.conf.task_store_eager_result = True
    yield
    celery_app.conf.task_store_eager_result = False


class TestOrders:
    def test_own_orders_are_listed_newest_first(self, program, user):
        make_order()
        first, second = make_order(user), make_order(user)

        answer = program.get(f"{API}/orders/").json()

        assert answer["count"] == 2
        assert [item["number"] for item in answer["items"]] == [second.number, first.number]

    @pytest.mark.parametrize(("page", "status"), [("0", 404), ("-1", 404), ("1000000000", 404), ("abc", 422)])
    def test_a_page_that_is_none(self, program, user, page, status):
        make_order(user)

        assert program.get(f"{API}/orders/", {"page": page}).status_code == status

    def test_one_order_has_every_field(self, program, user):
        order = settle(make_order(user), Status.PAID)

        answer = program.get(f"{API}/orders/{order.number}/").json()

        assert set(answer) == {
            *("number", "status", "items", "goods_total", "discount", "adjustments", "delivery_price"),
            *("total", "currency", "user", "pay_url", "placed_at", "paid_at", "needs_refund", "bill"),
            "delivery",
        }
        assert (answer["status"], answer["bill"]["status"], answer["pay_url"]) == ("paid", "paid", "")
        assert (answer["delivery"]["status"], answer["delivery"]["address"]) == ("packing", ADDRESS)
        assert answer["items"][0]["title"] == order.lines.get().title

    @pytest.mark.parametrize("lines", [1, 3])
    def test_lists_cost_the_same_queries_whatever_the_rows(
        self, program, user, lines, django_assert_num_queries
    ):
        for _order in range(lines):
            make_order(user, lines=lines)
        program.get(f"{API}/orders/")

        with django_assert_num_queries(3):
            program.get(f"{API}/orders/")

    @pytest.mark.parametrize("lines", [1, 3])
    def test_one_costs_the_same_queries_whatever_is_in_it(
        self, program, user, lines, django_assert_num_queries
    ):
        order = make_order(user, lines=lines)

        with django_assert_num_queries(3):
            answer = program.get(f"{API}/orders/{order.number}/").json()

        assert [item["berry"] for item in answer["items"]] == [
            line.pack.berry_id for line in order.lines.all()
        ]


class TestKeptOrders:
    """What was told of an order is told again, until anything about it changes."""

    @pytest.fixture
    def order(self, user):
        return settle(make_order(user), Status.WAITING)

    @pytest.fixture
    def read(self, program, order):
        return lambda **headers: program.get(f"{API}/orders/{order.number}/", headers=headers).json()

    def test_it_is_told_again_as_it_was(self, read, monkeypatch):
        told = read()
        monkeypatch.setattr(api, "read_own", None)

        assert read() == told

    @pytest.mark.parametrize(
        ("model", "changes", "shows"),
        [
            (Order, {"needs_refund": True}, lambda told: told["needs_refund"]),
            (Bill, {"pay_url": "https://pay.test/2"}, lambda told: told["pay_url"] == "https://pay.test/2"),
            (Delivery, {"comment": "Домофон"}, lambda told: told["delivery"]["comment"] == "Домофон"),
            (DeliveryZone, {"name_ru": "Клин"}, lambda told: told["delivery"]["zone"] == "Клин"),
            (
                DeliverySlot,
                {"ends_at": datetime(2040, 1, 1, tzinfo=UTC)},
                lambda told: told["delivery"]["slot"]["ends_at"] == "2040-01-01T00:00:00Z",
            ),
        ],
    )
    def test_a_change_is_told_at_once(self, read, model, changes, shows):
        assert not shows(read())

        model.objects.update(**changes)

        assert shows(read())

    def test_it_is_kept_in_each_language(self, read):
        DeliveryZone.objects.update(name_en="Moscow", name_ru="Москва")

        assert read()["delivery"]["zone"] == "Москва"
        assert read(accept_language="en")["delivery"]["zone"] == "Moscow"

    def test_it_is_told_to_nobody_else(self, read, order, client):
        read()
        client.force_login(UserFactory())

        assert client.get(f"{API}/orders/{order.number}/").status_code == 404

    def test_the_way_to_pay_is_not_kept_longer_than_it_leads_anywhere(self, order):
        told = api.describe_order(read_own(user=order.user, number=order.number))

        assert api.count_seconds_to_keep(told) == 60
        told.bill.expire_time = timezone.now() + timedelta(seconds=7)
        assert 6 < api.count_seconds_to_keep(told) <= 7
        told.bill.expire_time = timezone.now() - timedelta(seconds=7)
        assert api.count_seconds_to_keep(told) == 0


class TestBills:
    def test_the_bill_is_asked_of_its_provider(self, program, user, qiwi_emulator):
        order = make_order(user)
        bill = open_bill(bill_id=order.bill_id)

        answer = program.get(f"{API}/orders/{order.number}/bill/").json()

        assert (answer["amount"], answer["currency"], answer["status"]) == ("1030.00", "RUB", "waiting")
        assert (answer["pay_url"], answer["stale"]) == (bill.pay_url, False)
        assert set(answer) == {
            "amount",
            "currency",
            "pay_url",
            "status",
            "create_time",
            "expire_time",
            "stale",
        }

    def test_once_asked_it_costs_two_queries_to_know_whose_it_is(
        self, program, user, qiwi_emulator, django_assert_num_queries
    ):
        order = make_order(user)
        open_bill(bill_id=order.bill_id)
        path = f"{API}/orders/{order.number}/bill/"
        asked = program.get(path).json()

        with django_assert_num_queries(2):
            assert program.get(path).json() == asked

    def test_what_the_cache_keeps_is_told_to_nobody_else(self, program, user, client, qiwi_emulator):
        order = make_order(user)
        open_bill(bill_id=order.bill_id)
        path = f"{API}/orders/{order.number}/bill/"
        assert program.get(path).status_code == 200

        client.force_login(UserFactory())

        assert client.get(path).status_code == 404

    def test_where_the_provider_is_away_the_last_known_is_told(self, program, user, settings):
        order = settle(make_order(user), Status.WAITING)
        settings.QIWI_API_URL = "http://127.0.0.1:1"

        answer = program.get(f"{API}/orders/{order.number}/bill/").json()

        assert (answer["status"], answer["stale"]) == ("waiting", True)

    def test_a_bill_that_is_being_closed_leads_nobody_to_pay(self, program, user, django_assert_num_queries):
        order = settle(make_order(user), Status.WAITING)
        path = f"{API}/orders/{order.number}/"
        assert program.get(path).json()["pay_url"]
        Bill.objects.update(reject_requested_at=timezone.now())

        with django_assert_num_queries(3):
            answer = program.get(path).json()

        assert (answer["status"], answer["pay_url"], answer["bill"]["pay_url"]) == ("pending", "", "")


class TestRejecting:
    def test_names_the_task_and_the_task_tells_how_it_went(
        self, program, user, qiwi_emulator, kept_results, django_capture_on_commit_callbacks
    ):
        order = make_order(user)
        open_bill(bill_id=order.bill_id)

        with django_capture_on_commit_callbacks(execute=True):
            response = program.post(f"{API}/orders/{order.number}/reject/")

        assert response.status_code == 202
        task_id = response.json()["reject_bill_task_id"]
        assert Order.objects.get(pk=order.pk).status == "rejected"
        assert Bill.objects.get(pk=order.bill_id).status == "rejected"
        task = program.get(f"{API}/tasks/{task_id}/").json()
        assert (task["id"], task["status"]) == (task_id, "SUCCESS")
        assert task["result"] == {"bill": str(order.bill_id), "status": "rejected"}
        assert task["date_done"]

    def test_a_task_that_has_not_run_is_pending(self, program, user):
        order = make_order(user)
        task_id = program.post(f"{API}/orders/{order.number}/reject/").json()["reject_bill_task_id"]

        task = program.get(f"{API}/tasks/{task_id}/").json()

        assert task == {"id": task_id, "status": "PENDING", "date_done": None, "result": None}

    def test_without_redis_the_bill_says_how_far_it_is_and_nobody_waits(
        self, program, user, monkeypatch, without_redis
    ):
        monkeypatch.setattr(api, "AsyncResult", lambda _id: pytest.fail("Redis was asked"))
        order = make_order(user)
        path = f"{API}/tasks/{reject_order(order=order, by=user).reject_task_id}/"
        before = program.get(path).json()
        Bill.objects.update(status=Status.REJECTED)

        after = program.get(path).json()

        assert (before["status"], before["result"]) == ("PENDING", None)
        assert (after["status"], after["result"]) == (
            "SUCCESS",
            {"bill": str(order.bill_id), "status": "rejected"},
        )

    def test_twice_is_the_same_task(self, program, user):
        path = f"{API}/orders/{make_order(user).number}/reject/"

        assert program.post(path).json() == program.post(path).json()

    def test_a_paid_order_is_refused(self, program, user):
        order = settle(make_order(user), Status.PAID)

        response = program.post(f"{API}/orders/{order.number}/reject/")

        assert (response.status_code, response.json()["code"]) == (409, "not_rejectable")
        assert Order.objects.get(pk=order.pk).status == "paid"


class TestOwnership:
    def list_calls(self, order: Order) -> list[tuple[str, str]]:
        path = f"{API}/orders/{order.number}/"
        return [
            ("get", path),
            ("get", f"{path}bill/"),
            ("post", f"{path}reject/"),
            ("get", f"{API}/tasks/{order.reject_task_id or uuid4()}/"),
        ]

    def test_guests_may_nothing(self, client):
        for method, path in [("get", f"{API}/orders/"), *self.list_calls(make_order())]:
            assert getattr(client, method)(path).status_code == 401

    def test_the_unconfirmed_may_nothing(self, client):
        user = UserFactory(verified=False)
        client.force_login(user)

        for method, path in [("get", f"{API}/orders/"), *self.list_calls(make_order(user))]:
            assert getattr(client, method)(path).json()["code"] == "email_not_verified"

    def test_what_is_anothers_is_not_found(self, program):
        order = make_order()
        Order.objects.filter(pk=order.pk).update(reject_task_id=str(uuid4()))
        order.refresh_from_db()

        for method, path in self.list_calls(order):
            response = getattr(program, method)(path)
            assert (response.status_code, response.json()["code"]) == (404, "not_found")
        assert Order.objects.get(pk=order.pk).status == "pending"

    @pytest.mark.parametrize("number", ["AB-XXXXXX", "17", "9" * 3000, "Заказ", "%27%3B--"])
    def test_what_does_not_exist_is_not_found(self, program, number):
        for path in (f"{API}/orders/{number}/", f"{API}/orders/{number}/bill/"):
            assert program.get(path).status_code == 404

    @pytest.mark.parametrize("task_id", ["abc", "17", "%00", "9" * 500])
    def test_a_task_that_is_none(self, program, task_id):
        assert program.get(f"{API}/tasks/{task_id}/").status_code in {400, 404, 422}
