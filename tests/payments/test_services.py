"""Bills from beginning to end, against the emulator."""

import time
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from payments import facade, services
from payments.models import Bill, BillEvent
from payments.providers.base import OutcomeUnknown, ProviderUnavailable, RequestRejected, Unsupported
from payments.signals import bill_changed
from tests.factories.payments import BillEventFactory, BillFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def bill(qiwi_emulator) -> Bill:
    return services.create_bill(
        amount=Decimal("1250.00"),
        comment="Заказ 17",
        expires_at=timezone.now() + timedelta(hours=1),
        return_url="http://shop.example/pay/",
    )


@pytest.fixture
def opened(bill) -> Bill:
    return services.open_bill(bill_id=bill.pk)


def reload(bill: Bill) -> Bill:
    return Bill.objects.get(pk=bill.pk)


def results() -> list[str]:
    return list(BillEvent.objects.order_by("pk").values_list("result", flat=True))


class TestCreating:
    def test_a_new_bill_is_unknown_to_the_provider(self, bill, qiwi_emulator):
        assert (bill.status, bill.provider, bill.account) == ("created", "qiwi", qiwi_emulator.site_id)
        assert bill.external_id == str(bill.pk)
        assert qiwi_emulator.requests == []

    def test_the_caller_may_choose_the_number(self, qiwi_emulator):
        chosen = uuid4()

        bill = services.create_bill(
            amount=Decimal(1), comment="", expires_at=timezone.now() + timedelta(hours=1), bill_id=chosen
        )

        assert bill.pk == chosen

    @pytest.mark.parametrize(
        "change",
        [
            {"amount": Decimal("0.004")},
            {"amount": Decimal("1000000.00")},
            {"currency": "USD"},
            {"expires_at": timezone.now() + timedelta(days=46)},
        ],
    )
    def test_what_the_provider_cannot_take_is_refused_at_once(self, qiwi_emulator, change):
        values = {"amount": Decimal(1), "comment": "", "expires_at": timezone.now() + timedelta(hours=1)}

        with pytest.raises(Unsupported):
            services.create_bill(**(values | change))

        assert not Bill.objects.exists()


class TestOpening:
    def test_an_opened_bill_can_be_paid(self, bill, heard, qiwi_emulator):
        opened = services.open_bill(bill_id=bill.pk)

        assert opened.status == "waiting"
        assert opened.pay_url.startswith(f"{qiwi_emulator.url}/form/?invoice_uid=")
        assert opened.pay_url.endswith("successUrl=http%3A%2F%2Fshop.example%2Fpay%2F")
        assert heard == [("created", "waiting")]
        assert results() == ["applied"]

    def test_opening_twice_is_opening_once(self, opened, heard, qiwi_emulator):
        again = services.open_bill(bill_id=opened.pk)

        assert again.pay_url == opened.pay_url
        assert heard == []
        assert len(qiwi_emulator.requests) == 1

    def test_a_lost_answer_is_looked_up_and_the_bill_adopted(self, bill, qiwi_emulator):
        qiwi_emulator.fail("create", "drop_after", times=3)

        assert services.open_bill(bill_id=bill.pk).status == "waiting"
        assert qiwi_emulator.requests[-1]["operation"] == "fetch"
        assert len(qiwi_emulator.emulator.book.list_all()) == 1

    def test_a_lost_request_leaves_the_bill_to_be_tried_again(self, bill, qiwi_emulator, heard):
        qiwi_emulator.fail("create", "drop_before", times=3)

        with pytest.raises(OutcomeUnknown):
            services.open_bill(bill_id=bill.pk)

        assert reload(bill).status == "created"
        assert heard == []
        assert services.open_bill(bill_id=bill.pk).status == "waiting"

    def test_a_provider_that_is_away_leaves_the_bill_as_it_is(self, bill, settings):
        settings.QIWI_API_URL = "http://127.0.0.1:1"

        with pytest.raises(ProviderUnavailable):
            services.open_bill(bill_id=bill.pk, timeout=0.5)

        assert reload(bill).status == "created"

    def test_a_refusal_is_recorded_as_an_alarm(self, bill, settings):
        settings.QIWI_SECRET_KEY = "wrong"

        with pytest.raises(RequestRejected):
            services.open_bill(bill_id=bill.pk)

        assert reload(bill).status == "created"
        assert results() == ["refused"]

    def test_another_bill_under_its_number_is_left_alone(self, bill, qiwi_emulator):
        services.open_bill(bill_id=bill.pk)
        Bill.objects.update(status="created", amount=Decimal("1.00"), opened_at=None)

        after = services.open_bill(bill_id=bill.pk)

        assert (after.status, after.opened_at) == ("created", None)
        assert results() == ["applied", "mismatch"]

    def test_a_wrong_account_is_left_alone(self, bill, qiwi_emulator):
        Bill.objects.update(account="expected-00")

        assert services.open_bill(bill_id=bill.pk).status == "created"
        assert BillEvent.objects.get().detail == "account: ours expected-00, theirs 9hh4jb-00"

    def test_a_bill_closed_while_it_was_being_opened_is_closed_there_too(
        self, bill, qiwi_emulator, monkeypatch
    ):
        from payments import exchange

        create = exchange._create

        def close_meanwhile(*args):
            remote = create(*args)
            Bill.objects.filter(pk=bill.pk).update(status="expired")
            return remote

        monkeypatch.setattr(exchange, "_create", close_meanwhile)

        assert services.open_bill(bill_id=bill.pk).status == "expired"
        assert qiwi_emulator.get(bill.pk).status == "REJECTED"

    def test_a_bill_past_its_time_is_not_opened(self, bill, qiwi_emulator):
        Bill.objects.update(created_at=timezone.now() - timedelta(hours=2), expires_at=timezone.now())

        assert services.open_bill(bill_id=bill.pk).status == "created"
        assert qiwi_emulator.requests == []


