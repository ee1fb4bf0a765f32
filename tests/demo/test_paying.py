"""The demo plays either provider: what the shop is told and what its emulator is told fit together."""

import threading

import pytest
from django.urls import resolve

from anyberry.demo.paying import ProviderUnknown, choose_provider, describe_provider, list_emulator_options
from anyberry.demo.ports import HOST, find_free_port
from payments.emulator.config import parse_arguments
from payments.emulator.server import start
from payments.models import Bill
from payments.services import open_bill
from tests.demo.test_run import get_sentence, run_demo
from tests.factories.orders import make_order

SHOP_URL = "http://127.0.0.1:8000"


@pytest.mark.parametrize(("given", "provider"), [({}, "qiwi"), ({"PAYMENT_PROVIDER": ""}, "qiwi")])
def test_it_is_qiwi_where_nobody_says_otherwise(given, provider):
    assert choose_provider(given) == provider
    assert describe_provider(given, "http://e")["PAYMENT_PROVIDER"] == provider


def test_a_key_that_is_given_is_used_and_else_made_up():
    assert describe_provider({"QIWI_SECRET_KEY": "mine"}, "http://e")["QIWI_SECRET_KEY"] == "mine"
    made_up = {describe_provider({}, "http://e")["QIWI_SECRET_KEY"] for _ in range(2)}
    assert len(made_up) == 2


def test_providers_do_not_share_a_memory(tmp_path):
    states = set()
    for provider in ("qiwi", "yookassa"):
        environment = describe_provider({"PAYMENT_PROVIDER": provider}, "http://e")
        states.add(parse_arguments(list_emulator_options(environment, SHOP_URL, tmp_path)).state)
    assert len(states) == 2


def test_a_key_may_begin_with_a_dash(tmp_path):
    environment = describe_provider({"QIWI_SECRET_KEY": "-mine"}, "http://e")

    assert parse_arguments(list_emulator_options(environment, SHOP_URL, tmp_path)).secret == "-mine"


@pytest.mark.parametrize("provider", ["qiwi", "yookassa"])
def test_a_bill_is_opened_at_the_emulator_and_its_news_has_an_address(db, settings, tmp_path, provider):
    # The shop's connections are kept open: a port of the other provider's would still be answered by it.
    port = find_free_port(21_000 if provider == "qiwi" else 22_000)
    url = f"http://{HOST}:{port}"
    environment = describe_provider({"PAYMENT_PROVIDER": provider}, url)
    for name, value in environment.items():
        setattr(settings, name, value.split(",") if name.endswith("_NETWORKS") else value)
    config = parse_arguments(
        ["--port", str(port), "--public-url", url, *list_emulator_options(environment, SHOP_URL, tmp_path)]
    )
    server = start(config)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        bill = open_bill(bill_id=make_order().bill_id)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        server.emulator.postman.stop()
        server.emulator.book.close()

    assert (bill.provider, bill.status) == (provider, Bill.Status.WAITING)
    assert bill.pay_url.startswith(url)
    assert resolve(config.callback_url.removeprefix(SHOP_URL)).url_name == f"{provider}_callback"


def test_another_provider_is_one_sentence(tmp_path):
    with pytest.raises(ProviderUnknown):
        choose_provider({"PAYMENT_PROVIDER": "paypal"})

    sentence = get_sentence(
        run_demo(tmp_path, PAYMENT_PROVIDER="paypal", DEMO_PORT=str(find_free_port(20_000)))
    )

    assert "PAYMENT_PROVIDER must be qiwi or yookassa" in sentence
    assert not (tmp_path / "postgres").exists()
