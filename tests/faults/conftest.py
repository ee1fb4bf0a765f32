"""One running shop for all fault tests of a session, made whole again before each."""

from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings

from payments.emulator.server import run_in_thread
from shop.cart.services import add_to_cart
from shop.catalog.models import Pack
from shop.orders.invariants import find_violations
from tests.factories.accounts import UserFactory
from tests.factories.catalog import PackFactory, get_front_page
from tests.factories.orders import SlotFactory, ZoneFactory
from tests.faults.buyers import Buyer
from tests.faults.engines import RedisServer, wait_until
from tests.faults.programs import Nursery, ShopStack
from tests.faults.smtp import MailServer
from tests.fixtures.payments import YOOKASSA_SECRET


@pytest.fixture(scope="session")
def fault_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the running shop keeps what it writes."""
    return tmp_path_factory.mktemp("shop")


@pytest.fixture(scope="session")
def running_shop(django_db_setup: None, fault_folder: Path) -> Iterator[ShopStack]:
    """Everything the shop talks to; its programs are started by who needs them."""
    redis, mail = RedisServer(fault_folder / "redis"), MailServer()
    provider = run_in_thread(secret=django_settings.QIWI_SECRET_KEY, retry_scale=0.001)
    yookassa = run_in_thread(provider="yookassa", secret=YOOKASSA_SECRET, retry_scale=0.001)
    redis.start()
    mail.start()
    stack = ShopStack(fault_folder, redis=redis, mail=mail, provider=provider, yookassa=yookassa)
    yield stack
    stack.stop_programs()
    redis.stop()
    mail.stop()
    provider.stop()
    yookassa.stop()


@pytest.fixture
def shop_stack(transactional_db: None, running_shop: ShopStack) -> Iterator[ShopStack]:
    """The running shop: web and worker, an empty database but for the front page, a provider that notifies.

    What must always hold is checked when the test is over.
    """
    running_shop.recover()
    get_front_page()
    running_shop.ensure_web()
    running_shop.ensure_worker()
    yield running_shop
    running_shop.come_down()
    assert find_violations() == []


@pytest.fixture
def quiet_stack(transactional_db: None, running_shop: ShopStack) -> Iterator[ShopStack]:
    """The same without a worker: the test has those born that it wants to see die. Nobody is notified."""
    running_shop.stop_worker()
    running_shop.recover()
    running_shop.provider.notify("")
    get_front_page()
    yield running_shop
    running_shop.come_down()
    assert find_violations() == []


@pytest.fixture(scope="session")
def nursery(running_shop: ShopStack) -> Iterator[Nursery]:
    """Where the workers come from that die."""
    nursery = Nursery(running_shop.folder, running_shop.build_environment())
    yield nursery
    running_shop.stop_worker()
    nursery.stop()


@pytest.fixture
def at_stack(running_shop: ShopStack, settings: SimpleNamespace) -> None:
    """This process speaks with the same providers as the running shop."""
    settings.QIWI_API_URL = running_shop.provider.url
    settings.QIWI_SITE_ID = running_shop.provider.site_id
    settings.YOOKASSA_API_URL = f"{running_shop.yookassa.url}/v3"
    settings.YOOKASSA_SHOP_ID = running_shop.yookassa.site_id
    settings.YOOKASSA_SECRET_KEY = running_shop.yookassa.secret
    settings.YOOKASSA_NOTIFY_NETWORKS = ["127.0.0.1/32"]


@pytest.fixture
def make_buyer(shop_stack: ShopStack) -> Callable[..., Buyer]:
    """Makes shoppers with packs in the cart (one, where none are named); they share eight slots."""
    zone = ZoneFactory()
    slots = cycle([SlotFactory(capacity=1000) for _slot in range(8)])
    pack = PackFactory(stock=1000)

    def make(*packs: Pack) -> Buyer:
        buyer = Buyer(UserFactory(), shop_stack.url, zone, next(slots))
        for wanted in packs or (pack,):
            add_to_cart(user=buyer.user, pack_id=wanted.pk)
        return buyer

    return make


@pytest.fixture
def tell(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Tells whoever runs the tests what was measured."""
    writer = request.config.get_terminal_writer()

    def say(text: str) -> None:
        with capsys.disabled():
            writer.line(f"\n  {text}")

    return say


@pytest.fixture
def kill_at(quiet_stack: ShopStack, nursery: Nursery) -> Iterator[Callable[..., None]]:
    """Have the worker die at a place while it does a task; another one takes its place."""
    reached = nursery.breakpoint.with_suffix(".reached")

    def kill(place: str, task: str, **kwargs: object) -> None:
        reached.unlink(missing_ok=True)
        nursery.breakpoint.write_text(place)
        quiet_stack.worker = worker = nursery.bear()
        quiet_stack.send(task, **kwargs)
        wait_until(reached.exists, f"the worker to come to {place}", 60)
        if not place.endswith("child"):
            wait_until(lambda: not worker.is_running, "the worker to be dead")
            quiet_stack.put_aside()
            quiet_stack.worker = nursery.bear()

    yield kill
    nursery.breakpoint.unlink(missing_ok=True)
    quiet_stack.stop_worker()