class TestSyncing:
    def test_a_payment_is_found_and_told_once(self, opened, heard, qiwi_emulator):
        qiwi_emulator.pay(opened.pk)

        for _ in range(3):
            paid = services.sync_bill(bill_id=opened.pk)

        assert paid.status == "paid"
        assert paid.paid_at
        assert not paid.overruled
        assert heard == [("waiting", "paid")]

    def test_no_news_changes_nothing_but_the_time_of_asking(self, opened, heard):
        services.sync_bill(bill_id=opened.pk)
        services.sync_bill(bill_id=opened.pk)

        assert reload(opened).checked_at
        assert heard == []
        assert results() == ["applied", "unchanged"]

    def test_an_expiry_is_the_providers_to_declare(self, opened, heard, qiwi_emulator):
        Bill.objects.update(created_at=timezone.now() - timedelta(hours=2), expires_at=timezone.now())

        assert services.sync_bill(bill_id=opened.pk).status == "waiting"
        qiwi_emulator.move_clock(seconds=7200)
        assert services.sync_bill(bill_id=opened.pk).status == "expired"
        assert heard == [("waiting", "expired")]

    @pytest.mark.parametrize("status", ["rejected", "expired"])
    def test_money_overrules_a_closed_bill(self, opened, heard, qiwi_emulator, status):
        Bill.objects.update(status=status)
        qiwi_emulator.pay(opened.pk)

        paid = services.sync_bill(bill_id=opened.pk)

        assert (paid.status, paid.overruled) == ("paid", True)
        assert heard == [(status, "paid")]

    def test_another_amount_is_an_alarm_and_no_payment(self, opened, heard, qiwi_emulator):
        qiwi_emulator.pay(opened.pk)
        Bill.objects.update(amount=Decimal("1.00"))

        assert services.sync_bill(bill_id=opened.pk).status == "waiting"
        assert heard == []
        assert results()[-1] == "mismatch"

    def test_a_receiver_that_fails_undoes_the_payment_which_is_found_again(self, opened, qiwi_emulator):
        qiwi_emulator.pay(opened.pk)

        def fail(**_kwargs):
            raise RuntimeError

        bill_changed.connect(fail)
        try:
            with pytest.raises(RuntimeError):
                services.sync_bill(bill_id=opened.pk)
        finally:
            bill_changed.disconnect(fail)
        assert reload(opened).status == "waiting"
        assert services.sync_bill(bill_id=opened.pk).status == "paid"

    def test_a_provider_that_is_away_changes_nothing(self, opened, qiwi_emulator, heard):
        qiwi_emulator.fail("fetch", times=None)

        with pytest.raises(ProviderUnavailable):
            services.sync_bill(bill_id=opened.pk)

        assert reload(opened).checked_at == opened.checked_at
        assert heard == []

    def test_a_bill_never_opened_expires_by_our_own_clock(self, bill, heard, settings):
        settings.QIWI_API_URL = "http://127.0.0.1:1"
        Bill.objects.update(created_at=timezone.now() - timedelta(hours=2), expires_at=timezone.now())

        assert services.sync_bill(bill_id=bill.pk).status == "expired"
        assert heard == [("created", "expired")]

    def test_a_waiting_bill_the_provider_forgot_is_an_alarm_and_expires_late(self, opened, qiwi_emulator):
        qiwi_emulator.reset()
        assert services.sync_bill(bill_id=opened.pk).status == "waiting"
        assert results()[-1] == "not_found"

        long_ago = timezone.now() - timedelta(hours=2)
        Bill.objects.update(
            created_at=long_ago, opening_at=long_ago, expires_at=long_ago + timedelta(hours=1)
        )
        assert services.sync_bill(bill_id=opened.pk).status == "expired"

    def test_only_news_from_before_the_question_counts_as_read(self, opened, qiwi_emulator):
        before = BillEventFactory(bill=opened)
        after = BillEventFactory(bill=opened, received_at=timezone.now() + timedelta(minutes=1))
        qiwi_emulator.pay(opened.pk)

        services.sync_bill(bill_id=opened.pk)

        assert BillEvent.objects.get(pk=before.pk).result == "applied"
        assert BillEvent.objects.get(pk=after.pk).processed_at is None


