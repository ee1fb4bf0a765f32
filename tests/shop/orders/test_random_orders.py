"""Whatever happens to an order in whatever order, in the end goods, money and cheque agree."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from hypothesis import Phase
from hypothesis.stateful import precondition, rule

from payments import breaker
from payments import jobs as payment_jobs
from payments import services as payments
from shop.cart.services import add_to_cart
from shop.catalog.models import Lot
from shop.delivery.models import DeliverySlot
from shop.orders import jobs, releasing
from shop.orders.invariants import find_violations
from shop.orders.models import Cheque, Letter, Order
from shop.orders.services import NotRejectable, reject_order
from tests.factories.accounts import UserFactory
from tests.factories.catalog import PackFactory
from tests.factories.orders import SlotFactory, ZoneFactory, place, want
from tests.fixtures.payments import Account
from tests.payments.stories import BillStory, tell

pytestmark = pytest.mark.django_db
# With each provider.
QUICK, ALL = 6, 250
STOCK, BOUGHT, PLACES = 3, 2, 2
HOLDING = {"pending": "waiting", "paid": "packing"}


class OrderStory(BillStory):
    """One order of scarce berries for a scarce slot: its shopper, its bill, others who want the same."""

    def make_bill(self):
        mail.outbox.clear()
        connection.run_on_commit = []
        self.pack, self.zone = PackFactory(stock=STOCK), ZoneFactory()
        self.slot, self.other_slot = SlotFactory(capacity=PLACES), SlotFactory(capacity=1000)
        self.others_in_slot = self.others_packs = 0
        self.changed_mind = False
        self.shopper = UserFactory()
        self.order = self._buy(self.shopper, self.pack, BOUGHT, self.slot)
        return self.order.bill

    def go_on(self):
        self._try(payments.open_bill)  # as the checkout does, and mostly succeeds

    def _buy(self, user, pack, quantity, slot):
        add_to_cart(user=user, pack_id=pack.pk, quantity=quantity)
        return place(user, want(zone=self.zone, slot=slot))

    @property
    def left(self) -> int:
        return Lot.objects.get(pack=self.pack).left

    @property
    def taken(self) -> int:
        return DeliverySlot.objects.get(pk=self.slot.pk).taken

    @rule()
    def the_shopper_cancels(self):
        try:
            reject_order(order=self.order, by=self.shopper)
            self.changed_mind = True
        except NotRejectable:
            pass  # money came first, or time was over: nothing was changed, and the end is checked

    @precondition(lambda self: self.left)
    @rule()
    def somebody_else_buys_all_that_is_left(self):
        self.others_packs += (packs := self.left)
        self._buy(UserFactory(), self.pack, packs, self.other_slot)

    @precondition(lambda self: self.taken < PLACES)
    @rule()
    def somebody_else_takes_a_place_of_the_slot(self):
        self.others_in_slot += 1
        self._buy(UserFactory(), PackFactory(stock=1), 1, self.slot)

    @precondition(lambda self: self.remote is not None)
    @rule()
    def the_payer_pays_and_we_hear_of_it(self):
        self.the_payer_pays()
        self.a_worker_asks()

    @precondition(lambda self: self.remote is not None and self.remote.status in {"REJECTED", "EXPIRED"})
    @rule()
    def money_comes_after_the_end(self):
        late = partial(replace, status="PAID")
        letter = self.account.emulator.emulator.write_letter(
            self.account.emulator.emulator.book.amend(self.remote.bill_id, late)
        )
        assert self.account.deliver(letter).status_code == 200

    @rule()
    def the_worker_does_what_it_was_told(self):
        told, connection.run_on_commit = connection.run_on_commit, []
        for _savepoints, work, _is_robust in told:
            work()
        breaker._close(self.account.code)  # a minute passes

    @rule()
    def the_worker_loses_what_it_was_told(self):
        connection.run_on_commit = []

    @rule()
    def a_minute_of_jobs(self):
        for job in (payment_jobs.check_open_bills, payment_jobs.reject_unwanted_bills, jobs.reconcile_orders):
            job()
        breaker._close(self.account.code)

    def _come_to_rest(self):
        super()._come_to_rest()
        assert jobs.reconcile_orders() == 0, "an order did not hear of its bill in time"
        long_ago = timezone.now() - timedelta(hours=1)
        Cheque.objects.update(created_at=long_ago)
        Letter.objects.update(created_at=long_ago)
        for _ in range(2):
            jobs.send_pending_cheques()
            jobs.send_pending_letters()

    def _check(self):
        super()._check()
        order = Order.objects.with_details().get(pk=self.order.pk)
        assert order.status == self._foretell(order)
        self._check_goods(order)
        self._check_mails(order)
        assert find_violations() == []

    def _foretell(self, order) -> str:
        """How the order has to stand, from how its bill stands and what was seen to happen."""
        bill = order.bill
        ending = next((e.event for e in order.events.all() if e.event in {"rejected", "expired"}), None)
        if bill.status != "paid":
            assert (order.paid_at, order.needs_refund) == (None, False)
            if self.changed_mind:
                assert bill.is_final or bill.reject_requested_at
                return "rejected"
            return "pending" if bill.is_open else str(bill.status)
        assert order.paid_at == bill.paid_at
        is_wanted = not self.changed_mind or bill.overruled
        if ending is None or (is_wanted and not order.needs_refund):
            return "paid"
        if is_wanted:  # others have bought them by then; they never give anything back
            assert self.left < BOUGHT or self.taken == PLACES
        assert order.needs_refund
        return ending

    def _check_goods(self, order):
        holds = order.status in HOLDING
        assert order.delivery.status == HOLDING.get(order.status, "canceled")
        assert self.left == STOCK - self.others_packs - BOUGHT * holds
        assert self.taken == self.others_in_slot + holds

    def _check_mails(self, order):
        is_paid = order.status == "paid"
        assert list(Cheque.objects.values_list("order", "status")) == [(order.pk, "sent")] * is_paid
        due = [("refund_due", "sent")] * order.needs_refund
        assert list(order.letters.values_list("kind", "status")) == due
        ours = [message for message in mail.outbox if message.to == [order.email]]
        assert len(ours) == is_paid + order.needs_refund


def test_an_order_comes_to_the_right_end_whatever_happens(account, eager_tasks):
    tell(OrderStory, account, examples=QUICK)


@pytest.mark.faults
def test_five_hundred_orders_come_to_the_right_end(account, eager_tasks):
    tell(OrderStory, account, examples=ALL)


@pytest.mark.parametrize("forgotten", ["return_stock", "cancel_delivery"])
def test_a_shop_that_forgets_a_step_is_caught(qiwi_emulator, settings, eager_tasks, monkeypatch, forgotten):
    """The control: without it nobody knows that the stories can fail."""
    monkeypatch.setattr(releasing, forgotten, lambda **_kwargs: None)

    with pytest.raises(AssertionError):
        tell(OrderStory, Account("qiwi", qiwi_emulator, settings), examples=ALL, phases=(Phase.generate,))
