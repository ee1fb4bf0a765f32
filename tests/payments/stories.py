"""Whatever happens to one bill, in any order: told by Hypothesis, checked when all has come to rest."""

from datetime import timedelta

from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from payments import breaker, jobs, services
from payments.models import Bill, BillEvent
from payments.providers.base import OutcomeUnknown, ProviderUnavailable
from payments.signals import bill_changed
from tests.fixtures.payments import Account

STEPS = 25
FAULTS = ["drop_before", "drop_after", "status", "status_after", "html", "empty", "truncate"]


class BillStory(RuleBasedStateMachine):
    """One bill, its provider, its payer, the network, our workers and jobs, in any order."""

    account: Account  # given by the test

    @initialize()
    def begin(self):
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.account.emulator.reset()
        breaker._close(self.account.code)
        self.told: list[tuple[str, str]] = []
        bill_changed.connect(self._hear)
        self.letters = []
        self.bill = self.make_bill()
        self.go_on()

    def make_bill(self) -> Bill:
        return self.account.make_bill()

    def teardown(self):
        if hasattr(self, "savepoint"):
            try:
                self._come_to_rest()
                self._check()
            finally:
                bill_changed.disconnect(self._hear)
                transaction.set_rollback(True)
                self.savepoint.__exit__(None, None, None)

    def go_on(self):
        """What happens at once, before chance has a say."""

    def _hear(self, *, bill, previous, **_kwargs):
        if bill.pk == self.bill.pk:
            self.told.append((previous, str(bill.status)))

    @property
    def remote(self):
        number = str(self.bill.pk)
        found = [b for b in self.account.bills if number in {b.bill_id, b.custom_fields.get("bill_id")}]
        assert len(found) <= 1, "a second bill"
        return found[0] if found else None

    def _try(self, call):
        try:
            call(bill_id=self.bill.pk)
        except (ProviderUnavailable, OutcomeUnknown):
            breaker._close(self.account.code)  # a minute passes

    @rule()
    def a_worker_opens_it(self):
        self._try(services.open_bill)

    @rule()
    def a_worker_asks(self):
        self._try(services.sync_bill)

    @rule()
    def the_shop_rejects_it(self):
        self._try(services.reject_bill)

    @rule()
    def somebody_looks(self):
        view = services.describe_bill(bill_id=self.bill.pk)
        assert view.status in Bill.Status.values

    @precondition(lambda self: self.remote is not None)
    @rule()
    def the_payer_pays(self):
        if self.account.emulator.pay(self.remote.bill_id).status == "PAID":
            self._note_letter()

    @precondition(lambda self: self.remote is not None)
    @rule()
    def the_payer_declines(self):
        self.account.emulator.reject(self.remote.bill_id)
        self._note_letter()

    def _note_letter(self):
        letter = self.account.emulator.emulator.write_letter(self.remote)
        if letter:
            self.letters.append(letter)

    @precondition(lambda self: self.letters)
    @rule()
    def the_last_news_arrive(self):
        assert self.account.deliver(self.letters[-1], Client()).status_code == 200

    @precondition(lambda self: self.letters)
    @rule()
    def the_first_news_arrive_again(self):
        assert self.account.deliver(self.letters[0], Client()).status_code == 200

    @rule()
    def time_runs_out(self):
        self.account.emulator.move_clock(seconds=4000)
        past = timezone.now() - timedelta(hours=2)
        Bill.objects.filter(pk=self.bill.pk).update(
            created_at=past, expires_at=timezone.now() - timedelta(seconds=1)
        )
        Bill.objects.filter(pk=self.bill.pk, opening_at__isnull=False).update(opening_at=past)

    @rule()
    def the_network_fails_once(self):
        for action in FAULTS[:3]:
            self.account.emulator.fail("*", action)

    @rule()
    def the_answers_are_nonsense(self):
        for action in FAULTS[4:]:
            self.account.emulator.fail("*", action)

    def _come_to_rest(self):
        """All faults end; the periodic jobs do what is left."""
        self.account.emulator.heal()
        for _ in range(3):
            breaker._close(self.account.code)
            long_ago = timezone.now() - timedelta(hours=1)
            Bill.objects.filter(pk=self.bill.pk, opening_at__isnull=False).update(opening_at=long_ago)
            Bill.objects.filter(pk=self.bill.pk, opened_at__isnull=False).update(opened_at=long_ago)
            Bill.objects.filter(pk=self.bill.pk, checked_at__isnull=False).update(checked_at=long_ago)
            Bill.objects.filter(pk=self.bill.pk, reject_requested_at__isnull=False).update(
                reject_requested_at=long_ago
            )
            BillEvent.objects.filter(processed_at=None).update(received_at=long_ago)
            jobs.open_waiting_bills()
            jobs.check_open_bills()
            jobs.reject_unwanted_bills()

    def _check(self):
        bill, remote = Bill.objects.get(pk=self.bill.pk), self.remote
        finals = {"paid", "rejected", "expired"}
        if remote and remote.status in {"PAID", "WAITING"}:
            assert bill.status == remote.status.lower(), (bill.status, remote.status, self.told)
        elif remote:
            assert bill.status in {"rejected", "expired"}
        else:
            assert bill.status in {"created", "rejected", "expired"}
        assert not BillEvent.objects.filter(bill=bill, processed_at=None).exists()
        assert [before for before, after in self.told] == ["created", *[a for _, a in self.told]][
            : len(self.told)
        ]
        assert sum(after == "paid" for _, after in self.told) <= 1
        assert bill.amount == self.bill.amount
        assert bill.overruled == any(before in finals and after == "paid" for before, after in self.told)


def tell(
    story: type[BillStory], account: Account, *, examples: int, phases: tuple[Phase, ...] = tuple(Phase)
) -> None:
    """Have so many stories of the kind happen; the first that ends wrongly fails."""
    told = type("Told", (story,), {"account": account})
    run_state_machine_as_test(
        told,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )
