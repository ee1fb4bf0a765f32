"""Money in the admin: who may see and settle it, and what those who may not have changed: nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import EDITORS, MANAGERS
from payments.models import Bill, Refund
from shop.orders import jobs
from shop.orders.models import Cheque, Mismatch, Order
from shop.orders.services import reject_order
from tests.factories.accounts import UserFactory
from tests.factories.orders import make_order, settle
from tests.factories.payments import BillEventFactory

pytestmark = pytest.mark.django_db
MONEY = "/admin/snippets/shop/mismatch/"
ORDERS = "/admin/snippets/shop/order/"


def sign_in(client, *rights: str):
    user = UserFactory(is_staff=True, name="Марина Кассина")
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *rights]))
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def cashier(client):
    return sign_in(client, "settle_money", "view_order")


def make_owed_row() -> Mismatch:
    order = make_order()
    reject_order(order=order, by=None)
    settle(order, Bill.Status.PAID)
    return Mismatch.objects.get(order=order)


def make_stuck_row() -> Mismatch:
    settle(make_order(), Bill.Status.PAID)
    Cheque.objects.update(status="sending", claimed_at=timezone.now() - timedelta(hours=1))
    jobs.report_stuck_cheques()
    return Mismatch.objects.get(kind="cheque_stuck")


def read(client, path: str, **data: str) -> str:
    response = client.get(path, data)
    assert response.status_code == 200
    return response.content.decode()


class TestList:
    def test_open_rows_are_shown_with_what_matters(self, cashier):
        row = make_owed_row()

        text = read(cashier, MONEY)

        for expected in (row.order.number, "Оплачен после закрытия", "1\xa0030\xa0₽", row.order.name):
            assert expected in text
        assert f"{MONEY}story/{row.pk}/" in text

    def test_settled_rows_are_shown_to_those_who_ask(self, cashier):
        row = make_owed_row()
        cashier.post(f"{MONEY}settle/{row.pk}/", {"reference": "п/п 17"})

        assert row.order.number not in read(cashier, MONEY)
        text = read(cashier, MONEY, state="settled")
        assert row.order.number in text
        assert "Марина Кассина" in text or cashier.user.email in text

    def test_it_is_filtered_by_kind(self, cashier):
        owed, stuck = make_owed_row(), make_stuck_row()

        text = read(cashier, MONEY, kind="cheque_stuck")

        assert stuck.order.number in text
        assert owed.order.number not in text

    def test_more_rows_ask_no_more_questions(self, cashier):
        make_owed_row()
        read(cashier, MONEY)
        counts = []
        for _more in range(2):
            with CaptureQueriesContext(connection) as queries:
                read(cashier, MONEY)
            counts.append(len(queries))
            for _row in range(3):
                make_owed_row()

        assert counts[0] == counts[1]

    def test_fifty_are_on_a_page(self, cashier):
        order = make_order()
        Mismatch.objects.bulk_create(
            Mismatch(kind="out_of_step", subject=f"order:{number}", order=order) for number in range(51)
        )

        assert read(cashier, MONEY).count(order.number) == 50
        assert read(cashier, MONEY, p="2").count(order.number) == 1

    def test_it_is_in_the_menu_of_those_who_may(self, cashier, client):
        assert f'"url": "{MONEY}"' in read(cashier, "/admin/")
        sign_in(client, "view_order")
        assert f'"url": "{MONEY}"' not in read(client, "/admin/")


class TestStory:
    def test_it_tells_all_that_happened(self, cashier):
        row = make_owed_row()
        BillEventFactory(bill=row.bill, result="applied", payload={"status": "<b>PAID</b>"})

        text = read(cashier, f"{MONEY}story/{row.pk}/")

        for expected in (
            row.order.number,
            row.order.lines.get().title,
            str(row.bill_id),
            "Заказ принят",
            "Заказ отменён",
            "Пришли деньги за закрытый заказ",
            "&lt;b&gt;PAID",
            "деньги будут возвращены",
            "Отметить возврат: 1\xa0030\xa0₽",
        ):
            assert expected in text

    def test_a_message_about_no_bill_of_ours_is_shown(self, cashier):
        BillEventFactory(
            bill=None, provider="qiwi", external_id="x", result="unknown_bill", payload={"a": 17}
        )
        jobs.note_mismatches()

        assert "17" in read(cashier, f"{MONEY}story/{Mismatch.objects.get().pk}/")

    def test_more_events_ask_no_more_questions(self, cashier):
        row = make_owed_row()
        path = f"{MONEY}story/{row.pk}/"
        read(cashier, path)
        with CaptureQueriesContext(connection) as few:
            read(cashier, path)
        BillEventFactory.create_batch(5, bill=row.bill)
        with CaptureQueriesContext(connection) as many:
            read(cashier, path)

        assert len(few) == len(many)

    @pytest.mark.parametrize("path", ["story/999999/", "settle/999999/", "note/999999/", "ask/999999/"])
    def test_what_is_not_there_is_not_found(self, cashier, path):
        assert cashier.get(MONEY + path).status_code == 404


class TestSettling:
    def test_looking_changes_nothing(self, cashier):
        row = make_owed_row()

        read(cashier, f"{MONEY}settle/{row.pk}/")

        assert not Refund.objects.exists()
        assert not Mismatch.objects.get().is_taken

    def test_the_button_gives_back_and_says_so(self, cashier):
        row = make_owed_row()

        response = cashier.post(f"{MONEY}settle/{row.pk}/", {"reference": "п/п 17"}, follow=True)

        row.refresh_from_db()
        assert row.settled_by == cashier.user
        assert Refund.objects.get().external_id == "п/п 17"
        assert "Деньги возвращаются покупателю" in response.content.decode()
        assert set(row.order.events.filter(by=cashier.user).values_list("event", flat=True)) == {
            "refund_requested",
            "refunded",
            "mismatch_settled",
        }

    def test_without_a_reference_the_form_asks_again(self, cashier):
        row = make_owed_row()

        read_again = cashier.post(f"{MONEY}settle/{row.pk}/", {"reference": ""})

        assert read_again.status_code == 200
        assert not Refund.objects.exists()

    def test_who_comes_second_is_told(self, cashier):
        row = make_owed_row()
        Mismatch.objects.update(taken_at=timezone.now(), taken_by=UserFactory(email="first@example.com"))

        response = cashier.post(f"{MONEY}settle/{row.pk}/", {"reference": "п/п 18"}, follow=True)

        assert "этим уже занимаются" in response.content.decode()
        assert not Refund.objects.exists()

    def test_a_cheque_that_may_be_a_repetition_comes_with_a_warning(self, cashier):
        row = make_stuck_row()

        assert "покупатель может получить его дважды" in read(cashier, f"{MONEY}settle/{row.pk}/")
        cashier.post(f"{MONEY}settle/{row.pk}/")

        assert Cheque.objects.get().status == "pending"
        assert Mismatch.objects.get().taken_by == cashier.user

    def test_a_provider_that_is_away_is_said_to_be(self, cashier):
        order = settle(make_order(), Bill.Status.PAID)
        Bill.objects.update(opening_at=timezone.now())
        row = Mismatch.objects.create(kind="out_of_step", subject="x", order=order, bill=order.bill)

        response = cashier.post(f"{MONEY}settle/{row.pk}/", follow=True)

        assert "не отвечает" in response.content.decode()
        assert Mismatch.objects.get().is_open

    def test_a_note_settles_what_only_a_person_can_judge(self, cashier):
        row = Mismatch.objects.create(kind="bill_unknown", subject="billevent:1")

        cashier.post(f"{MONEY}note/{row.pk}/", {"note": "Чужой счёт"})

        row.refresh_from_db()
        assert (row.note, row.settled_by) == ("Чужой счёт", cashier.user)

    def test_a_payment_of_another_sum_went_back_as_somebody_says_and_its_order_is_given_up(self, cashier):
        order = make_order()
        row = Mismatch.objects.create(kind="amount_differs", subject="x", order=order, bill=order.bill)
        story, page = f"{MONEY}story/{row.pk}/", f"{MONEY}settle/{row.pk}/"

        assert f"{MONEY}ask/{row.pk}/" in read(cashier, story)
        assert f"{MONEY}note/{row.pk}/" not in read(cashier, story)
        assert "Заказ ещё ждёт оплаты" in read(cashier, page)
        for wrong in ("", " ", "\0", "x" * 201):
            assert cashier.post(page, {"reference": wrong}).status_code == 200
        assert Order.objects.get().status == "pending"

        cashier.post(page, {"reference": "п/п 17"})

        row.refresh_from_db()
        assert (row.settled_by, row.note) == (cashier.user, "п/п 17")
        assert Order.objects.get().status == "rejected"

    def test_who_settles_what_was_paid_in_this_very_moment_is_told(self, cashier, monkeypatch):
        order = settle(make_order(), Bill.Status.PAID)
        row = Mismatch.objects.create(kind="amount_differs", subject="x", order=order, bill=order.bill)
        monkeypatch.setattr("shop.orders.money_views.get_action", lambda row: "return")

        response = cashier.post(f"{MONEY}settle/{row.pk}/", {"reference": "п/п 17"}, follow=True)

        assert "только что изменилось" in response.content.decode()
        assert Order.objects.get().status == "paid"
        assert Mismatch.objects.get().is_open

    @pytest.mark.parametrize("reference", ["\0", "x" * 5000])
    def test_hostile_words_change_nothing(self, cashier, reference):
        row = make_owed_row()

        response = cashier.post(f"{MONEY}settle/{row.pk}/", {"reference": reference})

        assert response.status_code in {200, 400}
        assert not Refund.objects.exists()


class TestRefundOfAnOrder:
    def test_the_order_page_has_the_button_for_a_paid_order_alone(self, cashier):
        paid, unpaid = settle(make_order(), Bill.Status.PAID), make_order()

        assert f"{ORDERS}refund/{paid.pk}/" in read(cashier, f"{ORDERS}inspect/{paid.pk}/")
        assert f"{ORDERS}refund/{unpaid.pk}/" not in read(cashier, f"{ORDERS}inspect/{unpaid.pk}/")

    def test_a_part_goes_back(self, cashier):
        order = settle(make_order(), Bill.Status.PAID)
        data = {"amount": "30.00", "reason": "Помялись", "reference": "п/п 17", "key": str(uuid4())}

        for _twice in range(2):
            cashier.post(f"{ORDERS}refund/{order.pk}/", data)

        assert [str(refund.amount) for refund in Refund.objects.all()] == ["30.00"]
        assert Order.objects.get().status == "paid"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"amount": "1030.01"},
            {"amount": "-1"},
            {"amount": "0"},
            {"amount": "NaN"},
            {"amount": "1e999"},
            {"amount": "30.001"},
            {"reference": ""},
            {"reason": ""},
            {"key": "x"},
        ],
    )
    def test_nothing_else_does(self, cashier, wrong):
        order = settle(make_order(), Bill.Status.PAID)
        data = {"amount": "30.00", "reason": "Помялись", "reference": "п/п 17", "key": str(uuid4())}

        response = cashier.post(f"{ORDERS}refund/{order.pk}/", data | wrong)

        assert response.status_code == 200
        assert not Refund.objects.exists()

    def test_an_unpaid_order_has_nothing_to_give_back(self, cashier):
        order = make_order()

        response = cashier.post(f"{ORDERS}refund/{order.pk}/", {"amount": "1", "reason": "x"})

        assert response.status_code == 302
        assert not Refund.objects.exists()


class TestRights:
    def test_managers_have_the_right_and_editors_have_not(self):
        def may(group: str) -> bool:
            return Group.objects.get(name=group).permissions.filter(codename="settle_money").exists()

        assert (may(MANAGERS), may(EDITORS)) == (True, False)

    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("page", ["story", "settle", "note", "ask"])
    def test_without_it_no_page_opens_and_nothing_changes(self, client, method, page):
        sign_in(client, "view_order", "change_order", "view_mismatch", "change_mismatch", "delete_mismatch")
        row = make_owed_row()

        response = getattr(client, method)(
            f"{MONEY}{page}/{row.pk}/", {"reference": "п/п 17", "note": "Так надо"}
        )

        assert response.status_code in {302, 403, 405}
        assert row.order.number not in response.content.decode()
        assert Mismatch.objects.get().is_open
        assert not Refund.objects.exists()

    @pytest.mark.parametrize("path", ["", "results/", f"edit/{1}/", f"inspect/{1}/", f"delete/{1}/", "add/"])
    def test_without_it_there_is_no_list(self, client, path):
        sign_in(client, "view_order", "view_mismatch", "change_mismatch", "delete_mismatch")
        row = make_owed_row()

        response = client.get(f"{MONEY}{path}")

        assert response.status_code in {302, 403, 404}
        assert row.order.number not in response.content.decode()

    def test_without_it_an_order_is_not_refunded(self, client):
        sign_in(client, "view_order", "change_order")
        order = settle(make_order(), Bill.Status.PAID)
        data = {"amount": "30.00", "reason": "x", "reference": "y", "key": str(uuid4())}

        response = client.post(f"{ORDERS}refund/{order.pk}/", data)

        assert response.status_code in {302, 403}
        assert not Refund.objects.exists()
        assert "refund/" not in read(client, f"{ORDERS}inspect/{order.pk}/")

    @pytest.mark.parametrize("path", ["add/", "edit/{pk}/", "delete/{pk}/"])
    def test_not_even_an_owner_edits_rows_by_hand(self, client, path):
        client.force_login(UserFactory(is_staff=True, is_superuser=True))
        row = make_owed_row()

        client.post(MONEY + path.format(pk=row.pk), {"kind": "refused", "subject": "x"})

        assert Mismatch.objects.get().kind == "paid_late"
