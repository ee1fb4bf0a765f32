"""PostgreSQL goes away under load and comes back: a polite 503 meanwhile, healed at once, nothing lost."""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle
from threading import Event

import dj_database_url
import pytest
import requests
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from shop.cart.services import add_to_cart
from shop.orders.invariants import find_violations
from shop.orders.models import Cheque, Order
from tests.database import connect_to_server, ensure_template
from tests.factories.accounts import UserFactory
from tests.factories.catalog import PackFactory, get_catalog_page
from tests.factories.orders import SlotFactory, ZoneFactory
from tests.faults.buyers import Buyer
from tests.faults.engines import PostgresServer, wait_until
from tests.faults.programs import ROOT, ShopStack

pytestmark = pytest.mark.faults
BUYERS = 60
HEALED_WITHIN = 5.0
AWAY_SECONDS = 1.5
PLACE = ("HOST", "PORT", "USER", "PASSWORD", "NAME")


@pytest.fixture(scope="module")
def own_postgres(running_shop: ShopStack, django_db_blocker: DjangoDbBlocker) -> Iterator[PostgresServer]:
    """A PostgreSQL of this module's own, which this process and the running shop use meanwhile."""
    server = PostgresServer(ROOT / "var" / "test" / "postgres-restart")
    own = {name: dj_database_url.parse(server.url)[name] for name in PLACE}
    known = {name: connection.settings_dict[name] for name in PLACE}
    running_shop.stop_programs()
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(own)
        with connect_to_server() as postgres:
            template = ensure_template(postgres)
            postgres.execute("DROP DATABASE IF EXISTS restarted WITH (FORCE)")
            postgres.execute(f"CREATE DATABASE restarted TEMPLATE {template}")
            # A crash may take nothing that was committed.
            postgres.execute("ALTER DATABASE restarted SET synchronous_commit = on")
        connection.settings_dict["NAME"] = "restarted"
        yield server
        running_shop.stop_programs()
        connection.close()
        connection.settings_dict.update(known)
    server.release()


@pytest.fixture
def restartable(own_postgres: PostgresServer, shop_stack: ShopStack) -> ShopStack:
    return shop_stack


@dataclass
class Watch:
    """What everybody who asked was told, and when."""

    answers: list[tuple[float, str, int]] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    def note(self, who: str, status: int) -> int:
        self.answers.append((time.monotonic(), who, status))
        return status

    def count(self, who: str) -> Counter[int]:
        return Counter(status for _at, name, status in self.answers if name == who)

    def find_healed(self, who: str, since: float) -> float:
        """How long after `since` the last refusal was."""
        refusals = [at for at, name, status in self.answers if name == who and status == 503 and at > since]
        return max(refusals, default=since) - since


def buy(buyer: Buyer, watch: Watch) -> None:
    """Order, and press again as long as the shop asks for patience."""
    while watch.note("order", buyer.order_by_api().status) == 503:
        time.sleep(0.2)


def look(url: str, who: str, watch: Watch) -> None:
    """Load the page again and again."""
    while not watch.over.is_set():
        watch.note(who, requests.get(url, timeout=30).status_code)
        time.sleep(0.05)


def pay_all(stack: ShopStack, watch: Watch) -> None:
    """Pay whatever there is to be paid, so that notifications keep coming."""
    while not watch.over.is_set():
        for bill in stack.provider.emulator.book.list_all():
            if bill.status == "WAITING":
                stack.provider.pay(bill.bill_id)
        time.sleep(0.05)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["restart", "crash"])
def test_the_shop_asks_for_patience_and_heals_by_itself(own_postgres, restartable, how, tell):
    get_catalog_page()
    zone, slots = ZoneFactory(), cycle([SlotFactory(capacity=1000) for _ in range(8)])
    pack = PackFactory(stock=1000)
    buyers = [Buyer(UserFactory(), restartable.url, zone, next(slots)) for _ in range(BUYERS)]
    for buyer in buyers:
        add_to_cart(user=buyer.user, pack_id=pack.pk)
    connection.close()
    watch = Watch()

    with ThreadPoolExecutor(12) as pool:
        loaders = [
            pool.submit(look, f"{restartable.url}/catalog/", "page", watch),
            pool.submit(look, f"{restartable.url}/api/v1/berries/", "api", watch),
            pool.submit(pay_all, restartable, watch),
        ]
        shopping = [pool.submit(buy, buyer, watch) for buyer in buyers]
        wait_until(lambda: watch.count("order")[201] >= 10, "the first orders")
        own_postgres.stop(how)
        time.sleep(AWAY_SECONDS)
        own_postgres.start()
        back = time.monotonic()
        for job in shopping:
            job.result(120)
        time.sleep(1)
        watch.over.set()
        for job in loaders:
            job.result(30)

    counts = {who: dict(watch.count(who)) for who in ("order", "page", "api")}
    healed = max(watch.find_healed(who, back) for who in counts)
    tell(f"PostgreSQL, {how.name}: {counts}, healed after {healed:.2f} s")
    assert set(counts["order"]) == {201, 503}
    assert counts["order"][201] == BUYERS
    assert set(counts["page"]) == set(counts["api"]) == {200, 503}
    assert healed <= HEALED_WITHIN
    refused = {tried["answer"][:3] for letter in restartable.provider.deliveries for tried in letter["tries"]}
    assert refused <= {"200", "503"}
    restartable.catch_up(lambda: not Order.objects.filter(bill__status="created").exists(), "the bills")
    for order in Order.objects.all():
        restartable.provider.pay(order.bill_id)
    restartable.catch_up(lambda: Cheque.objects.filter(status="sent").count() == BUYERS, "the cheques")
    assert Order.objects.count() == BUYERS
    assert len(restartable.mail.mails) == BUYERS
    assert len(restartable.provider.emulator.book.list_all()) == BUYERS
    assert find_violations() == []
