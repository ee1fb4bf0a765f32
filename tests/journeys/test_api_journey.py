"""The whole way by a program alone: sign up, fill the cart, order, pay, get the cheque."""

import uuid

import pytest
import requests

from tests.journeys.stack import Shop, wait_for

pytestmark = pytest.mark.journey
ADDRESS = {"city": "Москва", "street": "Тверская улица", "house": "7", "flat": "12"}


class Program:
    """A program that talks JSON with the shop, signed in by a session token."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.http = requests.Session()

    def call(self, method: str, path: str, *, expect: int, **options) -> dict:
        answer = self.http.request(method, f"{self.shop.url}{path}", timeout=20, **options)
        assert answer.status_code == expect, answer.text
        return answer.json()

    def sign_up(self, email: str) -> None:
        answer = self.http.post(
            f"{self.shop.url}/api/auth/app/v1/auth/signup",
            json={"email": email, "password": "a long and berry phrase"},
            timeout=20,
        ).json()
        self.http.headers["X-Session-Token"] = answer["meta"]["session_token"]
        code = self.shop.wait_for_code(email)
        answer = self.call("POST", "/api/auth/app/v1/auth/email/verify", expect=200, json={"key": code})
        self.http.headers["X-Session-Token"] = answer["meta"].get(
            "session_token", self.http.headers["X-Session-Token"]
        )


def test_a_program_buys_a_berry_and_gets_the_cheque(shop: Shop) -> None:
    program = Program(shop)
    email = f"program-{uuid.uuid4().hex[:8]}@example.com"
    program.call("GET", "/api/v1/cart/", expect=401)
    program.sign_up(email)

    berry = program.call("GET", "/api/v1/berries/?lang=ru&in_stock=true", expect=200)["items"][0]
    program.call("POST", f"/api/v1/cart/{berry['id']}/", expect=201, json={"quantity": 1})
    cart = program.call("GET", "/api/v1/cart/", expect=200)
    assert cart["total"] == berry["price"]

    order_in = {"address": ADDRESS, "phone": "+79991234567", "consent": True}
    order = program.call("POST", "/api/v1/cart/", expect=201, json=order_in)
    path = f"/api/v1/orders/{order['number']}/"
    bill = wait_for(
        lambda: (found := program.call("GET", f"{path}bill/", expect=200))["pay_url"] and found,
        "the bill to be opened",
    )
    assert bill["amount"] == order["total"]

    bill_id = program.call("GET", path, expect=200)["bill"]["id"]
    requests.post(f"{shop.emulator_url}/__control__/pay/{bill_id}", timeout=10).raise_for_status()
    paid = wait_for(
        lambda: (found := program.call("GET", path, expect=200))["status"] != "pending" and found,
        "the order to be paid",
    )

    assert paid["bill"]["status"] == "paid"
    assert paid["delivery"]["status"] == "packing"
    shop.wait_for_mail(email, order["number"])
    assert len(shop.read_mail(email, order["number"])) == 1