class TestRejecting:
    def test_a_waiting_bill_is_rejected_by_the_provider(self, opened, heard, qiwi_emulator):
        rejected = services.reject_bill(bill_id=opened.pk)

        assert rejected.status == "rejected"
        assert rejected.reject_requested_at
        assert qiwi_emulator.get(opened.pk).status == "REJECTED"
        assert heard == [("waiting", "rejected")]

    def test_rejecting_twice_is_rejecting_once(self, opened, heard, qiwi_emulator):
        services.reject_bill(bill_id=opened.pk)
        asked = len(qiwi_emulator.requests)

        assert services.reject_bill(bill_id=opened.pk).status == "rejected"
        assert len(qiwi_emulator.requests) == asked
        assert heard == [("waiting", "rejected")]

    def test_a_payment_that_came_first_wins(self, opened, heard, qiwi_emulator):
        qiwi_emulator.pay(opened.pk)

        assert services.reject_bill(bill_id=opened.pk).status == "paid"
        assert heard == [("waiting", "paid")]

    def test_a_lost_answer_is_looked_up(self, opened, qiwi_emulator):
        qiwi_emulator.fail("reject", "drop_after", times=3)

        assert services.reject_bill(bill_id=opened.pk).status == "rejected"

    def test_a_provider_that_is_away_closes_nothing(self, opened, heard, qiwi_emulator):
        qiwi_emulator.fail(times=None)

        with pytest.raises(ProviderUnavailable):
            services.reject_bill(bill_id=opened.pk)

        assert reload(opened).status == "waiting"
        assert reload(opened).reject_requested_at
        assert heard == []

    def test_a_bill_never_opened_is_closed_here_and_never_opened_after(self, bill, heard, qiwi_emulator):
        assert services.reject_bill(bill_id=bill.pk).status == "rejected"
        assert services.open_bill(bill_id=bill.pk).status == "rejected"
        assert qiwi_emulator.requests == []
        assert heard == [("created", "rejected")]

    def test_a_bill_that_may_be_on_its_way_is_not_closed_here(self, bill, qiwi_emulator):
        Bill.objects.update(opening_at=timezone.now())

        with pytest.raises(OutcomeUnknown):
            services.reject_bill(bill_id=bill.pk)

        assert reload(bill).status == "created"

    def test_a_bill_whose_request_was_lost_is_closed_once_it_can_no_longer_arrive(self, bill, qiwi_emulator):
        Bill.objects.update(opening_at=timezone.now() - timedelta(minutes=3))

        assert services.reject_bill(bill_id=bill.pk).status == "rejected"

    def test_a_requested_rejection_stops_the_opening_and_is_done_after_commit(
        self, bill, qiwi_emulator, eager_tasks, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            task_id = services.request_reject(bill_id=bill.pk)
            assert services.open_bill(bill_id=bill.pk).status == "created"

        assert len(task_id) == 36
        assert reload(bill).status == "rejected"


class TestDescribing:
    def test_a_waiting_bill_is_asked_about_once_a_minute(
        self, opened, qiwi_emulator, django_assert_num_queries
    ):
        first = services.describe_bill(bill_id=opened.pk)
        asked = len(qiwi_emulator.requests)
        with django_assert_num_queries(0):
            again = services.describe_bill(bill_id=opened.pk)

        assert again == first
        assert len(qiwi_emulator.requests) == asked
        assert (first.amount, first.currency, first.status, first.stale) == (
            Decimal("1250.00"),
            "RUB",
            "waiting",
            False,
        )
        assert (first.pay_url, first.expire_time) == (opened.pay_url, opened.expires_at)

    def test_a_provider_that_is_away_leaves_the_last_known_state(self, opened, qiwi_emulator):
        qiwi_emulator.fail("fetch", times=None)

        view = services.describe_bill(bill_id=opened.pk)

        assert (view.status, view.stale) == ("waiting", True)
        qiwi_emulator.heal()
        assert not services.describe_bill(bill_id=opened.pk).stale

    def test_news_is_shown_and_left_to_the_worker(self, opened, qiwi_emulator, eager_tasks):
        qiwi_emulator.pay(opened.pk)

        view = services.describe_bill(bill_id=opened.pk)

        assert (view.status, view.pay_url) == ("paid", "")
        assert reload(opened).status == "paid"

    def test_a_change_is_shown_at_once(self, opened, qiwi_emulator, django_capture_on_commit_callbacks):
        assert services.describe_bill(bill_id=opened.pk).status == "waiting"

        with django_capture_on_commit_callbacks(execute=True):
            services.reject_bill(bill_id=opened.pk)

        assert services.describe_bill(bill_id=opened.pk).status == "rejected"

    def test_a_picture_made_before_the_news_is_not_kept(self, opened, qiwi_emulator, monkeypatch):
        from payments import cache, facade

        keep = facade.keep_view

        def keep_late(bill_id, view, *, generation):
            cache.drop_view(bill_id)
            keep(bill_id, view, generation=generation)

        monkeypatch.setattr(facade, "keep_view", keep_late)
        services.describe_bill(bill_id=opened.pk)

        assert cache.get_view(opened.pk) is None

    def test_while_one_asks_the_others_do_not(self, opened, qiwi_emulator):
        from django.core.cache import cache

        from payments.cache import get_flight_key

        cache.add(get_flight_key(opened.pk), 1, 10)
        asked = len(qiwi_emulator.requests)

        assert services.describe_bill(bill_id=opened.pk).stale
        assert len(qiwi_emulator.requests) == asked

    @pytest.mark.parametrize("trait", [{}, {"paid": True}, {"rejected": True}])
    def test_what_only_we_can_know_is_not_asked(self, trait, qiwi_emulator):
        bill = BillFactory(**trait)

        view = services.describe_bill(bill_id=bill.pk)

        assert (view.status, view.pay_url, view.stale) == (bill.status, "", False)
        assert qiwi_emulator.requests == []

    def test_without_redis_each_asks_for_itself_and_waits_for_nobody(
        self, opened, qiwi_emulator, without_redis
    ):
        asked = len(qiwi_emulator.requests)
        started = time.monotonic()

        views = [services.describe_bill(bill_id=opened.pk) for _ in range(2)]

        assert [(view.status, view.stale) for view in views] == [("waiting", False)] * 2
        assert len(qiwi_emulator.requests) == asked + 2
        assert time.monotonic() - started < facade.WAIT_FOR_OTHERS

    def test_an_unknown_bill_is_none(self):
        with pytest.raises(Bill.DoesNotExist):
            services.describe_bill(bill_id=uuid4())
